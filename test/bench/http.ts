/**
 * Requests a second, waiting times and CPU time of the worker over HTTP, and a burst of first calls, cold and warm. Every round
 * measures every kind of request in turn, so that what else the machine does meets all alike; ratios are taken within a round.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Bundle, bundleWorker } from "../../src/cli/bare-worker/bundle.ts";
import { type BareWorker, startBareWorker } from "../../src/cli/bare-worker/start.ts";
import { build } from "../../src/cli/index-corpus.ts";
import { readIndex } from "../../src/cli/index-folder.ts";
import { limits } from "../../src/contract/limits.ts";
import { Ledger } from "../../src/contract/ledger.ts";
import { ToolReply } from "../../src/contract/wire.ts";
import { measureCeiling } from "./ceiling.ts";
import { cpuMilliseconds } from "./cpu.ts";
import { drive, type Load } from "./load.ts";
import { median, quantile } from "./measure.ts";
import {
  ADMIN,
  TOKEN,
  type Calls,
  healthTraffic,
  readCalls,
  recordedTraffic,
  tools,
  type Traffic,
  unrecordedTraffic,
} from "./traffic.ts";

export interface HttpOptions {
  /** A folder with FinQA's files. */
  data: string;
  connections: readonly number[];
  rounds: number;
  /** Of each kind of request in each round. */
  roundMilliseconds: number;
  /** Rollouts that start at once. */
  burst: number;
  burstRounds: number;
}

export const HEALTH = "/healthz";

/** One kind of request at one number of connections. */
export interface Measurement {
  name: string;
  connections: number;
  requestsPerSecond: number;
  /** Of the requests a second, to those of /healthz in the same round; the median over the rounds. */
  ratio: number;
  p50: number;
  p99: number;
  /** Microseconds that workerd computes per request; NaN where the system does not tell. */
  workerCpu: number;
  /** The share of one processor that workerd used. */
  workerBusy: number;
  errors: Record<string, number>;
}

/** `rollouts` first calls at once; milliseconds. */
export interface Burst {
  name: string;
  rollouts: number;
  /** Until the last answer. */
  milliseconds: number;
  p50: number;
  p99: number;
  errors: Record<string, number>;
}

export interface HttpResult {
  documents: number;
  storage: BareWorker["storage"];
  /** Requests a second that the load generator reaches, at most, against a server that does nothing. */
  ceiling: number;
  measurements: Measurement[];
  bursts: Burst[];
}

/** Builds the index, bundles the worker and measures. @throws Error when an answer or a ledger is not as it should be */
export async function benchHttp(options: HttpOptions): Promise<HttpResult> {
  const index = await mkdtemp(join(tmpdir(), "edgegym-index-"));
  try {
    const { counts } = await build({ source: "finqa", from: options.data, out: index, embedder: "embedded" });
    const bundle = await bundleWorker();
    const calls = await readCalls(options.data);
    const bursts: Burst[] = [];
    for (let round = 0; round < options.burstRounds; round++) {
      await withServer(bundle, index, async (server) => {
        for (const name of ["cold", "warm"]) bursts.push(await measureBurst(name, server, calls, options.burst));
      });
    }
    const measured = await withServer(bundle, index, async (server) => ({
      storage: server.storage,
      measurements: await measureAll(server, calls, options),
    }));
    const ceiling = await measureCeiling(Math.max(...options.connections), options.roundMilliseconds);
    return { documents: counts.documents, ceiling, bursts: summarise(bursts), ...measured };
  } finally {
    await rm(index, { recursive: true });
  }
}

/** A fresh process for as long as `use` takes. */
async function withServer<T>(bundle: Bundle, index: string, use: (server: BareWorker) => Promise<T>): Promise<T> {
  const tokens = { TRAINER_TOKEN: TOKEN, ADMIN_TOKEN: ADMIN };
  const server = await startBareWorker({ bundle, index: await readIndex(index), tokens });
  try {
    return await use(server);
  } finally {
    await server.close();
  }
}

/** The kinds of requests: /healthz, and each tool without and with ledger. */
function scenarios(calls: Calls, seen: (traceId: string) => void): Map<string, Traffic> {
  const all = new Map<string, Traffic>([[HEALTH, healthTraffic]]);
  for (const tool of tools) all.set(tool, unrecordedTraffic(tool, calls[tool]));
  for (const tool of tools) all.set(recorded(tool), recordedTraffic(tool, calls[tool], limits.callsPerRollout, seen));
  return all;
}

export const recorded = (tool: string) => `${tool}, recorded`;

interface Round {
  load: Load;
  ratio: number;
  cpu: number;
}

async function measureAll(server: BareWorker, calls: Calls, options: HttpOptions): Promise<Measurement[]> {
  await checkAnswers(server, calls);
  let lastRollout = "";
  const kinds = scenarios(calls, (traceId) => (lastRollout = traceId));
  const measurements: Measurement[] = [];
  for (const traffic of kinds.values()) await steady(server, traffic, 16, options.roundMilliseconds / 2);
  for (const connections of options.connections) {
    const rounds = new Map<string, Round[]>([...kinds.keys()].map((name) => [name, []]));
    for (let round = 0; round < options.rounds; round++) {
      let health = Number.NaN;
      for (const [name, traffic] of kinds) {
        const measured = await steady(server, traffic, connections, options.roundMilliseconds);
        const rate = perSecond(measured.load);
        if (name === HEALTH) health = rate;
        rounds.get(name)?.push({ ...measured, ratio: rate / health });
      }
    }
    for (const [name, ofName] of rounds) measurements.push(toMeasurement(name, connections, ofName));
  }
  await checkLedger(server, lastRollout);
  return measurements;
}

async function steady(server: BareWorker, traffic: Traffic, connections: number, milliseconds: number) {
  const pid = await server.pid();
  const until = performance.now() + milliseconds;
  const before = await cpuMilliseconds(pid);
  const next = (connection: number) => (performance.now() < until ? traffic(connection) : undefined);
  const load = await drive({ port: server.port, connections, next });
  return { load, cpu: (await cpuMilliseconds(pid)) - before };
}

const perSecond = (load: Load) => (load.answered / load.milliseconds) * 1000;

function toMeasurement(name: string, connections: number, rounds: readonly Round[]): Measurement {
  const latencies = rounds.flatMap(({ load }) => load.latencies);
  return {
    name,
    connections,
    requestsPerSecond: median(rounds.map(({ load }) => perSecond(load))),
    ratio: median(rounds.map(({ ratio }) => ratio)),
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    workerCpu: median(rounds.map(({ load, cpu }) => (cpu / load.latencies.length) * 1000)),
    workerBusy: median(rounds.map(({ load, cpu }) => cpu / load.milliseconds)),
    errors: sum(rounds.map(({ load }) => load.errors)),
  };
}

async function measureBurst(name: string, server: BareWorker, calls: Calls, rollouts: number): Promise<Burst> {
  const traffic = recordedTraffic("search", calls.search, limits.callsPerRollout);
  const sent = new Set<number>();
  const next = (connection: number) => {
    if (sent.has(connection)) return undefined;
    sent.add(connection);
    return traffic(connection);
  };
  const { latencies, milliseconds, errors } = await drive({
    port: server.port,
    connections: rollouts,
    next,
    fromConnect: true,
  });
  return { name, rollouts, milliseconds, p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99), errors };
}

/** The median of each name's bursts, and all their errors. */
function summarise(bursts: readonly Burst[]): Burst[] {
  return [...Map.groupBy(bursts, ({ name }) => name)].map(([name, group]) => ({
    name,
    rollouts: group[0]?.rollouts ?? 0,
    milliseconds: median(group.map(({ milliseconds }) => milliseconds)),
    p50: median(group.map(({ p50 }) => p50)),
    p99: median(group.map(({ p99 }) => p99)),
    errors: sum(group.map(({ errors }) => errors)),
  }));
}

function sum(counts: readonly Record<string, number>[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const count of counts) for (const [kind, n] of Object.entries(count)) total[kind] = (total[kind] ?? 0) + n;
  return total;
}

/** What is measured is worth something only if it is the right answer. */
async function checkAnswers(server: BareWorker, calls: Calls): Promise<void> {
  for (const tool of tools) {
    const body = JSON.stringify({ call_id: "call_1", ...calls[tool][0] });
    const headers = { Authorization: `Bearer ${TOKEN}`, "Content-Type": "application/json" };
    const response = await fetch(`http://127.0.0.1:${server.port}/finqa/tools/${tool}`, {
      method: "POST",
      headers,
      body,
    });
    const reply = ToolReply.safeParse(await response.json());
    if (!reply.success || reply.data.output.length < 20) throw new Error(`${tool} answered ${response.status}`);
  }
}

/** A rollout of the measured traffic has its calls in the ledger, each of them answered. */
async function checkLedger(server: BareWorker, traceId: string): Promise<void> {
  const headers = { Authorization: `Bearer ${ADMIN}` };
  const response = await fetch(`http://127.0.0.1:${server.port}/rollouts/${traceId}`, { headers });
  const ledger = Ledger.parse(await response.json());
  const wrong = ledger.calls.filter((call) => call.outcome !== "ok");
  if (ledger.calls.length === 0 || wrong.length > 0)
    throw new Error(`The ledger of ${traceId} has ${wrong.length} wrong calls`);
}

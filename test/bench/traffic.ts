/** The requests of the HTTP benchmark, as a trainer sends them: FinQA's own questions, pages and directories, with the dataset row. */
import { randomUUID } from "node:crypto";
import { FinqaRecord, referenceAnswer } from "../../src/environments/finqa/dataset.ts";
import { finqaFiles, readJson } from "../../src/cli/sources.ts";

export const TOKEN = "bench-trainer";
export const ADMIN = "bench-admin";

export const tools = ["cat", "list", "search"] as const;
export type Tool = (typeof tools)[number];

/** The next request of a connection. */
export type Traffic = (connection: number) => Buffer;

/** A call without its ids: the tool's arguments as the model's JSON text, and the row of the dataset. */
interface Call {
  arguments: string;
  item: object;
}

export type Calls = Record<Tool, Call[]>;

/** For every question of the data a search for it, a cat of its page and a list of a directory, spread over the data. */
export async function readCalls(source: string): Promise<Calls> {
  const records: FinqaRecord[] = [];
  for (const file of await finqaFiles(source)) records.push(...FinqaRecord.array().parse(await readJson(file)));
  const call = (record: FinqaRecord, args: object): Call => ({
    arguments: JSON.stringify(args),
    item: {
      question: record.qa.question,
      reference_answer: referenceAnswer(record),
      evidence_paths: [record.filename],
    },
  });
  const directories = directoriesOf(records);
  return {
    search: records.map((record) => call(record, { query: record.qa.question })),
    cat: records.map((record) => call(record, { path: record.filename })),
    list: records.map((record, at) => call(record, { path: directories[at % directories.length] })),
  };
}

/** The root, every company and every company's year. */
function directoriesOf(records: readonly FinqaRecord[]): string[] {
  const found = new Set([""]);
  for (const { filename } of records) {
    const [company = "", year = ""] = filename.split("/");
    found.add(company).add(`${company}/${year}`);
  }
  return [...found];
}

export const healthTraffic: Traffic = () => HEALTH;
const HEALTH = Buffer.from("GET /healthz HTTP/1.1\r\nHost: bench\r\n\r\n");

/** Calls without a trace id: served and not recorded. Made once, sent in turn. */
export function unrecordedTraffic(tool: Tool, calls: readonly Call[]): Traffic {
  const requests = calls.map((call) => request(tool, call, "", "call_1"));
  let sent = 0;
  return () => requests[sent++ % requests.length]!;
}

/**
 * Recorded calls: each connection is a rollout after the other, of `callsPerRollout` calls with ids of their own.
 * `seen` is told each new rollout's id.
 */
export function recordedTraffic(
  tool: Tool,
  calls: readonly Call[],
  callsPerRollout: number,
  seen: (traceId: string) => void = () => {},
): Traffic {
  const series = randomUUID();
  const rollouts = new Map<number, { traceId: string; calls: number }>();
  let sent = 0;
  return (connection) => {
    let rollout = rollouts.get(connection);
    if (rollout === undefined || rollout.calls === callsPerRollout) {
      rollout = { traceId: `trace_${series}_${sent}`, calls: 0 };
      rollouts.set(connection, rollout);
      seen(rollout.traceId);
    }
    rollout.calls++;
    return request(tool, calls[sent++ % calls.length]!, rollout.traceId, `call_${rollout.calls}`);
  };
}

function request(tool: Tool, call: Call, traceId: string, callId: string): Buffer {
  const ids = { type: "function_call", id: `fc_${callId}`, call_id: callId, ...(traceId && { trace_id: traceId }) };
  const body = JSON.stringify({ ...ids, name: tool, ...call });
  const head = [
    `POST /finqa/tools/${tool} HTTP/1.1`,
    "Host: bench",
    `Authorization: Bearer ${TOKEN}`,
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n${body}`);
}

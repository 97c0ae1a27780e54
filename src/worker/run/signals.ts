/**
 * What no ledger sees of a trainer's requests: attempts without a valid token, refusals, faults that could not be recorded.
 * Counted in this isolate and sent on about once a second, beside the answers: at most once, so counts are approximate.
 * Of a request without a valid token only its run's name and whether its body has a trace id are looked at; none of it is kept.
 */
import * as z from "zod";
import { asFault, type Refusal } from "../../contract/failure.ts";
import { limits } from "../../contract/limits.ts";
import type { Bindings } from "../bindings.ts";
import { parseBody } from "../body.ts";
import type { Flow } from "../exit.ts";
import type { RequestLog } from "../log.ts";
import { parseRunName } from "../run-name.ts";
import { keepGoing } from "../shared.ts";
import { signalDirectory, signalRun } from "./client.ts";
import type { SignalCounts, SignalKind } from "./signal-counts.ts";

/** Serves a trainer's request and counts what no ledger sees of it. Answers and throws as the flow does. */
export async function watched(
  request: Request,
  bindings: Bindings,
  log: RequestLog,
  flow: () => Promise<Flow>,
): Promise<Flow> {
  try {
    const result = await flow();
    if (!result.ok) await countRefusal(request, bindings, result.refusal);
    else if (!log.in_ledger) count(bindings, { name: log.run ?? null, known: true }, "unrecorded");
    return result;
  } catch (thrown) {
    const { boundary } = asFault(thrown);
    // Bodies are read of senders with a token only.
    if (boundary === "network") count(bindings, { name: runOf(request), known: true }, "cut_off");
    else if (!log.in_ledger)
      count(bindings, { name: log.run ?? null, known: log.run !== undefined }, `fault:${boundary}`);
    throw thrown;
  }
}

/** Counts a request that no route serves; whoever sent it may be a stranger. */
export function countUnserved(request: Request, bindings: Bindings, kind: "not_found" | "method_not_allowed"): void {
  count(bindings, { name: runOf(request), known: false }, `refused:${kind}`);
}

/** Under which run something is counted, and whether the sender had a token, so that the run may begin with it. */
interface Sender {
  name: string | null;
  known: boolean;
}

async function countRefusal(request: Request, bindings: Bindings, { kind }: Refusal): Promise<void> {
  const name = runOf(request);
  if (kind !== "unauthorized") return count(bindings, { name, known: kind !== "closed" }, `refused:${kind}`);
  count(bindings, { name, known: false }, "unauthorized");
  if (await hasTraceId(request)) count(bindings, { name, known: false }, "unauthorized_with_trace_id");
}

function runOf({ headers }: Request): string | null {
  const run = parseRunName(headers);
  return run.ok ? run.value : null;
}

const WithTraceId = z.object({ trace_id: z.string().min(1) });

let looked = { second: 0, bodies: 0 };

/** Looks only at bodies that say they are small, a few a second, and not for long. */
async function hasTraceId(request: Request): Promise<boolean> {
  const declared = Number(request.headers.get("Content-Length") ?? Infinity);
  if (!(declared <= limits.strangerBodyBytes)) return false;
  const second = Math.floor(Date.now() / 1_000);
  if (looked.second !== second) looked = { second, bodies: 0 };
  if (++looked.bodies > limits.strangerBodiesPerSecond) return false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const expiry = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), limits.strangerBodyMilliseconds);
  });
  const found = parseBody(request, WithTraceId).then(
    ({ ok }) => ok,
    () => false,
  );
  return Promise.race([found, expiry]).finally(() => clearTimeout(timer));
}

/** What this isolate has counted and not sent on: of senders with a token by run, and of all others. */
let ofRuns = new Map<string, SignalCounts>();
let ofStrangers = new Map<string | null, SignalCounts>();
/** When the gathering began that is to send them; undefined while there is nothing to send. */
let gatheringSince: number | undefined;

function count(bindings: Bindings, { name, known }: Sender, kind: SignalKind): void {
  if (known && name !== null && roomFor(ofRuns, name)) add(ofRuns, name, kind);
  else add(ofStrangers, name !== null && roomFor(ofStrangers, name) ? name : null, kind);
  const now = Date.now();
  // A gathering ends with the request that began it, which its client can end.
  if (gatheringSince !== undefined && now - gatheringSince < limits.signalGivenUpMilliseconds) return;
  gatheringSince = now;
  keepGoing(sendAfterGathering(bindings));
}

async function sendAfterGathering(bindings: Bindings): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, limits.signalMilliseconds));
  const [runs, strangers] = [ofRuns, ofStrangers];
  ofRuns = new Map();
  ofStrangers = new Map();
  gatheringSince = undefined;
  const sending = [...runs].map(([run, counts]) => signalRun(bindings, run, counts));
  if (strangers.size > 0) {
    sending.push(
      signalDirectory(
        bindings,
        Array.from(strangers, ([run, counts]) => ({ run, counts })),
      ),
    );
  }
  await Promise.allSettled(sending);
}

const roomFor = (counts: ReadonlyMap<string | null, SignalCounts>, run: string) =>
  counts.has(run) || counts.size < limits.signalRuns;

function add<Name>(counts: Map<Name, SignalCounts>, name: Name, kind: SignalKind): void {
  const ofName = counts.get(name) ?? {};
  ofName[kind] = (ofName[kind] ?? 0) + 1;
  counts.set(name, ofName);
}

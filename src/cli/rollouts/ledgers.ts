/** Reads rollouts' ledgers from the deployment, as their owner does. */
import { setTimeout as sleep } from "node:timers/promises";
import { Ledger } from "../../contract/ledger.ts";
import { bearer } from "../deployment.ts";
import { parse, type Wire } from "./wire.ts";

/** Tries of one reading; the pause between, doubled each time. */
const TRIES = 5;
const PAUSE_MILLISECONDS = 300;

/**
 * A rollout's ledger; null where there is none, undefined where it cannot be had.
 * @param signal ends the tries; the wire has its own, for what is under way
 */
export async function readLedger(
  wire: Wire,
  token: string,
  traceId: string,
  signal: AbortSignal,
): Promise<Ledger | null | undefined> {
  const path = `/rollouts/${encodeURIComponent(traceId)}`;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    if (attempt > 0) await sleep(PAUSE_MILLISECONDS * 2 ** (attempt - 1), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return undefined;
    const answer = await wire.send({ method: "GET", path, headers: bearer(token) });
    if (answer.status === 404) return null;
    if (answer.status === 200) return parse(answer.text, Ledger);
    if (answer.status !== "none" && answer.status < 500) return undefined;
  }
  return undefined;
}

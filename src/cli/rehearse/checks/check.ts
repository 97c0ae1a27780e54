/** What a check is, and what all of them need: which entries of a ledger are which call's. Pure. */
import type { Ledger, LedgerCall } from "../../../contract/ledger.ts";
import { JsonObject } from "../../../contract/wire.ts";
import type { PlayedCall, PlayedRollout } from "../observations.ts";
import { parse } from "../../rollouts/wire.ts";

/** One rollout with its ledger; null where the service has none of it. */
export interface Case {
  rollout: PlayedRollout;
  ledger: Ledger | null;
  /** Calls that a rollout of the environment may make. */
  budget: number;
}

interface Finding {
  occasions: number;
  /** One line each, of ids and numbers only. */
  violations: string[];
}

export interface Check {
  name: string;
  /** What must hold, as a sentence. */
  promise: string;
  /** Whether it says nothing where the ledger could not be read. */
  needsLedger?: true;
  examine: (found: Case) => Finding;
}

/** One occasion for each of `values`, which violates the promise where `fault` says how. */
export function each<T>(values: readonly T[], fault: (value: T) => string | undefined): Finding {
  return { occasions: values.length, violations: values.flatMap((value) => fault(value) ?? []) };
}

export const NOTHING: Finding = { occasions: 0, violations: [] };

export const callsOf = (ledger: Ledger | null): readonly LedgerCall[] => ledger?.calls ?? [];
export const deliveriesOf = ({ calls, gradings }: PlayedRollout) =>
  [...calls, ...gradings].flatMap((sent) => sent.deliveries);
export const isGraded = ({ rollout }: Case) => rollout.ending === "graded";

/** What the ledger has of a call. */
export function entriesOf({ rollout, ledger }: Pick<Case, "rollout" | "ledger">, call: PlayedCall): LedgerCall[] {
  const ofItsId = callsOf(ledger).filter(({ call_id }) => call_id === call.callId);
  return ofItsId.filter((entry) => sentCall(rollout, entry) === call);
}

/** The call that an entry is of: of those under its id the one with its arguments, else the first. Undefined for an id that was not sent. */
export function sentCall({ calls }: PlayedRollout, entry: LedgerCall): PlayedCall | undefined {
  const [first, ...others] = calls.filter(({ callId }) => callId === entry.call_id);
  if (others.length === 0 || !first || hasArguments(entry, first)) return first;
  return others.find((call) => hasArguments(entry, call)) ?? first;
}

/** As JSON, whatever the order of its fields; a text that is none, and one that the ledger has cut, by its start. */
export function hasArguments({ arguments: kept }: LedgerCall, { arguments: sent }: PlayedCall): boolean {
  const written = typeof sent === "string" ? sent : JSON.stringify(sent);
  const [meant, found] = [sortedJson(written), sortedJson(kept)];
  if (found !== undefined) return found === meant;
  // Storage has U+FFFD in place of half a character, as a cut leaves it.
  const start = kept.split("…")[0]?.replace(/\uFFFD$/, "") ?? "";
  return [written, meant].some((text) => text?.toWellFormed().startsWith(start));
}

/** Undefined for a text that is no JSON object. An empty one stands for a call without arguments. */
function sortedJson(text: string): string | undefined {
  const object = parse(text.trim() || "{}", JsonObject);
  return object && JSON.stringify(Object.fromEntries(Object.entries(object).toSorted(([a], [b]) => (a < b ? -1 : 1))));
}

/** A run's rollouts as a list: their order, their pages, and what is shown of each. Pure. */
import type * as z from "zod";
import { limits } from "../../contract/limits.ts";
import type { RolloutEntry, RolloutFlag, RolloutPage } from "../../contract/run.ts";
import { isDisagreeing, isUnread, RolloutSummary, statusOf } from "./summary.ts";

/** A place in the order of the list: of a rollout that ends a page. Neither changes while a rollout goes on. */
const Place = RolloutSummary.pick({ opened_at: true, trace_id: true });
export type Place = z.infer<typeof Place>;

/** Before the first. */
const START: Place = { opened_at: Number.MAX_SAFE_INTEGER, trace_id: "" };

/** A cursor has a time and a trace id, which JSON and base64 make longer, at most 2 × 4/3 times. */
const CURSOR_CHARACTERS = 3 * limits.idCharacters + 100;

/** The order of the list. Trace ids are ASCII, so that SQLite compares them as this does. */
export function latestOpenedFirst(a: Place, b: Place): number {
  if (a.opened_at !== b.opened_at) return b.opened_at - a.opened_at;
  return a.trace_id < b.trace_id ? 1 : -1;
}

/** The first `limit` of the rollouts found, in the order of the list; more than these say that there is a next page. */
export function pageOf(found: readonly RolloutSummary[], limit: number): RolloutPage {
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  return { rollouts: shown.map(entryOf), cursor: last && found.length > limit ? cursorOf(last) : null };
}

/** The place that a cursor means: the start without one; undefined for a text that is no cursor. */
export function parseCursor(cursor: string | undefined): Place | undefined {
  if (cursor === undefined) return START;
  if (cursor.length > CURSOR_CHARACTERS) return undefined;
  try {
    return Place.parse(JSON.parse(atob(cursor.replaceAll("-", "+").replaceAll("_", "/"))));
  } catch {
    return undefined;
  }
}

/** As text that needs no escapes in a URL. */
function cursorOf({ opened_at, trace_id }: Place): string {
  const text = btoa(JSON.stringify({ opened_at, trace_id } satisfies Place));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function entryOf(summary: RolloutSummary): RolloutEntry {
  const { trace_id, item, grade, tools, mistakes, faults, opened_at, last_seen_at } = summary;
  return {
    trace_id,
    item,
    status: statusOf(summary),
    score: grade?.score ?? null,
    calls: sum(Object.values(tools).map(({ calls }) => calls)),
    mistakes: sum(Object.values(mistakes)),
    faults: sum(Object.values(faults)),
    flags: flagsOf(summary),
    opened_at: new Date(opened_at).toISOString(),
    last_seen_at: new Date(last_seen_at).toISOString(),
  };
}

function flagsOf(summary: RolloutSummary): RolloutFlag[] {
  return [
    ...(isUnread(summary) ? ["no_evidence" as const] : []),
    ...(isDisagreeing(summary) ? ["claims_disagree" as const] : []),
  ];
}

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);

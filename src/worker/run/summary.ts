/**
 * What a rollout tells its run of itself: counts, times and names, by which the run's statistics are made. A pure function of
 * the ledger, so that the archive rebuilds exactly what was told. Never holds arguments, outputs or an answer.
 */
import * as z from "zod";
import { Claims, Evidence, type Ledger, type LedgerCall, type LedgerGrade } from "../../contract/ledger.ts";
import { limits } from "../../contract/limits.ts";
import type { RolloutStatus } from "../../contract/run.ts";
import { findEnvironment } from "../../environments/index.ts";
import { parseYesNo } from "../../grading/yes-no.ts";
import { bucketOf } from "./histogram.ts";

const Counts = z.record(z.string(), z.int());

export const ToolSummary = z.object({
  calls: z.int(),
  /** Calls whose output was cut to size. */
  cut: z.int(),
  /** The outputs' characters in all. */
  characters: z.int(),
  /** Answered calls by bucket (histogram.ts) of their milliseconds and of their output's characters. */
  latencies: Counts,
  outputs: Counts,
});
export type ToolSummary = z.infer<typeof ToolSummary>;

const GradeSummary = z.object({
  score: z.number(),
  graded_at: z.int(),
  /** By which equal answers are found (`answerIdentity`); null for yes and no, which say nothing when they are equal. */
  answer: z.string().nullable(),
  evidence: Evidence.shape.source.nullable(),
  claims: Claims.nullable(),
});

/**
 * Times are milliseconds since 1970. Runs keep summaries as rows: a field that is added later, here or below, needs a default, or
 * rows of before cannot be read.
 */
export const RolloutSummary = z.object({
  trace_id: z.string(),
  item: z.string().nullable(),
  opened_at: z.int(),
  last_seen_at: z.int(),
  closed: z.boolean(),
  /** Grows with whatever changes the ledger: of two summaries of a rollout the one with more is the newer. */
  revision: z.int(),
  /** By tool; names that are no tool's, which come from the model, count as one. */
  tools: z.record(z.string(), ToolSummary),
  /** Calls by kind of mistake, `over_budget` among them. The kinds come from this project's code, so there are few. */
  mistakes: Counts,
  /** Faulted deliveries by the boundary of their call's latest. */
  faults: Counts,
  faulted_calls: z.int(),
  /** Calls that ended in a fault which no later delivery healed. */
  unhealed_calls: z.int(),
  refusals: z.int(),
  /** Different samples that were graded; `grade` is the latest. */
  grades: z.int(),
  grade: GradeSummary.nullable(),
});
export type RolloutSummary = z.infer<typeof RolloutSummary>;

/** Under which calls are counted that name no tool of the environment. */
const UNKNOWN_TOOL = "(unknown)";

export function summarise(ledger: Ledger): RolloutSummary {
  const { trace_id, item, calls, grades, refusals } = ledger;
  const faulted = calls.filter(({ faults }) => faults > 0);
  const unhealed = calls.filter(({ outcome }) => outcome === "fault").length;
  const faults = addUp(faulted.map((call) => [call.fault_boundary ?? "unknown", call.faults]));
  const events = calls.length + sum(Object.values(faults)) + (faulted.length - unhealed) + grades.length;
  const times = [
    ledger.opened_at,
    ...calls.map((call) => call.received_at),
    ...grades.map((grade) => grade.graded_at),
    ...refusals.map((refusal) => refusal.refused_at),
  ].map((time) => Date.parse(time));
  const closed = ledger.closed_at !== null;
  return {
    trace_id,
    item,
    opened_at: Date.parse(ledger.opened_at),
    last_seen_at: times.reduce((a, b) => Math.max(a, b)),
    closed,
    // Closing comes after all that it closes, and before whatever opens the ledger again.
    revision: (events + refusals.length) * 2 + (closed ? 1 : 0),
    tools: toolSummaries(ledger),
    mistakes: addUp(calls.flatMap((call) => mistakeOf(call).map((kind): [string, number] => [kind, 1]))),
    faults,
    faulted_calls: faulted.length,
    unhealed_calls: unhealed,
    refusals: refusals.length,
    grades: grades.length,
    grade: gradeSummary(grades.at(-1)),
  };
}

/** Whether what is told takes the place of what is kept. A trace id may begin anew only after its object has forgotten it. */
export function isNewer(told: RolloutSummary, kept: RolloutSummary): boolean {
  if (told.opened_at >= kept.last_seen_at + limits.rolloutKeptMilliseconds) return true;
  if (kept.opened_at >= told.last_seen_at + limits.rolloutKeptMilliseconds) return false;
  return told.revision > kept.revision;
}

export function statusOf({ grade, refusals, unhealed_calls, closed }: RolloutSummary): RolloutStatus {
  if (grade) return "graded";
  if (refusals > 0 || unhealed_calls > 0) return "discarded";
  return closed ? "abandoned" : "open";
}

/** Whether a right answer rests on nothing that the rollout has read. */
export const isUnread = ({ grade }: RolloutSummary) => grade?.score === 1 && grade.evidence === "none";

/** Whether the trainer claims calls that the ledger lacks. The other way round is no alarm: its list may be cut. */
export const isDisagreeing = ({ grade }: RolloutSummary) => (grade?.claims?.unrecorded ?? 0) > 0;

function toolSummaries({ environment, calls }: Ledger): RolloutSummary["tools"] {
  const known = new Set(findEnvironment(environment)?.tools.map(({ name }) => name));
  const byTool = Map.groupBy(calls, ({ tool }) => (known.has(tool) ? tool : UNKNOWN_TOOL));
  return Object.fromEntries([...byTool].map(([tool, ofTool]) => [tool, toolSummary(ofTool)]));
}

function toolSummary(calls: LedgerCall[]): ToolSummary {
  const answered = calls.filter(({ outcome }) => outcome !== "fault");
  const histogram = (values: number[]) => addUp(values.map((value) => [String(bucketOf(value)), 1]));
  return {
    calls: calls.length,
    cut: calls.filter(({ cut }) => cut).length,
    characters: sum(calls.map(({ output }) => output.length)),
    latencies: histogram(answered.map(({ milliseconds }) => milliseconds)),
    outputs: histogram(answered.map(({ output }) => output.length)),
  };
}

function mistakeOf({ outcome, mistake }: LedgerCall): string[] {
  if (outcome === "over_budget") return ["over_budget"];
  return outcome === "mistake" ? [mistake ?? "unnamed"] : [];
}

function gradeSummary(grade: LedgerGrade | undefined): RolloutSummary["grade"] {
  if (grade === undefined) return null;
  const { score, claims, evidence } = grade;
  const graded_at = Date.parse(grade.graded_at);
  return { score, graded_at, answer: answerIdentity(grade), evidence: evidence?.source ?? null, claims };
}

/**
 * A hash of the answer as understood, or as given where nothing was. Equality is all that is asked of it, so the answer itself
 * need not be kept a second time: 64 bits of FNV-1a tell a run's answers apart.
 */
function answerIdentity({ value, answer }: LedgerGrade): string | null {
  const text = value ?? answer.trim();
  if (parseYesNo(text) !== undefined) return null;
  return [0x811c9dc5, 0x9747b28c].map((basis) => fnv1a(text, basis).toString(16).padStart(8, "0")).join("");
}

function fnv1a(text: string, basis: number): number {
  let hash = basis;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

function addUp(pairs: [string, number][]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const [key, count] of pairs) counts.set(key, (counts.get(key) ?? 0) + count);
  return Object.fromEntries(counts);
}

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);

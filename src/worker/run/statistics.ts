/**
 * A run's counts: a sum over its rollouts' summaries. Adding a summary and taking it away cancel out exactly (scores are summed
 * in millionths), so a rollout that has gone on is taken away as it was and added as it is. Pure.
 */
import type { RolloutStatus } from "../../contract/run.ts";
import { addTo, type Counter } from "./counter.ts";
import type { Histogram } from "./histogram.ts";
import { isDisagreeing, isUnread, type RolloutSummary, statusOf, type ToolSummary } from "./summary.ts";
import { Trend } from "./trend.ts";

export interface ToolStatistics {
  calls: number;
  cut: number;
  characters: number;
  latencies: Histogram;
  outputs: Histogram;
}

export class Statistics {
  readonly statuses: Counter<RolloutStatus> = new Map();
  rollouts = 0;
  calls = 0;
  /** Rollouts by their number of calls. */
  readonly callsPerRollout: Counter<number> = new Map();
  readonly tools = new Map<string, ToolStatistics>();
  /** Calls with a kind of mistake, and rollouts with any. */
  readonly mistakes: Counter = new Map();
  readonly mistakenRollouts: Counter = new Map();
  readonly faults: Counter = new Map();
  faultedCalls = 0;
  unhealedCalls = 0;
  /** Rollouts that met a fault, healed or not. */
  faultedRollouts = 0;
  grades = 0;
  refusals = 0;
  /** Rollouts with a grade, and their latest scores: the sum in millionths, and rollouts by score in millionths. */
  graded = 0;
  score = 0;
  readonly scores: Counter<number> = new Map();
  readonly evidence: Counter = new Map();
  /** Right answers whose evidence was looked for, and those of them without any. */
  correctKnown = 0;
  correctUnread = 0;
  claiming = 0;
  disagreeing = 0;
  unrecorded = 0;
  unclaimed = 0;
  readonly trend = new Trend();

  static of(summaries: Iterable<RolloutSummary>): Statistics {
    const statistics = new Statistics();
    for (const summary of summaries) statistics.fold(summary, 1);
    return statistics;
  }

  /** Adds a rollout's contribution (`sign` 1) or takes it away (-1). */
  fold(summary: RolloutSummary, sign: 1 | -1): void {
    this.rollouts += sign;
    addTo(this.statuses, statusOf(summary), sign);
    this.#foldCalls(summary, sign);
    this.#foldTrouble(summary, sign);
    this.#foldGrade(summary, sign);
    this.trend.fold(summary, sign);
  }

  #foldCalls({ tools }: RolloutSummary, sign: 1 | -1): void {
    let calls = 0;
    for (const [name, tool] of Object.entries(tools)) {
      const total = this.tools.get(name) ?? emptyTool();
      this.tools.set(name, total);
      foldTool(total, tool, sign);
      if (total.calls === 0) this.tools.delete(name);
      calls += tool.calls;
    }
    this.calls += sign * calls;
    addTo(this.callsPerRollout, calls, sign);
  }

  #foldTrouble(summary: RolloutSummary, sign: 1 | -1): void {
    for (const [kind, calls] of Object.entries(summary.mistakes)) {
      addTo(this.mistakes, kind, sign * calls);
      addTo(this.mistakenRollouts, kind, sign);
    }
    for (const [boundary, faults] of Object.entries(summary.faults)) addTo(this.faults, boundary, sign * faults);
    this.faultedCalls += sign * summary.faulted_calls;
    this.unhealedCalls += sign * summary.unhealed_calls;
    if (summary.faulted_calls > 0) this.faultedRollouts += sign;
    this.refusals += sign * summary.refusals;
  }

  #foldGrade(summary: RolloutSummary, sign: 1 | -1): void {
    this.grades += sign * summary.grades;
    const { grade } = summary;
    if (!grade) return;
    const score = Math.round(grade.score * 1e6);
    this.graded += sign;
    this.score += sign * score;
    addTo(this.scores, Math.round(score / SCORE_STEP) * SCORE_STEP, sign);
    if (grade.evidence !== null) addTo(this.evidence, grade.evidence, sign);
    if (grade.score === 1 && grade.evidence !== null && grade.evidence !== "unknown") this.correctKnown += sign;
    if (isUnread(summary)) this.correctUnread += sign;
    if (!grade.claims) return;
    this.claiming += sign;
    this.unrecorded += sign * grade.claims.unrecorded;
    this.unclaimed += sign * grade.claims.unclaimed;
    if (isDisagreeing(summary)) this.disagreeing += sign;
  }
}

/** Scores are told apart by hundredths: a grader that pays any number must not make a counter of each. */
const SCORE_STEP = 1e4;

const emptyTool = (): ToolStatistics => ({
  calls: 0,
  cut: 0,
  characters: 0,
  latencies: new Map(),
  outputs: new Map(),
});

function foldTool(total: ToolStatistics, tool: ToolSummary, sign: 1 | -1): void {
  total.calls += sign * tool.calls;
  total.cut += sign * tool.cut;
  total.characters += sign * tool.characters;
  for (const name of ["latencies", "outputs"] as const) {
    for (const [bucket, count] of Object.entries(tool[name])) addTo(total[name], Number(bucket), sign * count);
  }
}

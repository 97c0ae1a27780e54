/**
 * What happened when: a run's rollouts by the time at which they were opened. There are at most `limits.trendPoints` points;
 * when there would be more, every point stands for twice the time. Adding and removing a rollout cancel out. Pure.
 */
import { limits } from "../../contract/limits.ts";
import { addTo, type Counter } from "./counter.ts";
import type { RolloutSummary } from "./summary.ts";

export interface TrendPoint {
  rollouts: number;
  graded: number;
  /** Millionths, so that sums are exact. */
  score: number;
  calls: Counter;
  mistakes: number;
  faults: number;
}

export class Trend {
  width: number = limits.trendPointMilliseconds;
  /** By the number of widths since 1970. */
  points = new Map<number, TrendPoint>();

  /** Adds a rollout's contribution (`sign` 1) or takes it away (-1). */
  fold(summary: RolloutSummary, sign: 1 | -1): void {
    const at = Math.floor(summary.opened_at / this.width);
    const point = this.points.get(at) ?? emptyPoint();
    this.points.set(at, point);
    merge(point, contribution(summary), sign);
    if (point.rollouts === 0) this.points.delete(at);
    while (this.points.size > limits.trendPoints) this.#widen();
  }

  #widen(): void {
    const narrow = this.points;
    this.width *= 2;
    this.points = new Map();
    for (const [at, point] of narrow) {
      const wide = this.points.get(Math.floor(at / 2)) ?? emptyPoint();
      merge(wide, point, 1);
      this.points.set(Math.floor(at / 2), wide);
    }
  }
}

const emptyPoint = (): TrendPoint => ({
  rollouts: 0,
  graded: 0,
  score: 0,
  calls: new Map(),
  mistakes: 0,
  faults: 0,
});

function contribution({ grade, tools, mistakes, faults }: RolloutSummary): TrendPoint {
  const total = (counts: Record<string, number>) => Object.values(counts).reduce((sum, count) => sum + count, 0);
  return {
    rollouts: 1,
    graded: grade ? 1 : 0,
    score: grade ? Math.round(grade.score * 1e6) : 0,
    calls: new Map(Object.entries(tools).map(([tool, { calls }]) => [tool, calls])),
    mistakes: total(mistakes),
    faults: total(faults),
  };
}

function merge(into: TrendPoint, from: TrendPoint, sign: 1 | -1): void {
  into.rollouts += sign * from.rollouts;
  into.graded += sign * from.graded;
  into.score += sign * from.score;
  into.mistakes += sign * from.mistakes;
  into.faults += sign * from.faults;
  for (const [tool, calls] of from.calls) addTo(into.calls, tool, sign * calls);
}

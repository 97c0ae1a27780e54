/** A run's counts as `GET /runs/{run}` shows them. Pure. */
import type { RolloutCounts, RunAlarm, RunReport, RunTool, RunTrendPoint, Signals } from "../../contract/run.ts";
import { quantile } from "./histogram.ts";
import type { Statistics, ToolStatistics } from "./statistics.ts";
import type { Trend, TrendPoint } from "./trend.ts";

/** What a report shows besides the counts. Times are milliseconds since 1970. */
export interface Surroundings {
  run: string;
  full: boolean;
  firstActivity: number | null;
  lastActivity: number | null;
  /** Trace ids. */
  unread: string[];
  disagreeing: string[];
  signals: Signals;
  alarms: RunAlarm[];
}

export function reportOf(statistics: Statistics, surroundings: Surroundings): RunReport {
  const { run, full, firstActivity, lastActivity, unread, disagreeing, signals, alarms } = surroundings;
  return {
    run,
    first_activity_at: isoOrNull(firstActivity),
    last_activity_at: isoOrNull(lastActivity),
    rollouts: rolloutCounts(statistics),
    full,
    scores: scoresOf(statistics),
    grades: statistics.grades,
    refusals: statistics.refusals,
    calls: callsOf(statistics),
    tools: byName(statistics.tools).map(([tool, of]) => toolOf(tool, of)),
    mistakes: byName(statistics.mistakes).map(([kind, calls]) => {
      return { kind, calls, rollouts: statistics.mistakenRollouts.get(kind) ?? 0 };
    }),
    faults: {
      calls: statistics.faultedCalls,
      unhealed: statistics.unhealedCalls,
      rollouts: statistics.faultedRollouts,
      by_boundary: Object.fromEntries(byName(statistics.faults)),
    },
    evidence: {
      by_source: Object.fromEntries(byName(statistics.evidence)),
      correct: statistics.correctKnown,
      correct_never_read: statistics.correctUnread,
      examples: unread,
    },
    claims: {
      rollouts: statistics.claiming,
      disagreeing: statistics.disagreeing,
      unrecorded: statistics.unrecorded,
      unclaimed: statistics.unclaimed,
      examples: disagreeing,
    },
    trend: trendOf(statistics.trend),
    signals,
    alarms,
  };
}

export function rolloutCounts({ rollouts, statuses }: Statistics): RolloutCounts {
  const { open = 0, graded = 0, discarded = 0, abandoned = 0 } = Object.fromEntries(statuses);
  return { total: rollouts, open, graded, discarded, abandoned };
}

export function scoreMean({ score, graded }: Pick<Statistics, "score" | "graded">): number | null {
  return graded === 0 ? null : rounded(score / graded / 1e6);
}

function scoresOf(statistics: Statistics): RunReport["scores"] {
  const { graded, score, scores } = statistics;
  const histogram = Array.from({ length: 10 }, (_, at) => ({ from: at / 10, to: (at + 1) / 10, rollouts: 0 }));
  for (const [millionths, rollouts] of scores) {
    const bin = histogram[Math.min(9, Math.floor(millionths / 1e5))];
    if (bin) bin.rollouts += rollouts;
  }
  const [zero, one] = [scores.get(0) ?? 0, scores.get(1e6) ?? 0];
  return { graded, sum: score / 1e6, mean: scoreMean(statistics), zero, one, histogram };
}

function callsOf({ calls, rollouts, callsPerRollout, mistakes }: Statistics): RunReport["calls"] {
  const sorted = [...callsPerRollout].toSorted(([a], [b]) => a - b);
  let seen = 0;
  const middle = sorted.find(([, count]) => (seen += count) * 2 >= rollouts);
  return {
    total: calls,
    per_rollout: {
      mean: rollouts === 0 ? null : rounded(calls / rollouts),
      p50: middle?.[0] ?? null,
      most: sorted.at(-1)?.[0] ?? null,
    },
    over_budget: mistakes.get("over_budget") ?? 0,
  };
}

function toolOf(tool: string, { calls, cut, characters, latencies, outputs }: ToolStatistics): RunTool {
  const [p50, p95, p99, most] = [0.5, 0.95, 0.99, 1].map((q) => quantile(latencies, q));
  return {
    tool,
    calls,
    latency_milliseconds: { p50: p50 ?? null, p95: p95 ?? null, p99: p99 ?? null, most: most ?? null },
    output_characters: {
      mean: rounded(characters / calls),
      p50: quantile(outputs, 0.5),
      p95: quantile(outputs, 0.95),
      most: quantile(outputs, 1),
    },
    cut,
    cut_share: rounded(cut / calls),
  };
}

function trendOf({ width, points }: Trend): RunReport["trend"] {
  const sorted = [...points].toSorted(([a], [b]) => a - b);
  return { point_milliseconds: width, points: sorted.map(([at, point]) => trendPoint(at * width, point)) };
}

function trendPoint(from: number, { rollouts, graded, score, calls, mistakes, faults }: TrendPoint): RunTrendPoint {
  return {
    from: iso(from),
    rollouts,
    graded,
    score_mean: scoreMean({ graded, score }),
    calls: [...calls.values()].reduce((sum, count) => sum + count, 0),
    calls_by_tool: Object.fromEntries(byName(calls)),
    mistakes,
    faults,
  };
}

/** Sorted, so that the same counts make the same report. */
function byName<Value>(map: ReadonlyMap<string, Value>): [string, Value][] {
  return [...map].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** Means and shares, to the fourth decimal. */
const rounded = (value: number) => Math.round(value * 1e4) / 1e4;

const iso = (milliseconds: number) => new Date(milliseconds).toISOString();
const isoOrNull = (milliseconds: number | null) => (milliseconds === null ? null : iso(milliseconds));

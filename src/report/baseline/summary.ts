/** From a baseline's results to its figures. Pure; randomness is an argument. */
import type { Baseline } from "../../contract/baseline.ts";
import type { ResultsManifest, RolloutResult } from "../../contract/results.ts";
import { isGraded, latest } from "../latest.ts";
import { spread, tally } from "../statistics/describe.ts";
import { callFigures } from "./calls.ts";
import { forecastOf } from "./forecast.ts";
import { type KnownBeside, readinessOf } from "./readiness.ts";
import { always, bestOf, type Graded, isSuccess, itemFigures, meanScore, type Randoms } from "./scores.ts";

export interface Summarising {
  manifest: ResultsManifest;
  /** All lines of the results, in their order. */
  results: readonly RolloutResult[];
  interrupted: boolean;
  stopped: string | null;
  /** Of a million tokens; without them there is no cost. */
  prices?: { input: number; cached: number; output: number };
  /** Rollouts of an item in a step at compute multiplier 1. */
  copies: number;
  randoms: Randoms;
  beside: KnownBeside;
}

export function summarise({ manifest, results, interrupted, stopped, ...given }: Summarising): Baseline {
  const counting = latest(results);
  const graded = counting.filter(isGraded);
  const leftOut = counting.filter((result) => !isGraded(result));
  const count = (ending: RolloutResult["ending"]) => counting.filter((result) => result.ending === ending).length;
  const planned = manifest.dataset.items * manifest.attempts;
  const items = itemFigures(graded);
  const figures: Omit<Baseline, "readiness"> = {
    schema: 1,
    manifest,
    interrupted,
    stopped,
    rollouts: {
      planned,
      graded: graded.length,
      faulted: count("faulted"),
      agent_failed: count("agent_failed"),
      unattempted: Math.max(0, planned - counting.length),
      repeated: results.length - counting.length,
    },
    failures: Object.entries(tally(leftOut.map(({ failure }) => failure ?? "unknown"))).map(([reason, rollouts]) => ({
      reason,
      rollouts,
    })),
    items,
    mean_score: meanScore(items, given.randoms),
    best_of: bestOf(items, given.randoms),
    always: always(items),
    scores: tally(graded.map(({ score }) => String(score))),
    calls: callFigures(graded),
    tokens: tokenFigures(graded, results, given.prices),
    milliseconds: {
      answer: spread(graded.map(({ milliseconds }) => milliseconds.answer)),
      model: spread(graded.map(({ milliseconds }) => milliseconds.model)),
      tools: spread(graded.map(({ milliseconds }) => milliseconds.tools)),
      grading: spread(graded.map(({ milliseconds }) => milliseconds.grading)),
    },
    answer_endings: tally(graded.flatMap(({ answer_ending }) => answer_ending ?? [])),
    evidence: evidenceFigures(graded),
    forecast: forecastOf(items, given.copies),
  };
  return { ...figures, readiness: readinessOf(figures, given.beside) };
}

/** Spreads are of graded rollouts; the cost is of all lines, since what was left out was paid for too. */
function tokenFigures(
  graded: readonly Graded[],
  results: readonly RolloutResult[],
  prices: Summarising["prices"],
): Baseline["tokens"] {
  const of = (lines: readonly RolloutResult[]) => lines.flatMap(({ tokens }) => tokens ?? []);
  const [counted, paid] = [of(graded), of(results)];
  if (paid.length === 0) return null;
  const costs = paid.map(({ input, cached_input, output }) =>
    prices ? (input - cached_input) * prices.input + cached_input * prices.cached + output * prices.output : 0,
  );
  const cost = prices ? costs.reduce((sum, one) => sum + one, 0) / 1_000_000 : null;
  return {
    input: spread(counted.map(({ input }) => input)),
    cached_input: spread(counted.map(({ cached_input }) => cached_input)),
    output: spread(counted.map(({ output }) => output)),
    reasoning: spread(counted.map(({ reasoning }) => reasoning)),
    cost,
    cost_per_rollout: cost === null ? null : cost / paid.length,
  };
}

function evidenceFigures(graded: readonly Graded[]): Baseline["evidence"] {
  const groups = Map.groupBy(graded, ({ grade }) => grade?.evidence ?? "unknown");
  return Object.fromEntries(
    [...groups].map(([source, rollouts]) => [
      source,
      { rollouts: rollouts.length, full_scores: rollouts.filter(({ score }) => isSuccess(score)).length },
    ]),
  );
}

/** What a comparison needs of a rollout: some hundred bytes of what may be a hundred kilobytes. Pure. */
import type { RolloutResult } from "../../contract/results.ts";
import { sequenceOf } from "../baseline/calls.ts";

/** A line of the results, without what was said. */
export interface Attempt extends Pick<
  RolloutResult,
  "item" | "question" | "attempt" | "ending" | "score" | "tokens" | "milliseconds"
> {
  /** The tools of its calls, in the order in which the model wrote them. */
  tools: readonly string[];
  sequence: string;
  mistakes: number;
  over_budget: number;
}

/** An attempt with its score: the only ones that are compared. */
export type GradedAttempt = Attempt & { score: number };

export function attemptOf(result: RolloutResult): Attempt {
  const { item, question, attempt, ending, score, tokens, milliseconds, turns } = result;
  const calls = turns.flatMap((turn) => turn.calls);
  return {
    item,
    question,
    attempt,
    ending,
    score,
    tokens,
    milliseconds,
    tools: calls.map(({ tool }) => tool),
    sequence: sequenceOf(turns),
    mistakes: calls.filter(({ outcome }) => outcome === "mistake").length,
    over_budget: calls.filter(({ outcome }) => outcome === "over_budget").length,
  };
}

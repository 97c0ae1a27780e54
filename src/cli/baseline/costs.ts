/** What an attempt has cost of the model, where a model made it. Pure. */
import type { RolloutResult } from "../../contract/results.ts";
import type { Attempt } from "../agents/agent.ts";
import type { ModelAttempt } from "../agents/model-attempt.ts";

/** `model`: milliseconds in which the model was waited for. */
export type Costs = Pick<RolloutResult, "answer_ending" | "tokens" | "model_requests"> & { model: number };

export function costsOf(attempt: Attempt | undefined): Costs {
  if (!attempt || !isModels(attempt)) return { answer_ending: null, tokens: null, model_requests: 0, model: 0 };
  const { input, cachedInput: cached_input, output, reasoning } = attempt.tokens;
  // A request has tokens: where none are counted, the service does not count.
  const isCounted = input + output > 0;
  return {
    answer_ending: attempt.ending ?? null,
    tokens: isCounted ? { input, cached_input, output, reasoning } : null,
    model_requests: attempt.turns,
    model: attempt.milliseconds,
  };
}

const isModels = (attempt: Attempt): attempt is ModelAttempt => "tokens" in attempt;

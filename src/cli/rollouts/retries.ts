/**
 * When a trainer tries again. Source of the rules: Microsoft's and OpenAI's agent-RFT material, as in the project's README: 5xx
 * and no answer are tried again up to 3 times, then the rollout is discarded; a 4xx is shown to the model.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { limits } from "../../contract/limits.ts";
import type { Answer, Exchange } from "./wire.ts";

/** The pause before the first retry; doubled for each further one. Trainers do not say theirs. */
const FIRST_PAUSE_MILLISECONDS = 400;

/**
 * Sends until there is an answer that counts; undefined when every try failed, or the signal ended them.
 * @param send one try
 */
export async function untilAnswered(send: () => Promise<Exchange>, signal: AbortSignal): Promise<Answer | undefined> {
  for (let attempt = 0; ; attempt++) {
    const exchange = await send();
    if (isAnswer(exchange) && exchange.status < 500) return exchange;
    if (attempt === limits.trainerRetries || signal.aborted) return undefined;
    const asked = isAnswer(exchange) ? exchange.retryAfter : undefined;
    const pause = asked === undefined ? FIRST_PAUSE_MILLISECONDS * 2 ** attempt : asked * 1000 * 2 ** attempt;
    await pauseFor(Math.min(pause, limits.longestPauseMilliseconds), signal);
  }
}

const isAnswer = (exchange: Exchange): exchange is Answer => exchange.status !== "none";

/** Ends early when the signal does. */
export async function pauseFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
}

/** Retries one operation of ours inside a request; what still fails is a fault of the boundary it crossed. */
import { type Boundary, Fault } from "../contract/failure.ts";
import { limits } from "../contract/limits.ts";

/**
 * Runs `operation` up to `limits.attempts` times, each with a time limit, with doubling pauses between. It must be safe
 * to repeat.
 * @throws Fault as the operation threw it, or one of `boundary` for any other error.
 */
export async function withRetries<T>(
  boundary: Boundary,
  operation: () => Promise<T>,
  milliseconds: number = limits.attemptMilliseconds,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await withTimeLimit(operation(), milliseconds);
    } catch (error) {
      if (error instanceof Fault) throw error;
      if (attempt === limits.attempts || isOverloaded(error))
        throw new Fault(boundary, `the ${boundary} did not answer`, { cause: error });
      await new Promise((resolve) => setTimeout(resolve, limits.firstRetryMilliseconds * 2 ** (attempt - 1)));
    }
  }
}

/** One try. Rejects when the time of a try is over; the work itself is not ended. */
export async function withTimeLimit<T>(
  work: Promise<T>,
  milliseconds: number = limits.attemptMilliseconds,
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("no answer in time")), milliseconds);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** Cloudflare marks the errors of an object that has too much to do: another try would only add to it. */
function isOverloaded(error: unknown): boolean {
  return error instanceof Error && "overloaded" in error && error.overloaded === true;
}

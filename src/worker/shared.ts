/** How a request waits for work that another request started and that it shares. */
import { waitUntil } from "cloudflare:workers";
import { type Boundary, Fault } from "../contract/failure.ts";
import { limits } from "../contract/limits.ts";

/**
 * The work's result. The request that started it keeps it going when its client hangs up, but not for ever: the platform ends
 * a request some time after, and what it began then never settles. So each waiter has a time limit of its own, and
 * `onExpiry` forgets the work, for the next one to start anew.
 * @throws Fault of `boundary` when the limit is over; what the work throws
 */
export async function waitFor<T>(work: Promise<T>, boundary: Boundary, onExpiry: () => void): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const expiry = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      onExpiry();
      reject(new Fault(boundary, `the ${boundary} did not answer in time`));
    }, limits.sharedWorkMilliseconds);
  });
  try {
    return await Promise.race([work, expiry]);
  } finally {
    clearTimeout(timer);
  }
}

/** Keeps work going when the client of the request that started it hangs up. */
export function keepGoing(work: Promise<unknown>): void {
  waitUntil(work.catch(() => undefined));
}

/** Waits for an agent, which may think for minutes, but no longer than its rollouts are wanted. */

/** Trainers end a rollout that goes on for ever (`max_episode_steps`). */
export const MOST_TURNS = 50;

/** The rollouts were ended before the agent was. */
export class Unwanted extends Error {
  override readonly name = "Unwanted";
}

/**
 * What the agent comes to.
 * @throws Unwanted when the signal ends it first, and whatever the agent throws
 */
export async function thought<T>(think: () => T | Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) throw new Unwanted();
  const ended = Promise.withResolvers<never>();
  const end = () => ended.reject(new Unwanted());
  signal.addEventListener("abort", end);
  try {
    return await Promise.race([Promise.resolve().then(think), ended.promise]);
  } finally {
    signal.removeEventListener("abort", end);
  }
}

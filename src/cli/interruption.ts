/** Ctrl-C in a long command, or a request to end: the first asks it to tell what it knows, the second ends it at once. */

export interface Interruption {
  signal: AbortSignal;
  /** Gives Ctrl-C its usual meaning back. */
  stop(): void;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** One Ctrl-C comes several times where each of the programs that started this one passes it on; a person's second takes longer. */
const SAME_MILLISECONDS = 500;

/**
 * @param now milliseconds of a steady clock
 * @param said to whoever pressed Ctrl-C
 */
export function interruption(
  now: () => number = () => performance.now(),
  said = "Ending; what is known so far follows.",
): Interruption {
  const controller = new AbortController();
  let first = 0;
  const interrupt = () => {
    if (!controller.signal.aborted) {
      first = now();
      process.stderr.write(`\n${said} Ctrl-C again ends at once.\n`);
      return controller.abort();
    }
    if (now() - first > SAME_MILLISECONDS) process.exit(130);
  };
  for (const signal of SIGNALS) process.on(signal, interrupt);
  const stop = () => SIGNALS.forEach((signal) => process.off(signal, interrupt));
  return { signal: controller.signal, stop };
}

/** Ctrl-C in a long command: the first asks it to end and tell what it knows, the second ends it at once. */

export interface Interruption {
  signal: AbortSignal;
  /** Gives Ctrl-C its usual meaning back. */
  stop(): void;
}

/** One Ctrl-C comes several times where each of the programs that started this one passes it on; a person's second takes longer. */
const SAME_MILLISECONDS = 500;

/** @param now milliseconds of a steady clock */
export function interruption(now: () => number = () => performance.now()): Interruption {
  const controller = new AbortController();
  let first = 0;
  const interrupt = () => {
    if (!controller.signal.aborted) {
      first = now();
      process.stderr.write("\nEnding; what is known so far follows. Ctrl-C again ends at once.\n");
      return controller.abort();
    }
    if (now() - first > SAME_MILLISECONDS) process.exit(130);
  };
  process.on("SIGINT", interrupt);
  return { signal: controller.signal, stop: () => void process.off("SIGINT", interrupt) };
}

/** Ctrl-C in a long command: the first asks it to end and tell what it knows, the second ends it at once. */

export interface Interruption {
  signal: AbortSignal;
  /** Gives Ctrl-C its usual meaning back. */
  stop(): void;
}

export function interruption(): Interruption {
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(130);
    process.stderr.write("\nEnding; what is known so far follows. Ctrl-C again ends at once.\n");
    controller.abort();
  };
  process.on("SIGINT", interrupt);
  return { signal: controller.signal, stop: () => void process.off("SIGINT", interrupt) };
}

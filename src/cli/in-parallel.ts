/** Bounded concurrency: so many values are worked on at once, taken in their order. */

/** Resolves when all are done, or those begun when the signal says stop. The first error stops the rest and is thrown. */
export async function inParallel<Value>(
  values: Iterable<Value>,
  concurrency: number,
  signal: AbortSignal,
  work: (value: Value) => Promise<void>,
): Promise<void> {
  const iterator = values[Symbol.iterator]();
  let failed = false;
  const worker = async () => {
    for (;;) {
      if (failed || signal.aborted) return;
      const next = iterator.next();
      if (next.done) return;
      await work(next.value).catch((error: unknown) => {
        failed = true;
        throw error;
      });
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

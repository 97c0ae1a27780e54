/** Measuring and printing, shared by the benchmarks. */

/** The middle value; of an even number of values the upper of the two. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value that a fraction of all values are below: 0.99 for p99. */
export function quantile(values: readonly number[], fraction: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))] ?? Number.NaN;
}

/**
 * Milliseconds of each candidate, all of them in every round, so that what else the machine does in the meantime meets all alike.
 * A round starts with one call that is not timed: each candidate finds the caches as itself leaves them.
 * @returns the median per candidate
 */
export function interleave<Name extends string>(
  candidates: Record<Name, () => unknown>,
  { rounds = 50, calls = 4 } = {},
): Record<Name, number> {
  const names = Object.keys(candidates) as Name[];
  const times = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, number[]>;
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      candidates[name]();
      for (let call = 0; call < calls; call++) {
        const start = performance.now();
        candidates[name]();
        times[name].push(performance.now() - start);
      }
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(times[name])])) as Record<Name, number>;
}

/** Rows of cells as aligned columns: the first row is the head, the first column is text. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  ");
  const [head, ...body] = rows;
  return [line(head ?? []), line(widths.map((width) => "─".repeat(width))), ...body.map(line)].join("\n");
}

/** How numbers are spread. Pure; never NaN. */
import type { Spread } from "../../contract/baseline.ts";

/** 0 of none. */
export const mean = (values: readonly number[]) =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Sums of the same values in another order are not always the same to the last bit. */
const ROUNDING = 1e-9;

/** How much a mean is above another one; nothing where they differ by the rounding of their sums alone. */
export function difference(after: number, before: number): number {
  const found = after - before;
  return Math.abs(found) <= ROUNDING * Math.max(Math.abs(after), Math.abs(before)) ? 0 : found;
}

/** The standard deviation of these values themselves, divided by their number; 0 of none. */
export function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}

/** The smallest of the sorted values that so large a share does not exceed (nearest rank); 0 of none. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => quantile(sorted, share);
  return { count: sorted.length, mean: mean(sorted), p50: at(0.5), p95: at(0.95), most: at(1) };
}

/** How often each name occurs: the commonest first, equal ones by name. */
export function tally(names: Iterable<string>): Record<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries([...counts].toSorted(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)));
}

/**
 * Histograms over sizes and durations whose buckets grow by a tenth, so that a few dozen counters hold any number of values
 * and two histograms add up. Pure.
 */

/** Counts by bucket; buckets without a value are not there. */
export type Histogram = Map<number, number>;

const RATIO = 1.1;
/** Above 2 × 10⁷: hours in milliseconds, and longer than any output. */
const LAST = 180;

/** Bucket 0 holds what is below 1; bucket b holds [1.1^(b-1), 1.1^b). */
export function bucketOf(value: number): number {
  if (!(value >= 1)) return 0;
  return Math.min(LAST, 1 + Math.floor(Math.log(value) / Math.log(RATIO)));
}

/** What stands for a bucket's values: its geometric middle, at most 4.9 % from each of them; 0 for those below 1. */
const middleOf = (bucket: number) => (bucket === 0 ? 0 : RATIO ** (bucket - 0.5));

/** The value that a share `q` of all values are at or below (nearest rank), within 5 %; null without values. */
export function quantile(histogram: Histogram, q: number): number | null {
  const buckets = [...histogram].toSorted(([a], [b]) => a - b);
  const total = buckets.reduce((sum, [, count]) => sum + count, 0);
  const rank = Math.max(1, Math.ceil(q * total));
  let seen = 0;
  for (const [bucket, count] of buckets) {
    seen += count;
    if (seen >= rank) return rounded(middleOf(bucket));
  }
  return null;
}

/** No more digits than the buckets can tell. */
const rounded = (value: number) => Number(value.toPrecision(4));

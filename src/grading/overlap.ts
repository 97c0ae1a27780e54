/** How much of two sets is the same. Pure. */

export interface Overlap {
  /** How many of those named are right. */
  common: number;
  /** The share of what is named that is right; 0 where nothing is named. */
  precision: number;
  /** The share of what is right that is named. */
  recall: number;
  /**
   * The harmonic mean of both, as 2 · common / (named + right): two whole numbers and one division, so the nearest double to the
   * exact fraction, never rounded further. 1 exactly where the sets are equal, 0 where they have nothing in common.
   * (van Rijsbergen, Information Retrieval, 1979; also known as Dice's coefficient.)
   */
  f1: number;
}

/** @param right has at least one member */
export function overlap(named: ReadonlySet<string>, right: ReadonlySet<string>): Overlap {
  const common = named.intersection(right).size;
  return {
    common,
    precision: named.size === 0 ? 0 : common / named.size,
    recall: common / right.size,
    f1: (2 * common) / (named.size + right.size),
  };
}

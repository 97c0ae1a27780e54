/**
 * Finds texts that say nearly the same: pairs of sets of words with a Jaccard similarity (words in common, of all words of
 * both) of at least a bound. Exact, without comparing all pairs. Pure.
 */

/** The words of a text, in small letters: runs of letters, and figures with their separators. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/\p{L}+|\d+(?:[.,]\d+)*/gu) ?? [];
}

export const isFigure = (word: string) => /^\d/.test(word);

/**
 * The pairs of places [earlier, later] in the list. Two sets as similar as that share a word among the rarest ones of each, so
 * only those are looked up (prefix filtering, Bayardo, Ma and Srikant, "Scaling up all pairs similarity search", 2007).
 * @param bound above 0, at most 1
 */
export function similarPairs(sets: readonly ReadonlySet<string>[], bound: number): [number, number][] {
  const frequency = new Map<string, number>();
  for (const word of sets.flatMap((set) => [...set])) frequency.set(word, (frequency.get(word) ?? 0) + 1);
  const rarity = (a: string, b: string) => (frequency.get(a) ?? 0) - (frequency.get(b) ?? 0) || (a < b ? -1 : 1);
  const placesOf = new Map<string, number[]>();
  const pairs: [number, number][] = [];
  for (const [place, set] of sets.entries()) {
    const looked = [...set].toSorted(rarity).slice(0, set.size - leastCommon(bound, set.size) + 1);
    const candidates = new Set(looked.flatMap((word) => placesOf.get(word) ?? []));
    for (const candidate of candidates)
      if (jaccard(sets[candidate]!, set) >= bound - ROUNDING) pairs.push([candidate, place]);
    for (const word of looked) placesOf.set(word, [...(placesOf.get(word) ?? []), place]);
  }
  return pairs.toSorted(([a, b], [c, d]) => b - d || a - c);
}

/** Floating point must not make a pair that is right on the bound fall below it. */
const ROUNDING = 1e-9;

/** Words that a set of this size has in common with any that is as similar as that. */
const leastCommon = (bound: number, size: number) => Math.ceil(bound * size - ROUNDING);

function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const common = [...a].filter((word) => b.has(word)).length;
  return common === 0 ? 0 : common / (a.size + b.size - common);
}

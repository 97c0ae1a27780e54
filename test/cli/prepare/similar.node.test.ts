import fc from "fast-check";
import { expect, test } from "vitest";
import { similarPairs, wordsOf } from "../../../src/cli/prepare/similar.ts";

/** By the definition, every pair. */
function everyPair(sets: readonly ReadonlySet<string>[], bound: number): [number, number][] {
  return sets.flatMap((later, place) =>
    sets.slice(0, place).flatMap((earlier, at): [number, number][] => {
      const all = later.union(earlier).size;
      return all > 0 && later.intersection(earlier).size * 100 >= Math.round(bound * 100) * all ? [[at, place]] : [];
    }),
  );
}

test("the pairs are those that comparing all with all finds", () => {
  const anySet = fc.uniqueArray(fc.constantFrom(..."abcdefghijkl"), { maxLength: 10 }).map((words) => new Set(words));
  const anyBound = fc.integer({ min: 1, max: 20 }).map((twentieths) => twentieths / 20);
  fc.assert(
    fc.property(fc.array(anySet, { maxLength: 30 }), anyBound, (sets, bound) => {
      expect(similarPairs(sets, bound)).toEqual(everyPair(sets, bound));
    }),
    { numRuns: 500 },
  );
});

test("words are letters or figures, without case and punctuation", () => {
  expect(wordsOf("What was AAL's  net-revenue in 2014, 1,234.5 or 7%?")).toEqual([
    "what",
    "was",
    "aal",
    "s",
    "net",
    "revenue",
    "in",
    "2014",
    "1,234.5",
    "or",
    "7",
  ]);
});

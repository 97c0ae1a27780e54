import fc from "fast-check";
import { expect, test } from "vitest";
import { seededRandom, shuffled } from "../../src/environments/random.ts";

const drawn = (count: number, ...names: (string | number)[]) => {
  const random = seededRandom(...names);
  return Array.from({ length: count }, random);
};

test("the same names have the same sequence, other names another one", () => {
  const sequences = [["a"], ["b"], ["a", "b"], ["ab"], ["a", 1], ["a", "1"], ["b", "a"], [""]].map((names) =>
    drawn(3, ...names),
  );
  expect(sequences).toEqual(
    [["a"], ["b"], ["a", "b"], ["ab"], ["a", 1], ["a", "1"], ["b", "a"], [""]].map((names) => drawn(3, ...names)),
  );
  expect(new Set(sequences.map(String)).size).toBe(8);
});

test("numbers are from 0 up to 1 and spread evenly, within a sequence and over the first of many", () => {
  for (const numbers of [
    drawn(20_000, "one"),
    Array.from({ length: 20_000 }, (_, n) => drawn(1, "many", n)[0] ?? -1),
  ]) {
    expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
    const tenths = Map.groupBy(numbers, (number) => Math.floor(number * 10));
    for (let tenth = 0; tenth < 10; tenth++) {
      expect(tenths.get(tenth)?.length).toBeGreaterThan(1_800);
      expect(tenths.get(tenth)?.length).toBeLessThan(2_200);
    }
  }
});

test("shuffling keeps every value once, and leaves the original as it was", () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.string(), (values, seed) => {
      const original = [...values];
      const order = shuffled(values, seededRandom(seed));
      expect(values).toEqual(original);
      expect(order.toSorted((a, b) => a - b)).toEqual(original.toSorted((a, b) => a - b));
    }),
  );
});

test("every order is drawn, about as often as every other", () => {
  const orders = Array.from({ length: 12_000 }, (_, n) => shuffled(["a", "b", "c"], seededRandom("order", n)).join(""));
  const counts = [...Map.groupBy(orders, (order) => order)].map(([, group]) => group.length);
  expect(counts).toHaveLength(6);
  expect(Math.min(...counts)).toBeGreaterThan(1_800);
});

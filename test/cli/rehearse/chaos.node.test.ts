import { describe, expect, test } from "vitest";
import { type ChaosKind, chaosKinds, chaosNames, happens, RolloutChaos } from "../../../src/cli/rehearse/chaos.ts";

const PLACES = Array.from({ length: 5_000 }, (_, n) => n);

/** The share of places at which all of `kinds` strike. */
function share(kinds: ChaosKind[], rate: number, seed = "7"): number {
  const struck = PLACES.filter((n) =>
    kinds.every((kind) => happens(kind, rate, seed, Math.floor(n / 10), `call_${n % 10}`)),
  );
  return struck.length / PLACES.length;
}

function chaos(kinds: readonly ChaosKind[], chaosRate: number, index = 0) {
  const made: ChaosKind[] = [];
  const rollout = new RolloutChaos({ chaos: new Set(kinds), chaosRate, seed: "7" }, index, (kind) => made.push(kind));
  return { rollout, made };
}

describe.each(chaosNames)("%s", (kind) => {
  test("says what it does", () => expect(chaosKinds[kind]).toMatch(/\w \w/));

  test.each([0.02, 0.15, 0.5])("strikes at a rate near %d", (rate) => {
    // Four standard deviations.
    const near = 4 * Math.sqrt((rate * (1 - rate)) / PLACES.length);
    expect(Math.abs(share([kind], rate) - rate)).toBeLessThan(near);
  });

  test("strikes nowhere at the rate 0, everywhere at 1", () => {
    expect([share([kind], 0), share([kind], 1)]).toEqual([0, 1]);
  });

  test("is off, and not counted, when it is not chosen", () => {
    const { rollout, made } = chaos(
      chaosNames.filter((other) => other !== kind),
      1,
    );
    expect([rollout.strikes(kind, "call_1"), rollout.makes(kind), made]).toEqual([false, false, []]);
  });

  test("is counted once each time it strikes", () => {
    const { rollout, made } = chaos([kind], 0.5);
    const struck = PLACES.filter((n) => rollout.strikes(kind, `call_${n}`));
    expect(made).toEqual(struck.map(() => kind));
    expect(struck.length).toBeGreaterThan(2_000);
  });
});

test("the same seed strikes at the same places, another seed at others, another rollout at others", () => {
  const places = (seed: string, index: number) =>
    PLACES.filter((n) => happens("duplicate", 0.15, seed, index, `call_${n}`));
  expect(places("7", 1)).toEqual(places("7", 1));
  expect(places("8", 1)).not.toEqual(places("7", 1));
  expect(places("7", 2)).not.toEqual(places("7", 1));
});

test("kinds strike independently of each other, so that all their meetings occur", () => {
  const pairs = chaosNames.flatMap((one, n) => chaosNames.slice(n + 1).map((other) => [one, other]));
  for (const pair of pairs) {
    expect(share(pair, 0.3)).toBeGreaterThan(0.06);
    expect(share(pair, 0.3)).toBeLessThan(0.12);
  }
});

test("the numbers that a trouble needs are those of its rollout and place", () => {
  const numbers = (index: number, place: string) => chaos([], 0, index).rollout.random(place)();
  expect(numbers(1, "call_1")).toBe(numbers(1, "call_1"));
  expect(new Set([numbers(1, "call_1"), numbers(1, "call_2"), numbers(2, "call_1")]).size).toBe(3);
});

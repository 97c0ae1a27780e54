import fc from "fast-check";
import { expect, test } from "vitest";
import { FaultKind, FaultSettings } from "../../src/contract/faults.ts";
import { FaultDraws } from "../../src/environments/fault-draws.ts";

const drawn = (draws: FaultDraws, kind: FaultKind, times: number) =>
  Array.from({ length: times }, () => draws.hits(kind));

test("the same seed draws the same, whatever is drawn of other kinds meanwhile; another seed draws otherwise", () => {
  const settings = (seed: string) => FaultSettings.parse({ seed, r2_fail: 0.5, overloaded: 0.5 });
  const alone = drawn(new FaultDraws(settings("one")), "r2_fail", 200);
  const among = new FaultDraws(settings("one"));
  const others = Array.from({ length: 200 }, () => [among.hits("overloaded"), among.hits("r2_fail")]);
  expect(others.map(([, hit]) => hit)).toEqual(alone);
  expect(others.map(([hit]) => hit)).not.toEqual(alone);
  expect(drawn(new FaultDraws(settings("two")), "r2_fail", 200)).not.toEqual(alone);
});

test("as many hit as the share says, and are counted; none at 0 and all at 1", () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.constantFrom(...FaultKind.options),
      fc.constantFrom(0, 0.1, 0.5, 1),
      (seed, kind, share) => {
        const draws = new FaultDraws(FaultSettings.parse({ seed, [kind]: share }));
        const hits = drawn(draws, kind, 2_000).filter(Boolean).length;
        expect(draws.counts).toEqual(hits === 0 ? {} : { [kind]: hits });
        // Five standard deviations.
        expect(Math.abs(hits / 2_000 - share)).toBeLessThanOrEqual(5 * Math.sqrt((share * (1 - share)) / 2_000));
      },
    ),
  );
});

test("a change goes on in the sequence, and begins another one with another seed", () => {
  const settings = FaultSettings.parse({ seed: "one", reset_after: 0.5 });
  const whole = drawn(new FaultDraws(settings), "reset_after", 100);
  const draws = new FaultDraws(settings);
  drawn(draws, "reset_after", 50);
  draws.change({ ...settings, r2_slow: 1 });
  expect(drawn(draws, "reset_after", 50)).toEqual(whole.slice(50));
  draws.change({ ...settings, seed: "two" });
  draws.change(settings);
  expect(drawn(draws, "reset_after", 100)).toEqual(whole);
});

test("shares are from 0 to 1, and nothing fails that is not asked for", () => {
  expect(FaultSettings.safeParse({ r2_fail: 1.1 }).success).toBe(false);
  expect(FaultSettings.safeParse({ r2_fail: -0.1 }).success).toBe(false);
  const draws = new FaultDraws(FaultSettings.parse({}));
  expect(FaultKind.options.flatMap((kind) => drawn(draws, kind, 10))).not.toContain(true);
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chooseItems, planRollouts, stillToPlay } from "../../../src/cli/baseline/plan.ts";
import { rollout, scored } from "../../report/baseline/results.ts";

const item = (name: string) => ({ name, question: `${name}?`, row: { id: name } });
const names = (items: readonly { name: string }[]) => items.map(({ name }) => name);

describe("items", () => {
  const all = Array.from({ length: 30 }, (_, at) => item(`item ${at}`));

  test("are drawn by the seed, in their own order", () => {
    const drawn = chooseItems(all, 10, "1");
    expect(drawn).toHaveLength(10);
    expect(names(drawn)).toEqual(names(all).filter((name) => names(drawn).includes(name)));
    expect(chooseItems(all, 10, "1")).toEqual(drawn);
    expect(chooseItems(all, 10, "2")).not.toEqual(drawn);
  });

  test("are all of them where as many or more are asked for", () => {
    for (const count of [30, 31, Infinity]) expect(chooseItems(all, count, "1")).toEqual(all);
  });

  test("of one name are told apart", () => {
    const twice = [item("a"), item("b"), item("a"), item("a")];
    expect(names(chooseItems(twice, Infinity, "1"))).toEqual(["a", "b", "a #2", "a #3"]);
  });
});

describe("rollouts", () => {
  const items = [item("a"), item("b")];

  test("are every item once, then every item again", () => {
    const planned = planRollouts(items, 3).map((one) => `${one.item.name} ${one.attempt}`);
    expect(planned).toEqual(["a 1", "b 1", "a 2", "b 2", "a 3", "b 3"]);
  });

  test("that were graded are not played again; those that faulted are", () => {
    const results = [...scored("a", 1, null, 0), rollout("b", 2)];
    const left = stillToPlay(planRollouts(items, 3), results).map((one) => `${one.item.name} ${one.attempt}`);
    expect(left).toEqual(["b 1", "a 2", "b 3"]);
  });

  test("whatever was graded, the rest is what is left", () => {
    const graded = fc.uniqueArray(fc.tuple(fc.constantFrom("a", "b"), fc.integer({ min: 1, max: 3 })), {
      selector: ([name, attempt]) => `${name} ${attempt}`,
    });
    fc.assert(
      fc.property(graded, (done) => {
        const results = done.map(([name, attempt]) => rollout(name, attempt));
        expect(stillToPlay(planRollouts(items, 3), results)).toHaveLength(6 - done.length);
      }),
    );
  });
});

import { describe, expect, test } from "vitest";
import { batteries } from "../../../src/cli/attack/battery/index.ts";
import { chooseItems, type Item, probesOf, withOthers } from "../../../src/cli/attack/items.ts";
import { finqa } from "../../../src/environments/finqa/index.ts";

const itemOf = (reference_answer: string, name = reference_answer): Item => {
  const row = { reference_answer };
  return { name, row, target: finqa.attackTarget?.(row) ?? { reference: "" } };
};
const classes = batteries.attack.flatMap((family) => family.classes);
const plainItems = Array.from({ length: 500 }, (_, at) => itemOf(String(1000 + at)));

describe("of many items, some are chosen", () => {
  test("by the seed", () => {
    const chosen = (seed: string) => chooseItems(plainItems, 10, classes, seed).map(({ name }) => name);
    expect(chosen("1")).toEqual(chosen("1"));
    expect(chosen("2")).not.toEqual(chosen("1"));
    expect(new Set(chosen("1")).size).toBe(10);
  });

  test("among them the rare ones that a class needs", () => {
    const all = [...plainItems, itemOf("no"), itemOf("$ 5 million")];
    const chosen = chooseItems(all, 3, classes, "1");
    expect(chosen.map(({ name }) => name)).toEqual(expect.arrayContaining(["no", "$ 5 million"]));
  });

  test("or all, where there are no more", () => {
    expect(chooseItems(plainItems.slice(0, 3), 10, classes, "1")).toHaveLength(3);
    expect(chooseItems(plainItems, Infinity, classes, "1")).toHaveLength(500);
  });
});

test("an item's answers do not depend on which others are chosen or tried", () => {
  const one = classes.find(({ name }) => name === "shuffled-digits");
  const item = itemOf("123456789");
  expect(one && probesOf(one, item, "1")).toEqual(one && probesOf(one, itemOf("123456789"), "1"));
  expect(one && probesOf(one, item, "2")).not.toEqual(one && probesOf(one, item, "1"));
});

test("an item's others are never itself, and none where there are none", () => {
  const [item] = withOthers(plainItems.slice(0, 1), plainItems.slice(0, 1), "1");
  expect(item?.target.others).toBeUndefined();
  for (const { name, target } of withOthers(plainItems, plainItems.slice(0, 3), "1"))
    expect(target.others?.map(({ reference }) => reference)).not.toContain(name);
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkLabel } from "../../../src/environments/finqa/labels.ts";

describe("a label that is what the program computes agrees", () => {
  test.each<[string | number, string | number]>([
    ["31903.6", 31903.6],
    ["7%", 0.07],
    ["7.0%", 0.07],
    ["14.3%", 14.3],
    ["$ 56 million", 56],
    ["$ 56 million", 56_000_000],
    ["-3827.0", -3827],
    ["yes", "yes"],
  ])("%j and %j", (answer, exeAns) => {
    expect(checkLabel(answer, exeAns)).toEqual({ state: "agrees" });
  });
});

describe("a label that is it rounded, or cut off, has the exact value in its own units", () => {
  test.each<[string | number, string | number, string]>([
    ["7%", 0.06991, "6.991%"],
    ["0.41%", 0.00406, "0.406%"],
    ["14.3%", 14.28571, "14.28571%"],
    ["-28%", -0.27547, "-27.547%"],
    ["28.5%", 0.28571, "28.571%"],
    ["31903", 31903.61446, "31903.61446"],
    ["1", 1.39, "1.39"],
    ["$ 22.42 million", 22.42105, "$22.42105 million"],
    ["2%", 0.015, "1.5%"],
  ])("%j of %j is %j", (answer, exeAns, exact) => {
    expect(checkLabel(answer, exeAns)).toMatchObject({ state: "rounded", exact });
  });

  test("whatever the number and the places", () => {
    const value = fc.integer({ min: 1_000_001, max: 99_999_999 }).filter((digits) => digits % 10 > 0);
    fc.assert(
      fc.property(value, fc.integer({ min: 0, max: 3 }), fc.boolean(), (digits, places, isNegative) => {
        const exact = (isNegative ? -digits : digits) / 100_000;
        const label = `${exact.toFixed(places)}%`;
        expect(checkLabel(label, exact)).toMatchObject({ state: "rounded", exact: `${exact}%` });
      }),
    );
  });
});

describe("any other label disagrees, and both are quoted", () => {
  test.each<[string, string | number, string]>([
    ["4.8%", -0.04756, "the other sign"],
    ["11.6", 0.11622, "a unit that the label does not state"],
    ["8965", 8966, "one more in the last place"],
    ["5200", 5174, "a whole number states its units"],
    ["1", 0.6, "no digit is left"],
    ["0", 0.4, "nothing is left"],
    ["1.9%", 18.59296, "a power of ten"],
    ["29.9%", 23, "another number"],
    ["no", "yes", "the other word"],
    ["yes", 1, "a word and a number"],
  ])("%j and %j: %s", (answer, exeAns) => {
    const note = `answer ${JSON.stringify(answer)}, exe_ans ${JSON.stringify(exeAns)}`;
    expect(checkLabel(answer, exeAns)).toEqual({ state: "disagrees", note });
  });
});

test.each([
  [undefined, 0.07],
  ["7%", undefined],
  [undefined, undefined],
  ["265% increase", 2.64706],
])("%j and %j are not two usable accounts", (answer, exeAns) => {
  expect(checkLabel(answer, exeAns)).toEqual({ state: "alone" });
});

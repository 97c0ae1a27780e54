import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { limits } from "../../../src/contract/limits.ts";
import { operandsOf } from "../../../src/environments/finqa/program.ts";
import { formatDecimal } from "../../../src/grading/decimal.ts";

function read(program: string) {
  const operands = operandsOf(program);
  return { numbers: operands?.numbers.map(formatDecimal), rows: operands?.rows };
}

describe("the operands of a program", () => {
  test.each<[string, string[], string[]]>([
    ["subtract(343, 322), divide(#0, 322)", ["343", "322", "322"], []],
    ["add(-2740, 21.85%), multiply(#0, const_1000000)", ["-2740", "21.85"], []],
    ["divide(917.9, const_5), subtract(#0, const_1), exp(#1, const_m1)", ["917.9"], []],
    ["greater(316.21, 127.90)", ["316.21", "127.9"], []],
    ["multiply($ 1,060, 1.2 million)", ["1060", "1.2"], []],
    ["table_average(net sales, none)", [], ["net sales"]],
    ["table_sum(income (loss), net, none), divide(#0, 12)", ["12"], ["income (loss), net"]],
    ["table_max(cash, none), table_min(a | b, none), subtract(#0, #1)", [], ["cash", "a | b"]],
  ])("%s", (program, numbers, rows) => {
    expect(read(program)).toEqual({ numbers, rows });
  });

  test.each<[unknown]>([
    [undefined],
    [null],
    [7],
    [["subtract(1, 2)"]],
    [""],
    ["343 - 322"],
    ["subtract(343, 322"],
    ["subtract(343)"],
    ["subtract(343, 322) divide(#0, 322)"],
    ["subtract(343, 322), divide(#0, 322), "],
    ["subtract(343, 322), fetch(#0, 322)"],
    ["subtract(343, the year before)"],
    ["subtract(343, #x)"],
    ["table_sum(, none)"],
    ["subtract(343,\n322)"],
    ["add(const_2, const_3), divide(#0, const_5)"],
    [`subtract(343, 322)${", add(#0, 1)".repeat(limits.programCharacters)}`],
  ])("there are none of %j", (program) => {
    expect(operandsOf(program)).toBeUndefined();
  });

  test("are read of any text without throwing", () => {
    const piece = fc.constantFrom(
      "add",
      "table_sum",
      "(",
      ")",
      ", ",
      "#0",
      "const_1",
      "12",
      "-",
      "none",
      "\n",
      "😀",
      "a",
    );
    const program = fc.oneof(
      fc.anything(),
      fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join("")),
    );
    fc.assert(
      fc.property(program, (text) => {
        const operands = operandsOf(text);
        expect(operands?.numbers.length === 0 && operands.rows.length === 0).toBe(false);
      }),
    );
  });
});

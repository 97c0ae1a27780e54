import { describe, expect, test } from "vitest";
import { readOff } from "../../../src/environments/finqa/read-off.ts";

const page = `the company had 25300 pilots in all .

|  | 2012 | 2011 |
| --- | --- | --- |
| pilots \\| mainline | 7900 | 7400 |
| flight attendants | 15000 | n/a |
| fuel expense |  | $ 6400 |

in 2010 there were fewer .

| lease | 2013 | 2014 |
| --- | --- | --- |
| minimum rental commitments | 135 | 140 |
`;

describe("read off is the cell", () => {
  test.each([
    ["of the row and the year that are asked for", "how many flight attendants in 2012?", "15000"],
    ["of the other year", "how many pilots of mainline in 2011?", "7400"],
    ["of another table, by its own header", "what rental commitments in 2014?", "140"],
    ["with the first number where no year is named", "rental commitments?", "135"],
    ["with the first number where the year has none", "flight attendants in 2011?", "15000"],
    ["with the first number that is there", "fuel expense?", "$ 6400"],
    ["of the first row where none shares a word", "how much?", "7900"],
  ])("%s", (_, question, cell) => {
    expect(readOff(question, page)).toBe(cell);
  });

  test.each([
    "",
    "no table here : 12",
    "| only | a header 2012 |\n| --- | --- |",
    "| a | b |\n| --- | --- |\n| c | d |",
  ])("of %j there is none", (text) => {
    expect(readOff("a b c 2012?", text)).toBe("");
  });
});

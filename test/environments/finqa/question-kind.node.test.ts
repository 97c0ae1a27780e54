import { expect, test } from "vitest";
import { questionKind } from "../../../src/environments/finqa/question-kind.ts";

test.each([
  ["did jpmorgan chase outperform the s&p 500 over the five year period?", "yes or no"],
  ["in 2013, was the payout ratio above 50%?", "yes or no"],
  ["what is the percentage change in total revenue from 2017 to 2018?", "change in %"],
  ["what is the growth rate in the number of stores during 2012?", "change in %"],
  ["what portion of total future obligations is related to leases?", "share"],
  ["leases are what percent of the total remaining?", "share"],
  ["what is the ratio of the flight attendants to pilots", "ratio"],
  ["on december 31 2013 what was the net profit margin", "ratio"],
  ["what was the change in long term debt between 2014 and 2012?", "change"],
  ["what was the difference in dollars of the sale price?", "change"],
  ["What was the average payment per year, in millions?", "average"],
  ["what are the total contractual commitments , in millions?", "total"],
  ["what were capital expenditures in 2003?", "amount"],
  ["", "amount"],
])("%s: %s", (question, kind) => {
  expect(questionKind(question)).toBe(kind);
});

test("a question of a hundred thousand characters is of some kind at once", () => {
  expect(questionKind("change grow ".repeat(10_000))).toBe("change");
});

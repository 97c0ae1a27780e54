import { expect, test } from "vitest";
import { attackTarget } from "../../../src/environments/finqa/attack-target.ts";

test("a row's reference, question and other numbers", () => {
  const target = attackTarget({
    id: "AAL/2014/page_18.pdf-1",
    reference_answer: "7%",
    question: "what was the change of the s&p500 from 2013 to 2014 , given $ 1,375.5 million at 3% ?",
    program: "subtract(343,-322), divide(#0, const_100), multiply(#1, 1.61%)",
  });
  expect(target).toMatchObject({ reference: "7%", quantity: { ratioUnit: { name: "%" } } });
  expect(target?.otherNumbers).toEqual(["343", "-322", "1.61%", "2013", "2014", "1,375.5", "3%"]);
  expect(target?.question).toMatch(/^what was/);
  expect(target).not.toHaveProperty("word");
});

test("a word's row has no quantity, and a bare row nothing but its reference", () => {
  expect(attackTarget({ reference_answer: " Yes " })).toEqual({ reference: " Yes ", value: " Yes ", word: "yes" });
  expect(attackTarget({ reference_answer: 0.07 })).toEqual({
    reference: "0.07",
    value: "0.07",
    quantity: expect.anything(),
  });
  expect(attackTarget({ reference_answer: "7", question: " ", program: "table_sum(total, none)" })).not.toHaveProperty(
    "question",
  );
});

test.each([
  {},
  { reference_answer: null },
  { reference_answer: ["7"] },
  { reference_answer: "about 7" },
  { reference_answer: "" },
])("there is none of a row that cannot be graded: %j", (row) => {
  expect(attackTarget(row)).toBeUndefined();
});

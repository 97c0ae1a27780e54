import { describe, expect, test } from "vitest";
import type { Grade } from "../../src/contract/ledger.ts";
import { evidenceCredit } from "../../src/grading/evidence-credit.ts";

const grade = (score: number, value: string | null): Grade => ({
  score,
  value,
  answer: value ?? "I do not know",
  explanation: "A number, but not the reference's.",
  sub_scores: {},
});
const page = "AAL/2014/page_18.pdf";

describe("evidenceCredit", () => {
  test("pays for a wrong value after a page with the evidence was opened", () => {
    expect(evidenceCredit(grade(0, "57"), ["AAL/2014/page_1.pdf", page], ["AAL/2013/page_2.pdf", page], 0.2)).toEqual({
      ...grade(0, "57"),
      score: 0.2,
      explanation: "A number, but not the reference's; credit for opening a page with the evidence.",
      sub_scores: { answer: 0, evidence: 0.2 },
    });
  });

  test.each([
    ["no credit is set", grade(0, "57"), [page], [page], 0],
    ["the answer was no single value", grade(0, null), [page], [page], 0.2],
    ["another page was opened", grade(0, "57"), ["AAL/2014/page_1.pdf"], [page], 0.2],
    ["nothing was opened", grade(0, "57"), [], [page], 0.2],
    ["the row names no evidence", grade(0, "57"), [page], [], 0.2],
    ["the answer was close", grade(0.5, "56.01"), [page], [page], 0.2],
    ["the answer was right", grade(1, "56"), [page], [page], 0.2],
  ])("changes nothing where %s", (_, given, opened, evidence, credit) => {
    expect(evidenceCredit(given, opened, evidence, credit)).toEqual(given);
  });

  test.each([-0.1, 0.5, 1, Number.NaN])("refuses a credit of %d", (credit) => {
    expect(() => evidenceCredit(grade(0, "57"), [page], [page], credit)).toThrow(RangeError);
  });
});

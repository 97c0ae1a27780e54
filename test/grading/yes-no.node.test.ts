import { describe, expect, test } from "vitest";
import { gradeYesNo } from "../../src/grading/yes-no.ts";

describe("gradeYesNo", () => {
  test.each(["yes", "Yes", "YES", " yes\n", "yEs"])("%j scores 1 for yes and 0 for no", (answer) => {
    expect(gradeYesNo(answer, "yes")).toMatchObject({ score: 1, value: "yes" });
    expect(gradeYesNo(answer, "no")).toMatchObject({
      score: 0,
      value: "yes",
      explanation: "The opposite of the reference.",
    });
  });

  test.each([
    "",
    "y",
    "yes.",
    "yes, it did",
    "yes no",
    "yes/no",
    '"yes"',
    "**yes**",
    "true",
    "1",
    "not no",
    "ｙｅｓ",
    "ye\u017f",
    "yes\u200b",
    "y".repeat(1_000_000),
  ])("what is not the word alone scores 0", (answer) => {
    expect(gradeYesNo(answer, "yes")).toMatchObject({
      score: 0,
      value: null,
      explanation: "The answer is not just yes or no.",
    });
    expect(gradeYesNo(answer, "no").score).toBe(0);
  });
});

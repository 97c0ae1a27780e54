import { describe, expect, test } from "vitest";
import { FinqaRecord, referenceAnswer } from "../../../src/environments/finqa/dataset.ts";

const record = (qa: Record<string, unknown>) =>
  FinqaRecord.parse({
    id: "AAL/2014/page_18.pdf-1",
    filename: "AAL/2014/page_18.pdf",
    pre_text: [],
    qa: { question: "what was the growth?", ...qa },
  });

describe("referenceAnswer", () => {
  test.each<[Record<string, unknown>, string | number | undefined]>([
    [{ answer: "7%", exe_ans: 0.06991 }, "7%"],
    [{ answer: " 7% \n", exe_ans: 0.06991 }, "7%"],
    [{ answer: String.raw`587\\n`, exe_ans: 587 }, "587"],
    [{ answer: String.raw`\n0.5%`, exe_ans: 0.005 }, "0.5%"],
    [{ answer: String.raw`$ 1338.65 \\n\\n`, exe_ans: 1338.65 }, "$ 1338.65"],
    [{ answer: "no", exe_ans: "no" }, "no"],
    [{ answer: "", exe_ans: 0.06991 }, 0.06991],
    [{ answer: String.raw`\n`, exe_ans: 0.06991 }, 0.06991],
    [{ answer: null, exe_ans: "yes" }, "yes"],
    [{ exe_ans: 0 }, 0],
    [{ answer: 7, exe_ans: 8 }, 7],
    [{ answer: null, exe_ans: null }, undefined],
    [{ answer: "", exe_ans: "" }, undefined],
    [{}, undefined],
  ])("of %j is %j", (qa, expected) => {
    expect(referenceAnswer(record(qa))).toBe(expected);
  });
});

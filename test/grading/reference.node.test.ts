import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { FinqaRecord, referenceAnswer } from "../../src/environments/finqa/dataset.ts";
import { gradeAnswer, parseReference } from "../../src/grading/reference.ts";

describe("a usable reference scores 1 against itself", () => {
  test.each<string | number>([
    "56 million",
    "7%",
    "$ 193 million",
    "-41",
    "(12.5)",
    "( $ 5.83 )",
    "0.93456",
    ".2",
    "33.%",
    "10 .",
    "1e-05",
    "587\n",
    "$ 144357 thousand",
    "yes",
    "No",
    -41,
    0.07,
    0,
    -0,
    1e21,
    1e-7,
  ])("%j", (reference) => {
    const parsed = parseReference(reference);
    expect(parsed.ok && gradeAnswer(String(reference), parsed.value).score).toBe(1);
  });
});

describe("a reference that is not a single value or yes or no is unusable, and the reason does not quote it", () => {
  test.each<[unknown, string]>([
    [undefined, "is missing"],
    [null, "is missing"],
    [true, "is neither a text nor a number"],
    [{ answer: 7 }, "is neither a text nor a number"],
    [["7"], "is neither a text nor a number"],
    [Number.NaN, "holds no number"],
    [Number.POSITIVE_INFINITY, "holds no number"],
    [1e300, "is a number out of all range"],
    ["", "is empty"],
    [" \n", "is empty"],
    ["n/a", "holds no number"],
    ["2.3:1", "has characters that no value has"],
    ["170 grants", "has words beside the value"],
    ["$ 27.8 per share", "has words beside the value"],
    ["1.1 million square feet", "has words beside the value"],
    ["$ 20630 decrease", "has words beside the value"],
    ["$ 35411 or 9.8% increase", "has words beside the value"],
    ["yes , 38.2%", "has words beside the value"],
    ["1.91% and 3.46%", "has words beside the value"],
    ["about 56", "has words beside the value"],
    ["56 57", "holds more than one number"],
    ["1,5", "has separators that do not part groups of three digits"],
  ])("%j %s", (reference, reason) => {
    expect(parseReference(reference)).toEqual({ ok: false, reason });
  });
});

const finqa = join(import.meta.dirname, "../../../shared/data/finqa");
const splits = ["train", "dev", "test"].map((split) => join(finqa, `${split}.json`));
const isThere = splits.every((file) => existsSync(file));

describe.skipIf(!isThere)(`FinQA's own references (skipped without ${finqa})`, () => {
  test.each(splits)("%s: nearly all are usable, and each of those scores 1 against itself", (file) => {
    const records = FinqaRecord.array().parse(JSON.parse(readFileSync(file, "utf8")));
    const references = records.map(referenceAnswer);
    const usable = references.filter((reference) => parseReference(reference).ok);
    expect(usable.length / references.length).toBeGreaterThan(0.98);
    const notOne = usable.filter((reference) => {
      const parsed = parseReference(reference);
      return !parsed.ok || gradeAnswer(String(reference), parsed.value).score !== 1;
    });
    expect(notOne).toEqual([]);
  });
});

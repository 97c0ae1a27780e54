import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Ledger, LedgerCall } from "../../../src/contract/ledger.ts";
import { codePlanning } from "../../../src/environments/code-planning/index.ts";
import { gradeText } from "../../../src/environments/grade-text.ts";
import { call, ledgerOf } from "../finqa/ledgers.ts";
import { anItem, gradeOf } from "./items.ts";

describe("F1 of the files named", () => {
  const item = anItem(["src/a.ts", "src/b.ts"]);

  test.each<[string, number]>([
    ['{"files": ["src/a.ts", "src/b.ts"]}', 1],
    ["/repo/src/b.ts\n./src/a.ts", 1],
    ["owner/name/src/a.ts\nsrc/b.ts", 1],
    ["src/a.ts", 2 / 3],
    ["src/a.ts\nsrc/b.ts\nsrc/c.ts", 0.8],
    ["src/c.ts", 0],
    ["src/A.ts\nSRC/b.ts", 0],
    ["Edit src/a.ts and src/b.ts.", 0],
  ])("%j scores %d", (text, score) => {
    expect(gradeOf(item, text).score).toBe(score);
  });

  test("the repository's name is dropped only where no right path begins with it", () => {
    const django = anItem(["django/django/a.py"], { repo: "django/django" });
    expect(gradeOf(django, "django/django/a.py").score).toBe(1);
    expect(gradeOf(anItem(["django/a.py"], { repo: "django/django" }), "django/django/django/a.py").score).toBe(1);
  });

  test("a row may say of its repository nothing at all", () => {
    expect(gradeOf({ edited_files: ["a.ts"] }, "a.ts").score).toBe(1);
  });
});

test.each<[string, unknown, string]>([
  ["no list", undefined, "is missing"],
  ["null", null, "is missing"],
  ["a text", "src/a.ts", "is not a list of paths"],
  ["numbers", [1], "is not a list of paths"],
  ["nothing in it", [], "is empty"],
  ["an absolute path", ["/src/a.ts"], "has an entry that is no path from the repository's root"],
  ["an empty path", [""], "has an entry that is no path from the repository's root"],
  ["more than an answer may name", Array.from({ length: 201 }, (_, at) => `${at}.ts`), "has more than 200 paths"],
])("a row with %s is a fault that names no path, never a score", (_, edited, reason) => {
  expect(() => gradeOf(anItem(edited), "src/a.ts")).toThrow(
    expect.objectContaining({ boundary: "item", message: expect.stringContaining(`item.edited_files ${reason}`) }),
  );
});

test("a row with nothing at all is one too", () => {
  expect(() => gradeOf({}, "src/a.ts")).toThrow(expect.objectContaining({ boundary: "item" }));
});

test("whatever a row holds, it is graded from 0 to 1, or a fault of the item", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom("edited_files", "repo", "question"), fc.jsonValue()), (item) => {
      const graded = gradeText(codePlanning, item, "a");
      expect(graded.score ?? 0).toBeGreaterThanOrEqual(0);
      expect(graded.score ?? 0).toBeLessThanOrEqual(1);
      expect(codePlanning.evidence?.({ item, answer: { text: "a", json: null }, ledger: null }).calls).toEqual([]);
    }),
  );
});

describe("options", () => {
  const item = anItem(["src/a.ts", "src/b.ts"]);
  const right = "src/a.ts\nsrc/b.ts";
  const grade = (text: string, ledger: Ledger | null, options: Record<string, number>) =>
    codePlanning.grade({ item, answer: { text, json: null }, ledger }, codePlanning.options.parse(options));
  const at = (seconds: number, differing: Partial<LedgerCall> = {}) =>
    call("shell", { command: "ls" }, { received_at: new Date(seconds * 1000).toISOString(), ...differing });
  const twelve = ledgerOf(Array.from({ length: 12 }, (_, minute) => at(minute * 60)));

  test("change nothing unless they are set", () => {
    expect(grade(right, twelve, {}).score).toBe(1);
    expect(codePlanning.options.parse({})).toMatchObject({ callPenalty: 0, minutePenalty: 0, readCredit: 0 });
  });

  test("a penalty for each call over the soft budget", () => {
    expect(grade(right, twelve, { callPenalty: 0.05, softCalls: 10 })).toMatchObject({
      score: 0.9,
      explanation: expect.stringMatching(/F1 4\/4; less 0\.100 for 2 calls over\.$/),
      sub_scores: { precision: 1, recall: 1, f1: 1, call_penalty: 0.1, time_penalty: 0 },
    });
    expect(grade(right, twelve, { callPenalty: 0.05, softCalls: 12 }).score).toBe(1);
  });

  test("a penalty for each whole minute over, from the first call to the last", () => {
    expect(grade(right, twelve, { minutePenalty: 0.01, softMinutes: 5 }).score).toBe(0.94);
    expect(grade(right, twelve, { minutePenalty: 0.01, softMinutes: 11 }).score).toBe(1);
    expect(grade(right, ledgerOf([at(0)]), { minutePenalty: 0.1, softMinutes: 0 }).score).toBe(1);
  });

  test("a fault of ours on the way never costs time", () => {
    const faulted = ledgerOf([at(0), at(6_000, { faults: 1, fault_boundary: "storage" })]);
    expect(grade(right, faulted, { minutePenalty: 0.1 }).score).toBe(1);
  });

  test("penalties take half of the score at most, and never what is no list", () => {
    expect(grade(right, twelve, { callPenalty: 0.1, softCalls: 0, minutePenalty: 0.1, softMinutes: 0 }).score).toBe(
      0.5,
    );
    expect(grade("src/a.ts", twelve, { callPenalty: 0.1, softCalls: 0 }).score).toBe(1 / 3);
    expect(grade("no list at all", twelve, { callPenalty: 0.1, softCalls: 0 })).toMatchObject({
      score: 0,
      sub_scores: {},
    });
  });

  test("a credit for having opened a file that is to be edited, where F1 is less", () => {
    const opened = ledgerOf([call("read_file", { path: "./src/a.ts" })]);
    const credit = { readCredit: 0.2 };
    expect(grade("src/c.ts", opened, credit)).toMatchObject({
      score: 0.2,
      explanation: expect.stringContaining("credit for opening a file that is to be edited"),
    });
    const many = Array.from({ length: 100 }, (_, n) => `src/${n}.ts`).join("\n");
    expect(grade(`src/a.ts\n${many}`, opened, credit).score).toBe(0.2);
    expect(grade("src/a.ts", opened, credit).score).toBe(2 / 3);
    expect(grade("src/c.ts", twelve, credit).score).toBe(0);
    expect(grade("src/c.ts", null, credit).score).toBe(0);
    expect(grade("I read it.", opened, credit).score).toBe(0);
  });

  test.each([{ readCredit: 0.5 }, { callPenalty: -0.1 }, { callPenalty: 0.2 }, { softCalls: 1.5 }, { other: 1 }])(
    "%j is refused",
    (options) => {
      expect(codePlanning.options.safeParse(options).success).toBe(false);
    },
  );
});

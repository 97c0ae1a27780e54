import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gradeFiles } from "../../src/grading/files.ts";
import { overlap } from "../../src/grading/overlap.ts";
import { aPath, spellings } from "./paths.ts";

const grade = (text: string, right: readonly string[], json: unknown = null) =>
  gradeFiles({ text, json }, new Set(right), ["/repo/"]);

test("a list with one right file of two, and a wrong one more", () => {
  expect(grade("b.ts\n./a.ts\n/repo/b.ts\nc.ts", ["a.ts", "x.ts"])).toEqual({
    score: 0.4,
    value: "a.ts\nb.ts\nc.ts",
    answer: "b.ts\n./a.ts\n/repo/b.ts\nc.ts",
    explanation: "1 of the 3 named are to be edited, of 2 in all: precision 1/3, recall 1/2, F1 2/5.",
    sub_scores: { precision: 1 / 3, recall: 0.5, f1: 0.4 },
  });
});

describe("scores 0 and says why", () => {
  test.each<[string, string, unknown, string]>([
    ["prose", "It is a.ts.", null, "The answer is not just a list of paths."],
    ["nothing", "", null, "The answer is empty."],
    ["an empty list", "[]", [], "The answer names no file."],
    ["other JSON", "a.ts", { file: "a.ts" }, 'The answer is JSON, but neither {"files": [...]} nor a list of names.'],
  ])("%s", (_, text, json, explanation) => {
    expect(grade(text, ["a.ts"], json)).toMatchObject({ score: 0, value: null, explanation, sub_scores: {} });
  });
});

test("no grade tells which files are right that were not named", () => {
  expect(JSON.stringify(grade("b.ts", ["hidden.ts"]))).not.toContain("hidden");
});

test("a list of any length is kept short", () => {
  const names = Array.from({ length: 200 }, (_, at) => `${"directory/".repeat(40)}${at}.ts`);
  const { value, answer } = grade(JSON.stringify(names), ["a.ts"]);
  expect([value?.length, answer.length]).toEqual([4_001, 101]);
});

test("parsed JSON that is too deep to be written scores 0", () => {
  const deep = Array.from({ length: 100_000 }).reduce<unknown>((inner) => [inner], "a.ts");
  expect(grade("", ["a.ts"], deep).score).toBe(0);
});

const aSet = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e", "f", "g"), { minLength: 1 });

describe("F1 of two sets", () => {
  const f1 = (named: readonly string[], right: readonly string[]) => overlap(new Set(named), new Set(right)).f1;

  test("is from 0 to 1, the same either way round, 1 exactly for equal sets and 0 exactly for disjoint ones", () => {
    fc.assert(
      fc.property(aSet, aSet, (named, right) => {
        const score = f1(named, right);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1);
        expect(score).toBe(f1(right, named));
        expect(score === 1).toBe(named.toSorted().join("") === right.toSorted().join(""));
        expect(score === 0).toBe(!named.some((name) => right.includes(name)));
      }),
    );
  });

  test("is the harmonic mean of precision and recall", () => {
    fc.assert(
      fc.property(aSet, aSet, (named, right) => {
        const { precision, recall, f1: score } = overlap(new Set(named), new Set(right));
        fc.pre(score > 0);
        expect(score).toBeCloseTo((2 * precision * recall) / (precision + recall), 12);
      }),
    );
  });

  test("rises with each right file and falls with each wrong one", () => {
    fc.assert(
      fc.property(aSet, aSet, (named, right) => {
        const missed = right.find((name) => !named.includes(name));
        const score = f1(named, right);
        fc.pre(missed !== undefined && score > 0);
        expect(f1([...named, missed ?? ""], right)).toBeGreaterThan(score);
        expect(f1([...named, "wrong"], right)).toBeLessThan(score);
      }),
    );
  });
});

test("order, repetition and spelling change no score", () => {
  fc.assert(
    fc.property(fc.uniqueArray(aPath, { minLength: 1, maxLength: 5 }), fc.nat(5), (paths, at) => {
      const written = paths.toReversed().flatMap((path) => [path, spellings(path)[at] ?? path]);
      expect(grade(JSON.stringify(written), paths)).toMatchObject({ score: 1, value: paths.toSorted().join("\n") });
    }),
  );
});

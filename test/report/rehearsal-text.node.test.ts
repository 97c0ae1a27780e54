import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rehearsalText } from "../../src/report/rehearsal-text.ts";
import { anyRehearsal } from "./any-rehearsal.ts";
import { brokenExample, emptyExample, example } from "./example.ts";
import { HOSTILE } from "./well-formed.ts";

const linesOf = (rehearsal: Parameters<typeof rehearsalText>[0], width = 80) =>
  rehearsalText(rehearsal, { width }).split("\n");

describe("the summary of a rehearsal that went well", () => {
  const lines = linesOf(example());

  test("fits on a screen and ends with the verdict", () => {
    expect(lines.length).toBeLessThanOrEqual(45);
    expect(lines.at(-1)).toBe("ALL 13 PROMISES KEPT");
  });

  test("has each promise with its numbers in columns", () => {
    expect(lines).toContain("       promise                                                     broken     of");
    expect(lines).toContain("ok     Every answered call stands in its rollout's ledger.              0  3,200");
    expect(lines).toContain("ok     No rollout is shown what another one sent.                       0  3,700");
  });

  test("has counts, latencies and scores", () => {
    expect(lines).toContain("rollouts  497 graded, 3 discarded (0.6 %), 0 unfinished");
    expect(lines).toContain("search          2,025  18.4  61.2  148.9  1,204.6    0           119 ####");
    expect(lines).toContain("discards  0.6 % of rollouts; none of 16 items more often than by chance");
  });
});

test("what is broken stands out, with where to look", () => {
  const lines = linesOf(brokenExample());
  const at = lines.findIndex((line) => line.startsWith("BROKEN Every rollout gets"));
  expect(lines.slice(at, at + 4)).toEqual([
    "BROKEN Every rollout gets the score that its answer is known to         2    485",
    "       deserve.",
    "       > rehearsal_k3f9_17: scored 0.5, known to be 1",
    "       > rehearsal_k3f9_402: scored 0, known to be 0.5",
  ]);
  expect(lines).toContain("discards  4.1 % of rollouts; 2 of 16 items MORE OFTEN THAN BY CHANCE");
  expect(lines.at(-1)).toBe("2 OF 13 PROMISES BROKEN");
});

test("what was interrupted at once claims nothing", () => {
  const lines = linesOf(emptyExample());
  expect(lines.filter((line) => line.startsWith("ok"))).toEqual([]);
  expect(lines.filter((line) => line.startsWith("-  ") && line.endsWith("not  tried"))).toHaveLength(13);
  expect(lines).toContain("No request was answered.    No rollout was graded.");
  expect(lines.slice(-3)).toEqual([
    "NOTHING WAS SHOWN",
    "Interrupted after 210 ms: this is what was known by then.",
    "No rollout was graded, so no score was checked.",
  ]);
});

test("on a narrow terminal, tables stand one below the other", () => {
  const lines = linesOf(example(), 60);
  const head = lines.findIndex((line) => line.startsWith("latency, ms"));
  expect(lines[head]).not.toContain("score");
  expect(lines.findIndex((line) => line.startsWith("score"))).toBeGreaterThan(head);
});

test("whatever the texts and numbers, lines are ASCII and fit, and numbers are numbers", () => {
  const text = fc.oneof(fc.string({ unit: "binary", maxLength: 200 }), fc.constantFrom(...HOSTILE, "200", "0.5"));
  fc.assert(
    fc.property(anyRehearsal(text), fc.integer({ min: 1, max: 200 }), (rehearsal, width) => {
      for (const line of linesOf(rehearsal, width)) {
        expect(line).toMatch(/^[ -~]*$/);
        expect(line.length).toBeLessThanOrEqual(Math.max(width, 60));
      }
    }),
    { numRuns: 40 },
  );
  fc.assert(
    fc.property(anyRehearsal(fc.constantFrom("200", "0.5", "search")), (rehearsal) => {
      expect(rehearsalText(rehearsal, { width: 80 })).not.toMatch(/NaN|Infinity|undefined/);
    }),
  );
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Case, checks } from "../../../src/cli/rehearse/checks/index.ts";
import { foreignCanaries } from "../../../src/cli/rehearse/observations.ts";
import { callOf, delivery, entryOf, FOREIGN_CANARY, gradeOf, keptCase, ledgerOf, overdrawnCase } from "./case.ts";
import { tampering } from "./tampering.ts";

const broken = (found: Case) =>
  checks.filter(({ examine }) => examine(found).violations.length > 0).map(({ name }) => name);
const occasions = (found: Case) => checks.map(({ name, examine }) => [name, examine(found).occasions]);

describe("a service that keeps every promise", () => {
  test("breaks none, and the case puts each to the test", () => {
    expect(broken(keptCase())).toEqual([]);
    expect(occasions(keptCase()).filter(([, times]) => times === 0)).toEqual([]);
  });

  test("breaks none where the budget was overdrawn", () => {
    expect(broken(overdrawnCase())).toEqual([]);
    expect(occasions(overdrawnCase())).toContainEqual(["budget", 1]);
  });

  test("breaks none that needs no ledger where there is none", () => {
    const ofWire = new Set(checks.filter(({ needsLedger }) => !needsLedger).map(({ name }) => name));
    expect([...ofWire]).toEqual(["same_answer", "whole_reply", "score", "fault_as_4xx", "refused", "leaked"]);
    expect(broken({ ...keptCase(), ledger: null }).filter((name) => ofWire.has(name))).toEqual([]);
  });

  test("need not have a ledger of a rollout that reached it with nothing", () => {
    const found = keptCase();
    Object.assign(found.rollout, { calls: [], gradings: [], ending: "unfinished", score: undefined });
    expect(broken({ ...found, ledger: null })).toEqual([]);
    expect(new Set(occasions({ ...found, ledger: null }).map(([, times]) => times))).toEqual(new Set([0]));
  });
});

describe("each promise is broken, and no other, when", () => {
  test("every one of them has its cases", () => {
    expect(Object.keys(tampering).toSorted()).toEqual(checks.map(({ name }) => name).toSorted());
  });

  test("each fits its line of a report", () => {
    // 80 columns of a terminal, without the marks and the numbers.
    for (const { promise } of checks) expect(promise.length).toBeLessThanOrEqual(58);
  });

  const cases = Object.entries(tampering).flatMap(([name, ways]) =>
    ways.map(([way, tamper]) => ({ name, way, tamper })),
  );
  test.each(cases)("$name: $way", ({ name, tamper }) => {
    const found = keptCase();
    tamper(found);
    expect(broken(found)).toEqual([name]);
  });

  test.each(cases)("$name: $way; it is told in ids and numbers only", ({ name, tamper }) => {
    const found = keptCase();
    tamper(found);
    const { violations, occasions: times } = checks.find((check) => check.name === name)!.examine(found);
    expect(times).toBeGreaterThanOrEqual(violations.length);
    for (const violation of violations) expect(violation).not.toMatch(/output \d|debt|\bpath\b|\n/);
  });
});

describe("what breaks more than one promise", () => {
  test("no ledger of a graded rollout", () => {
    expect(broken({ ...keptCase(), ledger: null })).toEqual(["lost", "grade_kept", "after_grading", "id_reused"]);
  });

  test("a call beyond the budget that was run", () => {
    const found = overdrawnCase();
    Object.assign(entryOf(found, 5), { outcome: "ok" });
    expect(broken(found)).toEqual(["budget"]);
    ledgerOf(found).calls_counted++;
    expect(broken(found)).toEqual(["budget"]);
  });

  test("a call that was answered and never kept", () => {
    const found = keptCase();
    ledgerOf(found).calls.splice(1, 1);
    expect(broken(found)).toEqual(["lost", "budget"]);
  });
});

describe("what is no violation", () => {
  test("a mistake of a call that need not be right, and a well-formed one that came when the budget was spent", () => {
    const found = keptCase();
    Object.assign(entryOf(found, 2), { outcome: "mistake", mistake: "unknown_path" });
    expect(broken(found)).toEqual([]);

    const overdrawn = overdrawnCase();
    Object.assign(callOf(overdrawn, 5), { expects: "ok" });
    expect(broken(overdrawn)).toEqual([]);
  });

  test("a call under the id of one whose arguments are no JSON, or whose start is all that was kept", () => {
    for (const [sent, kept] of [
      ["…", "…"],
      ["not JSON, but long", "not JSON, but lo… (18 characters in all)"],
      ["", "{}"],
    ] as const) {
      const found = keptCase();
      callOf(found, 4).arguments = sent;
      entryOf(found, 4).arguments = kept;
      expect(broken(found)).toEqual([]);
    }
  });

  test("a fault that nobody scored, and a score from before the fault", () => {
    const discarded = keptCase();
    entryOf(discarded, 1).outcome = "fault";
    Object.assign(discarded.rollout, { ending: "discarded", score: undefined, gradings: [] });
    delete callOf(discarded, 1).shown;
    expect(broken(discarded)).toEqual([]);

    const scoredBefore = keptCase();
    entryOf(scoredBefore, 4).outcome = "fault";
    entryOf(scoredBefore, 4).faults = 4;
    for (const sent of callOf(scoredBefore, 4).deliveries) Object.assign(sent, { status: 503, expected: "reply" });
    delete callOf(scoredBefore, 4).shown;
    scoredBefore.rollout.ending = "discarded";
    expect(broken(scoredBefore)).toEqual([]);
  });

  test("a score that pays for the trajectory beside an answer worth nothing", () => {
    const found = keptCase();
    const { grading, grade } = gradeOf(found);
    grading.expectedScore = 0;
    for (const delivered of grading.deliveries) if (delivered.score !== undefined) delivered.score = 0.2;
    Object.assign(grade, { score: 0.2, sub_scores: { answer: 0, evidence: 0.2 } });
    found.rollout.score = 0.2;
    expect(broken(found)).toEqual([]);
    grade.sub_scores = {};
    expect(broken(found)).toEqual(["score"]);
  });

  test("a fault, or no answer, to what was spoilt on purpose", () => {
    const found = keptCase();
    callOf(found, 1).deliveries[0]!.status = 503;
    callOf(found, 1).deliveries[1]!.status = "none";
    expect(broken(found)).toEqual([]);
  });

  test("arguments that the ledger keeps in another order, or only the start of, even of half a character", () => {
    const found = keptCase();
    callOf(found, 1).arguments = { query: "debt", top_k: 3 };
    callOf(found, 3).arguments = `not JSON, but ${"long ".repeat(9)}`;
    entryOf(found, 3).arguments = "not JSON, but long lo… (59 characters in all)";
    callOf(found, 4).arguments = { path: "a smile 😀" };
    entryOf(found, 4).arguments = '{"path":"a smile \uFFFD';
    expect(broken(found)).toEqual([]);
  });

  test("an interrupted rollout, whatever of what was under way has reached the ledger", () => {
    const interrupted = fc.record({
      answered: fc.integer({ min: 0, max: 5 }),
      kept: fc.integer({ min: 0, max: 5 }),
      graded: fc.boolean(),
    });
    fc.assert(
      fc.property(interrupted, ({ answered, kept, graded }) => {
        const found = keptCase();
        const { calls } = found.rollout;
        const none = { ...delivery(), status: "none", abandoned: true } as const;
        // The last turn that was begun: its calls were all under way, and of them some may have been recorded.
        for (const call of calls.slice(answered)) {
          call.deliveries = [none];
          delete call.shown;
        }
        const gradings = answered === 5 ? [{ expectedScore: 1, deliveries: [none] }] : [];
        Object.assign(found.rollout, { ending: "unfinished", score: undefined, gradings });
        const ledger = ledgerOf(found);
        ledger.calls = ledger.calls.slice(0, Math.max(answered, kept));
        ledger.calls_counted = ledger.calls.length;
        if (!graded) ledger.grades = [];
        expect(broken(found)).toEqual([]);
      }),
    );
  });
});

describe("canaries", () => {
  test("of others are found in any text, one's own is not", () => {
    const own = "canary-0123456789abcdef";
    expect(foreignCanaries(`{"path": "${own} first"}`, own)).toEqual([]);
    expect(foreignCanaries(`${FOREIGN_CANARY},${own}\n${FOREIGN_CANARY}1`, own)).toEqual([
      FOREIGN_CANARY,
      FOREIGN_CANARY,
    ]);
    expect(foreignCanaries("canary-1, a canary", own)).toEqual([]);
  });
});

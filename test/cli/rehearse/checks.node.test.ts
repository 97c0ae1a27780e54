import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Case, checks } from "../../../src/cli/rehearse/checks.ts";
import { digest, foreignCanaries, type PlayedCall } from "../../../src/cli/rehearse/observations.ts";
import type { Ledger, LedgerCall } from "../../../src/contract/ledger.ts";
import { delivery, FOREIGN_CANARY, keptCase, overdrawnCase } from "./case.ts";

const broken = (found: Case) =>
  checks.filter(({ examine }) => examine(found).violations.length > 0).map(({ name }) => name);
const occasions = (found: Case) => checks.map(({ name, examine }) => [name, examine(found).occasions]);

function ledgerOf({ ledger }: Case): Ledger {
  if (!ledger) throw new Error("The case has no ledger.");
  return ledger;
}

function entryOf(found: Case, n: number): LedgerCall {
  const entry = ledgerOf(found).calls[n - 1];
  if (!entry) throw new Error(`The ledger has no call ${n}.`);
  return entry;
}

function callOf({ rollout }: Case, n: number): PlayedCall {
  const call = rollout.calls[n - 1];
  if (!call) throw new Error(`The rollout has no call ${n}.`);
  return call;
}

/** The delivery that the call's agent was shown. */
function answerOf(found: Case, n: number) {
  const answer = callOf(found, n).deliveries.find(({ answered }) => answered !== undefined);
  if (!answer) throw new Error(`Call ${n} has no answer.`);
  return answer;
}

function gradeOf(found: Case) {
  const [grading] = found.rollout.gradings;
  const [grade] = ledgerOf(found).grades;
  if (!grading || !grade) throw new Error("The case has no grading.");
  return { grading, grade };
}

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

/** For each promise, the smallest things that can have gone wrong and break just this one. */
const tampering: Record<string, [string, (found: Case) => void][]> = {
  lost: [
    ["another output is kept", (found) => (entryOf(found, 1).output = "another")],
    ["another tool is kept", (found) => (entryOf(found, 1).tool = "cat")],
    ["another argument is kept", (found) => (entryOf(found, 1).arguments = '{"query":"leases","top_k":3}')],
    ["an argument is missing", (found) => (entryOf(found, 1).arguments = '{"query":"debt"}')],
    ["arguments that were no JSON have been repaired", (found) => (entryOf(found, 3).arguments = '{"path": ""}')],
    [
      "the whole call is missing, and another one's output was shown",
      (found) => {
        ledgerOf(found).calls.pop();
        Object.assign(callOf(found, 4), { expects: "any" });
        Object.assign(found, { budget: 3 });
        Object.assign(ledgerOf(found), { budget: 3, calls_counted: 3 });
      },
    ],
  ],
  duplicated: [
    [
      "a call stands twice",
      (found) => ledgerOf(found).calls.splice(1, 0, { ...entryOf(found, 1), outcome: "over_budget" }),
    ],
    [
      "a call stands twice that was sent once",
      (found) => {
        const call = callOf(found, 1);
        call.deliveries = [answerOf(found, 1)];
        ledgerOf(found).calls.splice(1, 0, { ...entryOf(found, 1), outcome: "over_budget" });
      },
    ],
  ],
  invented: [
    [
      "there is a call that was never sent",
      (found) => ledgerOf(found).calls.unshift({ ...entryOf(found, 1), call_id: "call_9", outcome: "over_budget" }),
    ],
  ],
  same_answer: [
    ["a later delivery of a call was answered otherwise", (found) => (answerOf(found, 2).answered = digest("x"))],
    [
      "a later delivery of a grading had another score",
      (found) => {
        const { grading } = gradeOf(found);
        grading.expectedScore = undefined;
        Object.assign(grading.deliveries[1] ?? {}, { score: 0 });
      },
    ],
  ],
  whole_reply: [["a reply has another call's ids", (found) => (answerOf(found, 1).wellFormed = false)]],
  order: [
    ["a later turn's call comes first", (found) => ledgerOf(found).calls.sort((a, b) => b.sequence - a.sequence)],
  ],
  budget: [
    ["the ledger counts one more", (found) => ledgerOf(found).calls_counted++],
    ["the ledger has another budget", (found) => ledgerOf(found).budget++],
    [
      "a call within the budget was refused",
      (found) => {
        entryOf(found, 2).outcome = "over_budget";
        ledgerOf(found).calls_counted--;
      },
    ],
  ],
  score: [
    ["a right answer got nothing", (found) => (gradeOf(found).grading.expectedScore = 0.5)],
    ["a 200 has no score", (found) => gradeOf(found).grading.deliveries.push(delivery())],
    [
      "a 200 has no score where the right one is not known",
      (found) => {
        const { grading } = gradeOf(found);
        grading.expectedScore = undefined;
        grading.deliveries.push(delivery());
      },
    ],
  ],
  grade_kept: [
    ["another score is kept", (found) => (gradeOf(found).grade.score = 0.5)],
    ["no score is kept", (found) => (ledgerOf(found).grades = [])],
  ],
  fault_as_4xx: [
    ["a call was answered 429", (found) => callOf(found, 1).deliveries.push({ ...delivery(), status: 429 })],
    ["a call was answered 301", (found) => callOf(found, 1).deliveries.push({ ...delivery(), status: 301 })],
    ["a call was answered 204", (found) => callOf(found, 1).deliveries.push({ ...delivery(), status: 204 })],
    ["a grading was answered 404", (found) => gradeOf(found).grading.deliveries.push({ ...delivery(), status: 404 })],
  ],
  fault_as_score: [["a call's fault was not healed", (found) => (entryOf(found, 1).outcome = "fault")]],
  refused: [
    ["a wrong token was let through", (found) => (callOf(found, 1).deliveries[0]!.status = 200)],
    ["a malformed body was taken for too large", (found) => (callOf(found, 1).deliveries[1]!.status = 413)],
    ["too large a grading was run", (found) => (gradeOf(found).grading.deliveries[0]!.status = 204)],
  ],
  leaked: [
    ["an answer showed another rollout's canary", (found) => found.rollout.foreignCanaries.add(FOREIGN_CANARY)],
    ["the ledger has another rollout's canary", (found) => (ledgerOf(found).item = FOREIGN_CANARY)],
    ["the ledger is another rollout's", (found) => (ledgerOf(found).trace_id = "rehearsal_s_4")],
  ],
  after_grading: [
    [
      "a call after the grading was run",
      (found) => Object.assign(entryOf(found, 4), { outcome: "mistake", mistake: "unknown_path" }),
    ],
  ],
  claims: [["a call that was claimed is not recorded", (found) => (gradeOf(found).grade.claims!.unrecorded = 1)]],
};

describe("each promise is broken, and no other, when", () => {
  test("every one of them has its cases", () => {
    expect(Object.keys(tampering).toSorted()).toEqual(checks.map(({ name }) => name).toSorted());
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
    for (const violation of violations) expect(violation).not.toMatch(/output \d|debt|path|\n/);
  });
});

describe("what breaks more than one promise", () => {
  test("no ledger of a graded rollout", () => {
    expect(broken({ ...keptCase(), ledger: null })).toEqual(["lost", "grade_kept", "after_grading"]);
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
      answered: fc.integer({ min: 0, max: 4 }),
      kept: fc.integer({ min: 0, max: 4 }),
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
        const gradings = answered === 4 ? [{ expectedScore: 1, deliveries: [none] }] : [];
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

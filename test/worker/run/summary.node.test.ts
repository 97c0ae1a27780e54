import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Ledger } from "../../../src/contract/ledger.ts";
import { limits } from "../../../src/contract/limits.ts";
import {
  isDisagreeing,
  isNewer,
  isUnread,
  RolloutSummary,
  statusOf,
  summarise,
} from "../../../src/worker/run/summary.ts";
import { callOf, gradeOf, isoAt, ledgerOf, START, summaryOf } from "./summaries.ts";

describe("a rollout's summary", () => {
  const fault = { faults: 2, fault_boundary: "storage" };
  const summary = summaryOf({
    trace_id: "trace_1",
    calls: [
      callOf({ milliseconds: 0, output: "", cut: true }),
      callOf({ call_id: "call_2", milliseconds: 100, output: "x".repeat(1000), ...fault }),
      callOf({ tool: "cat", outcome: "mistake", mistake: "unknown_path", received_at: isoAt(START + 5_000) }),
      callOf({ tool: "cat", outcome: "fault", output: "", ...fault, faults: 1, fault_boundary: "index" }),
      callOf({ tool: "rm -rf", outcome: "mistake", mistake: "unknown_tool" }),
      callOf({ tool: "format c:", outcome: "over_budget" }),
      callOf({ outcome: "mistake", mistake: null }),
    ],
    grades: [gradeOf({ score: 0 }), gradeOf({ score: 1 })],
    refusals: [{ reason: "a fault", refused_at: isoAt(START + 3_000) }],
  });

  test("counts calls by tool, those that name no tool of the environment as one", () => {
    expect(Object.entries(summary.tools).map(([tool, { calls }]) => [tool, calls])).toEqual([
      ["search", 3],
      ["cat", 2],
      ["(unknown)", 2],
    ]);
  });

  test("counts what a tool put out and how long it took, without its faulted calls", () => {
    const { search, cat } = summary.tools;
    expect([search?.cut, search?.characters]).toEqual([1, 1006]);
    expect(Object.values(search?.latencies ?? {})).toEqual([1, 1, 1]);
    expect(Object.values(cat?.latencies ?? {})).toEqual([1]);
  });

  test("counts mistakes by kind, a spent budget among them", () => {
    expect(summary.mistakes).toEqual({ unknown_path: 1, unknown_tool: 1, over_budget: 1, unnamed: 1 });
  });

  test("counts faults by boundary, the calls that met one, and those that nothing healed", () => {
    const { faults, faulted_calls, unhealed_calls } = summary;
    expect([faults, faulted_calls, unhealed_calls]).toEqual([{ storage: 2, index: 1 }, 2, 1]);
  });

  test("has the latest grade, and the number of all", () => {
    expect([summary.grades, summary.grade?.score, summary.refusals]).toEqual([2, 1, 1]);
    expect([summary.opened_at, summary.last_seen_at]).toEqual([START, START + 5_000]);
  });

  test("holds nothing of arguments, outputs and answers, and is small", () => {
    const secret = "hush-4711";
    const told = JSON.stringify(
      summaryOf({
        calls: Array.from({ length: 1_000 }, (_, at) =>
          callOf({ tool: `${secret}${at}`, arguments: secret, output: secret, milliseconds: at * at }),
        ),
        grades: [gradeOf({ value: secret, answer: secret, explanation: secret, sub_scores: { [secret]: 1 } })],
        refusals: [{ reason: secret, refused_at: isoAt(START) }],
      }),
    );
    expect(told).not.toContain(secret);
    expect(told.length).toBeLessThan(3_000);
  });

  test("reads ledgers of before kinds, items, evidence and claims were kept", () => {
    const { item, grade } = summaryOf({ item: null });
    expect([item, grade?.evidence, grade?.claims]).toEqual([null, null, null]);
  });
});

describe("equal answers", () => {
  const identity = (value: string | null, answer = "") =>
    summaryOf({ grades: [gradeOf({ value, answer })] }).grade?.answer;

  test("are found by the value that was understood, or by what was given", () => {
    expect(identity("56", "$56")).toBe(identity("56", "56.0"));
    expect(identity("56")).not.toBe(identity("57"));
    expect(identity(null, " none ")).toBe(identity(null, "none"));
  });

  test("yes and no say nothing: half of all items share them", () => {
    expect([identity("yes"), identity("no"), identity(null, "Yes")]).toEqual([null, null, null]);
  });
});

describe("where a rollout stands", () => {
  const fault = callOf({ outcome: "fault", faults: 1, fault_boundary: "storage" });
  const refusals = [{ reason: "a fault", refused_at: isoAt(START) }];
  const closed_at = isoAt(START);
  test.each<[string, Partial<Ledger>]>([
    ["graded", {}],
    ["graded", { refusals, closed_at }],
    ["open", { grades: [] }],
    ["open", { grades: [], calls: [callOf({ faults: 3, fault_boundary: "storage" })] }],
    ["abandoned", { grades: [], closed_at }],
    ["discarded", { grades: [], refusals }],
    ["discarded", { grades: [], calls: [fault] }],
    ["discarded", { grades: [], calls: [fault], closed_at }],
  ])("%s: %j", (status, ledger) => {
    expect(statusOf(summaryOf(ledger))).toBe(status);
  });
});

test("an answer is unread when it is right and nothing read holds it", () => {
  const evidenceOf = (score: number, source: "none" | "answer" | "unknown") =>
    isUnread(summaryOf({ grades: [gradeOf({ score, evidence: { source, calls: [] } })] }));
  expect([evidenceOf(1, "none"), evidenceOf(0.5, "none"), evidenceOf(1, "answer")]).toEqual([true, false, false]);
  expect([evidenceOf(1, "unknown"), isUnread(summaryOf({ grades: [] }))]).toEqual([false, false]);
});

test("a rollout disagrees when the trainer claims calls that the ledger has not, and not the other way round", () => {
  const disagrees = (unrecorded: number, unclaimed: number) =>
    isDisagreeing(summaryOf({ grades: [gradeOf({ claims: { claimed: 3, unrecorded, unclaimed } })] }));
  const without = isDisagreeing(summaryOf());
  expect([disagrees(0, 0), disagrees(1, 0), disagrees(0, 1), without]).toEqual([false, true, false, false]);
});

describe("of two summaries of a rollout", () => {
  /** What can happen to a ledger. */
  const events: ((ledger: Ledger) => void)[] = [
    ({ calls }) => calls.push(callOf({ call_id: `call_${calls.length}` })),
    ({ calls }) => calls.push(callOf({ outcome: "fault", faults: 1, fault_boundary: "storage" })),
    ({ calls }) => calls.filter(({ outcome }) => outcome === "fault").forEach((call) => (call.faults += 1)),
    ({ calls }) => calls.filter(({ outcome }) => outcome === "fault").forEach((call) => (call.outcome = "ok")),
    ({ grades }) => grades.push(gradeOf({ score: grades.length % 2 })),
    ({ refusals }) => refusals.push({ reason: "a fault", refused_at: isoAt(START) }),
  ];
  const close = (ledger: Ledger) => void (ledger.closed_at = isoAt(START + 60_000));

  test("the later is the newer, whatever happened between", () => {
    const happening = fc.array(fc.oneof(fc.nat(events.length - 1), fc.constant("close" as const)), { maxLength: 30 });
    fc.assert(
      fc.property(happening, (happened) => {
        const ledger = ledgerOf({ calls: [], grades: [] });
        let earlier = summarise(ledger);
        for (const event of happened) {
          // Whatever happens to a closed ledger opens it again.
          if (event === "close") close(ledger);
          else {
            const before = JSON.stringify([ledger.calls, ledger.grades, ledger.refusals]);
            events[event]?.(ledger);
            if (JSON.stringify([ledger.calls, ledger.grades, ledger.refusals]) !== before) ledger.closed_at = null;
          }
          const later = summarise(structuredClone(ledger));
          const changed = JSON.stringify(later) !== JSON.stringify(earlier);
          expect([isNewer(later, earlier), isNewer(earlier, later)]).toEqual([changed, false]);
          earlier = later;
        }
      }),
    );
  });

  test("one of a rollout that began anew after it was forgotten is the newer, with however little in it", () => {
    const old = summaryOf({ calls: [callOf(), callOf(), callOf()], closed_at: isoAt(START) });
    const again = summaryOf({
      opened_at: isoAt(old.last_seen_at + limits.rolloutKeptMilliseconds),
      calls: [],
      grades: [],
    });
    expect([isNewer(again, old), isNewer(old, again)]).toEqual([true, false]);
  });
});

test("a summary is stored and read again as it is", () => {
  const summary = summaryOf({ grades: [gradeOf({ claims: { claimed: 1, unrecorded: 0, unclaimed: 0 } })] });
  expect(RolloutSummary.parse(JSON.parse(JSON.stringify(summary)))).toEqual(summary);
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RunAlarm, RunEntry } from "../../src/contract/run.ts";
import { runListText, runText } from "../../src/report/runs-text.ts";
import { reportOf } from "../../src/worker/run/report.ts";
import { signalsOf } from "../../src/worker/run/signal-counts.ts";
import { Statistics } from "../../src/worker/run/statistics.ts";
import { callOf, START, summaries } from "../worker/run/summaries.ts";

const entry = (run: string, fields: Partial<RunEntry> = {}): RunEntry => ({
  run,
  first_activity_at: null,
  last_activity_at: "2026-10-05T08:00:00.000Z",
  rollouts: { total: 12, open: 1, graded: 8, discarded: 2, abandoned: 1 },
  score_mean: 0.5,
  calls: 80,
  alarms: [],
  ...fields,
});
const list = (runs: RunEntry[], width: number) =>
  runListText({ runs, alarms: [], elsewhere: signalsOf({}) }, { width }).split("\n");
const LONG = "baseline-qwen3.6-35b-a3b-checkpoint-12-evaluation";

describe("the list of runs", () => {
  test("has a line for each, where their names are short", () => {
    expect(list([entry("job-7"), entry("job-12", { calls: 1_234, score_mean: null })], 80)).toEqual([
      "run     rollouts  graded  discarded  abandoned  score  calls    last seen, UTC",
      "job-7         12       8          2          1  0.500     80  2026-10-05 08:00",
      "job-12        12       8          2          1      -  1,234  2026-10-05 08:00",
    ]);
  });

  test("has long names on lines of their own, whole, and every run's alarms below it", () => {
    expect(list([entry(LONG, { alarms: ["faults", "mistakes:unknown_path"] }), entry("job-7")], 80)).toEqual([
      "  rollouts  graded  discarded  abandoned  score  calls    last seen, UTC",
      LONG,
      "        12       8          2          1  0.500     80  2026-10-05 08:00",
      "  ALARMS  faults, mistakes:unknown_path",
      "job-7",
      "        12       8          2          1  0.500     80  2026-10-05 08:00",
    ]);
    expect(list([entry(LONG)], 130)).toHaveLength(2);
  });

  test("leaves out the last columns of a narrow terminal, and cuts no number", () => {
    const [head, name, figures] = list([entry(LONG, { calls: 123_456_789 })], 55);
    expect(head).toMatch(/score$/);
    expect(name).toBe(LONG);
    expect(figures).toMatch(/0\.500$/);
  });

  test("stays within the terminal, but for names", () => {
    const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/);
    const count = fc.nat(300_000);
    const run = fc.tuple(name, count, fc.subarray(["faults", "mistakes:unknown_path", "score_too_good", "abandoned"]));
    fc.assert(
      fc.property(fc.array(run, { minLength: 1, maxLength: 5 }), fc.integer({ min: 40, max: 200 }), (runs, width) => {
        const entries = runs.map(([called, calls, alarms]) => entry(called, { calls: calls * 10, alarms }));
        const lines = list(entries, width);
        const names = new Set(entries.map((one) => one.run));
        expect(lines.filter((line) => line.length > width && !names.has(line))).toEqual([]);
        for (const each of names) expect(lines.filter((line) => line.split(" ")[0] === each)).not.toEqual([]);
      }),
    );
  });

  test("says when there is none", () => {
    expect(list([], 80)).toEqual(["No runs yet: the first call or grading begins one."]);
  });
});

const alarm: RunAlarm = {
  kind: "faults",
  subject: "",
  raised_at: "2026-10-05T08:00:00.000Z",
  cleared_at: null,
  raised_value: 0.5,
  value: 0.5,
  threshold: 0.05,
  message: "50 % of the latest rollouts met a fault of ours.\u001b[2J",
  what_to_do: "Look at the log lines whose outcome is fault: each says at which boundary it arose, and so whom to ask.",
};

describe("a run", () => {
  const kinds = ["unknown_path", "bad_arguments", "unknown_tool", "after_grading", "empty_query", "wrong_offset"];
  const told = summaries(60, (at) => ({
    calls: [callOf({ outcome: "mistake", mistake: kinds[at % kinds.length] ?? "" }), callOf({ call_id: "call_2" })],
  }));
  const report = (fields: { full?: boolean; alarms?: RunAlarm[] } = {}) =>
    reportOf(Statistics.of(told), {
      run: LONG,
      full: false,
      firstActivity: START,
      lastActivity: START + 3_600_000,
      unread: [],
      disagreeing: [],
      signals: signalsOf({}),
      alarms: [],
      ...fields,
    });

  test("is shown in full", () => {
    const lines = runText(report(), { width: 80 }).split("\n");
    expect(lines.slice(0, 5)).toEqual([
      LONG,
      "2026-10-05 08:00 to 2026-10-05 09:00 UTC",
      "",
      "rollouts   60: 0 open, 60 graded, 0 discarded, 0 abandoned",
      "scores     mean 0.500; 0 of 0, 0 of 1, 60 in all",
    ]);
    expect(lines).toContain("tool    calls  p50 ms  p95 ms  p99 ms  mean output  cut");
    expect(lines.at(-1)).toBe("No alarms.");
    expect(runText(report({ full: true }), { width: 80 })).toMatch(/; FULL, further ones\n +are not counted/);
  });

  test.each([40, 60, 80, 200])("stays within %d columns, and shows nothing that moves the cursor", (width) => {
    const text = runText(report({ alarms: [alarm, { ...alarm, cleared_at: alarm.raised_at }] }), { width });
    expect(text.split("\n").filter((line) => line.length > width && line !== LONG)).toEqual([]);
    expect(text).toMatch(/^[ -~\n]*$/);
    expect(text).toMatch(/ALARM since 2026-10-05 08:00: .*\n +Look/s);
    expect(text).toMatch(/^cleared 2026-10-05 08:00: /m);
  });
});

import { env } from "cloudflare:workers";
import { describe, expect, onTestFinished, test } from "vitest";
import { limits } from "../../../src/contract/limits.ts";
import type { RunEntry } from "../../../src/contract/run.ts";
import { isoAt, START } from "./summaries.ts";

const directory = () => env.RUN_DIRECTORY.getByName(`directory-${crypto.randomUUID()}`);
const entry = (at: number, fields: Partial<RunEntry> = {}): RunEntry => ({
  run: `run-${at}`,
  first_activity_at: isoAt(START),
  last_activity_at: isoAt(START + at * 1_000),
  rollouts: { total: 1, open: 1, graded: 0, discarded: 0, abandoned: 0 },
  score_mean: null,
  calls: at,
  alarms: [],
  ...fields,
});

/** Lets the directory keep and list so few runs, for one test. */
function keepOnly(kept: number, listed: number): void {
  const most: { directoryRuns: number; directoryListed: number } = limits;
  const { directoryRuns, directoryListed } = most;
  onTestFinished(() => void Object.assign(most, { directoryRuns, directoryListed }));
  Object.assign(most, { directoryRuns: kept, directoryListed: listed });
}

describe("the directory of runs", () => {
  test("has each run as it told itself last, by latest activity", async () => {
    const object = directory();
    for (const at of [2, 1, 3]) await object.put(entry(at));
    await object.put(entry(1, { calls: 77, last_activity_at: isoAt(START + 9_000) }));
    expect((await object.list()).runs.map(({ run, calls }) => [run, calls])).toEqual([
      ["run-1", 77],
      ["run-3", 3],
      ["run-2", 2],
    ]);
  });

  test("keeps and lists the latest only", async () => {
    keepOnly(4, 2);
    const object = directory();
    for (let at = 0; at < 10; at++) await object.put(entry(at));
    expect((await object.list()).runs.map(({ run }) => run)).toEqual(["run-9", "run-8"]);
    keepOnly(4, 10);
    expect((await object.list()).runs).toHaveLength(4);
  });

  test("counts strangers by kind, however they call their runs", async () => {
    const object = directory();
    await object.strangers([
      { run: "nowhere", counts: { unauthorized: 3, "refused:not_found": 1 } },
      { run: null, counts: { unauthorized: 2 } },
    ]);
    expect(await object.list()).toEqual({
      runs: [],
      elsewhere: {
        unauthorized: 5,
        unauthorized_with_trace_id: 0,
        refused: { not_found: 1 },
        faults: {},
        unrecorded: 0,
        cut_off: 0,
      },
    });
  });
});

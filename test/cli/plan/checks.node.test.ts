import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { demoJob, type Job } from "../../../src/cli/plan/job.ts";
import { anyJob, planOf } from "./jobs.ts";

/** How near a limit is for the demo job with some of it changed. */
function stateOf(name: string, changed: Partial<Job>): string {
  const check = planOf(changed).checks.find((one) => one.name === name);
  if (!check) throw new Error(`no limit ${name}`);
  return check.state;
}

/** Rollouts that start together: one row, so many copies, no validation. */
const burst = (copies: number): Partial<Job> => ({ train: 1, val: 0, batch: 1, copies });
/** Rates of 1 call a second for each rollout of a burst. */
const pace = { thinkSeconds: 0, toolMilliseconds: 1_000, retries: 0 };

test.each<[string, Partial<Job>, Partial<Job>, Partial<Job>, Partial<Job>]>([
  ["rollouts that start together", burst(399), burst(400), burst(500), burst(501)],
  [
    "tool calls a second, sustained",
    { ...burst(39), ...pace },
    { ...burst(40), ...pace },
    { ...burst(50), ...pace },
    { ...burst(51), ...pace },
  ],
  [
    "gradings a second, sustained",
    { ...burst(39), ...pace },
    { ...burst(40), ...pace },
    { ...burst(50), ...pace },
    { ...burst(51), ...pace },
  ],
  ["calls of a rollout", { calls: 7.9 }, { calls: 8 }, { calls: 10 }, { calls: 10.1 }],
  [
    "bytes of a request",
    { requestBytes: 249_999 },
    { requestBytes: 250_000 },
    { requestBytes: 1_000_000 },
    { requestBytes: 1_000_001 },
  ],
  ["messages a second to the run's object", burst(199), burst(200), burst(500), burst(501)],
  [
    "messages a second to a rollout's object",
    { calls: 1_000, parallel: 199 },
    { calls: 1_000, parallel: 200 },
    { calls: 1_000, parallel: 500 },
    { calls: 1_000, parallel: 501 },
  ],
  [
    "rollouts of one run",
    { ...burst(239), epochs: 1_000 },
    { ...burst(240), epochs: 1_000 },
    { ...burst(300), epochs: 1_000 },
    { ...burst(301), epochs: 1_000 },
  ],
  [
    "connections of a request",
    { corpusMegabytes: 5 },
    { corpusMegabytes: 6 },
    { corpusMegabytes: 6 },
    { corpusMegabytes: 6.1 },
  ],
  [
    "requests a day on the Free plan",
    { ...burst(79_999), epochs: 1, calls: 0, retries: 0 },
    { ...burst(80_000), epochs: 1, calls: 0, retries: 0 },
    { ...burst(100_000), epochs: 1, calls: 0, retries: 0 },
    { ...burst(100_001), epochs: 1, calls: 0, retries: 0 },
  ],
])("%s: silent below, near from a share of the limit on, over beyond it", (name, below, near, at, over) => {
  expect([below, near, at, over].map((changed) => stateOf(name, changed))).toEqual(["ok", "near", "near", "over"]);
});

describe("memory of an isolate", () => {
  test("grows with the corpus: 20 MB of runtime, the index twice, the texts that are kept", () => {
    // Without requests: 20 + 0.8 × text + min(text, 16) MB; 80 % of 128 are 102.4.
    const job = { ...burst(1), requestBytes: 0, responseBytes: 0 };
    expect(stateOf("memory of an isolate", { ...job, corpusMegabytes: 82.9 })).toBe("ok");
    expect(stateOf("memory of an isolate", { ...job, corpusMegabytes: 83.1 })).toBe("near");
    expect(stateOf("memory of an isolate", { ...job, corpusMegabytes: 114.9 })).toBe("near");
    expect(stateOf("memory of an isolate", { ...job, corpusMegabytes: 115.1 })).toBe("over");
  });

  test("grows with large requests that come at once", () => {
    expect(stateOf("memory of an isolate", { requestBytes: 3_000 })).toBe("ok");
    expect(stateOf("memory of an isolate", { requestBytes: 600_000 })).toBe("near");
    expect(stateOf("memory of an isolate", { requestBytes: 1_500_000 })).toBe("over");
  });
});

test("no output and no budget that the command line takes brings a ledger near the 10 GB of its object", () => {
  expect(stateOf("storage of a rollout's object", { calls: 1_000, budget: 1_000, responseBytes: 32_000 })).toBe("ok");
});

test("the demo job comes near what is known of it, and nothing else", () => {
  const raised = planOf({}).checks.filter(({ state }) => state !== "ok");
  expect(raised.map(({ name }) => name)).toEqual([
    "rollouts that start together",
    "tool calls a second, sustained",
    "gradings a second, sustained",
    "messages a second to the run's object",
    "connections of a request",
    "requests a day on the Free plan",
  ]);
});

test("a limit is over exactly beyond its value, and has a source", () => {
  fc.assert(
    fc.property(anyJob, (job) => {
      for (const { value, limit, state, source } of planOf(job).checks) {
        expect(state === "over").toBe(value > limit);
        expect(source).toMatch(/^https:|^src\//);
      }
    }),
  );
  expect(planOf(demoJob).checks.length).toBe(13);
});

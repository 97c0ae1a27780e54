/** What rehearsals and baselines in runs/ say of a job. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Baseline } from "../../../src/contract/baseline.ts";
import type { Rehearsal } from "../../../src/contract/rehearsal.ts";
import { gradableItems } from "../../../src/cli/agents/cast.ts";
import { describe as describeBaseline } from "../../../src/cli/baseline/manifest.ts";
import { chooseItems } from "../../../src/cli/baseline/plan.ts";
import { checkBaseline, checkRehearsal, judgeBaseline, judgeRehearsals } from "../../../src/cli/train/beside.ts";
import { finqa } from "../../../src/environments/finqa/index.ts";
import { summary } from "../../report/baseline/results.ts";

const url = "https://gym.example.com";
const deployed = { url, environment: "finqa", indexVersion: "v1" };

const rehearsal = (given: Partial<Rehearsal> = {}): Rehearsal => ({
  schema: 1,
  run: "rehearsal-1",
  url,
  environment: "finqa",
  index_version: "v1",
  command: [],
  agent: "oracle",
  seed: "1",
  chaos: { lost_answer: 3 },
  own_worker: false,
  started_at: "2026-12-01T12:00:00.000Z",
  milliseconds: 1,
  interrupted: false,
  rollouts: { planned: 10, graded: 10, discarded: 0, unfinished: 0 },
  calls: { decided: 1, deliveries: 1, executed: 1 },
  statuses: {},
  checks: [{ name: "lost", promise: "No call is lost.", violations: 0, occasions: 3, examples: [] }],
  latencies: [],
  client_delay_milliseconds: 0,
  requests_per_second: 1,
  scores: {},
  seconds: [],
  steps: [],
  discard_bias: { share: 0, items_tested: 0, items: [] },
  ...given,
});

const broken = [{ name: "lost", promise: "No call is lost.", violations: 1, occasions: 3, examples: [] }];

test.each<[string, Rehearsal[], string, RegExp]>([
  ["none", [], "warned", /Nothing was rehearsed/],
  ["of another deployment", [rehearsal({ url: "https://other.example.com" })], "warned", /Nothing was rehearsed/],
  ["of another environment", [rehearsal({ environment: "chess" })], "warned", /Nothing was rehearsed/],
  ["kept", [rehearsal()], "ok", /2026-12-01 12:00 UTC kept all promises over 10/],
  ["kept, without trouble", [rehearsal({ chaos: {} })], "ok", /without trouble/],
  ["of another index", [rehearsal({ index_version: "v0" })], "warned", /another index/],
  ["broken off", [rehearsal({ interrupted: true })], "warned", /broken off/],
  ["not kept", [rehearsal({ checks: broken })], "refused", /broke promises: lost/],
  [
    "nothing graded",
    [rehearsal({ rollouts: { planned: 1, graded: 0, discarded: 1, unfinished: 0 } })],
    "refused",
    /graded nothing/,
  ],
  [
    "mended since",
    [rehearsal({ checks: broken }), rehearsal({ started_at: "2026-12-02T12:00:00.000Z" })],
    "ok",
    /2026-12-02/,
  ],
])("a rehearsal: %s", (_, all, state, finding) => {
  expect(judgeRehearsals(all, deployed)).toMatchObject({ state, finding: expect.stringMatching(finding) });
});

test("a deployment that names no index is not held against it", () => {
  expect(judgeRehearsals([rehearsal()], { ...deployed, indexVersion: null })).toMatchObject({ state: "ok" });
});

type Known = Pick<Baseline, "manifest" | "readiness" | "mean_score" | "rollouts">;
const baseline = (ready: boolean): Known =>
  ({
    manifest: { name: "baseline-m" },
    rollouts: { graded: 30 },
    mean_score: { value: 0.41, low: 0.3, high: 0.5 },
    readiness: {
      ready,
      checks: [
        { name: "items", state: "ready", finding: "Enough.", advice: null },
        { name: "signal_share", state: ready ? "ready" : "not_yet", finding: "Too few differ.", advice: "Take more." },
      ],
    },
  }) as unknown as Known;

test("a baseline: ready, and not yet with its reasons", () => {
  expect(judgeBaseline(baseline(true))).toMatchObject({
    state: "ok",
    finding: expect.stringMatching(/0\.410 over 30/),
  });
  const found = judgeBaseline(baseline(false));
  expect(found).toEqual({
    state: "warned",
    finding: "baseline-m: a mean score of 0.410 over 30 graded rollouts; not ready yet. signal share: Too few differ.",
    advice: "Take more.",
  });
});

let runs: string;
beforeEach(async () => {
  runs = await mkdtemp(join(tmpdir(), "edgegym-beside-"));
});
afterEach(() => rm(runs, { recursive: true, force: true }));

test("files in runs/ are read, and those that are none are passed over", async () => {
  for (const [folder, text] of Object.entries({ a: "{", b: "{}", c: JSON.stringify(rehearsal()) })) {
    await mkdir(join(runs, folder));
    await writeFile(join(runs, folder, "rehearsal.json"), text);
  }
  expect(await checkRehearsal(runs, deployed)).toMatchObject({ state: "ok" });
  const needs = { model: "m", environment: finqa, validation: "val.jsonl", training: "train.jsonl", url };
  const none = await checkBaseline(join(runs, "nowhere"), needs);
  expect(none).toMatchObject({ state: "warned", advice: expect.stringContaining("baseline --model m") });
});

describe("a baseline of the model on the same rows", () => {
  const rows = (word: string) =>
    Array.from({ length: 12 }, (_, at) =>
      JSON.stringify({ id: `${word}${at}`, question: `${word} ${at}?`, reference_answer: String(at) }),
    ).join("\n");

  /** A baseline of so many items of the file, drawn as `edgegym baseline` draws them. */
  async function keepBaseline(data: string, items: number, model = "m"): Promise<void> {
    const drawn = chooseItems((await gradableItems(finqa, [data])).items, items, "7");
    const agent = { kind: "model", model, base_url: null, reasoning_effort: null, error_rate: null, seed: "7" };
    const described = { name: `baseline-${model}`, command: [], attempts: 3, agent, environment: finqa };
    const deployment = { url, index_version: null };
    const manifest = await describeBaseline({
      ...described,
      deployment,
      data: [data],
      items: drawn,
      createdAt: new Date(0),
    });
    await mkdir(join(runs, manifest.name));
    await writeFile(join(runs, manifest.name, "baseline.json"), JSON.stringify(summary([], { manifest })));
  }

  async function check(model = "m") {
    const needs = {
      model,
      environment: finqa,
      validation: join(runs, "val.jsonl"),
      training: join(runs, "train.jsonl"),
      url,
    };
    return (await checkBaseline(runs, needs)).finding;
  }

  beforeEach(async () => {
    await writeFile(join(runs, "train.jsonl"), rows("train"));
    await writeFile(join(runs, "val.jsonl"), rows("val"));
  });

  test("is found, of all of them or of some", async () => {
    await keepBaseline(join(runs, "val.jsonl"), 5);
    expect(await check()).toMatch(/^baseline-m: no score over 0 graded rollouts; not ready yet/);
    expect(await check("other")).toMatch(/^No baseline of other:/);
  });

  test("is not one on other rows, or on rows that have changed", async () => {
    await keepBaseline(join(runs, "val.jsonl"), 12);
    await writeFile(join(runs, "val.jsonl"), rows("changed"));
    expect(await check()).toMatch(/^No baseline of m on these rows \(there are some on others\)/);
  });
});

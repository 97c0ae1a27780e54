import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { limits } from "../../src/contract/limits.ts";
import type { Manifest } from "../../src/contract/manifest.ts";
import { gone, type Spoil, spoil, wrongBit } from "./bucket.ts";
import { makeCurrent, objectKey, serveCorpus } from "./corpus.ts";
import { errorOf, outputOf, request, restartWorker, scoreOf, takeLog, TestRollout } from "./world.ts";

const CURRENT = "corpora/finqa/current.json";

let manifest: Manifest;
beforeAll(async () => {
  manifest = await serveCorpus();
});
beforeEach(async () => {
  await restartWorker();
  takeLog();
});

const otherManifest =
  (change: object): Spoil =>
  (bytes) =>
    JSON.stringify({ ...JSON.parse(new TextDecoder().decode(bytes)), ...change });
const broken: [string, (file: string) => string, string, Spoil][] = [
  ["no index is current", () => CURRENT, "", gone],
  ["what is current is not JSON", () => CURRENT, "", () => "{"],
  ["what is current is no version", () => CURRENT, "", () => '{"version":"../../ledgers"}'],
  ["the current version does not exist", () => CURRENT, "", () => JSON.stringify({ version: "0".repeat(64) })],
  ["the manifest is gone", (file) => file, "manifest.json", gone],
  ["the manifest is not JSON", (file) => file, "manifest.json", () => "not JSON"],
  ["the manifest has a later schema", (file) => file, "manifest.json", otherManifest({ schema: 999 })],
  ["the manifest lacks its files", (file) => file, "manifest.json", otherManifest({ files: [] })],
  ["the index file is gone", (file) => file, "index.bin", gone],
  ["the index file is cut short", (file) => file, "index.bin", (bytes) => bytes.subarray(0, -1)],
  ["the index file is empty", (file) => file, "index.bin", () => ""],
  ["the index file has one wrong bit", (file) => file, "index.bin", wrongBit],
];

describe("a fault of the index, healed by the same call once it is mended", () => {
  test.each(broken)("%s", async (_, place, file, change) => {
    const mend = await spoil(place(objectKey(manifest, file)), change);
    const rollout = new TestRollout();
    const deliver = () => rollout.call("search", { query: "fuel", top_k: 1 }, { call_id: "call_1" });

    const response = await deliver();
    expect(response.headers.get("Retry-After")).toBe(String(limits.retryAfterSeconds));
    const error = await errorOf(response);
    expect(error).toEqual({
      status: 503,
      code: "fault",
      message: "The service could not answer this. Nothing was scored; try again.",
      correlation_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(takeLog()).toMatchObject([
      { outcome: "fault", fault: { correlation_id: error.correlation_id, boundary: "index" } },
    ]);
    expect((await rollout.ledger()).calls).toMatchObject([
      { outcome: "fault", fault_boundary: "index", faults: 1, output: "" },
    ]);

    expect((await deliver()).status).toBe(503);
    await mend();
    const output = await outputOf(deliver());
    expect((await rollout.ledger()).calls).toMatchObject([
      { outcome: "ok", fault_boundary: "index", faults: 2, output },
    ]);
    expect(await scoreOf(rollout.grade("56"))).toBe(1);
  });
});

describe("while the index is gone", () => {
  test("what needs no index is answered all the same: the model's mistakes, and gradings", async () => {
    const mend = await spoil(CURRENT, gone);
    const rollout = new TestRollout();
    expect(await outputOf(rollout.call("cat", "no JSON"))).toContain("not a JSON object");
    expect(await scoreOf(rollout.grade("56"))).toBe(1);
    await mend();
  });

  test("the budget holds: a call past it is told so, without a fault", async () => {
    const mend = await spoil(CURRENT, gone);
    const rollout = new TestRollout();
    for (let at = 0; at < limits.callsPerRollout; at++) await rollout.call("cat", "no JSON");
    expect(await outputOf(rollout.call("list", {}))).toContain("budget of 10 tool calls is spent");
    await mend();
  });

  test("a call that was answered before is answered again", async () => {
    const rollout = new TestRollout();
    const deliver = () => rollout.call("list", {}, { call_id: "call_1" });
    const output = await outputOf(deliver());
    const mend = await spoil(CURRENT, gone);
    await restartWorker();
    expect(await outputOf(deliver())).toBe(output);
    await mend();
  });

  test("a call that failed holds its place in the budget, and its healing takes no other", async () => {
    const mend = await spoil(CURRENT, gone);
    const rollout = new TestRollout();
    expect((await rollout.call("list", {}, { call_id: "call_faulted" })).status).toBe(503);
    await mend();
    for (let at = 1; at < limits.callsPerRollout; at++) await outputOf(rollout.call("list", {}));
    expect(await outputOf(rollout.call("list", { path: "AA" }))).toContain("budget of 10 tool calls is spent");
    expect(await outputOf(rollout.call("list", {}, { call_id: "call_faulted" }))).toContain("AAL/");
    expect((await rollout.ledger()).calls[0]).toMatchObject({ sequence: 1, call_id: "call_faulted", outcome: "ok" });
  });

  test("the health check says so, and that it is well again", async () => {
    const mend = await spoil(objectKey(manifest, "index.bin"), gone);
    const sick = await request("/healthz");
    expect([sick.status, await sick.json()]).toMatchObject([
      503,
      { ok: false, indexes: { finqa: { fault: "index" } } },
    ]);
    await mend();
    const well = await request("/healthz");
    expect([well.status, await well.json()]).toMatchObject([
      200,
      { ok: true, indexes: { finqa: { version: manifest.version } } },
    ]);
  });
});

describe("a worker that has just started", () => {
  test("loads the index once for fifty first calls, and answers them all", async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => outputOf(new TestRollout().call("search", { query: "fuel" }))),
    );
    expect(new Set(answers).size).toBe(1);
  });

  test("fails all that wait for the same load, and heals for all", async () => {
    const mend = await spoil(CURRENT, gone);
    const rollouts = Array.from({ length: 10 }, () => new TestRollout());
    const deliver = () => Promise.all(rollouts.map((rollout) => rollout.call("list", {}, { call_id: "call_1" })));
    expect(new Set((await deliver()).map(({ status }) => status))).toEqual(new Set([503]));
    await mend();
    expect(new Set((await deliver()).map(({ status }) => status))).toEqual(new Set([200]));
  });

  test("serves the version that is current then", async () => {
    const next = await serveCorpus([{ path: "NEW/2020/page_1.pdf", text: "a new report" }]);
    await restartWorker();
    expect(await outputOf(new TestRollout().call("list", {}))).toBe("NEW/");
    expect(next.version).not.toBe(manifest.version);
    await makeCurrent(manifest);
    await restartWorker();
    expect(await outputOf(new TestRollout().call("list", {}))).toContain("AAL/");
  });
});

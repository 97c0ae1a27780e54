import { listDurableObjectIds } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, inject, test, vi } from "vitest";
import * as z from "zod";
import { limits } from "../../../src/contract/limits.ts";
import { AlarmPush, type Signals } from "../../../src/contract/run.ts";
import { gone, spoil } from "../bucket.ts";
import { objectKey, serveCorpus } from "../corpus.ts";
import { outputOf, post, request, requestWith, restartWorker, takeLog, TestRollout, TRAINER } from "../world.ts";
import { newRun, runOnce, shownRun, shownRuns } from "./runs.ts";

let manifest: Awaited<ReturnType<typeof serveCorpus>>;
beforeAll(async () => {
  manifest = await serveCorpus();
});

const STRANGER = { Authorization: "Bearer hush-4711" };
const signalled = (run: string, holds: (signals: Signals) => boolean) =>
  runOnce(run, ({ signals }) => holds(signals)).then(({ signals }) => signals);
const call = { name: "list", arguments: "{}", call_id: "call_1" };

/** A run that the directory knows. */
async function knownRun(): Promise<string> {
  const run = newRun();
  await outputOf(new TestRollout(undefined, { "X-Run": run }).call("list", {}));
  await vi.waitUntil(async () => (await shownRuns()).runs.some((entry) => entry.run === run), { timeout: 10_000 });
  return run;
}

/** A new second, in which bodies are looked at again. */
const nextSecond = () => new Promise((resolve) => setTimeout(resolve, 1_000 - (Date.now() % 1_000)));

describe("a request without a valid token", () => {
  test("is counted in the run that it names, apart when it carries a trace id", async () => {
    const run = await knownRun();
    const headers = { "X-Run": run, ...STRANGER };
    await nextSecond();
    await post("/finqa/tools/list", { ...call, trace_id: "trace_hush-4711" }, headers);
    await post("/finqa/grade", { sample: {}, item: {}, trace_id: "trace_2" }, headers);
    await post("/finqa/tools/list", { ...call, trace_id: "" }, headers);
    await post("/finqa/tools/list", "no JSON", headers);
    const signals = await signalled(run, ({ unauthorized }) => unauthorized === 4);
    expect(signals).toMatchObject({ unauthorized: 4, unauthorized_with_trace_id: 2, refused: {} });
  });

  test("with a trace id, three times, raises the alarm", async () => {
    const run = await knownRun();
    await nextSecond();
    const wrong = { "X-Run": run, ...STRANGER };
    for (let at = 0; at < 3; at++) await post("/finqa/tools/list", { ...call, trace_id: "trace_1" }, wrong);
    const { alarms } = await runOnce(run, (report) => report.alarms.length > 0);
    expect(alarms).toMatchObject([{ kind: "unauthorized_rollouts", value: 3, cleared_at: null }]);
  });

  test("for no run that there is, three times, raises an alarm that the list of runs shows, and that is posted", async () => {
    const run = newRun();
    await nextSecond();
    const wrong = { "X-Run": run, ...STRANGER };
    for (let at = 0; at < 3; at++) await post("/finqa/tools/list", { ...call, trace_id: "hush-4711" }, wrong);
    const [alarm] = await vi.waitUntil(
      async () => {
        const { alarms } = await shownRuns();
        return alarms.length > 0 ? alarms : undefined;
      },
      { timeout: 10_000 },
    );
    expect(alarm).toMatchObject({ kind: "unauthorized_rollouts", cleared_at: null });
    const received = await vi.waitUntil(
      async () => {
        const response = await fetch(`${new URL(inject("webhookUrl")).origin}/received?run=`);
        const posts = z.array(AlarmPush).parse(await response.json());
        return posts.find(({ raised_at }) => raised_at === alarm?.raised_at);
      },
      { timeout: 10_000 },
    );
    expect(received?.text).toMatch(/^edgegym: \d calls with a trace id .* wrong from its start\. A trainer calls/);
    expect(JSON.stringify([alarm, received])).not.toMatch(new RegExp(`${run}|hush-4711`));
  });

  test("creates no run, stores nothing of what it says, and is counted elsewhere", async () => {
    const run = newRun();
    const before = (await shownRuns()).elsewhere.unauthorized;
    takeLog();
    for (let at = 0; at < 5; at++) {
      await post("/finqa/tools/list", { ...call, trace_id: "hush-4711" }, { "X-Run": `${run}-${at}`, ...STRANGER });
    }
    await post("/finqa/tools/list", call, { "X-Run": "no run's name", ...STRANGER });
    const list = await vi.waitUntil(
      async () => {
        const shown = await shownRuns();
        return shown.elsewhere.unauthorized >= before + 6 ? shown : undefined;
      },
      { timeout: 10_000 },
    );
    expect(JSON.stringify(list)).not.toMatch(new RegExp(`${run}|hush-4711`));
    const objects = (await listDurableObjectIds(env.RUN)).map(String);
    for (let at = 0; at < 5; at++) expect(objects).not.toContain(String(env.RUN.idFromName(`${run}-${at}`)));
    expect(JSON.stringify(takeLog())).not.toContain("hush-4711");
  });

  test("is looked into only when it is small and says so, and only so many times a second", async () => {
    const run = await knownRun();
    const headers = { "X-Run": run, ...STRANGER };
    await nextSecond();
    const large = { ...call, trace_id: "trace_1", item: { text: "x".repeat(limits.strangerBodyBytes) } };
    await post("/finqa/tools/list", large, headers);
    const bytes = new TextEncoder().encode(JSON.stringify({ ...call, trace_id: "trace_1" }));
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(bytes);
        controller.close();
      },
    });
    await request("/finqa/tools/list", {
      method: "POST",
      body,
      headers: { "Content-Type": "application/json", ...headers },
    });
    const signals = await signalled(run, ({ unauthorized }) => unauthorized === 2);
    expect(signals.unauthorized_with_trace_id).toBe(0);
    await nextSecond();
    const many = Array.from({ length: 40 }, () => post("/finqa/tools/list", { ...call, trace_id: "trace_1" }, headers));
    expect((await Promise.all(many)).map(({ status }) => status)).toEqual(many.map(() => 401));
    const later = await signalled(run, ({ unauthorized }) => unauthorized === 42);
    // The forty may have come within two seconds.
    expect(later.unauthorized_with_trace_id).toBeGreaterThanOrEqual(limits.strangerBodiesPerSecond);
    expect(later.unauthorized_with_trace_id).toBeLessThanOrEqual(limits.strangerBodiesPerSecond * 2);
  });

  test("is refused at once though its body never ends", async () => {
    const endless = new ReadableStream<Uint8Array>({ pull: () => new Promise(() => undefined) });
    const response = await request("/finqa/tools/list", {
      method: "POST",
      body: endless,
      headers: { "Content-Type": "application/json", "Content-Length": "100", ...STRANGER },
    });
    expect(response.status).toBe(401);
  });
});

describe("a trainer's request that no ledger has", () => {
  test("is counted by the kind of its refusal", async () => {
    const run = newRun();
    const headers = { "X-Run": run };
    await post("/finqa/tools/none", call, headers);
    await post("/finqa/tools/list", {}, headers);
    await post("/finqa/grade", {}, headers);
    await post("/finqa/tools/list", "x".repeat(limits.bodyBytes + 1), headers);
    const { refused } = await signalled(run, (signals) => Object.keys(signals.refused).length === 3);
    expect(refused).toEqual({ invalid: 2, not_found: 1, too_large: 1 });
  });

  test("is counted when its fault could not be recorded: a row that cannot be graded, a call without ids", async () => {
    const run = newRun();
    const headers = { "X-Run": run };
    await new TestRollout(undefined, headers).grade("56", { reference_answer: "about a lot" });
    const mend = await spoil(objectKey(manifest, "documents-000.bin"), gone);
    await restartWorker();
    await post("/finqa/tools/search", { arguments: { query: "fuel" } }, headers);
    const rollout = new TestRollout(undefined, headers);
    await rollout.call("search", { query: "fuel" });
    await mend();
    const report = await runOnce(
      run,
      ({ signals, faults }) => faults.calls === 1 && Object.keys(signals.faults).length === 2,
    );
    expect(report.signals.faults).toEqual({ item: 1, index: 1 });
    expect(report.faults).toMatchObject({ calls: 1, unhealed: 1, by_boundary: { index: 1 } });
    expect(report.rollouts).toMatchObject({ total: 1, discarded: 1 });
  });

  test("is counted when it is answered without ids", async () => {
    const run = newRun();
    await post("/finqa/tools/list", { arguments: "{}" }, { "X-Run": run });
    await post("/finqa/tools/list", { arguments: "{}", trace_id: "trace_1" }, { "X-Run": run });
    await post("/finqa/grade", { sample: { output_text: "1" }, item: { reference_answer: "1" } }, { "X-Run": run });
    const { unrecorded } = await signalled(run, (signals) => signals.unrecorded === 3);
    expect(unrecorded).toBe(3);
  });
});

test.each([true, false])(
  "a body that its client cuts off (length declared: %s) is counted apart, and is no fault of ours",
  async (declared) => {
    const run = newRun();
    takeLog();
    const cutOff = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"trace_id":"hush-4711",'));
        controller.error(new Error("hush-4711"));
      },
    });
    const headers = { "X-Run": run, ...TRAINER, "Content-Type": "application/json" };
    const length: Record<string, string> = declared ? { "Content-Length": "100" } : {};
    const response = await requestWith(env, "/finqa/tools/list", {
      method: "POST",
      body: cutOff,
      headers: { ...headers, ...length },
    });
    expect(response.status).toBe(503);
    const log = takeLog().filter(({ route }) => route === "tool");
    expect(log).toMatchObject([{ outcome: "cut_off", status: 503, fault: { boundary: "network" } }]);
    expect(JSON.stringify(log)).not.toMatch(/ at |hush-4711/);
    const { signals, alarms } = await runOnce(run, (report) => report.signals.cut_off === 1);
    expect(signals).toMatchObject({ cut_off: 1, faults: {} });
    expect(alarms).toEqual([]);
  },
);

test("what no route serves is counted in a run that there is, else elsewhere", async () => {
  const run = await knownRun();
  await request("/finqa/tool/list", { method: "POST", headers: { ...TRAINER, "X-Run": run } });
  await request("/finqa/grade", { headers: { ...TRAINER, "X-Run": run } });
  const { refused } = await signalled(run, (signals) => Object.keys(signals.refused).length === 2);
  expect(refused).toEqual({ not_found: 1, method_not_allowed: 1 });
});

test("counting that fails harms no answer", async () => {
  const { RUN: _, RUN_DIRECTORY: __, ...without } = env;
  const run = newRun();
  const init = {
    method: "POST",
    body: JSON.stringify(call),
    headers: { "Content-Type": "application/json", "X-Run": run },
  };
  const broken = { ...without, RUN: undefined, RUN_DIRECTORY: undefined } as unknown as typeof env;
  const refused = await requestWith(broken, "/finqa/tools/list", {
    ...init,
    headers: { ...init.headers, ...STRANGER },
  });
  const served = await requestWith(broken, "/finqa/tools/list", { ...init, headers: { ...init.headers, ...TRAINER } });
  expect([refused.status, served.status]).toEqual([401, 200]);
  expect(await shownRun(run)).toBeUndefined();
});

/** The rehearsal's own worker: every fault that it is told to make happens, and comes out as a fault or heals, never as anything else. */
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { FaultKind, FAULTS_PATH } from "../../src/contract/faults.ts";
import { type OwnWorker, startOwnWorker } from "../../src/cli/own-worker.ts";
import { sampleSource } from "../../src/cli/project.ts";
import { type Call, Client, errorOf, newTraceId, replyOf, scoreOf } from "../conformance/deployment.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
const POLLING = { timeout: 60_000 };

let worker: OwnWorker;
let client: Client;
const NO_FAULTS = Object.fromEntries(FaultKind.options.map((kind) => [kind, 0]));

beforeAll(async () => {
  worker = await startOwnWorker({ source: sampleSource, seed: "faults" });
  const { TRAINER_TOKEN: trainer, ADMIN_TOKEN: admin } = worker.tokens;
  client = new Client({ url: worker.url, trainer, admin, local: true });
});
afterEach(() => worker.setFaults(NO_FAULTS));
afterAll(() => worker?.close());

/** A search that nobody made before, so that its query has to be embedded, in a rollout of its own. */
function newSearch() {
  const trace_id = newTraceId();
  return { trace_id, call_id: "call_1", arguments: JSON.stringify({ query: `net revenue of ${trace_id}` }) };
}

/** What a call is answered without faults and without a ledger. */
const rightOutput = async (tool: string, call: Call) =>
  replyOf(await client.call(tool, { arguments: call.arguments })).output;

test("without faults it is the worker, and nothing is injected", async () => {
  const before = await worker.injected();
  const call = newSearch();
  expect(replyOf(await client.call("search", call)).output).toBe(await rightOutput("search", call));
  expect(scoreOf(await client.grade("56", "56 million", call.trace_id))).toBe(1);
  expect((await client.ledger(call.trace_id)).calls).toMatchObject([{ outcome: "ok", faults: 0 }]);
  expect(await worker.injected()).toEqual(before);
});

describe("a fault that stays is a 503 and no score, and the same call heals it", () => {
  test.each([
    { kind: "r2_fail", boundary: "storage", times: 3 },
    // What is not as the manifest says is no matter of trying again at once.
    { kind: "r2_broken", boundary: "index", times: 1 },
    { kind: "embedder_429", boundary: "embedder", times: 3 },
    { kind: "embedder_500", boundary: "embedder", times: 3 },
  ] as const)("$kind", async ({ kind, boundary, times }) => {
    const call = newSearch();
    const { [kind]: before = 0 } = await worker.injected();
    await worker.setFaults({ [kind]: 1 });
    expect(errorOf(await client.call("search", call))).toMatchObject({ status: 503, code: "fault" });
    expect((await client.ledger(call.trace_id)).calls).toMatchObject([{ outcome: "fault", fault_boundary: boundary }]);
    expect(errorOf(await client.grade("56", "56", call.trace_id))).toMatchObject({ status: 503, code: "fault" });
    expect((await worker.injected())[kind]).toBe(before + times);

    await worker.setFaults({ [kind]: 0 });
    const { output } = replyOf(await client.call("search", call));
    expect(output).toBe(await rightOutput("search", call));
    expect((await client.ledger(call.trace_id)).calls).toMatchObject([{ outcome: "ok", faults: 1, output }]);
    expect(scoreOf(await client.grade("56", "56", call.trace_id))).toBe(1);
  });

  test.each([
    // Another try would only add to an object that has too much to do.
    { kind: "overloaded", times: 1, recorded: false },
    { kind: "reset_before", times: 3, recorded: false },
    { kind: "reset_after", times: 3, recorded: true },
  ] as const)("$kind", async ({ kind, times, recorded }) => {
    const call = newSearch();
    const { [kind]: before = 0 } = await worker.injected();
    await worker.setFaults({ [kind]: 1 });
    expect(errorOf(await client.call("search", call))).toMatchObject({ status: 503, code: "fault" });
    expect((await worker.injected())[kind]).toBe(before + times);
    expect(errorOf(await client.grade("56", "56", call.trace_id))).toMatchObject({ status: 503, code: "fault" });
    await worker.setFaults({ [kind]: 0 });
    const ledger = await client.request(`/rollouts/${call.trace_id}`, {
      headers: { Authorization: `Bearer ${worker.tokens.ADMIN_TOKEN}` },
    });
    expect(ledger.status).toBe(recorded ? 200 : 404);

    const { output } = replyOf(await client.call("search", call));
    expect(output).toBe(await rightOutput("search", call));
    expect((await client.ledger(call.trace_id)).calls).toMatchObject([{ sequence: 1, outcome: "ok", output }]);
    expect(scoreOf(await client.grade("56", "56", call.trace_id))).toBe(1);
  });
});

test("a slow read is waited for", async () => {
  const { path } = await client.somePage();
  const args = { arguments: { path } };
  const right = await rightOutput("cat", args);
  await worker.setFaults({ r2_slow: 1, pause_milliseconds: 1_000 });
  const begun = performance.now();
  expect(replyOf(await client.call("cat", args)).output).toBe(right);
  expect(performance.now() - begun).toBeGreaterThan(900);
  expect((await worker.injected())["r2_slow"]).toBe(1);
});

test("an embedder that does not answer is given up in time, and asked again", async () => {
  const call = newSearch();
  await worker.setFaults({ embedder_hang: 1 });
  const answer = client.call("search", call);
  await expect.poll(async () => (await worker.injected())["embedder_hang"], POLLING).toBeGreaterThan(0);
  await worker.setFaults({ embedder_hang: 0 });
  expect(replyOf(await answer).output).toBe(await rightOutput("search", call));
});

test("among all faults at once calls are answered 200 or 503, rightly and once", async () => {
  const { path } = await client.somePage();
  const cat = { arguments: JSON.stringify({ path }) };
  const rightPage = await rightOutput("cat", cat);
  const shares = { r2_fail: 0.3, r2_slow: 0.1, r2_broken: 0.1, embedder_429: 0.3, embedder_500: 0.3 };
  await worker.setFaults({ ...shares, overloaded: 0.1, reset_before: 0.2, reset_after: 0.2, pause_milliseconds: 50 });
  const statuses = new Set<number>();
  const insist = async (send: () => ReturnType<Client["call"]>) => {
    for (let tries = 0; tries < 100; tries++) {
      const answer = await send();
      statuses.add(answer.status);
      if (answer.status !== 503) return answer;
    }
    throw new Error("a hundred faults in a row");
  };
  const rollouts = await Promise.all(
    Array.from({ length: 40 }, async () => {
      const search = newSearch();
      const found = replyOf(await insist(() => client.call("search", search))).output;
      const page = { ...cat, trace_id: search.trace_id, call_id: "call_2" };
      const read = replyOf(await insist(() => client.call("cat", page))).output;
      const score = scoreOf(await insist(() => client.grade("93.5%", "0.93456", search.trace_id)));
      return { search, found, read, score };
    }),
  );
  const injected = await worker.injected();
  await worker.setFaults(NO_FAULTS);
  expect(statuses).toEqual(new Set([200, 503]));
  expect(Object.keys(shares).filter((kind) => !injected[kind])).toEqual([]);
  for (const { search, found, read, score } of rollouts) {
    expect({ found, read, score }).toEqual({
      found: await rightOutput("search", search),
      read: rightPage,
      score: 0.5,
    });
    const ledger = await client.ledger(search.trace_id);
    expect(ledger.calls).toMatchObject([{ output: found }, { output: read }]);
    expect(ledger).toMatchObject({ calls_counted: 2, grades: [{ score: 0.5 }] });
  }
});

describe("redeployed", () => {
  test("it has its ledgers, its address and its counts, and loads its index anew, under the faults that are set", async () => {
    const call = newSearch();
    const { output } = replyOf(await client.call("search", call));
    await worker.setFaults({ r2_fail: 1 });
    const before = await worker.injected();
    await worker.redeploy();
    expect((await client.request("/healthz")).status).toBe(503);
    expect(replyOf(await client.call("search", call)).output).toBe(output);
    expect(await worker.injected()).toMatchObject({
      redeploy: (before["redeploy"] ?? 0) + 1,
      r2_fail: expect.toSatisfy((count: number) => count > (before["r2_fail"] ?? 0)),
    });
    await worker.setFaults({ r2_fail: 0 });
    expect((await client.request("/healthz")).status).toBe(200);
    expect((await client.ledger(call.trace_id)).calls).toMatchObject([{ sequence: 1, outcome: "ok", output }]);
  });

  test("in the middle of calls it loses none: each is answered, or cut off and answered later, once", async () => {
    const calls = Array.from({ length: 30 }, newSearch);
    const { r2_slow: before = 0 } = await worker.injected();
    await worker.setFaults({ r2_slow: 1, pause_milliseconds: 6_000 });
    const cutOff = calls.map((call) => client.call("search", call).catch(() => "cut off"));
    await expect.poll(async () => (await worker.injected())["r2_slow"], POLLING).toBeGreaterThan(before);
    await worker.redeploy();
    expect(await Promise.all(cutOff)).toContain("cut off");
    await worker.setFaults({ r2_slow: 0 });
    for (const call of calls) {
      const { output } = replyOf(await client.call("search", call));
      expect((await client.ledger(call.trace_id)).calls).toMatchObject([{ sequence: 1, outcome: "ok", output }]);
    }
  });
});

test("its control takes nobody's word but its own starter's", async () => {
  for (const token of ["", worker.tokens.TRAINER_TOKEN, worker.tokens.ADMIN_TOKEN]) {
    const headers = { Authorization: `Bearer ${token}` };
    expect(errorOf(await client.request(FAULTS_PATH, { headers }))).toMatchObject({ status: 401 });
    const settings = { method: "POST", headers, body: JSON.stringify({ r2_fail: 1 }) };
    expect(errorOf(await client.request(FAULTS_PATH, settings))).toMatchObject({ status: 401 });
  }
  expect((await client.request("/healthz")).status).toBe(200);
});

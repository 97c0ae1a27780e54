/** A rollout's ledger under retries and concurrency, over real HTTP: one effect and one answer per call, an exact budget. */
import { expect, inject, test } from "vitest";
import { limits } from "../../src/contract/limits.ts";
import { Client, newTraceId, replyOf, scoreOf } from "./deployment.ts";

const client = new Client(inject("deployment"));
const times = <T>(count: number, one: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => one(index));

test("same (trace_id, call_id), same answer, run once, however concurrently it arrives: 20 at once", async () => {
  const trace_id = newTraceId();
  const call = { trace_id, call_id: "call_1", id: "fc_1", arguments: '{"query":"net revenue by segment"}' };
  const answers = await Promise.all(times(20, () => client.call("search", call)));
  const replies = answers.map(replyOf);
  expect(new Set(replies.map((reply) => JSON.stringify(reply))).size).toBe(1);
  const ledger = await client.ledger(trace_id);
  expect(ledger.calls).toMatchObject([{ sequence: 1, call_id: "call_1", outcome: "ok", output: replies[0]?.output }]);
  expect(ledger.calls_counted).toBe(1);
});

test(`50 parallel calls of a rollout: ${limits.callsPerRollout} run, the others are told that the budget is spent`, async () => {
  const trace_id = newTraceId();
  const answers = await Promise.all(
    times(50, (n) => client.call("list", { trace_id, call_id: `call_${n}`, arguments: "{}" })),
  );
  const outputs = answers.map((answer) => replyOf(answer).output);
  const spent = outputs.filter((output) => /budget of 10 tool calls is spent.*final answer/is.test(output));
  expect(spent).toHaveLength(50 - limits.callsPerRollout);
  const { calls, calls_counted } = await client.ledger(trace_id);
  expect(calls_counted).toBe(limits.callsPerRollout);
  expect(calls.map((call) => call.outcome)).toEqual(
    times(50, (n) => (n < limits.callsPerRollout ? "ok" : "over_budget")),
  );
  expect(calls.map((call) => call.sequence)).toEqual(times(50, (n) => n + 1));
});

test("the budget is one for all tools and both URLs, mistakes count as calls, retries of the same call do not", async () => {
  const trace_id = newTraceId();
  const call = (n: number, tool: string, args: string) =>
    client.call(tool, { trace_id, call_id: `call_${n}`, arguments: args });
  const first = replyOf(await call(1, "cat", '{"path":"nowhere"}'));
  await client.post("/finqa/tools", { trace_id, call_id: "call_2", name: "grep", arguments: "{}" });
  for (let n = 3; n <= limits.callsPerRollout; n++) await call(n, "search", '{"query":"debt"}');
  expect(replyOf(await call(1, "cat", '{"path":"nowhere"}'))).toEqual(first);
  expect(replyOf(await call(11, "list", "{}")).output).toMatch(/budget/);
  const outcomes = (await client.ledger(trace_id)).calls.map(({ outcome }) => outcome);
  expect(outcomes).toEqual(["mistake", "mistake", ...times(8, () => "ok"), "over_budget"]);
});

test("calls of different rollouts do not meet, whatever their call ids", async () => {
  const { path, directory } = await client.somePage();
  const traces = times(20, () => newTraceId());
  const answers = await Promise.all(
    traces.map((trace_id, n) => {
      const call = { trace_id, call_id: "call_1", arguments: { path: n % 2 ? path : directory } };
      return client.call(n % 2 ? "cat" : "list", call);
    }),
  );
  const outputs = answers.map((answer) => replyOf(answer).output);
  expect(new Set(outputs).size).toBe(2);
  for (const [n, trace_id] of traces.entries()) {
    expect((await client.ledger(trace_id)).calls).toMatchObject([{ call_id: "call_1", output: outputs[n] }]);
  }
});

test("a duplicate id with a different name or arguments is refused as a mistake, and recorded as such", async () => {
  const trace_id = newTraceId();
  const call = { trace_id, call_id: "call_1" };
  await client.call("search", { ...call, arguments: '{"query":"debt","top_k":1}' });
  const others = [
    await client.call("search", { ...call, arguments: '{"query":"leases","top_k":1}' }),
    await client.call("list", { ...call, arguments: "{}" }),
  ];
  for (const other of others) expect(replyOf(other).output).toMatch(/call_id was used before/);
  const sameOtherwise = await client.call("search", { ...call, arguments: '{ "top_k": 1, "query": "debt" }' });
  expect(replyOf(sameOtherwise).output).not.toMatch(/used before/);
  const outcomes = (await client.ledger(trace_id)).calls.map(({ outcome }) => outcome);
  expect(outcomes).toEqual(["ok", "mistake", "mistake"]);
});

test("the ledger shows calls in order with arguments, output as sent, outcome, timing, and whether it was cut", async () => {
  const trace_id = newTraceId();
  const { path } = await client.somePage();
  const call = { trace_id, call_id: "call_1", arguments: JSON.stringify({ path }) };
  const { output } = replyOf(await client.call("cat", call, { "X-Run": "conformance" }));
  await client.call("cat", { trace_id, call_id: "call_2", arguments: "not JSON" }, { "X-Run": "conformance" });
  const ledger = await client.ledger(trace_id);
  expect(ledger).toMatchObject({ trace_id, run: "conformance", environment: "finqa", budget: 10, closed_at: null });
  const cut = / more characters\. Continue with: /.test(output);
  expect(ledger.calls).toMatchObject([
    { sequence: 1, tool: "cat", arguments: call.arguments, output, outcome: "ok", cut, faults: 0 },
    { sequence: 2, tool: "cat", arguments: "not JSON", outcome: "mistake", cut: false, faults: 0 },
  ]);
  for (const { received_at, milliseconds } of ledger.calls) {
    expect(Math.abs(Date.now() - Date.parse(received_at))).toBeLessThan(600_000);
    expect(milliseconds).toBeGreaterThanOrEqual(0);
  }
});

test("a repeated grade of the same sample has the recorded score, for 20 at once too", async () => {
  const trace_id = newTraceId();
  await client.call("list", { trace_id, call_id: "call_1", arguments: "{}" });
  const scores = await Promise.all(times(20, () => client.grade("93.5%", "0.93456", trace_id)));
  expect(scores.map(scoreOf)).toEqual(times(20, () => 0.5));
  expect(scoreOf(await client.grade("93.5%", "93.5%", trace_id))).toBe(0.5);
  const { grades } = await client.ledger(trace_id);
  expect(grades).toMatchObject([{ score: 0.5, answer: "93.5%", explanation: expect.stringMatching(/\w/) }]);
});

test("a call after the grading is not run", async () => {
  const trace_id = newTraceId();
  await client.grade("56", "56", trace_id);
  const late = await client.call("list", { trace_id, call_id: "call_1", arguments: "{}" });
  expect(replyOf(late).output).toMatch(/has been graded/);
});

test("500 rollouts start together: each first call is answered and recorded", { timeout: 120_000 }, async () => {
  const traces = times(500, () => newTraceId());
  const call = { call_id: "call_1", arguments: '{"query":"total debt","top_k":1}' };
  const answers = await Promise.all(traces.map((trace_id) => client.call("search", { ...call, trace_id })));
  const outputs = new Set(answers.map((answer) => replyOf(answer).output));
  expect(outputs.size).toBe(1);
  for (const trace_id of [traces[0], traces[499]]) {
    expect((await client.ledger(trace_id ?? "")).calls).toHaveLength(1);
  }
});

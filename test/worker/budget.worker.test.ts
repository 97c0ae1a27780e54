import { beforeAll, describe, expect, test } from "vitest";
import { limits } from "../../src/contract/limits.ts";
import { LARGE_DIRECTORY, serveCorpus } from "./corpus.ts";
import { inObject } from "./time.ts";
import { outputOf, scoreOf, TestRollout } from "./world.ts";

beforeAll(() => serveCorpus());

const budget = limits.callsPerRollout;
const SPENT = `The budget of ${budget} tool calls is spent; this call was not run. Give your final answer now, from what you have read.`;
/** So many calls, all different. */
const pages = (count: number) => Array.from({ length: count }, (_, page) => `${LARGE_DIRECTORY}/page_${page}.pdf`);
const count = <T>(values: readonly T[], value: T) => values.filter((other) => other === value).length;

describe("a rollout's budget", () => {
  test("lets ten calls run, however many come at once", async () => {
    const rollout = new TestRollout();
    const outputs = await Promise.all(pages(50).map((path) => outputOf(rollout.call("cat", { path }))));
    expect(count(outputs, SPENT)).toBe(40);
    expect(outputs.filter((output) => /^note \d+$/.test(output))).toHaveLength(budget);
    const { calls, calls_counted } = await rollout.ledger();
    expect(calls_counted).toBe(budget);
    expect(calls.map(({ outcome }) => outcome)).toEqual([...Array(10).fill("ok"), ...Array(40).fill("over_budget")]);
  });

  test("is each rollout's own", async () => {
    const rollouts = Array.from({ length: 5 }, () => new TestRollout());
    const outputs = await Promise.all(
      rollouts.flatMap((rollout) => pages(12).map((path) => outputOf(rollout.call("cat", { path })))),
    );
    expect(count(outputs, SPENT)).toBe(5 * 2);
  });

  test("is spent by mistakes, of whatever kind", async () => {
    const rollout = new TestRollout();
    const mistakes = ["nowhere", "", "AAL"].flatMap((path) => [{ path }, { path, x: 1 }, { path, offset: -1 }]);
    for (const args of [...mistakes, "no JSON"]) await outputOf(rollout.call("cat", args));
    expect(await outputOf(rollout.call("list", {}))).toBe(SPENT);
    const { calls } = await rollout.ledger();
    expect(calls.map(({ outcome }) => outcome)).toEqual([...Array(10).fill("mistake"), "over_budget"]);
  });

  test("is not spent by retries", async () => {
    const rollout = new TestRollout();
    const deliver = (at: number) => rollout.call("cat", { path: pages(10)[at] }, { call_id: `call_${at}` });
    for (let at = 0; at < budget; at++) await Promise.all([deliver(at), deliver(at), deliver(at)]);
    expect((await rollout.ledger()).calls.map(({ outcome }) => outcome)).toEqual(Array(10).fill("ok"));
    expect(await outputOf(deliver(0))).toBe("note 0");
    expect(await outputOf(rollout.call("list", {}, { call_id: "call_new" }))).toBe(SPENT);
  });

  test("once spent stays so: a call past it is refused the same each time, and is not run", async () => {
    const rollout = new TestRollout();
    for (const path of pages(budget)) await rollout.call("cat", { path });
    const late = () => outputOf(rollout.call("cat", { path: pages(99).at(-1) }, { call_id: "call_late" }));
    expect(await Promise.all([late(), late(), late()])).toEqual([SPENT, SPENT, SPENT]);
    const { calls, calls_counted } = await rollout.ledger();
    expect([calls.length, calls_counted]).toEqual([11, 10]);
    expect(calls.at(-1)).toMatchObject({ outcome: "over_budget", output: SPENT, cut: false });
  });

  test("binds no call that has no rollout or no id", async () => {
    const outputs = await Promise.all(
      pages(24).map((path, at) =>
        outputOf(new TestRollout(at % 2 ? "" : "trace_open").call("cat", { path }, at % 2 ? {} : { call_id: "" })),
      ),
    );
    expect(count(outputs, SPENT)).toBe(0);
  });

  test("that is spent does not keep the answer from being scored", async () => {
    const rollout = new TestRollout();
    for (const path of pages(12)) await rollout.call("cat", { path });
    expect(await scoreOf(rollout.grade("56 million"))).toBe(1);
  });
});

test("a ledger that is full keeps no more calls, and answers them all the same", async () => {
  const rollout = new TestRollout();
  await outputOf(rollout.call("list", {}));
  await inObject(rollout, ({ sql }) => {
    const columns = "tool, arguments, outcome, output, cut, faults, received_at, milliseconds";
    sql.exec(
      `WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
       INSERT INTO calls (sequence, call_id, fingerprint, ${columns})
       SELECT i, 'call_' || i, i, ${columns} FROM n, (SELECT ${columns} FROM calls)`,
      limits.ledgerCalls,
    );
  });
  const late = () => outputOf(rollout.call("cat", { path: "nowhere" }, { call_id: "call_late" }));
  expect([await late(), await late()]).toEqual([SPENT, SPENT]);
  const { calls } = await rollout.ledger();
  expect([calls.length, calls.at(-1)?.call_id]).toEqual([limits.ledgerCalls, `call_${limits.ledgerCalls}`]);
});

test("calls are numbered in the order in which they reached the ledger", async () => {
  const rollout = new TestRollout();
  for (const path of pages(4)) await rollout.call("cat", { path });
  const { calls } = await rollout.ledger();
  expect(calls.map(({ sequence, call_id, output }) => [sequence, call_id, output])).toEqual(
    [0, 1, 2, 3].map((at) => [at + 1, `call_${at + 1}`, `note ${at}`]),
  );
  const times = calls.map(({ received_at }) => received_at);
  expect(times).toEqual(times.toSorted());
});

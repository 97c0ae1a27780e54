import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { limits } from "../../src/contract/limits.ts";
import type { Bindings } from "../../src/worker/bindings.ts";
import { gone, spoil } from "./bucket.ts";
import { objectKey, serveCorpus } from "./corpus.ts";
import { ADMIN, errorOf, outputOf, request, requestWith, scoreOf, takeLog, TestRollout, TRAINER } from "./world.ts";

beforeAll(() => serveCorpus());

const rename = (rollout: TestRollout, from: string, to: string) =>
  runInDurableObject(rollout.object, (_, { storage }) => void storage.sql.exec(`ALTER TABLE ${from} RENAME TO ${to}`));

/** A rollout with one call, in whose ledger a table is out of reach until it is mended. */
async function brokenRollout(table: string) {
  const rollout = new TestRollout();
  await outputOf(rollout.call("list", {}));
  await rename(rollout, table, "away");
  takeLog();
  return { rollout, mend: () => rename(rollout, "away", table) };
}

describe("a ledger that fails", () => {
  test("is a fault of the call, which is recorded once the ledger is well", async () => {
    const { rollout, mend } = await brokenRollout("calls");
    const deliver = () => rollout.call("list", { path: "AAL" }, { call_id: "call_2" });
    const response = await deliver();
    expect(response.headers.get("Retry-After")).toBe("1");
    const error = await errorOf(response);
    expect(error).toMatchObject({ status: 503, code: "fault" });
    expect(JSON.stringify(error)).not.toMatch(/table|SQL/i);
    expect(takeLog()).toMatchObject([
      { outcome: "fault", fault: { boundary: "ledger", correlation_id: error.correlation_id } },
    ]);
    await mend();
    expect(await outputOf(deliver())).toBe("2010/\n2011/");
    expect((await rollout.ledger()).calls.map(({ call_id }) => call_id)).toEqual(["call_1", "call_2"]);
  });

  test.each(["calls", "grades"])("in its %s is never a score; once it is well there is one", async (table) => {
    const { rollout, mend } = await brokenRollout(table);
    expect(await errorOf(rollout.grade("56"))).toMatchObject({ status: 503, code: "fault" });
    expect(takeLog()).toMatchObject([{ route: "grade", outcome: "unscored", fault: { boundary: "ledger" } }]);
    await mend();
    expect(await scoreOf(rollout.grade("56"))).toBe(1);
    expect((await rollout.ledger()).grades).toHaveLength(1);
  });

  test("is a fault for its owner too", async () => {
    const { rollout } = await brokenRollout("refusals");
    const response = request(`/rollouts/${rollout.traceId}`, { headers: ADMIN });
    expect(await errorOf(response)).toMatchObject({ status: 503, code: "fault" });
  });

  test("while the index fails as well is the index's fault", async () => {
    const manifest = await serveCorpus();
    const { rollout } = await brokenRollout("calls");
    await spoil(objectKey(manifest, "documents-000.bin"), gone);
    expect((await rollout.call("cat", { path: "AAL/2010/page_9.pdf" })).status).toBe(503);
    expect(takeLog()).toMatchObject([{ fault: { boundary: "index" } }]);
  });
});

describe("a ledger that fails for a moment", () => {
  /** From here on the ledger takes no new call, so many times. */
  const failNext = (rollout: TestRollout, times: number) =>
    runInDurableObject(rollout.object, (_, { storage: { sql } }) => {
      sql.exec("CREATE TABLE failures (remaining INTEGER)");
      sql.exec("INSERT INTO failures VALUES (?)", times);
      sql.exec(`CREATE TRIGGER fail BEFORE INSERT ON calls WHEN (SELECT remaining > 0 FROM failures) BEGIN
        UPDATE failures SET remaining = remaining - 1; SELECT RAISE(FAIL, 'disk is away'); END`);
    });

  test.each([
    [limits.attempts - 1, 200],
    [limits.attempts, 503],
  ])("%d times: the call's status is %d", async (times, status) => {
    const rollout = new TestRollout();
    await outputOf(rollout.call("list", {}));
    await failNext(rollout, times);
    const deliver = () => rollout.call("list", { path: "AAL" }, { call_id: "call_2" });
    expect((await deliver()).status).toBe(status);
    expect(await outputOf(deliver())).toBe("2010/\n2011/");
    expect((await rollout.ledger()).calls.map(({ call_id, outcome }) => [call_id, outcome])).toEqual([
      ["call_1", "ok"],
      ["call_2", "ok"],
    ]);
  });
});

describe("a deployment without a binding", () => {
  /** A configuration that the types rule out, and a mistaken wrangler.toml does not. */
  const without = (name: keyof Bindings): Bindings => ({ ...env, [name]: undefined });
  const call = { method: "POST", headers: { ...TRAINER, "Content-Type": "application/json" } };

  test("answers what needs it with a fault", async () => {
    const body = JSON.stringify({ trace_id: "trace_1", call_id: "call_1", arguments: "{}" });
    const recorded = requestWith(without("ROLLOUT"), "/finqa/tools/list", { ...call, body });
    expect(await errorOf(recorded)).toMatchObject({ status: 503, code: "fault" });
    const grading = JSON.stringify({
      trace_id: "trace_1",
      sample: { output_text: "56" },
      item: { reference_answer: "56" },
    });
    const graded = requestWith(without("ROLLOUT"), "/finqa/grade", { ...call, body: grading });
    expect(await errorOf(graded)).toMatchObject({ status: 503, code: "fault" });
    const shown = requestWith(without("ROLLOUT"), "/rollouts/trace_1", { headers: ADMIN });
    expect(await errorOf(shown)).toMatchObject({ status: 503, code: "fault" });
  });

  test("says so in its health", async () => {
    for (const name of ["ROLLOUT", "BUCKET", "TRAINER_TOKEN", "ADMIN_TOKEN"] as const) {
      const response = await requestWith(without(name), "/healthz");
      expect([response.status, await response.json()]).toMatchObject([503, { ok: false, bindings: { [name]: false } }]);
    }
  });
});

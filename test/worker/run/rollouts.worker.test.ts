import { abortAllDurableObjects } from "cloudflare:test";
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { limits } from "../../../src/contract/limits.ts";
import { RolloutPage, RolloutStatus } from "../../../src/contract/run.ts";
import { serveCorpus } from "../corpus.ts";
import { ADMIN, errorOf, outputOf, post, request, scoreOf, takeLog, TestRollout, TRAINER } from "../world.ts";
import { inRun, newRun, runOnce } from "./runs.ts";
import { callOf, gradeOf, isoAt, ledgerOf, START, summaries, summaryOf } from "./summaries.ts";

beforeAll(() => serveCorpus());

const tell = (run: string, told: ReturnType<typeof summaries>) => env.RUN.getByName(run).tell(run, told);
const many = (count: number) => summaries(count, (at) => ({ trace_id: `trace_${at}` }));
const ask = (run: string, query: Record<string, string>) =>
  request(`/runs/${run}/rollouts?${new URLSearchParams(query).toString()}`, { headers: ADMIN });

async function page(run: string, query: Record<string, string> = {}): Promise<RolloutPage> {
  return RolloutPage.parse(await (await ask(run, query)).json());
}

/** All pages, by trace ids. `between` happens before each further page. */
async function pages(run: string, query: Record<string, string> = {}, between = async () => {}): Promise<string[][]> {
  const found: string[][] = [];
  let cursor: string | null = null;
  do {
    if (found.length > 0) await between();
    const next: RolloutPage = await page(run, { ...query, ...(cursor !== null && { cursor }) });
    found.push(next.rollouts.map(({ trace_id }) => trace_id));
    cursor = next.cursor;
    if (found.length > 100) throw new Error("There is no end to the pages.");
  } while (cursor !== null);
  return found;
}

const ids = (from: number, to: number) => Array.from({ length: from - to }, (_, at) => `trace_${from - 1 - at}`);

describe("a run's rollouts are listed", () => {
  test("each with what its ledger sums up to", async () => {
    const run = newRun();
    const rollout = new TestRollout(undefined, { "X-Run": run });
    await outputOf(rollout.call("list", {}));
    await outputOf(rollout.call("cat", { path: "nowhere" }));
    const sample = { output_text: "56", output_tools: [{ call_id: "call_9", name: "search" }] };
    const item = { id: "item-1", reference_answer: "56", evidence_paths: ["AA/2012/page_7.pdf"] };
    await scoreOf(post("/finqa/grade", { sample, item, trace_id: rollout.traceId }, { "X-Run": run }));
    await runOnce(run, ({ rollouts }) => rollouts.graded === 1);
    const { opened_at, grades } = await rollout.ledger();
    expect(await page(run)).toEqual({
      rollouts: [
        {
          trace_id: rollout.traceId,
          item: "item-1",
          status: "graded",
          score: 1,
          calls: 2,
          mistakes: 1,
          faults: 0,
          flags: ["no_evidence", "claims_disagree"],
          opened_at,
          last_seen_at: grades[0]?.graded_at,
        },
      ],
      cursor: null,
    });
  });

  test("on no more than one page where they fit, the latest opened first", async () => {
    const run = newRun();
    await tell(run, many(3));
    expect(await pages(run)).toEqual([["trace_2", "trace_1", "trace_0"]]);
    expect(await pages(run, { limit: "3" })).toEqual([["trace_2", "trace_1", "trace_0"]]);
  });

  test("on pages of the asked size, without an empty one at the end", async () => {
    const run = newRun();
    await tell(run, many(6));
    expect(await pages(run, { limit: "2" })).toEqual([ids(6, 4), ids(4, 2), ids(2, 0)]);
    expect(await pages(run, { limit: "4" })).toEqual([ids(6, 2), ids(2, 0)]);
  });

  test("on pages of the usual size, where none is asked for", async () => {
    const run = newRun();
    await tell(run, many(limits.rolloutsListed + 1));
    expect((await pages(run)).map(({ length }) => length)).toEqual([limits.rolloutsListed, 1]);
  });

  test("not at all, where there are none", async () => {
    const run = newRun();
    await env.RUN.getByName(run).signal(run, { unauthorized: 1 });
    expect(await page(run)).toEqual({ rollouts: [], cursor: null });
  });

  test("by where they stand", async () => {
    const run = newRun();
    const closed_at = isoAt(START + 1e7);
    const fault = callOf({ outcome: "fault", faults: 3, fault_boundary: "storage" });
    const told = {
      open: summaryOf({ grades: [] }),
      graded: summaryOf({ grades: [gradeOf({ score: 0.25 })] }),
      discarded: summaryOf({ grades: [], calls: [callOf(), fault] }),
      abandoned: summaryOf({ grades: [], closed_at }),
    };
    await tell(run, Object.values(told));
    for (const status of RolloutStatus.options) {
      const { rollouts } = await page(run, { status });
      expect(rollouts.map((rollout) => [rollout.trace_id, rollout.status])).toEqual([[told[status].trace_id, status]]);
    }
    expect((await page(run, { status: "graded" })).rollouts).toMatchObject([{ score: 0.25, faults: 0, calls: 1 }]);
    expect((await page(run, { status: "discarded" })).rollouts).toMatchObject([{ score: null, faults: 3, calls: 2 }]);
    expect((await page(run)).rollouts).toHaveLength(4);
  });

  test("as they stand now", async () => {
    const run = newRun();
    const ledger = ledgerOf({ grades: [] });
    await tell(run, [summaryOf(ledger)]);
    await tell(run, [summaryOf({ ...ledger, grades: [gradeOf()] })]);
    expect(await pages(run, { status: "open" })).toEqual([[]]);
    expect(await pages(run, { status: "graded" })).toEqual([[ledger.trace_id]]);
  });

  test("whole, each once and in one order, whatever their ids and however many were opened at once", async () => {
    const rollout = fc.record({
      trace_id: fc.string({ minLength: 1, maxLength: limits.idCharacters }),
      opened_at: fc.integer({ min: START, max: START + 3 }).map(isoAt),
      graded: fc.boolean(),
    });
    const rollouts = fc.uniqueArray(rollout, { maxLength: 25, selector: ({ trace_id }) => trace_id });
    await fc.assert(
      fc.asyncProperty(rollouts, fc.integer({ min: 1, max: 7 }), async (all, limit) => {
        const run = newRun();
        const told = all.map(({ graded, ...fields }) => summaryOf({ ...fields, grades: graded ? [gradeOf()] : [] }));
        await tell(run, told);
        const found = (await pages(run, { limit: String(limit) })).flat();
        expect(found.toSorted()).toEqual(all.map(({ trace_id }) => trace_id).toSorted());
        expect((await pages(run, { limit: "100" })).flat()).toEqual(found);
      }),
      { numRuns: 30 },
    );
  }, 60_000);
});

describe("between two pages", () => {
  test("new rollouts move nothing: what was there is listed, each once", async () => {
    const run = newRun();
    await tell(run, many(10));
    let news = 0;
    const found = await pages(run, { limit: "3" }, async () => {
      await tell(run, [summaryOf({ trace_id: `new_${news}`, opened_at: isoAt(START + 1e6 + news++) })]);
    });
    expect(found.flat()).toEqual(ids(10, 0));
    expect((await page(run, { limit: "2" })).rollouts.map(({ trace_id }) => trace_id)).toEqual(["new_2", "new_1"]);
  });

  test("nor do rollouts that go on, and the object may be reset", async () => {
    const run = newRun();
    const ledgers = Array.from({ length: 6 }, (_, at) =>
      ledgerOf({ trace_id: `trace_${at}`, opened_at: isoAt(START + at), grades: [] }),
    );
    await tell(run, ledgers.map(summaryOf));
    const found = await pages(run, { limit: "2" }, async () => {
      await tell(
        run,
        ledgers.map((ledger) => summaryOf({ ...ledger, grades: [gradeOf({ graded_at: isoAt(START + 1e7) })] })),
      );
      await abortAllDurableObjects();
    });
    expect(found.flat()).toEqual(ids(6, 0));
  });
});

test("rollouts that were told before there was a list are in it", async () => {
  const run = newRun();
  await tell(run, many(5));
  await inRun(run, ({ sql }) => {
    sql.exec("DROP INDEX rollouts_listed");
    sql.exec("ALTER TABLE rollouts DROP COLUMN status");
    sql.exec("ALTER TABLE rollouts DROP COLUMN opened_at");
  });
  await abortAllDurableObjects();
  expect(await pages(run, { status: "graded", limit: "2" })).toEqual([ids(5, 3), ids(3, 1), ids(1, 0)]);
  await tell(run, [summaryOf({ trace_id: "new", opened_at: isoAt(START + 1e6) })]);
  expect((await pages(run)).flat()).toEqual(["new", ...ids(5, 0)]);
});

describe("what is asked wrongly is refused, by the name of the field", () => {
  test.each<[string, Record<string, string>, string, RegExp]>([
    ["a limit of none", { limit: "0" }, "limit", /a whole number from 1 to 500 is needed/],
    [
      "a limit beyond the most",
      { limit: String(limits.rolloutsListedMost + 1) },
      "limit",
      /a whole number from 1 to 500 is needed/,
    ],
    ["a limit that is no whole number", { limit: "1.5" }, "limit", /a whole number from 1 to 500 is needed/],
    ["a limit that is no number", { limit: "many" }, "limit", /a whole number from 1 to 500 is needed/],
    ["an empty limit", { limit: "" }, "limit", /a whole number from 1 to 500 is needed/],
    ["an unknown status", { status: "running" }, "status", /"open"\|"graded"/],
    ["an empty status", { status: "" }, "status", /"open"/],
    ["a cursor that is none", { cursor: "here" }, "cursor", /Begin again without it/],
    ["an empty cursor", { cursor: "" }, "cursor", /Begin again/],
    ["a cursor of another shape", { cursor: btoa('{"opened_at":"now","trace_id":""}') }, "cursor", /Begin again/],
    ["a cursor without end", { cursor: "a".repeat(10_000) }, "cursor", /Begin again/],
  ])("%s", async (_, query, field, message) => {
    const run = newRun();
    await tell(run, many(1));
    const error = await errorOf(ask(run, query));
    expect(error).toMatchObject({ status: 400, field });
    expect(error.message).toMatch(message);
  });
});

test("there are none of an unknown run, which looking does not create, nor for anyone but the owner", async () => {
  const run = newRun();
  expect(await errorOf(ask(run, {}))).toMatchObject({ status: 404 });
  expect(await errorOf(ask("a%2Fb", {}))).toMatchObject({ status: 404 });
  expect(await inRun(run, ({ sql }) => sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'run'").toArray())).toEqual(
    [],
  );
  await tell(run, many(1));
  takeLog();
  for (const headers of [TRAINER, {}] as Record<string, string>[]) {
    expect(await errorOf(request(`/runs/${run}/rollouts?limit=none`, { headers }))).toMatchObject({ status: 401 });
  }
  await page(run);
  expect(takeLog()).toMatchObject([
    { route: "rollouts", status: 401 },
    { route: "rollouts", status: 401 },
    { route: "rollouts", run, status: 200 },
  ]);
});

import { abortAllDurableObjects, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { limits } from "../../src/contract/limits.ts";
import { LONG_PAGE, serveCorpus, textOf } from "./corpus.ts";
import { ADMIN, errorOf, outputOf, post, request, scoreOf, TestRollout, TRAINER } from "./world.ts";

beforeAll(() => serveCorpus());

const show = (traceId: string, query = "") =>
  request(`/rollouts/${encodeURIComponent(traceId)}${query}`, { headers: ADMIN });

describe("a ledger", () => {
  test("has the calls in order, as written and as answered, and the grade with its reason", async () => {
    const rollout = new TestRollout("trace_whole", { "X-Run": "baseline" });
    const found = await outputOf(rollout.call("search", '{"top_k":1, "query":"fuel"}'));
    const cut = await outputOf(rollout.call("cat", { path: LONG_PAGE }));
    const mistaken = await outputOf(rollout.call("cat", "not JSON"));
    await scoreOf(rollout.grade("$56,000,000", { id: "item-1", reference_answer: "56 million" }));
    const call = { faults: 0, fault_boundary: null, received_at: expect.any(String), milliseconds: expect.any(Number) };
    expect(await rollout.ledger()).toEqual({
      trace_id: "trace_whole",
      run: "baseline",
      environment: "finqa",
      // The calls came without a row; the grading names it.
      item: "item-1",
      opened_at: expect.any(String),
      closed_at: null,
      calls_counted: 3,
      budget: limits.callsPerRollout,
      calls: [
        {
          ...call,
          sequence: 1,
          call_id: "call_1",
          tool: "search",
          arguments: '{"query":"fuel","top_k":1}',
          outcome: "ok",
          mistake: null,
          output: found,
          cut: false,
        },
        {
          ...call,
          sequence: 2,
          call_id: "call_2",
          tool: "cat",
          arguments: JSON.stringify({ path: LONG_PAGE }),
          outcome: "ok",
          mistake: null,
          output: cut,
          cut: true,
        },
        {
          ...call,
          sequence: 3,
          call_id: "call_3",
          tool: "cat",
          arguments: "not JSON",
          outcome: "mistake",
          mistake: "bad_arguments",
          output: mistaken,
          cut: false,
        },
      ],
      grades: [
        {
          score: 1,
          value: expect.stringContaining("56000000"),
          answer: "$56,000,000",
          explanation: expect.stringMatching(/\w\.$/),
          sub_scores: {},
          evidence: { source: "unknown", calls: [] },
          claims: null,
          graded_at: expect.any(String),
          milliseconds: expect.any(Number),
        },
      ],
      refusals: [],
    });
  });

  test("keeps the start of very long arguments and says how long they were", async () => {
    const rollout = new TestRollout();
    await rollout.call("search", { query: "q".repeat(400_000) });
    const [call] = (await rollout.ledger()).calls;
    expect(call?.arguments).toMatch(/^\{"query":"q+… \(400012 characters in all\)$/);
    expect(call?.arguments.length).toBeLessThan(limits.ledgerArgumentsCharacters + 100);
  });

  test("holds nothing of the item, neither with a call nor with a grade", async () => {
    const rollout = new TestRollout();
    const item = {
      reference_answer: "98765.4321 million",
      question: "the secret question",
      evidence_paths: ["secret/page"],
    };
    await rollout.call("cat", { path: "AAL/2010/page_9.pdf" }, { item });
    await rollout.call("cat", { path: "nowhere" }, { item });
    await rollout.grade("12", item);
    await rollout.grade("98765", item);
    const text = JSON.stringify(await rollout.ledger());
    for (const secret of ["98765.4321", "secret"]) expect(text).not.toContain(secret);
  });

  test("belongs to the run that the rollout's first call named", async () => {
    const rollout = new TestRollout(undefined, { "X-Run": "job-1.step_10" });
    await rollout.call("list", {});
    await post(
      "/finqa/tools/list",
      { trace_id: rollout.traceId, call_id: "call_9", arguments: "{}" },
      { "X-Run": "other" },
    );
    expect((await rollout.ledger()).run).toBe("job-1.step_10");
    expect((await new TestRollout(rollout.traceId).ledger()).calls).toHaveLength(2);
  });

  test("is opened by a grading too, when the model called no tool", async () => {
    const rollout = new TestRollout();
    expect(await scoreOf(rollout.grade("56"))).toBe(1);
    expect(await rollout.ledger()).toMatchObject({ run: "default", calls: [], grades: [{ score: 1 }] });
  });

  test("does not come from calls without a trace id or a call id", async () => {
    const rollout = new TestRollout();
    expect(await outputOf(rollout.call("cat", { path: "AAL/2010/page_9.pdf" }, { call_id: null }))).toBe(
      textOf("AAL/2010/page_9.pdf"),
    );
    expect(await scoreOf(post("/finqa/grade", { sample: { output_text: "56" }, item: { reference_answer: 56 } }))).toBe(
      1,
    );
    expect((await show(rollout.traceId)).status).toBe(404);
  });
});

describe("looking at a rollout", () => {
  test("of which nothing is recorded is a 404, and stores nothing", async () => {
    expect(await errorOf(show("trace_unknown"))).toMatchObject({ status: 404, code: "not_found" });
    expect(await errorOf(show("trace_unknown", "?run=default"))).toMatchObject({ status: 404 });
    const stored = await runInDurableObject(env.ROLLOUT.getByName("trace_unknown"), async (_, { storage }) => [
      storage.sql.exec("SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_cf%' ESCAPE '\\'").toArray(),
      await storage.getAlarm(),
    ]);
    expect(stored).toEqual([[], null]);
  });

  test("needs the admin's token", async () => {
    const rollout = new TestRollout();
    await rollout.call("list", {});
    for (const headers of [{}, TRAINER]) {
      expect(await errorOf(request(`/rollouts/${rollout.traceId}`, { headers }))).toMatchObject({ status: 401 });
    }
  });

  test("works for every id that a trainer may send", { timeout: 30_000 }, async () => {
    const ids = fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 256, size: "max" });
    const isSegment = (id: string) => id !== "." && id !== "..";
    await fc.assert(
      fc.asyncProperty(ids.filter(isSegment), async (traceId) => {
        const rollout = new TestRollout(traceId);
        await rollout.call("list", {});
        expect(await rollout.ledger()).toMatchObject({ trace_id: traceId, calls: [{ call_id: "call_1" }] });
      }),
      {
        numRuns: 25,
        examples: [["a/b"], ["%2F"], ["a%2fb"], ["?run=x#y"], ["a b"], ["%zz"], ["__proto__"], [" "], ["\\"], ["..a"]],
      },
    );
  });

  test.each([
    ["longer than any id", "x".repeat(5_000)],
    ["not in ASCII", "trace_é😀"],
    ["a NUL", "\u0000"],
  ])("by an id that is %s finds nothing", async (_, traceId) => {
    expect(await errorOf(show(traceId))).toMatchObject({ status: 404 });
  });

  test.each(["../default", "a/b", "", "é"])("with the run %j, which no run can have, finds nothing", async (run) => {
    expect(await errorOf(show("trace_unknown", `?run=${encodeURIComponent(run)}`))).toMatchObject({ status: 404 });
  });
});

test("a ledger from before items, mistakes' kinds and evidence were kept is read, and goes on", async () => {
  const rollout = new TestRollout();
  await runInDurableObject(rollout.object, (_, { storage: { sql } }) => {
    sql.exec(`
      CREATE TABLE rollout (trace_id TEXT NOT NULL, run TEXT NOT NULL, environment TEXT NOT NULL, budget INTEGER NOT NULL,
        opened_at INTEGER NOT NULL, closed_at INTEGER);
      CREATE TABLE calls (sequence INTEGER PRIMARY KEY, call_id TEXT NOT NULL, fingerprint TEXT NOT NULL, tool TEXT NOT NULL,
        arguments TEXT NOT NULL, outcome TEXT NOT NULL, output TEXT NOT NULL, cut INTEGER NOT NULL, faults INTEGER NOT NULL,
        fault_boundary TEXT, received_at INTEGER NOT NULL, milliseconds REAL NOT NULL, UNIQUE (call_id, fingerprint));
      CREATE TABLE grades (fingerprint TEXT PRIMARY KEY, score REAL NOT NULL, value TEXT, answer TEXT NOT NULL,
        explanation TEXT NOT NULL, sub_scores TEXT NOT NULL, graded_at INTEGER NOT NULL, milliseconds REAL NOT NULL);
      CREATE TABLE refusals (reason TEXT NOT NULL, refused_at INTEGER NOT NULL);
      INSERT INTO rollout VALUES ('${rollout.traceId}', 'job-1', 'finqa', 10, 1, NULL);
      INSERT INTO calls VALUES (1, 'call_0', 'x', 'list', '{}', 'mistake', 'No.', 0, 0, NULL, 2, 3)`);
  });
  await abortAllDurableObjects();
  await outputOf(rollout.call("cat", { path: "nowhere" }, { item: { id: 7 } }));
  await scoreOf(rollout.grade("56", { id: 7, reference_answer: "56" }));
  expect(await rollout.ledger()).toMatchObject({
    run: "job-1",
    item: "7",
    calls: [
      { call_id: "call_0", mistake: null },
      { call_id: "call_1", mistake: "unknown_path" },
    ],
    grades: [{ score: 1, claims: null }],
  });
});

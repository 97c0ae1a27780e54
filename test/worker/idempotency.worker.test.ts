import { evictDurableObject } from "cloudflare:test";
import { beforeAll, describe, expect, test } from "vitest";
import { serveCorpus, textOf } from "./corpus.ts";
import { outputOf, scoreOf, takeLog, TestRollout } from "./world.ts";

beforeAll(() => serveCorpus());

const PAGE = "AAL/2010/page_72.pdf";
const OTHER = "AAL/2010/page_9.pdf";
const REUSED =
  "This call_id was used before in this rollout, for another tool or with other arguments; this call was not run. Make the call again under a new id.";
const GRADED = "The final answer of this rollout has been graded; this call was not run.";
const same = { call_id: "call_same" };

describe("the same call", () => {
  test("delivered twenty times at once is one entry, and every delivery gets its answer", async () => {
    const rollout = new TestRollout();
    const deliveries = Array.from({ length: 20 }, () => outputOf(rollout.call("cat", { path: PAGE }, same)));
    expect(new Set(await Promise.all(deliveries))).toEqual(new Set([textOf(PAGE)]));
    const { calls, calls_counted } = await rollout.ledger();
    expect([calls.length, calls_counted]).toEqual([1, 1]);
    expect(takeLog().filter(({ repeated }) => repeated === true)).toHaveLength(19);
  });

  test("delivered again after its object was evicted is answered from the ledger", async () => {
    const rollout = new TestRollout();
    const first = await outputOf(rollout.call("search", { query: "fuel" }, same));
    for (let again = 0; again < 3; again++) {
      await evictDurableObject(rollout.object);
      expect(await outputOf(rollout.call("search", { query: "fuel" }, same))).toBe(first);
    }
    expect((await rollout.ledger()).calls).toHaveLength(1);
  });

  test("delivered again after the grading gets its answer", async () => {
    const rollout = new TestRollout();
    const first = await outputOf(rollout.call("cat", { path: PAGE }, same));
    await scoreOf(rollout.grade("56 million"));
    expect(await outputOf(rollout.call("cat", { path: PAGE }, same))).toBe(first);
    expect(await outputOf(rollout.call("cat", { path: PAGE }))).toBe(GRADED);
    expect((await rollout.ledger()).calls.map(({ outcome }) => outcome)).toEqual(["ok", "mistake"]);
  });

  test.each<[string, unknown[]]>([
    ["keys in another order", ['{"query":"fuel","top_k":2}', '{"top_k":2,"query":"fuel"}']],
    ["other white space", ['{"query":"fuel"}', ' {\n"query" : "fuel" } ']],
    ["other escapes", ['{"query":"fuel"}', '{"query":"\\u0066uel"}']],
    ["an object instead of text", ['{"query":"fuel"}', { query: "fuel" }]],
    ["other spellings of a number", ['{"query":"fuel","top_k":2}', '{"query":"fuel","top_k":2.0}']],
    ["an empty text instead of an object", ["{}", ""]],
    [
      "long arguments in another order",
      [`{"query":"${"q".repeat(5_000)}","a":1}`, `{"a":1,"query":"${"q".repeat(5_000)}"}`],
    ],
  ])("is the same with %s", async (_, written) => {
    const rollout = new TestRollout();
    const outputs: string[] = [];
    for (const args of written) outputs.push(await outputOf(rollout.call("search", "", { ...same, arguments: args })));
    expect(new Set(outputs).size).toBe(1);
    expect((await rollout.ledger()).calls).toHaveLength(1);
  });

  test("is the same whatever the trainer's other fields say", async () => {
    const rollout = new TestRollout();
    await rollout.call("list", {}, { ...same, id: "fc_1", item: { question: "a" } });
    await rollout.call("list", {}, { ...same, id: "fc_2", item: { question: "b" }, extra: true });
    expect((await rollout.ledger()).calls).toHaveLength(1);
  });
});

describe("a call id that comes again", () => {
  test.each<[string, string, object]>([
    ["with other arguments", "cat", { path: OTHER }],
    ["for another tool", "list", { path: PAGE }],
    ["with arguments that are one more", "cat", { path: PAGE, offset: 0 }],
  ])("%s is a mistake, and recorded as one", async (_, tool, args) => {
    const rollout = new TestRollout();
    await rollout.call("cat", { path: PAGE }, same);
    expect(await outputOf(rollout.call(tool, args, same))).toBe(REUSED);
    expect(await outputOf(rollout.call(tool, args, same))).toBe(REUSED);
    expect(await outputOf(rollout.call("cat", { path: PAGE }, same))).toBe(textOf(PAGE));
    const { calls, calls_counted } = await rollout.ledger();
    expect(calls.map(({ call_id, outcome }) => [call_id, outcome])).toEqual([
      ["call_same", "ok"],
      ["call_same", "mistake"],
    ]);
    expect(calls_counted).toBe(2);
  });

  test("with long arguments that differ only at their end is a mistake", async () => {
    const rollout = new TestRollout();
    const long = "q".repeat(100_000);
    await rollout.call("search", { query: `${long}a` }, same);
    expect(await outputOf(rollout.call("search", { query: `${long}b` }, same))).toBe(REUSED);
  });

  test("at the same time with twenty different arguments is answered once", async () => {
    const rollout = new TestRollout();
    const outputs = await Promise.all(
      Array.from({ length: 20 }, (_, at) => outputOf(rollout.call("search", { query: `fuel ${at}` }, same))),
    );
    expect(outputs.filter((output) => output.startsWith("1. "))).toHaveLength(1);
    expect(outputs.filter((output) => output === REUSED)).toHaveLength(9);
    const { calls } = await rollout.ledger();
    expect(calls.filter(({ outcome }) => outcome === "ok")).toHaveLength(1);
  });

  test("in another rollout is another call", async () => {
    const outputs = await Promise.all(
      [PAGE, OTHER].map((path) => outputOf(new TestRollout().call("cat", { path }, same))),
    );
    expect(outputs).toEqual([textOf(PAGE), textOf(OTHER)]);
  });
});

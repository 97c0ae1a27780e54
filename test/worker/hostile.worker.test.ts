import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { limits } from "../../src/contract/limits.ts";
import { serveCorpus } from "./corpus.ts";
import { outputOf, TestRollout } from "./world.ts";

beforeAll(() => serveCorpus());

const TOOLS = ["search", "list", "cat"];

type Written = [tool: string, args: string];

/** Makes the calls of one rollout, each twice: what they were answered both times, and what the ledger has of them. */
async function deliverTwice(written: Written[]) {
  const rollout = new TestRollout();
  const outputs: [first: string, second: string][] = [];
  for (const [at, [tool, args]] of written.entries()) {
    const deliver = () => outputOf(rollout.call(tool, args, { call_id: `call_${at}` }));
    outputs.push([await deliver(), await deliver()]);
  }
  const { calls } = await rollout.ledger();
  return outputs.map(([first, second], at) => ({
    first,
    second,
    recorded: calls[at]?.output,
    outcome: calls[at]?.outcome,
  }));
}

/** The output of a call that was answered by a 200 of bounded size, the same when it came again, and recorded; else throws. */
async function outputsOf(written: Written[]): Promise<string[]> {
  return (await deliverTwice(written)).map(({ first, second, recorded, outcome }) => {
    expect([second, recorded]).toEqual([first, first]);
    expect(["ok", "mistake"]).toContain(outcome);
    return first;
  });
}

const bounded = expect.toSatisfy((output: string) => output !== "" && output.length <= limits.outputCharacters);

const longest = 500_000;
const texts: [string, string][] = [
  ["nothing but control characters", "\u0000\u0001\u001b[2J\u007f\u0085\r\n\u2028\u2029\ufeff"],
  ["a NUL inside", "AAL\u0000/2010"],
  ["a path out of the corpus", "../../../../etc/passwd"],
  ["half a megabyte of words", "fuel ".repeat(longest / 5)],
  ["half a megabyte without a break", "x".repeat(longest)],
  ["half a megabyte of slashes", `a${"/".repeat(longest)}b`],
  ["half a megabyte of dots", "../".repeat(longest / 3)],
  ["emoji", "👩‍👩‍👧‍👦🏳️‍🌈".repeat(50)],
  ["a lone high surrogate", "AAL/\ud83d"],
  ["a lone low surrogate", "\ude00".repeat(150)],
  ["combining marks", `e${"\u0301".repeat(1_000)}`],
  ["text from right to left", "\u202eנפט".repeat(20)],
  ["SQL", "'; DROP TABLE calls; --"],
  ["a pattern", "(a+)+$.*[^"],
  ["a key of every object", "__proto__"],
  ["a template", "${7*7} {{7*7}} %s %n"],
];

describe.each(TOOLS)("%s survives", (tool) => {
  test.each(texts)("%s", async (_, text) => {
    const args = JSON.stringify(tool === "search" ? { query: text } : { path: text });
    expect(await outputsOf([[tool, args]])).toEqual([bounded]);
  });
});

describe("arguments that are no JSON object are a mistake that shows the form", () => {
  const written: [string, string][] = [
    ["a word", "AAL"],
    ["a number", "5"],
    ["null", "null"],
    ["a list", '["AAL"]'],
    ["a text", '"AAL"'],
    ["two objects", "{}{}"],
    ["an unfinished object", '{"path":"AAL"'],
    ["single quotes", "{'path':'AAL'}"],
    ["not a number", '{"offset":NaN}'],
    ["a NUL", "\u0000"],
    ["a lone surrogate", "\ud83d"],
    ["deep nesting without an end", "[".repeat(400_000)],
    ["deep nesting", `${"[".repeat(200_000)}${"]".repeat(200_000)}`],
    ["half a megabyte", "x".repeat(longest)],
  ];
  test.each(written)("%s", async (_, args) => {
    const outputs = await outputsOf(TOOLS.map((tool) => [tool, args]));
    expect(outputs).toEqual(TOOLS.map((tool) => expect.stringContaining(`not a JSON object. ${tool} takes {"`)));
  });
});

describe("odd fields are a mistake that names them", () => {
  test.each([
    ["a method's name", '{"path":"AAL","toString":1}', '"toString"'],
    ["a NUL", '{"path":"AAL","\\u0000":1}', '"\\u0000"'],
    ["a name of 100 KB", `{"path":"AAL","${"k".repeat(100_000)}":1}`, `"${"k".repeat(100)}…"`],
    ["nested lists", `{"path":${"[".repeat(5_000)}${"]".repeat(5_000)}}`, '"path"'],
    ["nested objects", `{"path":${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}}`, '"path"'],
    ["infinity", '{"path":"AAL","offset":1e999}', '"offset"'],
    ["a negative number", '{"path":"AAL","offset":-1}', '"offset"'],
    ["a number that is not exact", '{"path":"AAL","offset":9007199254740993}', '"offset"'],
  ])("%s", async (_, args, named) => {
    expect(await outputsOf([["cat", args]])).toEqual([expect.stringContaining(named)]);
  });

  test("and a prototype cannot be set by one", async () => {
    expect(await outputsOf([["list", '{"__proto__":{"path":"AAL"}}']])).toEqual([expect.stringContaining("AAL/")]);
    expect({}).not.toHaveProperty("path");
  });
});

describe("any arguments at all", () => {
  const anything = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.json(),
    fc.jsonValue().map((path) => JSON.stringify({ path })),
    fc.string({ unit: "binary" }).map((query) => JSON.stringify({ query, path: query })),
    fc
      .record({ path: fc.string({ unit: fc.constantFrom("A", "L", "/", ".", "2", " ") }), offset: fc.integer() })
      .map((args) => JSON.stringify(args)),
    fc
      .record({ query: fc.string({ unit: fc.constantFrom("fuel ", "\u0000", "😀", "\ud83d") }), top_k: fc.nat(12) })
      .map((args) => JSON.stringify(args)),
  );

  test("are answered, the same twice, and recorded", { timeout: 30_000 }, async () => {
    const calls = fc.array(fc.tuple(fc.constantFrom(...TOOLS), anything), { minLength: 1, maxLength: 10, size: "max" });
    const answered = fc.asyncProperty(calls, async (written) => {
      expect(await outputsOf(written)).toEqual(written.map(() => bounded));
    });
    await fc.assert(answered, { numRuns: 25 });
  });
});

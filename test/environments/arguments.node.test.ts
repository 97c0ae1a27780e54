import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { argumentsSchema, checkArguments, quote } from "../../src/environments/arguments.ts";
import { environments } from "../../src/environments/index.ts";

const tools = environments.flatMap((environment) => environment.tools);

function check(name: string, written: unknown) {
  const tool = tools.find((candidate) => candidate.name === name);
  if (tool === undefined) throw new Error(`no tool ${name}`);
  return checkArguments(tool, written);
}

describe("arguments that fit", () => {
  test.each<[string, object, object]>([
    ["search", { query: "fuel" }, { query: "fuel", top_k: 3 }],
    ["search", { query: "fuel", top_k: 10, offset: 0 }, { query: "fuel", top_k: 10, offset: 0 }],
    ["search", { query: "" }, { query: "", top_k: 3 }],
    ["list", {}, { path: "" }],
    ["list", { path: "AAL", offset: 7 }, { path: "AAL", offset: 7 }],
    ["cat", { path: "AAL/2010/page_72.pdf" }, { path: "AAL/2010/page_72.pdf" }],
  ])("%s takes %j as %j", (tool, written, read) => {
    expect(check(tool, written)).toEqual({ ok: true, arguments: read });
  });
});

describe("a mistake says which argument, why, and the form that is expected", () => {
  const forms: Record<string, string> = {
    search: 'search takes {"query": text, at most 2000 characters',
    list: 'list takes {"path"?: text, default "" (the root)',
    cat: 'cat takes {"path": text: a page',
  };
  test.each<[string, unknown, string[]]>([
    ["search", {}, ['Argument "query"', "received undefined"]],
    ["search", { query: 5 }, ['Argument "query"', "expected string, received number"]],
    ["search", { query: null }, ['Argument "query"', "expected string, received null"]],
    ["search", { query: "q".repeat(2_001) }, ['Argument "query"', "<=2000 characters"]],
    ["search", { query: "q", top_k: 0 }, ['Argument "top_k"', ">=1"]],
    ["search", { query: "q", top_k: 11 }, ['Argument "top_k"', "<=10"]],
    ["search", { query: "q", top_k: 2.5 }, ['Argument "top_k"', "expected int"]],
    ["search", { query: "q", top_k: "3" }, ['Argument "top_k"', "expected number, received string"]],
    ["search", { query: "q", top_k: Number.POSITIVE_INFINITY }, ['Argument "top_k"', "expected"]],
    ["search", { query: "q", limit: 3 }, ['Unknown argument: "limit"']],
    ["search", { query: 5, top_k: 0, limit: 3 }, ['"query"', '"top_k"', '"limit"']],
    ["list", { path: ["AAL"] }, ['Argument "path"', "expected string, received array"]],
    ["cat", { path: "a", offset: -1 }, ['Argument "offset"', ">=0"]],
    ["cat", undefined, ["The arguments are not a JSON object."]],
  ])("%s %j", (tool, written, parts) => {
    const checked = check(tool, written);
    const message = checked.ok ? undefined : checked.message;
    for (const part of [...parts, forms[tool]]) expect(message).toContain(part);
  });

  test("in bounded, well-formed words, whatever is written", () => {
    const key = fc.string({ unit: "binary", maxLength: 300, size: "max" });
    fc.assert(
      fc.property(
        fc.constantFrom(...tools),
        fc.dictionary(key, fc.jsonValue(), { noNullPrototype: false }),
        (tool, written) => {
          const checked = checkArguments(tool, written);
          if (checked.ok) return;
          expect(checked.message.length).toBeLessThan(2_000);
          expect(checked.message.isWellFormed()).toBe(true);
          expect(checked.message).not.toMatch(/\n/);
        },
      ),
    );
  });
});

describe("a tool's JSON Schema", () => {
  test.each(tools.map((tool) => [tool.name, tool] as const))("of %s accepts what the tool accepts", (_, tool) => {
    const derived = z.fromJSONSchema(argumentsSchema(tool));
    const field = fc.oneof(fc.string(), fc.integer({ min: -2, max: 12 }), fc.constant(null), fc.double());
    const written = fc.record(
      { query: field, path: field, top_k: field, offset: field, other: field },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(written, (value) => {
        expect(derived.safeParse(value).success).toBe(checkArguments(tool, value).ok);
      }),
      { numRuns: 500 },
    );
  });

  test.each(tools.map((tool) => [tool.name, tool] as const))("of %s describes every argument", (_, tool) => {
    const { type, properties = {}, additionalProperties } = argumentsSchema(tool);
    expect({ type, additionalProperties }).toEqual({ type: "object", additionalProperties: false });
    for (const property of Object.values(properties)) expect(property).toHaveProperty("description");
  });
});

describe("a quotation", () => {
  test("is short, on one line, well-formed, and the start of the text", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("a", "😀", "\ud83d", "\n", "\0", '"'), maxLength: 300, size: "max" }),
        (text) => {
          const quoted = quote(text);
          const plain: unknown = JSON.parse(quoted);
          expect(quoted).toMatch(/^".*"$/);
          expect(text.toWellFormed().startsWith(String(plain).replace(/\ufffd?…$/, ""))).toBe(true);
          expect(String(plain).length).toBeLessThanOrEqual(101);
        },
      ),
    );
  });
});

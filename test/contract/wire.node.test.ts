import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type * as z from "zod";
import { ErrorReply, GradeReply, GradeRequest, ToolCall, ToolReply } from "../../src/contract/wire.ts";

const printable = fc.string({ unit: "grapheme-ascii", maxLength: 256, size: "max" });
const jsonObject = fc.dictionary(
  fc.string({ minLength: 1 }).filter((key) => key !== "__proto__"),
  fc.jsonValue(),
  {
    noNullPrototype: true,
  },
);
/** A field that a trainer may leave out or send as null. */
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const extras = fc.record(
  { type: fc.jsonValue(), metadata: fc.jsonValue(), toString: fc.jsonValue() },
  { requiredKeys: [] },
);

/** The first field that a schema complains of, and "" where it takes the value. */
function refusedField(schema: z.ZodType, value: unknown): string {
  return schema.safeParse(value).error?.issues[0]?.path.join(".") ?? "";
}

describe("a tool call", () => {
  const fields = fc.record(
    {
      id: optional(printable),
      call_id: optional(printable),
      trace_id: optional(printable),
      name: optional(fc.string()),
      item: optional(jsonObject),
    },
    { requiredKeys: [] },
  );
  const written = fc.oneof(fc.string({ unit: "binary" }), fc.constant(""), jsonObject);

  test("is taken with any of its fields missing or null, and with others that nobody knows", () => {
    fc.assert(
      fc.property(fields, written, extras, (known, args, unknown) => {
        const call = ToolCall.parse({ ...unknown, ...known, arguments: args });
        const { id, call_id, trace_id } = call;
        const expected = [known.id, known.call_id, known.trace_id].map((given) => given ?? "");
        expect([id, call_id, trace_id]).toEqual(expected);
        expect(call.arguments).toEqual(args);
        expect(Object.keys(unknown).filter((field) => Object.hasOwn(call, field))).toEqual([]);
      }),
    );
  });

  test.each([
    ["arguments", {}],
    ["arguments", { arguments: null }],
    ["arguments", { arguments: 5 }],
    ["arguments", { arguments: [{ query: "a" }] }],
    ["trace_id", { arguments: "{}", trace_id: 5 }],
    ["trace_id", { arguments: "{}", trace_id: "a".repeat(257) }],
    ["trace_id", { arguments: "{}", trace_id: "a\nb" }],
    ["trace_id", { arguments: "{}", trace_id: "\u0000" }],
    ["call_id", { arguments: "{}", call_id: "Ωmega" }],
    ["call_id", { arguments: "{}", call_id: "😀" }],
    ["call_id", { arguments: "{}", call_id: "\u007f" }],
    ["id", { arguments: "{}", id: {} }],
    ["name", { arguments: "{}", name: 5 }],
    ["item", { arguments: "{}", item: "row" }],
    ["item", { arguments: "{}", item: [] }],
  ])("with a wrong %s is refused by that field: %j", (field, call) => {
    expect(refusedField(ToolCall, call)).toBe(field);
  });

  test("is a JSON object", () => {
    for (const body of [null, [], "{}", 5, true, undefined]) expect(ToolCall.safeParse(body).success).toBe(false);
  });

  test("cannot reach a prototype by its keys", () => {
    const call = ToolCall.parse(
      JSON.parse('{"arguments":{"__proto__":{"query":"a"},"constructor":1},"__proto__":{"name":"cat"}}'),
    );
    expect(call.name).toBeUndefined();
    expect({}).not.toHaveProperty("query");
    expect(call.arguments).not.toHaveProperty("query");
  });
});

describe("a grading request", () => {
  const messages = fc.record(
    { content: fc.jsonValue(), role: fc.string(), tool_calls: fc.array(fc.jsonValue()) },
    { requiredKeys: [] },
  );
  const choice = fc.record(
    { index: fc.nat(), message: optional(messages), finish_reason: fc.string() },
    { requiredKeys: [] },
  );
  const sample = fc.record(
    {
      output_text: optional(fc.string({ unit: "binary" })),
      output_json: fc.jsonValue(),
      choices: optional(fc.array(choice)),
      output_tools: optional(fc.array(fc.jsonValue())),
      output_reasoning_summary: optional(fc.string()),
    },
    { requiredKeys: [] },
  );

  test("is taken with any part of its sample missing or null, and keeps its item as it is", () => {
    fc.assert(
      fc.property(sample, jsonObject, optional(printable), extras, (given, item, trace_id, unknown) => {
        const request = GradeRequest.parse({ ...unknown, sample: given, item, trace_id });
        expect(request.item).toEqual(item);
        expect(request.trace_id).toBe(trace_id ?? "");
        expect(request.sample.output_text).toBe(given.output_text);
        expect(request.sample.output_json).toEqual(given.output_json);
      }),
    );
  });

  test.each([
    ["sample", { item: {} }],
    ["sample", { sample: "56", item: {} }],
    ["sample.output_text", { sample: { output_text: 56 }, item: {} }],
    ["sample.choices", { sample: { choices: {} }, item: {} }],
    ["item", { sample: {} }],
    ["item", { sample: {}, item: null }],
    ["item", { sample: {}, item: [] }],
    ["trace_id", { sample: {}, item: {}, trace_id: "a\tb" }],
  ])("with a wrong %s is refused by that field: %j", (field, request) => {
    expect(refusedField(GradeRequest, request)).toBe(field);
  });
});

describe("an answer", () => {
  const reply = { type: "function_call_output", id: "", call_id: "", output: "" };

  test("to a call has all four fields", () => {
    expect(ToolReply.parse(reply)).toEqual(reply);
    for (const field of Object.keys(reply))
      expect(refusedField(ToolReply, { ...reply, [field]: undefined })).toBe(field);
  });

  test("to a grading is a finite number", () => {
    expect(GradeReply.parse({ score: 0.5 })).toEqual({ score: 0.5 });
    for (const score of [Number.NaN, Number.POSITIVE_INFINITY, "1", null])
      expect(refusedField(GradeReply, { score })).toBe("score");
  });

  test("that is an error has a code and a message", () => {
    const error = { code: "invalid_request", message: "item: missing.", field: "item" };
    expect(ErrorReply.parse({ error })).toEqual({ error });
    expect(refusedField(ErrorReply, { error: { code: "x" } })).toBe("error.message");
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Sample } from "../../src/contract/wire.ts";
import { checkClaims } from "../../src/worker/claims.ts";
import { callOf, ledgerOf } from "./run/summaries.ts";

/** A ledger with these calls, as `search:call_1`. */
const recorded = (...calls: string[]) =>
  ledgerOf({
    calls: calls.map((call) => {
      const [tool = "", call_id = ""] = call.split(":");
      return callOf({ tool, call_id });
    }),
  });
const TOOLS = new Set(["search", "list", "cat"]);
const claim = (sample: object, ledger: ReturnType<typeof recorded> | null) =>
  checkClaims(Sample.parse(sample), ledger, TOOLS);
const claimed = (tools: unknown[], ...calls: string[]) => claim({ output_tools: tools }, recorded(...calls));

const search1 = { type: "function_call", id: "fc_1", call_id: "call_1", name: "search", arguments: "{}" };
const search2 = { ...search1, id: "fc_2", call_id: "call_2" };
const chatCat = { id: "call_3", type: "function", function: { name: "cat", arguments: "{}" } };

describe("a sample that names its calls", () => {
  test("agrees with the ledger, in either shape", () => {
    expect(claimed([search1, chatCat], "search:call_1", "cat:call_3")).toEqual({
      claimed: 2,
      unrecorded: 0,
      unclaimed: 0,
    });
  });

  test("claims a call that the ledger has not", () => {
    expect(claimed([search1, search2], "search:call_1")).toEqual({ claimed: 2, unrecorded: 1, unclaimed: 0 });
  });

  test("does not claim a call that the ledger has", () => {
    expect(claimed([search1], "search:call_1", "cat:call_9")).toEqual({ claimed: 1, unrecorded: 0, unclaimed: 1 });
  });

  test("is compared by tool where it names no ids", () => {
    const names = [{ name: "search" }, { function: { name: "cat" } }];
    expect(claimed(names, "cat:call_1", "search:call_2")).toEqual({ claimed: 2, unrecorded: 0, unclaimed: 0 });
    expect(claimed(names, "cat:call_1", "cat:call_2")).toEqual({ claimed: 2, unrecorded: 1, unclaimed: 1 });
  });

  test("is compared by tool where its ids are of another kind than the ledger's", () => {
    const others = [
      { id: "x_1", name: "search" },
      { id: "x_2", name: "cat" },
    ];
    expect(claimed(others, "search:call_1", "cat:call_2")).toEqual({ claimed: 2, unrecorded: 0, unclaimed: 0 });
  });

  test("does not match another call of the same tool where ids are known", () => {
    expect(claimed([search1, search2], "search:call_1", "search:call_7")).toEqual({
      claimed: 2,
      unrecorded: 1,
      unclaimed: 1,
    });
  });

  test("claims a call under an id that was used twice", () => {
    expect(claimed([search1, search1], "search:call_1", "cat:call_1")).toEqual({
      claimed: 2,
      unrecorded: 0,
      unclaimed: 0,
    });
  });

  test("claims calls of a rollout without a ledger", () => {
    expect(claim({ output_tools: [search1] }, null)).toEqual({ claimed: 1, unrecorded: 1, unclaimed: 0 });
  });

  test("may name them in its choices", () => {
    const choices = [{ message: { content: null, tool_calls: [chatCat] } }];
    expect(claim({ choices, output_tools: [] }, recorded("cat:call_3"))).toEqual({
      claimed: 1,
      unrecorded: 0,
      unclaimed: 0,
    });
  });

  test("may hold anything in place of a call", () => {
    const odd = [null, 5, "search", [], {}, { function: null }, { id: 7, name: {} }];
    expect(claimed(odd, "search:call_1")).toEqual({ claimed: 7, unrecorded: 0, unclaimed: 1 });
  });

  test("may hold calls of other tools, of the trainer's or of the model's invention, which no ledger has", () => {
    const other = { id: "x_9", name: "python" };
    expect(claimed([search1, other], "search:call_1")).toEqual({ claimed: 2, unrecorded: 0, unclaimed: 0 });
    expect(claimed([search1, search2, other], "search:call_1")).toMatchObject({ claimed: 3, unrecorded: 1 });
    // Where every tool is called by its name, the ledger has the invented ones, too.
    expect(claimed([search1, other], "search:call_1", "python:x_9")).toEqual({
      claimed: 2,
      unrecorded: 0,
      unclaimed: 0,
    });
  });

  test("may name the last ones only in its choices, which is no sign of the others", () => {
    const choices = [{ message: { content: null, tool_calls: [chatCat] } }];
    const all = recorded("search:call_1", "search:call_2", "cat:call_3");
    expect(claim({ choices }, all)).toEqual({ claimed: 1, unrecorded: 0, unclaimed: 0 });
    expect(claim({ choices }, recorded("search:call_1"))).toEqual({ claimed: 1, unrecorded: 1, unclaimed: 0 });
  });
});

test.each([
  {},
  { output_tools: null },
  { output_tools: [] },
  { output_tools: {} },
  { output_tools: "[]" },
  { choices: [{ message: { content: "56" } }, { message: null }, {}] },
  { choices: [{ message: { tool_calls: "none" } }] },
])("%j claims nothing", (sample) => {
  expect(claim(sample, recorded("search:call_1"))).toBeNull();
});

test("every claim and every call is counted once", () => {
  const id = fc.constantFrom("", "call_1", "call_2", "call_3");
  const tool = fc.constantFrom("search", "cat");
  const claims = fc.array(fc.record({ call_id: id, name: tool }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(
      claims,
      fc.array(fc.tuple(tool, fc.constantFrom("call_1", "call_2", "call_3")), { maxLength: 6 }),
      (those, calls) => {
        const found = claimed(those, ...calls.map((parts) => parts.join(":")));
        const matched = those.length - (found?.unrecorded ?? 0);
        expect(found?.claimed).toBe(those.length);
        expect(matched + (found?.unclaimed ?? 0)).toBe(calls.length);
        expect(matched).toBeGreaterThanOrEqual(0);
      },
    ),
  );
});

/** The wire contract's sentences, one test each: what a trainer sends, what it gets, and what every status means. */
import { describe, expect, inject, test } from "vitest";
import { bearer, Client, errorOf, newTraceId, replyOf, scoreOf } from "./deployment.ts";

const client = new Client(inject("deployment"));
const { trainer, admin } = client.deployment;
const list = { arguments: "{}" };

describe("a tool's reply", () => {
  test("always has all four fields, with the ids echoed, and no other", async () => {
    const ids = { id: "fc_7", call_id: "call_7" };
    const answer = await client.call("list", { type: "function_call", ...ids, trace_id: newTraceId(), ...list });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("Content-Type")).toMatch(/^application\/json/);
    expect(JSON.parse(answer.text)).toStrictEqual({ type: "function_call_output", ...ids, output: expect.any(String) });
  });

  test.each([{}, { id: null, call_id: null, trace_id: null }, { id: "", call_id: "", trace_id: "" }])(
    'echoes "" for an id that is absent: %o',
    async (ids) => {
      expect(replyOf(await client.call("list", { ...ids, ...list }))).toMatchObject({ id: "", call_id: "" });
    },
  );
});

describe("a tool call", () => {
  test("has arguments that are a JSON string; an object is accepted too", async () => {
    const { directory } = await client.somePage();
    const ofText = replyOf(await client.call("list", { arguments: JSON.stringify({ path: directory }) }));
    const ofObject = replyOf(await client.call("list", { arguments: { path: directory } }));
    expect(ofObject).toEqual(ofText);
  });

  test("without trace_id is served and simply not recorded", async () => {
    const callId = `call_${newTraceId()}`;
    expect(replyOf(await client.call("list", { call_id: callId, ...list })).call_id).toBe(callId);
    const again = replyOf(await client.call("list", { call_id: callId, arguments: '{"path":"no/such/place"}' }));
    expect(again.output).toMatch(/nothing has the path/i);
  });

  test("may have fields that are unknown here", async () => {
    const extra = { status: "completed", namespace: null, metadata: { step: 3 } };
    expect(replyOf(await client.call("list", { ...extra, ...list })).output).not.toBe("");
  });

  test("goes to its tool's URL, or to the common one, where its name decides", async () => {
    const own = replyOf(await client.call("list", list));
    expect(replyOf(await client.post("/finqa/tools", { name: "list", ...list }))).toEqual(own);
  });

  test("on its tool's URL runs that tool, whatever name it has", async () => {
    const own = replyOf(await client.call("list", list));
    expect(replyOf(await client.call("list", { name: "functions.list", ...list }))).toEqual(own);
  });

  test("has an item, which holds the reference answer: no tool or ledger shows it", async () => {
    const traceId = newTraceId();
    const item = { question: "?", reference_answer: "$ 987654321.5" };
    const answer = await client.call("search", {
      trace_id: traceId,
      call_id: "call_1",
      arguments: '{"query":"revenue"}',
      item,
    });
    expect(answer.text).not.toContain("987654321");
    expect(JSON.stringify(await client.ledger(traceId))).not.toContain("987654321");
  });
});

describe("a mistake of the model is a 200 whose output says what was wrong and how to call the tool properly", () => {
  test.each([
    ["an unknown path", "cat", { path: "NOBODY/1999/page_1.pdf" }, /nothing has the path "NOBODY\/1999\/page_1.pdf"/i],
    ["no path", "cat", {}, /path/],
    ["an empty query", "search", { query: "  " }, /query/],
    ["a query that is no text", "search", { query: 7 }, /query/],
    ["too many pages", "search", { query: "revenue", top_k: 11 }, /top_k/],
    ["an unknown argument", "list", { directory: "" }, /directory.*path/s],
    ["arguments that are no JSON", "search", '{"query": ', /JSON/],
    ["arguments that are no object", "search", '["revenue"]', /JSON object/],
    ["an offset past the end", "list", { offset: 10_000_000 }, /offset/],
  ])("%s", async (_, tool, args, message) => {
    expect(replyOf(await client.call(tool, { arguments: args })).output).toMatch(message);
  });

  test("a directory given to cat, and a page given to list", async () => {
    const { path, directory } = await client.somePage();
    expect(await client.output("cat", { path: directory })).toMatch(/is a directory.*list \{"path":/s);
    expect(await client.output("list", { path })).toMatch(/is a page.*cat \{"path":/s);
  });

  test("an unknown path is answered with the nearest ones that exist", async () => {
    const { path } = await client.somePage();
    expect(await client.output("cat", { path: path.toLowerCase().replace("page_", "page") })).toContain(path);
  });

  test("a name that is no tool, on the common URL", async () => {
    const answer = await client.post("/finqa/tools", { name: "grep", ...list });
    expect(replyOf(answer).output).toMatch(/search, list, cat/);
  });
});

describe("a person's mistake is a 4xx that says what to mend", () => {
  test.each([
    ["malformed JSON", "{", "body"],
    ["no JSON object", "[]", "body"],
    ["no arguments", {}, "arguments"],
    ["arguments of another type", { arguments: 7 }, "arguments"],
    ["an id that is no text", { trace_id: 7, ...list }, "trace_id"],
    ["an id of 300 characters", { call_id: "x".repeat(300), ...list }, "call_id"],
  ])("400 for %s, naming the field", async (_, body, field) => {
    expect(errorOf(await client.post("/finqa/tools/list", body))).toMatchObject({ status: 400, field });
  });

  test("400 for a call without a name on the common URL", async () => {
    expect(errorOf(await client.post("/finqa/tools", list))).toMatchObject({ status: 400, field: "name" });
  });

  test.each(["text/plain", "application/x-www-form-urlencoded", ""])("400 for the content type %j", async (type) => {
    const answer = await client.call("list", list, { "Content-Type": type });
    expect(errorOf(answer)).toMatchObject({ status: 400, field: "Content-Type" });
  });

  test("400 for a run name that could not be a part of a storage key", async () => {
    const answer = await client.call("list", list, { "X-Run": "../other" });
    expect(errorOf(answer)).toMatchObject({ status: 400, field: "X-Run" });
  });

  test("413 for a body over 1 MB, and not for one of 1 MB", async () => {
    const padded = (bytes: number) => {
      const text = JSON.stringify({ ...list, padding: "" });
      return text.replace('""', `"${"x".repeat(bytes - text.length)}"`);
    };
    expect(errorOf(await client.post("/finqa/tools/list", padded(1_000_001)))).toMatchObject({ status: 413 });
    expect(errorOf(await client.post("/finqa/grade", padded(1_000_001)))).toMatchObject({ status: 413 });
    expect((await client.post("/finqa/tools/list", padded(1_000_000))).status).toBe(200);
  });

  test.each([
    "/finqa/tools/grep",
    "/nowhere/tools/list",
    "/nowhere/tools",
    "/nowhere/grade",
    "/finqa",
    "/finqa/tools/list/x",
  ])("404 for %s", async (path) => {
    expect(errorOf(await client.post(path, list)).status).toBe(404);
  });

  test.each(["GET", "PUT", "DELETE", "PATCH", "OPTIONS"])("405 for %s, which says that POST it is", async (method) => {
    for (const path of ["/finqa/tools/list", "/finqa/tools", "/finqa/grade"]) {
      const answer = await client.request(path, { method, headers: bearer(trainer) });
      expect(errorOf(answer).status).toBe(405);
      expect(answer.headers.get("Allow")).toBe("POST");
    }
  });
});

describe("who may call", () => {
  const routes = ["/finqa/tools/list", "/finqa/tools", "/finqa/grade"];

  test.each(routes)("%s needs the trainer's token", async (path) => {
    const headers = { "Content-Type": "application/json" };
    for (const wrong of [{}, bearer("wrong"), bearer(admin), { Authorization: trainer }, bearer(`${trainer}x`)]) {
      const answer = await client.request(path, { method: "POST", headers: { ...headers, ...wrong }, body: "{}" });
      expect(errorOf(answer).status).toBe(401);
    }
  });

  test("tokens are taken as a bearer or in X-Functions-Key", async () => {
    const headers = { "X-Functions-Key": trainer, "Content-Type": "application/json" };
    const answer = await client.request("/finqa/tools/list", { method: "POST", headers, body: JSON.stringify(list) });
    expect(answer.status).toBe(200);
  });

  test("a ledger needs the admin's token", async () => {
    for (const headers of [{}, bearer(trainer)]) {
      expect(errorOf(await client.request(`/rollouts/${newTraceId()}`, { headers })).status).toBe(401);
    }
    const unknown = await client.request(`/rollouts/${newTraceId()}`, { headers: bearer(admin) });
    expect(errorOf(unknown).status).toBe(404);
  });

  test("health and reference are open, and health says that index and bindings are usable", async () => {
    const health = await client.request("/healthz");
    expect(health.status).toBe(200);
    expect(JSON.parse(health.text)).toMatchObject({ ok: true, indexes: { finqa: { documents: expect.any(Number) } } });
    expect(health.text).not.toContain(trainer);
    expect(JSON.parse((await client.request("/openapi.json")).text)).toHaveProperty("paths./finqa/grade");
    const docs = (await client.request("/docs")).text;
    for (const shown of ["/finqa/tools/search", "/code-planning/tools/shell", "edited_files", "may make 30 calls"])
      expect(docs).toContain(shown);
  });
});

describe("a grading", () => {
  test("is answered with a score and nothing else", async () => {
    const answer = await client.grade("56", "56", newTraceId());
    expect(JSON.parse(answer.text)).toStrictEqual({ score: 1 });
  });

  test.each([
    ["$56,000,000", "$ 56 million", 1],
    ["0.07", "7%", 1],
    ["93.5%", "0.93456", 0.5],
    ["57", "56", 0],
    ["it is 56", "56", 0],
    ["NaN", "56", 0],
    ["", "56", 0],
    ["Yes", "yes", 1],
  ])("scores %j for the reference %j: %d", async (answer, reference, score) => {
    expect(scoreOf(await client.grade(answer, reference))).toBe(score);
  });

  test("takes output_text alone, output_json alone, or the choices alone", async () => {
    const item = { reference_answer: "56" };
    const message = { role: "assistant", content: "56", tool_calls: [] };
    for (const sample of [
      { output_text: "56" },
      { output_json: { answer: 56 } },
      { choices: [{ index: 0, message, finish_reason: "stop" }] },
    ]) {
      expect(scoreOf(await client.post("/finqa/grade", { sample, item }))).toBe(1);
    }
  });

  test.each([{}, { reference_answer: null }, { reference_answer: "about right" }])(
    "of a row that cannot be graded is our fault, a 5xx that says why and is no score: %o",
    async (item) => {
      const error = errorOf(await client.post("/finqa/grade", { sample: { output_text: "56" }, item }));
      expect(error.status).toBe(500);
      expect(error.message).toContain("reference_answer");
    },
  );

  test.each([{ item: {} }, { sample: { output_text: "56" } }, { sample: {}, item: { reference_answer: "56" } }])(
    "without sample or item is a 400: %o",
    async (body) => {
      expect(errorOf(await client.post("/finqa/grade", body)).status).toBe(400);
    },
  );

  test("is not slow, thrown off or fooled by what a model writes", async () => {
    for (const answer of ["9".repeat(900_000), "1e999999999", "-".repeat(100_000), "\u0000\u{1D7D8}٣", "Infinity"]) {
      expect(scoreOf(await client.grade(answer, "56"))).toBe(0);
    }
  });
});

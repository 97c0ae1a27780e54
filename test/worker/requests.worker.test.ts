import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { limits } from "../../src/contract/limits.ts";
import { serveCorpus } from "./corpus.ts";
import { errorOf, outputOf, post, request, requestWith, TestRollout, TRAINER } from "./world.ts";

beforeAll(() => serveCorpus());

const JSON_TYPE = { "Content-Type": "application/json" };
const SEARCH = "/finqa/tools/search";
const ROUTES = [SEARCH, "/finqa/tools", "/finqa/grade"];
const call = { name: "search", arguments: '{"query":"fuel"}' };
const grading = { sample: { output_text: "56" }, item: { reference_answer: "56" } };
/** A body that any trainer route takes. */
const body = { ...call, ...grading };

/** `body` with a field that makes it so many bytes long. */
function bodyOf(bytes: number): string {
  const padding = bytes - JSON.stringify({ ...body, padding: "" }).length;
  return JSON.stringify({ ...body, padding: "x".repeat(padding) });
}

/** A request body that comes in chunks, without a Content-Length. */
function chunked(text: string, chunkBytes = 50_000): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      controller.enqueue(bytes.subarray(at, (at += chunkBytes)));
      if (at >= bytes.length) controller.close();
    },
  });
}

describe.each(ROUTES)("a request to %s", (path) => {
  test.each(["application/json", "application/json; charset=utf-8", "APPLICATION/JSON", "application/vnd.api+json"])(
    "of the type %s is read",
    async (type) => {
      expect((await post(path, body, { "Content-Type": type })).status).toBe(200);
    },
  );

  test.each(["text/plain", "application/jsonp", "application/x-www-form-urlencoded", "multipart/form-data", "json"])(
    "of the type %s is refused by that field",
    async (type) => {
      const error = await errorOf(post(path, body, { "Content-Type": type }));
      expect(error).toMatchObject({ status: 400, code: "invalid_request", field: "Content-Type" });
    },
  );

  test.each(["", "{", "{}}", "{'a':1}", '{"arguments":"{}"', "\u0000", "undefined", "NaN"])(
    "with the malformed body %j is refused by that field",
    async (text) => {
      expect(await errorOf(post(path, text))).toMatchObject({ status: 400, field: "body" });
    },
  );

  test.each(["null", "[]", "5", '"{}"'])("with the body %s, which is no object, is refused", async (text) => {
    expect(await errorOf(post(path, text))).toMatchObject({ status: 400, field: "body" });
  });

  test("of a content type that it does not say is refused", async () => {
    const bytes = new TextEncoder().encode(JSON.stringify(body));
    const response = request(path, { method: "POST", headers: TRAINER, body: bytes });
    expect(await errorOf(response)).toMatchObject({ status: 400, field: "Content-Type" });
  });

  test("may have a million bytes and not one more, with a Content-Length or without", async () => {
    const largest = bodyOf(limits.bodyBytes);
    const headers = { ...TRAINER, ...JSON_TYPE };
    expect((await post(path, largest)).status).toBe(200);
    expect((await request(path, { method: "POST", headers, body: chunked(largest) })).status).toBe(200);
    expect(await errorOf(post(path, `${largest} `))).toMatchObject({ status: 413, code: "too_large" });
    const tooLarge = chunked(`${largest} `);
    expect(await errorOf(request(path, { method: "POST", headers, body: tooLarge }))).toMatchObject({ status: 413 });
  });

  test("counts bytes, not characters, and is refused for its size before it is parsed", async () => {
    expect(await errorOf(post(path, "é".repeat(limits.bodyBytes / 2 + 1)))).toMatchObject({ status: 413 });
    expect(await errorOf(post(path, "{".repeat(limits.bodyBytes + 1)))).toMatchObject({ status: 413 });
    const untyped = post(path, "x".repeat(limits.bodyBytes + 1), { "Content-Type": "text/plain" });
    expect(await errorOf(untyped)).toMatchObject({ status: 413 });
  });

  test("that never ends is answered once it is too large", async () => {
    const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(100_000).fill(32)) });
    const response = requestWith(env, path, { method: "POST", headers: { ...TRAINER, ...JSON_TYPE }, body: endless });
    expect(await errorOf(response)).toMatchObject({ status: 413 });
  });

  test.each(["GET", "PUT", "DELETE", "PATCH", "OPTIONS"])("by %s is told to POST", async (method) => {
    const response = await request(path, { method, headers: TRAINER });
    expect(response.headers.get("Allow")).toBe("POST");
    expect(await errorOf(response)).toMatchObject({ status: 405, code: "method_not_allowed" });
  });

  test("by HEAD has the status of a GET and no body", async () => {
    const response = await request(path, { method: "HEAD", headers: TRAINER });
    expect([response.status, await response.text()]).toEqual([405, ""]);
  });

  test.each(["", " ", "a b", "../x", "-a", "a/b", "a,b", "é", "a".repeat(101)])(
    "with the run %j is refused by that field",
    async (run) => {
      expect(await errorOf(post(path, body, { "X-Run": encodeURI(run) }))).toMatchObject({
        status: 400,
        field: "X-Run",
      });
    },
  );
});

describe("a field that has a wrong shape is named", () => {
  test.each([
    [SEARCH, {}, "arguments"],
    [SEARCH, { arguments: null }, "arguments"],
    [SEARCH, { arguments: 5 }, "arguments"],
    [SEARCH, { arguments: [] }, "arguments"],
    [SEARCH, { ...call, trace_id: 5 }, "trace_id"],
    [SEARCH, { ...call, trace_id: "trace_é" }, "trace_id"],
    [SEARCH, { ...call, call_id: "a".repeat(257) }, "call_id"],
    [SEARCH, { ...call, item: 5 }, "item"],
    ["/finqa/tools", { arguments: "{}" }, "name"],
    ["/finqa/tools", { arguments: "{}", name: null }, "name"],
    ["/finqa/tools", { arguments: "{}", name: 5 }, "name"],
    ["/finqa/grade", {}, "sample"],
    ["/finqa/grade", { ...grading, sample: {} }, "sample"],
    ["/finqa/grade", { ...grading, sample: { choices: null } }, "sample"],
    ["/finqa/grade", { ...grading, sample: { output_text: 5 } }, "sample.output_text"],
    ["/finqa/grade", { sample: grading.sample }, "item"],
    ["/finqa/grade", { ...grading, trace_id: {} }, "trace_id"],
  ])("%s %j → %s", async (path, json, field) => {
    const error = await errorOf(post(path, json));
    expect(error).toMatchObject({ status: 400, field });
    expect(error.message).toMatch(new RegExp(`^${field}: `));
  });
});

describe("a path that leads nowhere is a 404", () => {
  test.each([
    ["/finqa/tools/shell"],
    ["/finqa/tools/__proto__"],
    ["/finqa/tools/search/"],
    ["/finqa/tools/search%2F"],
    ["/finqa/tools/Search"],
    ["/finqa/tools/%zz"],
    ["/finqa/tools/"],
    ["/FINQA/tools/search"],
    ["/constructor/tools/search"],
    ["/unknown/tools"],
    ["/unknown/grade"],
    ["//finqa/grade"],
    ["/finqa"],
    ["/"],
    ["/rollouts"],
  ])("%s", async (path) => {
    expect(await errorOf(post(path, body))).toMatchObject({ status: 404, code: "not_found" });
  });
});

test("one URL for all tools goes by the call's name, and the model is told of a name that no tool has", async () => {
  const rollout = new TestRollout();
  const dispatch = (name: string, call_id: string) =>
    post("/finqa/tools", { name, call_id, trace_id: rollout.traceId, arguments: '{"path":""}' });
  expect(await outputOf(dispatch("list", "call_1"))).toContain("AAL/");
  expect(await outputOf(dispatch("cat", "call_2"))).toContain("is a directory");
  for (const name of ["shell", "", "__proto__", "x".repeat(5_000)]) {
    expect(await outputOf(dispatch(name, `call_${name.length}_${name.slice(0, 9)}`))).toBe(
      "There is no such tool. The tools are: search, list, cat.",
    );
  }
  const { calls } = await rollout.ledger();
  expect(calls.map(({ outcome }) => outcome)).toEqual(["ok", "mistake", "mistake", "mistake", "mistake", "mistake"]);
  expect(calls.at(-1)?.tool.length).toBeLessThan(200);
});

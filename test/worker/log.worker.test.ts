import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Manifest } from "../../src/contract/manifest.ts";
import { gone, spoil } from "./bucket.ts";
import { objectKey, serveCorpus } from "./corpus.ts";
import { ADMIN, post, request, restartWorker, takeLog, TestRollout, TRAINER } from "./world.ts";

let manifest: Manifest;
beforeAll(async () => {
  manifest = await serveCorpus();
});
beforeEach(() => void takeLog());

/** In every place where something stands that no log may hold. */
const SECRET = "hush-4711";
const secretItem = { reference_answer: "98765.4711", question: SECRET };
const secretCall = { call_id: "call_1", item: secretItem };
const rollout = new TestRollout("trace_log", { "X-Run": "run-1", "X-Secret": SECRET, Cookie: SECRET });
const secretPath = `AA/2012/page_7.pdf?${SECRET}`;

const requests: [string, Record<string, unknown>, () => Promise<Response>][] = [
  [
    "a call",
    { route: "tool", run: "run-1", trace_id: "trace_log", outcome: "ok", repeated: false, status: 200 },
    () => rollout.call("cat", { path: "AA/2012/page_7.pdf" }, secretCall),
  ],
  [
    "the same call again",
    { route: "tool", outcome: "ok", repeated: true, status: 200 },
    () => rollout.call("cat", { path: "AA/2012/page_7.pdf" }, secretCall),
  ],
  ["a search", { route: "tool", outcome: "ok", status: 200 }, () => rollout.call("search", { query: SECRET })],
  [
    "a mistaken path",
    { route: "tool", outcome: "mistake", status: 200 },
    () => rollout.call("cat", { path: secretPath }),
  ],
  [
    "an unknown argument",
    { route: "tool", outcome: "mistake", status: 200 },
    () => rollout.call("cat", { [SECRET]: 1 }),
  ],
  [
    "an unknown tool",
    { route: "tool", outcome: "mistake", status: 200 },
    () => post("/finqa/tools", { name: SECRET, arguments: "{}" }),
  ],
  [
    "a grading",
    { route: "grade", run: "run-1", trace_id: "trace_log", outcome: "graded", repeated: false, status: 200 },
    () => rollout.grade(SECRET, secretItem),
  ],
  [
    "the same grading again",
    { route: "grade", outcome: "graded", repeated: true, status: 200 },
    () => rollout.grade(SECRET, secretItem),
  ],
  [
    "an unusable item",
    { route: "grade", outcome: "unscored", status: 500 },
    () => new TestRollout().grade(SECRET, { reference_answer: SECRET }),
  ],
  ["a late call", { route: "tool", outcome: "mistake", status: 200 }, () => rollout.call("search", { query: SECRET })],
  [
    "a wrong token",
    { route: "tool", outcome: "refused", status: 401 },
    () => post("/finqa/tools/cat", {}, { Authorization: `Bearer ${SECRET}` }),
  ],
  ["malformed JSON", { route: "tool", outcome: "refused", status: 400 }, () => post("/finqa/tools/cat", `{"${SECRET}`)],
  [
    "a wrong shape",
    { route: "grade", outcome: "refused", status: 400 },
    () => post("/finqa/grade", { sample: SECRET, item: secretItem }),
  ],
  [
    "a wrong run",
    { route: "tool", outcome: "refused", status: 400 },
    () => post("/finqa/tools/cat", {}, { "X-Run": `${SECRET}/` }),
  ],
  [
    "a wrong type",
    { route: "tool", outcome: "refused", status: 400 },
    () => post("/finqa/tools/cat", SECRET, { "Content-Type": `text/${SECRET}` }),
  ],
  [
    "too large a body",
    { route: "tool", outcome: "refused", status: 413 },
    () => post("/finqa/tools/cat", SECRET.repeat(200_000)),
  ],
  ["an unknown route", { route: "none", outcome: "refused", status: 404 }, () => request(`/${SECRET}?token=${SECRET}`)],
  [
    "a wrong method",
    { route: "none", outcome: "refused", status: 405 },
    () => request(`/finqa/grade?token=${SECRET}`, { headers: TRAINER }),
  ],
  [
    "HEAD",
    { route: "none", outcome: "refused", status: 405 },
    () => request(`/finqa/grade`, { method: "HEAD", headers: TRAINER }),
  ],
  [
    "a ledger",
    { route: "rollout", trace_id: "trace_log", status: 200 },
    () => request(`/rollouts/trace_log?run=${SECRET}`, { headers: ADMIN }),
  ],
  [
    "an unknown ledger",
    { route: "rollout", outcome: "refused", status: 404 },
    () => request("/rollouts/trace_none", { headers: ADMIN }),
  ],
  ["a health check", { route: "healthz", status: 200 }, () => request(`/healthz?${SECRET}`)],
  ["the document", { route: "openapi", status: 200 }, () => request(`/openapi.json?${SECRET}`)],
  ["the page", { route: "docs", status: 200 }, () => request(`/docs?${SECRET}`)],
];

const FIELDS = new Set([
  "route",
  "run",
  "trace_id",
  "outcome",
  "repeated",
  "in_ledger",
  "status",
  "milliseconds",
  "fault",
]);
const secrets = [SECRET, "4711", "alumina", "9295", "Bearer", "trainer-", "admin-"];

describe("one line is logged, without what is nobody's business, of", () => {
  test.each(requests)("%s", async (_, line, send) => {
    const response = await send();
    await response.text();
    const log = takeLog();
    expect(log).toEqual([{ ...log[0], ...line, milliseconds: expect.any(Number) }]);
    expect(response.status).toBe(line["status"]);
    expect(Object.keys(log[0] ?? {}).filter((field) => !FIELDS.has(field))).toEqual([]);
    for (const secret of secrets) expect(JSON.stringify(log)).not.toContain(secret);
  });

  test("a fault, with the correlation id of its answer", async () => {
    await spoil(objectKey(manifest, "documents-000.bin"), gone);
    await restartWorker();
    const failed = await new TestRollout().call("search", { query: `alumina ${SECRET}` }, secretCall);
    const { error } = await failed.json<{ error: { correlation_id: string } }>();
    const log = takeLog();
    expect(log).toMatchObject([{ status: 503, fault: { boundary: "index", correlation_id: error.correlation_id } }]);
    for (const secret of secrets) expect(JSON.stringify(log)).not.toContain(secret);
  });
});

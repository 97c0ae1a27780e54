import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test, vi } from "vitest";
import * as z from "zod";
import { manifestKey } from "../../src/contract/repository.ts";
import { argumentsSchema } from "../../src/environments/arguments.ts";
import { environments } from "../../src/environments/index.ts";
import { serveCorpus } from "./corpus.ts";
import { ADMIN, outputOf, post, request, scoreOf, TestRollout, TRAINER } from "./world.ts";

beforeAll(() => serveCorpus());

const Schema = z.record(z.string(), z.unknown());
const Content = z.object({ content: z.object({ "application/json": z.object({ schema: Schema }) }) });
const Operation = z.object({
  summary: z.string().min(1),
  requestBody: Content.optional(),
  responses: z.record(z.string().regex(/^[2-5]\d\d$/), z.object({ description: z.string().min(1) }).loose()),
  security: z.array(z.partialRecord(z.enum(["trainer", "admin"]), z.array(z.string()))),
});
const Document = z.object({
  openapi: z.literal("3.1.0"),
  tags: z.array(z.object({ name: z.string(), description: z.string() })),
  info: z.object({ title: z.literal("edgegym"), version: z.string() }),
  paths: z.record(z.string().startsWith("/"), z.partialRecord(z.enum(["get", "post"]), Operation)),
  components: z.object({ securitySchemes: z.object({ trainer: z.unknown(), admin: z.unknown() }) }),
});

/** Every operation of the served document. */
async function operations() {
  const document = Document.parse(await (await request("/openapi.json")).json());
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
}

async function requestSchema(path: string) {
  const found = (await operations()).find((operation) => operation.path === path);
  return found?.operation.requestBody?.content["application/json"].schema ?? {};
}

describe("/openapi.json", () => {
  test("names every route there is", async () => {
    expect((await operations()).map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual([
      "GET /docs",
      "GET /healthz",
      "GET /openapi.json",
      "GET /rollouts/{trace_id}",
      "GET /runs",
      "GET /runs/{run}",
      "GET /runs/{run}/rollouts",
      "POST /code-planning/grade",
      "POST /code-planning/tools",
      "POST /code-planning/tools/read_file",
      "POST /code-planning/tools/shell",
      "POST /finqa/grade",
      "POST /finqa/tools",
      "POST /finqa/tools/cat",
      "POST /finqa/tools/list",
      "POST /finqa/tools/search",
      "POST /runs/{run}/rebuild",
    ]);
  });

  test("names only routes that there are, each with the statuses that it answers", async () => {
    await new TestRollout("trace_documented", { "X-Run": "documented" }).call("list", {});
    await vi.waitUntil(async () => (await request("/runs/documented", { headers: ADMIN })).ok, { timeout: 5_000 });
    for (const { method, path, operation } of await operations()) {
      const [role] = operation.security.flatMap(Object.keys);
      const filled = path.replace("{trace_id}", "trace_documented").replace("{run}", "documented");
      const answered = await request(filled, { method, headers: role === "trainer" ? TRAINER : ADMIN });
      const anonymous = await request(filled, { method });
      expect({ path, answered: answered.status, anonymous: anonymous.status }).toEqual({
        path,
        answered: method === "GET" ? 200 : 400,
        anonymous: role === undefined ? 200 : 401,
      });
      const statuses = Object.keys(operation.responses);
      expect(statuses).toEqual(expect.arrayContaining([String(answered.status), String(anonymous.status)]));
    }
  });

  const call = {
    id: "fc_1",
    call_id: "call_1",
    trace_id: "trace_1",
    name: "search",
    item: { a: 1 },
    type: "function_call",
  };
  const grading = { sample: { output_text: "56" }, item: { reference_answer: "56" } };
  test.each<[string, object]>([
    ["/finqa/tools/search", { ...call, arguments: '{"query":"fuel"}' }],
    ["/finqa/tools/search", { ...call, arguments: { query: "fuel", top_k: 2 } }],
    ["/finqa/tools/search", { arguments: "{}" }],
    ["/finqa/tools/search", { trace_id: null, call_id: null, id: null, name: null, item: null, arguments: "" }],
    ["/finqa/tools/search", call],
    ["/finqa/tools/search", { ...call, arguments: 5 }],
    ["/finqa/tools/search", { ...call, arguments: "{}", trace_id: 5 }],
    ["/finqa/tools/search", { ...call, arguments: "{}", trace_id: "é" }],
    ["/finqa/tools/search", { ...call, arguments: "{}", call_id: "a".repeat(257) }],
    ["/finqa/tools/search", { ...call, arguments: "{}", item: [] }],
    ["/finqa/tools", { ...call, arguments: '{"query":"fuel"}' }],
    ["/finqa/tools", { ...call, arguments: "{}", name: 5 }],
    ["/finqa/tools", { arguments: "{}" }],
    ["/finqa/grade", grading],
    [
      "/finqa/grade",
      { sample: { output_text: null, choices: [{ message: { content: "56" } }] }, item: { reference_answer: 56 } },
    ],
    ["/finqa/grade", { ...grading, trace_id: "" }],
    ["/finqa/grade", { ...grading, trace_id: 5 }],
    ["/finqa/grade", { ...grading, sample: { output_text: 5 } }],
    ["/finqa/grade", { sample: grading.sample }],
  ])("has a schema for %s that says of %j what the route says", async (path, body) => {
    const schema = z.fromJSONSchema(await requestSchema(path));
    expect(schema.safeParse(body).success).toBe((await post(path, body)).status === 200);
  });

  test("has each tool's arguments as the tool declares them", async () => {
    for (const { name, tools } of environments) {
      for (const tool of tools) {
        const { properties } = await requestSchema(`/${name}/tools/${tool.name}`);
        expect(properties).toMatchObject({ arguments: { anyOf: [argumentsSchema(tool), { type: "string" }] } });
      }
    }
  });

  test("describes the replies that there are", async () => {
    const rollout = new TestRollout();
    await outputOf(rollout.call("list", {}));
    await scoreOf(rollout.grade("56"));
    const replies: Record<string, unknown> = {
      "/finqa/tools/list": await (await rollout.call("list", {})).json(),
      "/finqa/grade": { score: 0.5 },
      "/rollouts/{trace_id}": await rollout.ledger(),
      "/runs/{run}/rollouts": await (await request("/runs/documented/rollouts", { headers: ADMIN })).json(),
    };
    const described = (await operations()).filter(({ path }) => path in replies);
    expect(described).toHaveLength(4);
    for (const { path, operation } of described) {
      const { schema } = Content.parse(operation.responses["200"]).content["application/json"];
      expect(z.fromJSONSchema(schema).safeParse(replies[path]).error).toBeUndefined();
    }
  });
});

describe("/docs", () => {
  test("is a page that needs nothing from outside and runs nothing", async () => {
    const response = await request("/docs");
    expect(response.headers.get("Content-Type")).toMatch(/^text\/html/);
    const page = await response.text();
    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|\son\w+=|javascript:/i);
    const references = [...page.matchAll(/\s(?:href|src|action)="([^"]*)"/g)].map(([, reference]) => reference);
    expect(references).toEqual(["/openapi.json"]);
  });

  test("shows every operation", async () => {
    const page = await (await request("/docs")).text();
    for (const { method, path } of await operations()) expect(page).toContain(`<h3>${method} ${path}</h3>`);
  });
});

describe("/healthz", () => {
  test("is well, says what it serves, and no secret's value", async () => {
    const manifest = await serveCorpus();
    const response = await request("/healthz");
    const health: unknown = await response.json();
    expect([response.status, health]).toEqual([
      200,
      {
        ok: true,
        bindings: {
          BUCKET: true,
          ROLLOUT: true,
          RUN: true,
          RUN_DIRECTORY: true,
          TRAINER_TOKEN: true,
          ADMIN_TOKEN: true,
        },
        indexes: {
          finqa: { version: manifest.version, documents: manifest.counts.documents },
          "code-planning": { uploaded: false },
        },
      },
    ]);
  });

  test("of one environment, whether it is served; of one that there is not, that there is not", async () => {
    const statusOf = async (name: string) => (await request(`/healthz?environment=${name}`)).status;
    expect(await statusOf("finqa")).toBe(200);
    expect(await statusOf("chess")).toBe(404);
    expect(await statusOf("code-planning")).toBe(503);
    await env.BUCKET.put(manifestKey("owner/name", "v1"), "one");
    expect(await statusOf("code-planning")).toBe(200);
    expect(await (await request("/healthz")).json()).toMatchObject({
      indexes: { "code-planning": { repositories: true } },
    });
  });

  test("answers HEAD as monitors ask it", async () => {
    const response = await request("/healthz", { method: "HEAD" });
    expect([response.status, await response.text()]).toEqual([200, ""]);
  });
});

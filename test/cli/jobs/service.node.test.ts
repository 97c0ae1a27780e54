/** The client of a trainer's service: against the local platform, and against services that answer as none should. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { JobRequest } from "../../../src/contract/fine-tuning.ts";
import { limits } from "../../../src/contract/limits.ts";
import { trainerService } from "../../../src/cli/jobs/service.ts";
import { ServiceRefused, ServiceUnanswered } from "../../../src/cli/jobs/service-failure.ts";
import { type Platform, startPlatform } from "../../../src/cli/platform/start.ts";
import { Interrupted } from "../../../src/cli/user-error.ts";

const KEY = "sk-secret-0123456789";
const TOKEN = "trainer-token-0123456789";

beforeEach(() => {
  vi.stubEnv("OPENAI_API_KEY", KEY);
});
const closing: (() => unknown)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const close of closing.splice(0)) await close();
});

async function platform(): Promise<Platform> {
  const started = await startPlatform({ apiKey: KEY, train: async (_, start) => start });
  closing.push(() => started.close());
  return started;
}

/** Answers everything alike; counts. */
const odd = (status: number, body: string, type = "application/json") => serve(() => ({ status, body, type }));

/** Answers by the query. */
async function serve(
  answer: (query: URLSearchParams) => { status: number; body: string; type: string },
): Promise<{ url: string; asked: () => number }> {
  let asked = 0;
  const server: Server = createServer((incoming, response) => {
    asked++;
    incoming.resume();
    const { status, body, type } = answer(new URL(incoming.url ?? "", "http://127.0.0.1").searchParams);
    response.writeHead(status, { "Content-Type": type, "x-should-retry": "false" }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: () => asked };
}

const rows = (count: number) =>
  new TextEncoder().encode(
    Array.from({ length: count }, (_, at) => `{"messages":[{"role":"user","content":"${at}?"}]}\n`).join(""),
  );

const request = (training_file: string, validation_file: string): JobRequest => ({
  model: "stand-in",
  training_file,
  validation_file,
  method: {
    type: "reinforcement",
    reinforcement: {
      grader: { type: "endpoint", url: "http://127.0.0.1:9/grade", headers: { Authorization: `Bearer ${TOKEN}` } },
      tools: [
        { name: "search", server_url: "http://127.0.0.1:9/search", headers: { Authorization: `Bearer ${TOKEN}` } },
      ],
    },
  },
  metadata: { edgegym_name: "one" },
});

const messageOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "",
    (error: unknown) => String(error),
  );

test("files, jobs, events: sent and found again", async () => {
  const { url } = await platform();
  const service = trainerService(`${url}/`);
  expect(service.baseUrl).toBe(url);
  const files = [await service.upload("train.jsonl", rows(10)), await service.upload("val.jsonl", rows(10))];
  await vi.waitFor(async () => {
    for (const { id } of files) expect((await service.file(id)).status).toBe("processed");
  });
  const [training = "", validation = ""] = files.map(({ id }) => id);
  const made = await service.createJob(request(training, validation));
  const all = await Array.fromAsync(service.jobs());
  expect(all.map(({ id }) => id)).toEqual([made.id]);
  expect(all[0]?.metadata).toEqual({ edgegym_name: "one" });
  expect((await Array.fromAsync(service.events(made.id))).length).toBeGreaterThan(0);
  expect(await service.checkpoints(made.id)).toEqual([]);
});

test("a request that is misspelt is not sent", async () => {
  const { url, asked } = await odd(200, "{}");
  const misspelt = { ...request("a", "b"), sufix: "x" };
  await expect(trainerService(url).createJob(misspelt)).rejects.toThrow(/sufix/);
  expect(asked()).toBe(0);
});

describe("a creation is sent once", () => {
  test.each(["lost", "cut", { status: 500 }, { status: 503 }] as const)("and unanswered after %j", async (fails) => {
    const service = await platform();
    service.order({ method: "POST", path: "/fine_tuning/jobs", fails });
    const client = trainerService(service.url);
    await expect(client.createJob(request("a", "b"))).rejects.toThrow(ServiceUnanswered);
    // The order was for one request: a second one would have met another answer, 400.
    await expect(client.createJob(request("a", "b"))).rejects.toThrow(ServiceRefused);
  });

  test.each([
    [200, "<html>", "text/html"],
    [200, "{", "application/json"],
    [200, '{"status":"queued"}', "application/json"],
  ])("and unanswered by something else: %d %s", async (status, body, type) => {
    const { url, asked } = await odd(status, body, type);
    await expect(trainerService(url).createJob(request("a", "b"))).rejects.toThrow(ServiceUnanswered);
    expect(asked()).toBe(1);
  });
});

test("everything else is tried again", async () => {
  const started = await platform();
  const { url } = started;
  started.order({ path: "/fine_tuning/jobs", times: 2, fails: { status: 429, retry_after_ms: 1 } });
  started.order({ path: "/fine_tuning/jobs", times: 1, fails: { status: 503, retry_after_ms: 1 } });
  expect(await Array.fromAsync(trainerService(url).jobs())).toEqual([]);
});

test("a list is read to its end, page by page", async () => {
  const jobs = Array.from({ length: 250 }, (_, at) => ({ id: `ftjob-${at}`, status: "running" }));
  const { url, asked } = await serve((query) => {
    const from = jobs.findIndex(({ id }) => id === query.get("after")) + 1;
    const data = jobs.slice(from, from + Number(query.get("limit")));
    const body = JSON.stringify({ data, has_more: from + data.length < jobs.length });
    return { status: 200, body, type: "application/json" };
  });
  expect(await Array.fromAsync(trainerService(url).jobs())).toEqual(jobs);
  expect(asked()).toBe(3);
});

test("a service that ignores `after` is not asked for ever", async () => {
  const { url, asked } = await odd(200, JSON.stringify({ data: [{ id: "a", status: "running" }], has_more: true }));
  expect(await Array.fromAsync(trainerService(url).jobs())).toHaveLength(2);
  expect(asked()).toBe(2);
});

test("an entry of another shape does not hide those around it", async () => {
  const data = [{ id: "a", status: "running" }, { id: "b" }, null, { id: "c", status: "running" }];
  const { url } = await odd(200, JSON.stringify({ data, has_more: false }));
  const found = await Array.fromAsync(trainerService(url).jobs());
  expect(found.map(({ id }) => id)).toEqual(["a", "c"]);
});

test("a service that always has more is not asked for ever", async () => {
  let given = 0;
  const page = () => JSON.stringify({ data: [{ id: `job-${given++}`, status: "running" }], has_more: true });
  const { url, asked } = await serve(() => ({ status: 200, body: page(), type: "application/json" }));
  expect(await Array.fromAsync(trainerService(url).jobs())).toHaveLength(limits.servicePages);
  expect(asked()).toBe(limits.servicePages);
});

describe("what an error says", () => {
  const refusal = (message: string) => JSON.stringify({ error: { message, code: "invalid_value", param: "suffix" } });

  test("the service's words, where they are harmless, in one line", async () => {
    const { url } = await odd(400, refusal("The suffix\nis \u001b[31mtoo long."));
    const failed = trainerService(url).createJob(request("a", "b"));
    expect(await messageOf(failed)).toMatch(/answered 400 \(invalid_value, suffix\): The suffix is \[31mtoo long\.$/);
  });

  test.each([`You sent Bearer ${TOKEN}.`, `Incorrect key: ${KEY.slice(0, 8)}***`, `…${TOKEN.slice(-6)}`])(
    "not with a part of a secret: %s",
    async (words) => {
      const { url } = await odd(400, refusal(words));
      const said = await messageOf(trainerService(url, { secrets: [TOKEN] }).createJob(request("a", "b")));
      expect(said).toMatch(/quotes a secret, and is not shown/);
      expect(said).not.toContain(words);
    },
  );

  test("never in the answer to an upload, which may quote a row", async () => {
    const { url } = await odd(400, refusal("Line 3 is wrong: what was the revenue"));
    const said = await messageOf(trainerService(url).upload("train.jsonl", rows(1)));
    expect(said).toMatch(/may quote what was sent/);
    expect(said).not.toContain("revenue");
  });

  test("a key that is not taken is said to be that", async () => {
    const { url } = await platform();
    vi.stubEnv("OPENAI_API_KEY", "sk-other-key");
    const failed = trainerService(url).job("ftjob-1");
    await expect(failed).rejects.toThrow(ServiceRefused);
    expect(await messageOf(failed)).toMatch(/does not take the key in OPENAI_API_KEY/);
    expect(await messageOf(failed)).not.toContain("sk-other");
  });

  test("no service there, and Ctrl-C", async () => {
    vi.stubEnv("OPENAI_API_KEY", KEY);
    await expect(trainerService("http://127.0.0.1:9").createJob(request("a", "b"))).rejects.toThrow(
      /cannot be reached/,
    );
    const { url } = await platform();
    const signal = AbortSignal.abort();
    await expect(trainerService(url, { signal }).job("x")).rejects.toThrow(Interrupted);
  });
});

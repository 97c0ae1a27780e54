import { createServer } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import { Wire } from "../../../src/cli/rollouts/wire.ts";
import { answering, type Handler, TestServer } from "../rollouts/server.ts";

const ending: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0)) await end();
});

async function world(handle?: Handler, options: Partial<ConstructorParameters<typeof Wire>[1]> = {}) {
  const server = await TestServer.start(handle);
  const controller = new AbortController();
  const wire = new Wire(server.url, { concurrency: 10, timeout: 20_000, signal: controller.signal, ...options });
  ending.push(
    () => wire.close(),
    () => server.close(),
  );
  return { server, wire, abort: () => controller.abort() };
}

const post = { method: "POST", path: "/tools/list", headers: { "X-Run": "run" }, body: '{"text":"é"}' } as const;

describe("an answer", () => {
  test("has its status, text and Retry-After, whatever the status", async () => {
    for (const status of [200, 404, 503]) {
      const { server, wire } = await world(answering(status, "ünë", { "Retry-After": "7" }));
      expect(await wire.send(post)).toMatchObject({ status, text: "ünë", retryAfter: 7 });
      expect(server.seen).toMatchObject([{ method: "POST", path: "/tools/list", body: post.body, cut: false }]);
      expect(server.seen[0]?.headers).toMatchObject({ "x-run": "run", "content-length": "13" });
    }
  });

  test.each(["", "-1", "1e9", "Wed, 21 Oct 2026 07:28:00 GMT", "soon"])(
    "with the Retry-After %j has none",
    async (value) => {
      const { wire } = await world(answering(503, "", { "Retry-After": value }));
      expect(await wire.send(post)).toMatchObject({ status: 503, retryAfter: undefined });
    },
  );

  test("comes below the deployment's path", async () => {
    const { server } = await world(answering(200));
    const wire = new Wire(`${server.url}/below/here`, {
      concurrency: 1,
      timeout: 9_000,
      signal: new AbortController().signal,
    });
    await wire.send({ ...post, method: "GET" });
    wire.close();
    expect(server.seen).toMatchObject([{ method: "GET", path: "/below/here/tools/list" }]);
  });

  test("leaves its connection to the next request", async () => {
    const { server, wire } = await world(answering(200, "x".repeat(100_000)));
    for (let n = 0; n < 5; n++) await wire.send(post);
    expect(new Set(server.seen.map(({ port }) => port)).size).toBe(1);
  });
});

describe("a body that is cut", () => {
  test.each([0, 0.25, 0.5, 0.99])("after a share of %d reaches the server so far, and has no answer", async (cutAt) => {
    const { server, wire } = await world(answering(200));
    const body = "x".repeat(10_000);
    expect(await wire.send({ ...post, body, trouble: { cutAt } })).toMatchObject({ status: "none", reason: "CUT" });
    await server.until(([seen]) => seen?.cut === true);
    expect(server.seen[0]?.headers["content-length"]).toBe("10000");
    expect(server.seen[0]?.body).toHaveLength(Math.max(1, 10_000 * cutAt));
  });

  test("leaves the requests beside it alone", async () => {
    const { wire } = await world(answering(200, "whole"));
    const sent = [wire.send(post), wire.send({ ...post, trouble: { cutAt: 0.5 } }), wire.send(post)];
    expect(await Promise.all(sent)).toMatchObject([{ text: "whole" }, { status: "none" }, { text: "whole" }]);
  });
});

describe("an answer that is lost", () => {
  test.each(["", "short", "x".repeat(5_000_000)])("comes after the server had the whole request", async (text) => {
    const { server, wire } = await world(answering(200, text));
    expect(await wire.send({ ...post, trouble: "lost_answer" })).toMatchObject({ status: "none", reason: "LOST" });
    expect(server.seen).toMatchObject([{ body: post.body, cut: false }]);
  });
});

describe("no answer", () => {
  test("within the time limit ends the request", async () => {
    const { wire } = await world(undefined, { timeout: 60 });
    expect(await wire.send(post)).toMatchObject({ status: "none", reason: "ETIMEDOUT" });
  });

  test("to its end within the time limit ends the request", async () => {
    const { wire } = await world((_, response) => void response.writeHead(200).write("begun"), { timeout: 60 });
    expect(await wire.send(post)).toMatchObject({ status: "none" });
  });

  test("from a connection that breaks, before the answer or in it", async () => {
    const before = await world((_, response) => void response.destroy());
    expect(await before.wire.send(post)).toMatchObject({ status: "none", reason: "ECONNRESET" });
    const within = await world((_, response) => {
      response.writeHead(200, { "Content-Length": 100 });
      response.write("begun", () => response.destroy());
    });
    expect(await within.wire.send(post)).toMatchObject({ status: "none" });
  });

  test("where nobody listens, or no host is of the name", async () => {
    const { server, wire } = await world();
    await server.close();
    expect(await wire.send(post)).toMatchObject({ status: "none", reason: "ECONNREFUSED" });
    ending.splice(1);
  });

  test("that is HTTP", async () => {
    const server = createServer().on("connection", (socket) => socket.end("SSH-2.0\r\n"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const wire = new Wire(`http://127.0.0.1:${port}`, {
      concurrency: 1,
      timeout: 9_000,
      signal: new AbortController().signal,
    });
    expect(await wire.send(post)).toMatchObject({ status: "none" });
    ending.push(() => void server.close());
  });
});

test("so many requests are under way at once and no more", async () => {
  const open: (() => void)[] = [];
  const { server, wire } = await world((_, response) => void open.push(() => response.end()), { concurrency: 3 });
  const sent = Array.from({ length: 8 }, () => wire.send(post));
  const counts: number[] = [];
  for (let answered = 0; answered < 8; answered++) {
    await server.until(({ length }) => length >= Math.min(8, answered + 3));
    counts.push(server.seen.length - answered);
    open.shift()?.();
    await Promise.race(sent.slice(answered));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await Promise.all(sent);
  expect(Math.max(...counts)).toBe(3);
});

test("an end of all: what is under way has no answer, what waits or comes later is not sent", async () => {
  const { server, wire, abort } = await world(undefined, { concurrency: 2 });
  const sent = Array.from({ length: 6 }, () => wire.send(post));
  await server.until((seen) => seen.length === 2);
  abort();
  expect(await Promise.all([...sent, wire.send(post)])).toMatchObject(
    Array.from({ length: 7 }, () => ({ status: "none" })),
  );
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(server.seen).toHaveLength(2);
});

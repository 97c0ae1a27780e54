/** HTTP as networks and clients really do it: connections kept, cut and shared, bodies in pieces, without length, or in odd encodings. */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { Agent, type IncomingMessage, request, type RequestOptions } from "node:http";
import { Agent as SecureAgent, request as secureRequest } from "node:https";
import { connect } from "node:net";
import { connect as secureConnect } from "node:tls";
import { text } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { describe, expect, inject, test, vi } from "vitest";
import { RunReport } from "../../src/contract/run.ts";
import { bearer, Client, newTraceId, replyOf } from "./deployment.ts";

const client = new Client(inject("deployment"));
const base = new URL(client.deployment.url);
const isSecure = base.protocol === "https:";
const headers = { ...bearer(client.deployment.trainer), "Content-Type": "application/json" };

/** One request whose body goes out as the given pieces, each when the one before is on its way; without a length of its own. */
async function send(path: string, pieces: readonly (string | Buffer)[], options: RequestOptions = {}) {
  const sending = (isSecure ? secureRequest : request)(new URL(path, base), { method: "POST", headers, ...options });
  const answering = once(sending, "response");
  // A server that refuses a body need not read it to its end: what it answers counts.
  sending.on("error", () => {});
  for (const piece of pieces) if (!sending.write(piece)) await Promise.race([once(sending, "drain"), answering]);
  sending.end();
  const [response]: IncomingMessage[] = await answering;
  if (!response) throw new Error("There was no answer.");
  return { status: response.statusCode, body: await text(response), reused: sending.reusedSocket };
}

/** A connection without any client's manners. */
async function rawConnection() {
  const port = Number(base.port) || (isSecure ? 443 : 80);
  const socket = isSecure
    ? secureConnect(port, base.hostname, { servername: base.hostname })
    : connect(port, base.hostname);
  await once(socket, isSecure ? "secureConnect" : "connect");
  return socket.setEncoding("utf8");
}

function rawRequest(body: string, length = Buffer.byteLength(body), run = "default"): string {
  const all = { Host: base.host, ...headers, "X-Run": run, "Content-Length": length };
  const lines = Object.entries(all).map(([k, v]) => `${k}: ${v}`);
  return `POST /finqa/tools/list HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n${body}`;
}

const listCall = JSON.stringify({ arguments: "{}" });

test("a connection is kept for the next call, after a refusal too", async () => {
  const agent = new (isSecure ? SecureAgent : Agent)({ keepAlive: true, maxSockets: 1 });
  try {
    const path = "/finqa/tools/list";
    expect(await send(path, [listCall], { agent })).toMatchObject({ status: 200, reused: false });
    expect(await send(path, ["{"], { agent })).toMatchObject({ status: 400, reused: true });
    expect(await send(path, [listCall], { agent })).toMatchObject({ status: 200, reused: true });
  } finally {
    agent.destroy();
  }
});

test("two calls sent on one connection before any answer are both answered, in order", async () => {
  const socket = await rawConnection();
  const callOf = (id: string) => JSON.stringify({ id, arguments: "{}" });
  socket.write(rawRequest(callOf("fc_first")) + rawRequest(callOf("fc_second")));
  let received = "";
  for await (const chunk of socket) {
    received += chunk;
    if (received.includes('"fc_second"')) break;
  }
  expect(received.match(/HTTP\/1\.1 200/g)).toHaveLength(2);
  expect(received.indexOf('"fc_first"')).toBeLessThan(received.indexOf('"fc_second"'));
});

describe("a connection that is cut in the middle of a call's body", () => {
  test("leaves no trace, and the call can be made again", async () => {
    const call = { trace_id: newTraceId(), call_id: "call_1", arguments: "{}" };
    const body = JSON.stringify(call);
    for (let cut = 0; cut < 5; cut++) {
      const socket = await rawConnection();
      socket.write(rawRequest(body.slice(0, 30 + cut), Buffer.byteLength(body)));
      await new Promise((resolve) => setTimeout(resolve, 50));
      socket.destroy();
    }
    expect(replyOf(await client.call("list", call)).call_id).toBe("call_1");
    expect((await client.ledger(call.trace_id)).calls).toMatchObject([{ call_id: "call_1", outcome: "ok", faults: 0 }]);
  });

  test("is no fault of the service in its run's counts", async () => {
    const run = `conformance-${randomUUID()}`;
    const body = JSON.stringify({ trace_id: newTraceId(), call_id: "call_1", arguments: "{}" });
    const socket = await rawConnection();
    socket.write(rawRequest(body.slice(0, 30), Buffer.byteLength(body), run));
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    const signals = await vi.waitUntil(
      async () => {
        const shown = await client.request(`/runs/${run}`, { headers: bearer(client.deployment.admin) });
        return shown.status === 200 ? RunReport.parse(JSON.parse(shown.text)).signals : undefined;
      },
      { timeout: 20_000, interval: 250 },
    );
    expect(signals).toMatchObject({ cut_off: 1, faults: {} });
  });

  test("or before its answer: the retry has the same answer, and the ledger one entry", async () => {
    const call = { trace_id: newTraceId(), call_id: "call_1", arguments: "{}" };
    for (let cut = 0; cut < 5; cut++) {
      const socket = await rawConnection();
      socket.write(rawRequest(JSON.stringify(call)));
      await new Promise((resolve) => setTimeout(resolve, cut * 3));
      socket.destroy();
    }
    const reply = replyOf(await client.call("list", call));
    expect(replyOf(await client.call("list", call))).toEqual(reply);
    expect((await client.ledger(call.trace_id)).calls).toMatchObject([{ outcome: "ok", output: reply.output }]);
  });
});

describe("a body that does not declare its length", () => {
  test("is read to its end, in however small pieces it comes", async () => {
    expect(await send("/finqa/tools/list", [...listCall])).toMatchObject({ status: 200 });
  });

  test("is refused with 413 once it is over 1 MB, by tools and by the grader", async () => {
    const pieces = ['{"padding":"', ...Array.from({ length: 100 }, () => "x".repeat(50_000)), '"}'];
    for (const path of ["/finqa/tools/list", "/finqa/grade"]) {
      const { status, body } = await send(path, pieces);
      expect(status).toBe(413);
      expect(JSON.parse(body)).toMatchObject({ error: { code: "too_large" } });
    }
  });
});

describe("encodings", () => {
  test.each([
    "application/json; charset=utf-8",
    "application/json;charset=UTF-8",
    "Application/JSON",
    "application/problem+json",
  ])("the content type %j is JSON", async (type) => {
    const answer = await client.call("list", { arguments: "{}" }, { "Content-Type": type });
    expect(answer.status).toBe(200);
  });

  test("text of every script comes back as it was sent", async () => {
    const path = 'Ünïcödé/日本語/\u{1F600}/"quoted"/\\back';
    const answer = await client.call("cat", { id: "fc_1", arguments: { path } });
    expect(replyOf(answer).output).toContain(JSON.stringify(path));
  });

  test("half a surrogate pair, control characters and bytes that are no UTF-8 are harmless", async () => {
    const bodies = [
      '{"arguments":{"path":"\\ud83d"}}',
      '{"arguments":{"path":"\\u0000\\u001b[2J\\u202e"}}',
      Buffer.concat([Buffer.from('{"arguments":{"path":"'), Buffer.from([0xff, 0xfe, 0x80]), Buffer.from('"}}')]),
    ];
    for (const body of bodies) {
      const { status, body: answer } = await send("/finqa/tools/cat", [body]);
      expect(status).toBe(200);
      expect(JSON.parse(answer).output).toMatch(/nothing has the path/i);
    }
  });

  test("a body in UTF-16, or compressed, is a person's mistake: 400", async () => {
    for (const body of [Buffer.from(listCall, "utf16le"), gzipSync(listCall)]) {
      expect(await send("/finqa/tools/list", [body])).toMatchObject({ status: 400 });
    }
  });

  test("a token in other letters than a header can carry is refused", async () => {
    const strange = { ...headers, Authorization: Buffer.from("Bearer tökén").toString("latin1") };
    expect(await send("/finqa/tools/list", [listCall], { headers: strange })).toMatchObject({ status: 401 });
  });

  test("paths with odd spellings are found or not found, and never a fault", async () => {
    for (const path of [
      "/finqa/tools/%6cist",
      "/finqa//tools/list",
      "/finqa/tools/list/",
      "/finqa/tools/%zz",
      "/%2e%2e/",
    ]) {
      const { status } = await send(path, [listCall]);
      expect([200, 404]).toContain(status);
    }
  });
});

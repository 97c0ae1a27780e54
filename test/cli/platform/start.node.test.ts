import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import OpenAI from "openai";
import { expect, test } from "vitest";
import { startPlatform } from "../../../src/cli/platform/start.ts";
import { UserError } from "../../../src/cli/user-error.ts";
import { refusalOf, world } from "./world.ts";

test("only its key is accepted, and every answer has an id", async () => {
  const { platform, client } = await world({ apiKey: "sk-mine" });
  expect(platform.apiKey).toBe("sk-mine");
  const stranger = new OpenAI({ apiKey: "sk-other", baseURL: platform.url, maxRetries: 0 });
  expect(await refusalOf(stranger.models.list())).toMatchObject({ status: 401, code: "invalid_api_key" });
  expect((await fetch(`${platform.url}/models`)).status).toBe(401);
  const { request_id } = await client.models.list().withResponse();
  expect(request_id).toMatch(/^req_[0-9a-f]{24}$/);
});

test("keys that nobody gave are different ones", async () => {
  const [a, b] = [await world(), await world()];
  expect(a.platform.apiKey).not.toBe(b.platform.apiKey);
});

test("Azure's path leads to the same", async () => {
  const { platform } = await world();
  const baseURL = platform.url.replace(/\/v1$/, "/openai/v1");
  const client = new OpenAI({ apiKey: platform.apiKey, baseURL, maxRetries: 0 });
  expect((await client.models.list()).data.map(({ id }) => id)).toEqual(["stand-in"]);
});

test("an unknown path and a body over the limit are refused in the API's form", async () => {
  const { client } = await world();
  expect(await refusalOf(client.get("/assistants", {}))).toMatchObject({ status: 404, code: "unknown_url" });
  const input = "x".repeat(8_000_001);
  expect(await refusalOf(client.responses.create({ model: "stand-in", input }))).toMatchObject({ status: 413 });
  expect(await refusalOf(client.post("/responses", { body: "{" }))).toMatchObject({ status: 400 });
});

test("a taken port is the user's to mend", async () => {
  const first = await world();
  const port = Number(new URL(first.platform.url).port);
  await expect(startPlatform({ port })).rejects.toThrow(UserError);
  await expect(startPlatform({ port })).rejects.toThrow(`Port ${port} is in use`);
});

test("it ends while a job runs and an answer is awaited", async () => {
  let aborted = false;
  const { platform, client, createJob, until } = await world({
    train: (_job, _start, _listener, { signal }) =>
      new Promise((_, reject) =>
        signal.addEventListener("abort", () => {
          aborted = true;
          reject(new Error("aborted"));
        }),
      ),
  });
  const { id } = await createJob();
  await until(id, "running");
  platform.order({ path: "/models", fails: { slow_ms: 10_000 } });
  const awaited = client.models.list().then(
    () => "answered",
    (error: unknown) => error,
  );
  await new Promise((resolve) => setTimeout(resolve, 100));
  await platform.close();
  expect(await awaited).toBeInstanceOf(OpenAI.APIConnectionError);
  expect(aborted).toBe(true);
});

test("the command says where it is, tells no request, and ends with Ctrl-C", async () => {
  const port = await freePort();
  const main = new URL("../../../src/cli/main.ts", import.meta.url).pathname;
  const env = { ...process.env, OPENAI_API_KEY: "" };
  const child = spawn(process.execPath, [main, "platform", "--port", String(port), "--trouble", "500=0"], { env });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (printed += data.toString()));
  await expect.poll(() => printed, { timeout: 20_000 }).toContain("Ctrl-C");
  const [, apiKey = ""] = /OPENAI_API_KEY=(\S+)/.exec(printed) ?? [];
  const before = printed;
  const client = new OpenAI({ apiKey, baseURL: `http://127.0.0.1:${port}/v1`, maxRetries: 0 });
  expect((await client.responses.create({ model: "stand-in", input: "secret" })).status).toBe("completed");
  expect(printed).toBe(before);
  child.kill("SIGINT");
  expect(await once(child, "exit")).toEqual([130, null]);
}, 30_000);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

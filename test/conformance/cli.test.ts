/** What the command line says to a person's slip: one clear message, exit code 1, no stack. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort, root } from "./local-worker.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "edgegym-cli-"));
  await writeFile(join(folder, "train.json"), "[{]");
});
afterAll(() => rm(folder, { recursive: true }));

async function edgegym(...args: string[]): Promise<{ code: number; printed: string }> {
  const child = spawn(process.execPath, ["src/cli/main.ts", ...args], { cwd: root });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (printed += text));
  const [code] = await once(child, "close");
  return { code, printed };
}

test.each<[string, string[], RegExp]>([
  ["an unknown option", ["start", "--prot", "8788"], /unknown option '--prot'.*--port/s],
  ["an unknown command", ["strat"], /unknown command 'strat'.*start/s],
  ["a port that is no number", ["start", "--port", "http"], /--port.*whole number from 1 to 65535/s],
  ["a port that there is not", ["start", "--port", "70000"], /--port.*whole number from 1 to 65535/s],
  ["an option without its value", ["start", "--data"], /--data.*argument missing/s],
  ["an unknown source", ["index", "--source", "pdf", "--from", "."], /--source.*finqa, documents/s],
  ["a source that is not said", ["index", "--from", "."], /--source/],
  ["a corpus name that is no name", ["index", "--source", "finqa", "--from", ".", "--corpus", "../x"], /--corpus/],
])("%s", async (_, args, message) => {
  const { code, printed } = await edgegym(...args);
  expect(printed).toMatch(message);
  expect(printed).not.toMatch(/^\s+at /m);
  expect(code).toBe(1);
});

test.each<[string, () => string[], RegExp]>([
  ["a data folder that is not there", () => ["start", "--data", join(folder, "nowhere")], /nowhere is not a folder/],
  ["a data folder without the data", () => ["index", "--source", "finqa", "--from", root], /none of FinQA's files/],
  ["data that is no JSON", () => ["start", "--data", folder], /train\.json: not JSON/],
  ["a dataset that is not there", () => ["check-grader", "--data", join(folder, "nowhere")], /nowhere/],
])("%s", async (_, args, message) => {
  const words = args();
  const port = words[0] === "start" ? ["--port", String(await freePort())] : [];
  const { code, printed } = await edgegym(...words, ...port);
  expect(printed).toMatch(message);
  expect(printed).not.toMatch(/^\s+at /m);
  expect(code).toBe(1);
});

test("a port that is in use", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const { code, printed } = await edgegym("start", "--port", String(port));
  server.close();
  expect(printed).toMatch(new RegExp(`Port ${port} is in use.*--port`, "s"));
  expect(printed).not.toMatch(/^\s+at /m);
  expect(code).toBe(1);
});

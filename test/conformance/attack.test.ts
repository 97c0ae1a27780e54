/** `edgegym attack` as a person runs it: against the deployment under test, against a grader that falls for tricks, and with slips. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, describe, expect, inject, test } from "vitest";
import { AttackResult } from "../../src/contract/attack.ts";
import { type Answer, failure, GraderServer, TOKEN } from "../cli/attack/grader-server.ts";
import { freePort, root } from "./local-worker.ts";

const deployment = inject("deployment");
const servers: GraderServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

async function graderServer(answer: Answer): Promise<GraderServer> {
  const server = await GraderServer.start(answer);
  servers.push(server);
  return server;
}

function startAttack(args: string[], token: string) {
  const env = { ...process.env, TRAINER_TOKEN: token };
  const child = spawn(process.execPath, ["src/cli/main.ts", "attack", ...args], { cwd: root, env });
  const printed = { out: "", error: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (printed.out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (printed.error += text));
  return { child, printed };
}

async function attack(args: string[], token = TOKEN) {
  const { child, printed } = startAttack(args, token);
  const [code] = await once(child, "close");
  expect(printed.error).not.toMatch(/^\s+at /m);
  return { code, ...printed };
}

describe("the deployment under test", () => {
  test("pays for no trick", async () => {
    const { code, out } = await attack(["--url", deployment.url, "--items", "2"], deployment.trainer);
    expect(out).toMatch(/^ {2}sentence +34 {8}0 {2}0\.0000 {2}unpaid$/m);
    expect(out).toMatch(/Nothing was paid that must not be\.\n$/);
    expect(code).toBe(0);
  });

  test("pays for no trick of lists of files", async () => {
    const args = ["--env", "code-planning", "--url", deployment.url, "--items", "2"];
    const { code, out } = await attack(args, deployment.trainer);
    expect(out).toMatch(/^ {2}prose +\d+ {8}0 {2}0\.0000 {2}unpaid$/m);
    expect(out).toMatch(/Nothing was paid that must not be\.\n$/);
    expect(code).toBe(0);
  });

  test("pays every good answer, said as one JSON document", async () => {
    const args = ["--url", deployment.url, "--items", "5", "--honest", "--json"];
    const { code, out } = await attack(args, deployment.trainer);
    const result = AttackResult.parse(JSON.parse(out));
    expect(result.classes.filter(({ verdict }) => verdict === "failed")).toEqual([]);
    expect(result).toMatchObject({ passed: true, battery: "honest", items: { chosen: 5 } });
    expect(code).toBe(0);
  });
});

test("a grader that pays for a sentence with the reference in it fails, and its class is named", async () => {
  const server = await graderServer(({ text, reference, honest }) => (text.includes(reference) ? 1 : honest));
  const { code, out } = await attack(["--url", server.deployment.url, "--items", "1", "--class", "sentence", "empty"]);
  expect(out).toMatch(/FAILED: sentence\.\n$/);
  expect(out).toContain('answer     "The answer is ');
  expect(code).toBe(1);
});

test("a grader that is down fails, with nothing counted as unpaid", async () => {
  const server = await graderServer(() => failure(503, "fault", "The service is down."));
  const { code, out } = await attack(["--url", server.deployment.url]);
  expect(out).toMatch(/503: The service is down\.$/m);
  expect(out).toMatch(/FAILED: not every answer got a score\.\n$/);
  expect(out).not.toContain("unpaid\n");
  expect(code).toBe(1);
});

test("Ctrl-C prints what is known so far", async () => {
  const server = await graderServer(async ({ honest }) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    return honest;
  });
  const { child, printed } = startAttack(["--url", server.deployment.url, "--concurrency", "4"], TOKEN);
  while (server.requests < 100) await new Promise((resolve) => setTimeout(resolve, 10));
  child.kill("SIGINT");
  const [code] = await once(child, "close");
  expect(printed.out).toMatch(/Interrupted: this is what is known so far\./);
  expect(printed.out).toMatch(/^ {2}empty +\d+ {8}0 {2}0\.0000 {2}unpaid$/m);
  expect(code).toBe(130);
});

test("nothing that answers is said in one sentence", async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  const { code, out, error } = await attack(["--url", url]);
  expect(error).toContain(`There is no answer from ${url}/finqa/grade (ECONNREFUSED). On this machine: npm start.`);
  expect([code, out]).toEqual([1, ""]);
});

test.each<[string, string[], RegExp]>([
  ["a number of items that is none", ["--items", "0"], /--items.*whole number from 1/s],
  ["a concurrency that is none", ["--concurrency", "many"], /--concurrency.*whole number from 1/s],
  ["an environment that there is not", ["--env", "finga"], /--env.*finqa/s],
  ["a class that there is not", ["--class", "sentense"], /--class sentense: no such class\. There are: empty, /],
  [
    "a class of the other battery",
    ["--honest", "--class", "sentence"],
    /--class sentence: no such class\. There are: as-written, /,
  ],
  [
    "data that is not there",
    ["--data", "nowhere.jsonl"],
    /--data nowhere\.jsonl: no row can be graded.*nowhere\.jsonl/,
  ],
  ["a URL that is none", ["--url", "localhost:8787"], /--url localhost:8787: not an http\(s\) URL/],
  ["a URL that would send the token in the clear", ["--url", "http://example.com"], /only over https/],
  ["a flag that there is not", ["--trick", "empty"], /unknown option '--trick'/],
])("%s", async (_, args, message) => {
  const { code, error } = await attack(args);
  expect(error).toMatch(message);
  expect(code).toBe(1);
});

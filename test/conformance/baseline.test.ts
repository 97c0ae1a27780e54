/** `edgegym baseline` as a person types it: what it prints, writes, goes on with and ends with. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, readFile, rm, writeFile, mkdtemp } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import { Baseline } from "../../src/contract/baseline.ts";
import { ResultsManifest, RolloutResult } from "../../src/contract/results.ts";
import { RESPONSES_KEY, RESPONSES_MODEL, startResponsesServer } from "../fixtures/responses-server.ts";
import { freePort, root } from "./local-worker.ts";

const { url, trainer, admin } = inject("deployment");
const dev = join(root, "corpus-index/sample/dev.json");

const names: string[] = [];
afterEach(async () => {
  for (const name of names.splice(0)) await rm(join(root, "runs", name), { recursive: true, force: true });
});

/** A name that no other test has; its folder goes with the test. */
function newName(): string {
  const name = `baseline-test-${Date.now().toString(36)}-${Math.floor(Math.random() * 1e9).toString(36)}`;
  names.push(name);
  return name;
}

interface Ran {
  code: number | null;
  out: string;
  err: string;
}

function baseline(args: string[], variables: Record<string, string> = {}) {
  const env = { ...process.env, TRAINER_TOKEN: trainer, ADMIN_TOKEN: admin, OPENAI_API_KEY: "", ...variables };
  const child = spawn(process.execPath, ["src/cli/main.ts", "baseline", ...args], { cwd: root, env });
  const ran: Ran = { code: null, out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (ran.out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (ran.err += text));
  const ended = once(child, "close").then(([code]): Ran => Object.assign(ran, { code }));
  return { child, ran, ended };
}

const file = (name: string, which: string) => readFile(join(root, "runs", name, which), "utf8");
const resultsOf = async (name: string) =>
  (await file(name, "results.jsonl"))
    .split("\n")
    .slice(0, -1)
    .map((line) => RolloutResult.parse(JSON.parse(line)));
const summaryOf = async (name: string) => Baseline.parse(JSON.parse(await file(name, "baseline.json")));

const scripted = (name: string, ...more: string[]) =>
  ["--url", url, "--data", dev, "--agent", "scripted", "--name", name].concat(more);

test("the scripted agent: prints figures and verdict, writes its files, and never a token or a reference", async () => {
  const name = newName();
  const { code, out, err } = await baseline(scripted(name, "--items", "6", "--runs", "2")).ended;
  expect(code).toBe(0);
  expect(out).toMatch(/^6 items x 2 attempts: 12 graded, 0 faulted and 0 failed/m);
  expect(out).toMatch(/^NOT YET: \d THINGS? TO DO FIRST$/m);
  expect(out).toMatch(/written to .*variance\.svg.*variance\.png/);
  const results = await resultsOf(name);
  expect(results).toHaveLength(12);
  expect(results[0]?.turns[0]?.calls[0]).toMatchObject({ tool: "search", status: 200, outcome: "ok" });
  expect(results.every(({ grade, score }) => grade !== null && score !== null)).toBe(true);
  const texts = await Promise.all(
    ["results.jsonl", "manifest.json", "baseline.json", "baseline.html", "variance.svg"].map((which) =>
      file(name, which),
    ),
  );
  for (const text of [out, err, ...texts]) {
    expect(text).not.toContain(trainer);
    expect(text).not.toContain(admin);
    expect(text).not.toContain("reference_answer");
  }
  const manifest = ResultsManifest.parse(JSON.parse(texts[1] ?? ""));
  expect(manifest).toMatchObject({ name, attempts: 2, dataset: { items: 6, files: ["dev.json"] } });
  expect(manifest.deployment.index_version).toMatch(/^[0-9a-f]+$/);
});

test("the oracle: scores are those that its answers are known to get, ledgers are the run's", async () => {
  const name = newName();
  const args = ["--url", url, "--data", dev, "--agent", "oracle", "--error-rate", "0", "--name", name];
  const { code, out } = await baseline([...args, "--items", "5", "--runs", "2", "--json"]).ended;
  const found = Baseline.parse(JSON.parse(out));
  expect(code).toBe(0);
  expect(found.mean_score).toEqual({ value: 1, low: 1, high: 1 });
  expect(found.rollouts.graded).toBe(10);
  const [first] = await resultsOf(name);
  const ledger = await fetch(`${url}/rollouts/${first?.trace_id}`, { headers: { Authorization: `Bearer ${admin}` } });
  expect(await ledger.json()).toMatchObject({ run: name });
});

test("started twice, the second start plays nothing and says the same", async () => {
  const name = newName();
  const args = scripted(name, "--items", "4", "--runs", "2");
  const first = await baseline(args).ended;
  const lines = await file(name, "results.jsonl");
  const second = await baseline(args).ended;
  expect(second.err).toContain("8 rollouts are there already");
  expect(second.out).toBe(first.out);
  expect(await file(name, "results.jsonl")).toBe(lines);
});

test("interrupted, it tells what is known; started again, it goes on where it was", async () => {
  const name = newName();
  const args = scripted(name, "--runs", "4", "--concurrency", "2");
  const { child, ran, ended } = baseline(args);
  while (!ran.err.includes("rollouts (160)")) await once(child.stderr, "data");
  child.kill("SIGINT");
  const { code, out } = await ended;
  expect(code).toBe(130);
  expect(out).toMatch(/Interrupted: this is what was known by then\./);
  const before = await resultsOf(name);
  expect(before.length).toBeLessThan(160);
  expect((await summaryOf(name)).rollouts).toMatchObject({ planned: 160, graded: before.length });
  // As a crash within a line would leave it.
  await appendFile(join(root, "runs", name, "results.jsonl"), '{"schema":1,"item":"CSK');

  const again = await baseline(scripted(name, "--runs", "4")).ended;
  expect(again.code).toBe(0);
  const after = await resultsOf(name);
  expect(after.slice(0, before.length)).toEqual(before);
  expect(new Set(after.map(({ item, attempt }) => `${item} ${attempt}`)).size).toBe(160);
  expect(after).toHaveLength(160);
});

test("results of something else are not mixed in, unless --fresh gives them up", async () => {
  const name = newName();
  await baseline(scripted(name, "--items", "3", "--runs", "1")).ended;
  const { code, err } = await baseline(scripted(name, "--items", "4", "--runs", "1")).ended;
  expect(code).toBe(1);
  expect(err).toMatch(/results of another baseline: the dataset's items: 3 there, 4 now.*--name.*--fresh/s);
  expect(err).not.toMatch(/^\s+at /m);
  const fresh = await baseline(scripted(name, "--items", "4", "--runs", "1", "--fresh")).ended;
  expect(fresh.code).toBe(0);
  expect(await resultsOf(name)).toHaveLength(4);
});

describe("the network", () => {
  let proxy: Server | undefined;
  afterEach(() => {
    proxy?.closeAllConnections();
  });

  /** Passes everything on, until told to fall. */
  async function startProxy(port: number): Promise<{ fall: () => void; passed: () => number }> {
    let passed = 0;
    const pass = async (request: IncomingMessage, response: ServerResponse) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { authorization = "", "x-run": run = "" } = request.headers;
      const answer = await fetch(`${url}${request.url}`, {
        method: request.method ?? "GET",
        headers: { authorization, "content-type": "application/json", ...(run && { "x-run": String(run) }) },
        ...(request.method === "POST" && { body: Buffer.concat(chunks) }),
      });
      passed++;
      response.writeHead(answer.status).end(await answer.text());
    };
    // What was under way when it fell has nobody left to answer.
    const server = createServer((request, response) => void pass(request, response).catch(() => response.destroy()));
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    proxy = server;
    const fall = () => {
      server.close();
      server.closeAllConnections();
    };
    return { fall, passed: () => passed };
  }

  test("down in the middle: nothing becomes a score, it stops, and goes on later", { timeout: 120_000 }, async () => {
    const name = newName();
    const port = await freePort();
    const args = ["--data", dev, "--agent", "scripted", "--name", name, "--runs", "3", "--concurrency", "32"];
    const through = [...args, "--url", `http://127.0.0.1:${port}`];
    const { fall, passed } = await startProxy(port);
    const { ended } = baseline(through);
    while (passed() < 150) await new Promise((resolve) => setTimeout(resolve, 20));
    fall();
    const { code, out } = await ended;
    expect(code).toBe(1);
    expect(out.replaceAll(/\s+/g, " ")).toMatch(/Stopped: 20 rollouts in a row could not be graded/);
    const { rollouts } = await summaryOf(name);
    expect(rollouts.faulted).toBeGreaterThanOrEqual(20);
    for (const { ending, score } of await resultsOf(name)) expect(score === null).toBe(ending !== "graded");

    const up = await startProxy(port);
    const again = await baseline(through).ended;
    up.fall();
    expect(again.code).toBe(0);
    expect((await summaryOf(name)).rollouts).toEqual({
      planned: 120,
      graded: 120,
      faulted: 0,
      agent_failed: 0,
      unattempted: 0,
      repeated: rollouts.faulted,
    });
  });
});

describe("a model", () => {
  const search = { name: "search", arguments: '{"query":"operating expenses of 2019"}' };

  test("plays, through 429s, and its tokens, cost and endings are told", async () => {
    const name = newName();
    const service = await startResponsesServer();
    const attempt = [
      { status: 429 },
      {
        thinks: true,
        calls: [search, search],
        tokens: [1_000_000, 0, 10_000, 8_000] as [number, number, number, number],
      },
      { status: 429 },
      { says: "7" },
    ];
    service.play(...attempt, ...attempt, ...attempt);
    const args = ["--url", url, "--data", dev, "--model", RESPONSES_MODEL, "--base-url", service.url, "--name", name];
    const more = ["--items", "1", "--concurrency", "1", "--reasoning-effort", "low", "--prices", "input=2,output=10"];
    const { code, out } = await baseline([...args, ...more], { OPENAI_API_KEY: RESPONSES_KEY }).ended;
    await service.close();
    expect(code).toBe(0);
    expect(out).toContain("Baseline of test-model, low effort");
    const { tokens, calls, answer_endings, manifest } = await summaryOf(name);
    // Three attempts of 1,000,100 input and 10,010 output tokens.
    expect(tokens?.cost).toBeCloseTo(3 * (2.0002 + 0.1001), 4);
    expect(calls).toMatchObject({ repeats: 3, per_turn: 2 });
    expect(answer_endings).toEqual({ answered: 3 });
    expect(manifest.agent).toMatchObject({ kind: "model", model: RESPONSES_MODEL, reasoning_effort: "low" });
    for (const which of ["results.jsonl", "manifest.json", "baseline.html"])
      expect(await file(name, which)).not.toContain(RESPONSES_KEY);
  });

  test("that thinks for ever does not outlive Ctrl-C", async () => {
    const name = newName();
    const service = await startResponsesServer();
    service.play({ says: "7" }, "hang");
    const args = ["--url", url, "--data", dev, "--model", RESPONSES_MODEL, "--base-url", service.url, "--name", name];
    const { child, ended } = baseline([...args, "--items", "2", "--concurrency", "1"], {
      OPENAI_API_KEY: RESPONSES_KEY,
    });
    while (service.tries < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill("SIGINT");
    const { code } = await ended;
    await service.close();
    expect(code).toBe(130);
    expect(await resultsOf(name)).toHaveLength(1);
  });

  test("whose key is not taken is said to, once", async () => {
    const service = await startResponsesServer();
    const args = ["--url", url, "--data", dev, "--model", RESPONSES_MODEL, "--base-url", service.url];
    const { code, err } = await baseline([...args, "--name", newName()], { OPENAI_API_KEY: "sk-wrong" }).ended;
    await service.close();
    expect(err).toMatch(/does not take the key in OPENAI_API_KEY/);
    expect(err).not.toMatch(/^\s+at |sk-wrong/m);
    expect(code).toBe(1);
  });
});

describe("what the user can mend", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "edgegym-baseline-"));
    await writeFile(join(folder, "empty.jsonl"), "");
    await writeFile(join(folder, "words.jsonl"), '{"question":"who?","reference_answer":"the board"}\n');
    await writeFile(join(folder, "attack.json"), "{}");
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test.each<[string, () => string[], Record<string, string>, RegExp]>([
    ["no data", () => ["--agent", "scripted"], {}, /--data/],
    ["data that is not there", () => ["--agent", "scripted", "--data", "nowhere"], {}, /nowhere/],
    ["data without a row", () => ["--agent", "scripted", "--data", join(folder, "empty.jsonl")], {}, /has no rows/],
    [
      "data that cannot be graded",
      () => ["--agent", "scripted", "--data", join(folder, "words.jsonl")],
      {},
      /check-grader/,
    ],
    ["no model", () => ["--data", dev], {}, /--agent model needs --model/],
    ["no key", () => ["--data", dev, "--model", "m"], {}, /OPENAI_API_KEY is not set/],
    ["an agent that there is not", () => ["--data", dev, "--agent", "replay"], {}, /model, scripted, oracle/],
    ["no attempts", () => ["--data", dev, "--runs", "0"], {}, /whole number from 1 to 100/],
    [
      "prices that are none",
      () => ["--data", dev, "--prices", "input=1"],
      {},
      /input=1\.10,cached=0\.275,output=4\.40/,
    ],
    [
      "prices of something else",
      () => ["--data", dev, "--prices", "input=1,output=2,audio=3"],
      {},
      /prices of a million/,
    ],
    ["a name that is none", () => ["--data", dev, "--name", "../x"], {}, /A run's name has letters/],
    ["an unknown environment", () => ["--data", dev, "--env", "chess"], {}, /--env chess.*finqa/],
    [
      "an attack that is none",
      () => [...scripted("x"), "--attack", join(folder, "attack.json")],
      {},
      /not what edgegym attack --json prints/,
    ],
    ["a wrong token", () => scripted(newName()), { TRAINER_TOKEN: "nope" }, /does not take the token in TRAINER_TOKEN/],
    [
      "no https",
      () => ["--data", dev, "--agent", "scripted", "--url", "http://gym.example.com"],
      {},
      /only over https/,
    ],
  ])("%s", async (_, args, variables, message) => {
    const { code, err, out } = await baseline(args(), variables).ended;
    expect(err).toMatch(message);
    expect(err).not.toMatch(/^\s+at /m);
    expect(out).toBe("");
    expect(code).toBe(1);
  });

  test("no worker there", async () => {
    const args = ["--data", dev, "--agent", "scripted", "--name", newName()];
    const { code, err } = await baseline([...args, "--url", `http://127.0.0.1:${await freePort()}`]).ended;
    expect(err).toMatch(/There is no answer from .* npm start/);
    expect(code).toBe(1);
  });
});

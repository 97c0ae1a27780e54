/** `edgegym runs ledgers` against a deployment that fails as told; with a real one: test/conformance/ledgers-command.test.ts. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { exportLedgers, type ExportOptions } from "../../src/cli/export-ledgers.ts";
import { readLedgers } from "../../src/cli/ledger-files.ts";
import { limits } from "../../src/contract/limits.ts";
import type { RolloutEntry, RolloutPage } from "../../src/contract/run.ts";
import { recordedLedger } from "./ledgers.ts";

const PAGE = 3;
const TOKEN = "hush-4711";

/** The run job-7, oldest rollout first, and how a ledger's delivery fails before it succeeds. */
let rollouts: RolloutEntry[] = [];
let failures: Map<string, ("503" | "cut" | "hang" | "gone" | "elsewhere" | "damaged")[]> = new Map();
let asked: string[] = [];
let server: Server;
let url: string;
let folder: string;
let out: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", url);
    asked.push(request.url ?? "");
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return answer(response, 401, errorBody);
    if (pathname === "/runs/job-7/rollouts") return answer(response, 200, page(searchParams));
    const traceId = decodeURIComponent(/^\/rollouts\/(.+)$/.exec(pathname)?.[1] ?? "");
    if (traceId === "" || searchParams.get("run") !== "job-7") return answer(response, 404, errorBody);
    answerLedger(response, traceId);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(async () => {
  process.env["ADMIN_TOKEN"] = TOKEN;
  [rollouts, failures, asked] = [[], new Map(), []];
  folder = await mkdtemp(join(tmpdir(), "export-"));
  out = join(folder, "job-7.jsonl");
});
afterEach(() => rm(folder, { recursive: true }));
afterAll(() => {
  delete process.env["ADMIN_TOKEN"];
  server.closeAllConnections();
  server.close();
});

const errorBody = { error: { code: "code", message: "So it is." } };

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
}

function page(query: URLSearchParams): RolloutPage {
  const status = query.get("status");
  const from = Number(query.get("cursor") ?? 0);
  const listed = rollouts.toReversed().filter((rollout) => status === null || rollout.status === status);
  const next = from + PAGE;
  return { rollouts: listed.slice(from, next), cursor: next < listed.length ? String(next) : null };
}

function answerLedger(response: ServerResponse, trace_id: string): void {
  const ledger = { ...recordedLedger({ trace_id, run: "job-7" }), since: "a later version" };
  switch (failures.get(trace_id)?.shift()) {
    case "503":
      return answer(response, 503, errorBody);
    case "cut":
      response.writeHead(200, { "Content-Length": 1_000 }).write('{"trace_id":');
      return void setTimeout(() => response.destroy(), 20);
    case "hang":
      return;
    case "gone":
      return answer(response, 404, errorBody);
    case "elsewhere":
      return answer(response, 200, { ...ledger, run: "job-8" });
    case "damaged":
      return answer(response, 200, { ...ledger, calls: "secret" });
    case undefined:
      return answer(response, 200, ledger);
  }
}

/** Rollouts of these statuses begin, one after the other. */
function begin(...statuses: RolloutEntry["status"][]): void {
  for (const status of statuses) {
    const at = "2026-10-05T08:00:00.000Z";
    const counts = { score: null, calls: 1, mistakes: 0, faults: 0, flags: [], opened_at: at, last_seen_at: at };
    rollouts.push({ trace_id: `t${rollouts.length} /?`, item: null, status, ...counts });
  }
}
const many = (count: number) => begin(...Array.from({ length: count }, () => "graded" as const));
const fail = (at: number, ...how: NonNullable<ReturnType<typeof failures.get>>) => failures.set(`t${at} /?`, how);

const fetchAll = (other: Partial<ExportOptions> = {}) => exportLedgers({ run: "job-7", url, out, ...other });
/** The numbers of the rollouts whose ledgers the file has. */
const inFile = async () =>
  (await readLedgers(out)).ledgers.map(({ trace_id }) => Number(/^t(\d+) /.exec(trace_id)?.[1]));
const sorted = async () => (await inFile()).toSorted((a, b) => a - b);

describe("a run's ledgers are fetched", () => {
  test("page by page, whatever their ids, as this version knows them", async () => {
    many(2 * PAGE + 1);
    expect(await fetchAll()).toEqual({ text: `7 ledgers added to ${out}, which has 7 of the run job-7.`, exitCode: 0 });
    expect(await sorted()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect((await readLedgers(out)).ledgers[0]).toEqual(recordedLedger({ trace_id: "t0 /?", run: "job-7" }));
    expect(asked.filter((path) => path.startsWith("/runs/"))).toHaveLength(3);
  });

  test("but those of open rollouts, which are fetched when they have ended", async () => {
    begin("graded", "open", "abandoned", "open", "discarded");
    const { text, exitCode } = await fetchAll();
    expect([text, exitCode]).toEqual([
      expect.stringMatching(/3 ledgers added.*\n2 rollouts passed over as still open/),
      0,
    ]);
    expect(await sorted()).toEqual([0, 2, 4]);
    for (const rollout of rollouts) rollout.status = "graded";
    expect((await fetchAll()).text).toMatch(/^2 ledgers added to .*, which has 5 of/);
    expect(await inFile()).toHaveLength(5);
  });

  test("of one status, and only the latest so many", async () => {
    begin("graded", "discarded", "graded", "open", "graded", "graded");
    await fetchAll({ status: "graded", limit: 3 });
    expect(await sorted()).toEqual([2, 4, 5]);
    expect((await fetchAll({ status: "graded", limit: 3 })).text).toMatch(/^0 ledgers added to .*, which has 3/);
    await fetchAll({ limit: 4 });
    expect(await sorted()).toEqual([1, 2, 4, 5]);
    expect(asked.filter((path) => path.startsWith("/rollouts/"))).toHaveLength(4);
  });

  test("again where a delivery failed", { timeout: 30_000 }, async () => {
    many(4);
    fail(0, "503", "503");
    fail(2, "cut");
    expect(await fetchAll()).toMatchObject({ exitCode: 0 });
    expect(await sorted()).toEqual([0, 1, 2, 3]);
  });

  test("but those that are no more, or another run's by now", async () => {
    many(3);
    fail(0, "gone");
    fail(1, "elsewhere");
    expect(await fetchAll()).toEqual({
      text: expect.stringMatching(/^1 ledger added .*\n2 rollouts of the run without a ledger/),
      exitCode: 0,
    });
    expect(await inFile()).toEqual([2]);
  });
});

describe("what cannot be had", () => {
  test("is named and left out, quoting nothing of it; the others are fetched", async () => {
    many(3);
    fail(1, "damaged");
    const { text, exitCode } = await fetchAll();
    expect(text).toMatch(/^2 ledgers added .*\n1 ledger could not be had.*\n {2}http.*t1%20%2F%3F.*something else/);
    expect(text).not.toMatch(/secret|hush-4711/);
    expect(exitCode).toBe(1);
    expect((await fetchAll()).text).toMatch(/^1 ledger added to .*, which has 3/);
  });

  test("ends it when it is too much", async () => {
    const count = limits.exportProblems + 4 * limits.exportConcurrency;
    many(count);
    for (let at = 0; at < count; at++) fail(at, "damaged");
    const { text, exitCode } = await fetchAll();
    expect(text).toMatch(/Stopped after so many; \d+ more are missing/);
    expect(exitCode).toBe(1);
    expect(asked.length).toBeLessThan(count);
  });

  test("a run without finished rollouts says so, and makes no file", async () => {
    begin("open");
    expect((await fetchAll()).text).toMatch(/^The run job-7 has no finished rollouts.*\n1 rollout passed over/);
    expect((await fetchAll({ status: "graded" })).text).toMatch(/no graded rollouts/);
    await expect(stat(out)).rejects.toThrow("ENOENT");
  });

  test("an unknown run, a wrong token and a file of something else are the user's to mend", async () => {
    await expect(fetchAll({ run: "job-9" })).rejects.toThrow(/answered 404. So it is/);
    process.env["ADMIN_TOKEN"] = "wrong";
    await expect(fetchAll()).rejects.toThrow(/answered 401/);
    await writeFile(out, "a note");
    await expect(fetchAll()).rejects.toThrow(/no ledger. Choose another file/);
  });
});

test("Ctrl-C ends it with what is there; a second run fetches the rest", { timeout: 60_000 }, async () => {
  many(20);
  fail(12, "hang");
  const env = { ...process.env, ADMIN_TOKEN: TOKEN };
  const args = ["src/cli/main.ts", "runs", "ledgers", "job-7", "--url", url, "--out", out, "--limit", "10"];
  const child = spawn(process.execPath, args, { cwd: new URL("../..", import.meta.url), env });
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (printed += text));
  while (!((await stat(out).catch(() => undefined))?.size ?? 0))
    await new Promise((resolve) => setTimeout(resolve, 50));
  child.kill("SIGINT");
  const [code] = await once(child, "close");
  expect(code).toBe(130);
  expect(printed).toMatch(/^\d ledgers? added .*\nInterrupted: not all are there. Run it again to go on\.\n$/);
  expect(await inFile()).not.toContain(12);
  expect(await fetchAll()).toMatchObject({ exitCode: 0 });
  expect(await sorted()).toEqual(Array.from({ length: 20 }, (_, at) => at));
});

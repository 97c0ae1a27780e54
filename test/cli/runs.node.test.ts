import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { listRuns, rebuildRun, showRun } from "../../src/cli/runs.ts";
import { RunReport } from "../../src/contract/run.ts";
import { reportOf } from "../../src/worker/run/report.ts";
import { signalsOf } from "../../src/worker/run/signal-counts.ts";
import { Statistics } from "../../src/worker/run/statistics.ts";
import { START, summaryOf } from "../worker/run/summaries.ts";

/** A deployment that answers as it was told to, one request after the other; `asked` is what came. */
let server: Server;
let url: string;
let answers: { status?: number; body: unknown }[] = [];
let asked: { path: string | undefined; authorization: string | undefined; body: string }[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      asked.push({ path: request.url, authorization: request.headers.authorization, body });
      const answer = answers.shift();
      if (!answer) return void request.socket.destroy();
      response.writeHead(answer.status ?? 200, { "Content-Type": "application/json" }).end(JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env["ADMIN_TOKEN"] = "hush-4711,older";
});
afterEach(() => {
  answers = [];
  asked = [];
});
afterAll(() => {
  delete process.env["ADMIN_TOKEN"];
  server.closeAllConnections();
  server.close();
});

const nothing = signalsOf({});
const noRuns = { body: { runs: [], alarms: [], elsewhere: nothing } };
const step = (read: number, cursor: string | null) => ({ body: { read, restored: read, unreadable: 0, cursor } });
const fault = { status: 503, body: { error: { code: "fault", message: "Nothing was scored." } } };
const counts = { total: 12, open: 1, graded: 8, discarded: 2, abandoned: 1 };
const entry = { run: "job-7", first_activity_at: null, last_activity_at: "2026-10-05T08:00:00.000Z", rollouts: counts };
const report = reportOf(Statistics.of([summaryOf()]), {
  run: "job-7",
  full: false,
  firstActivity: START,
  lastActivity: START,
  unread: [],
  disagreeing: [],
  signals: nothing,
  alarms: [
    {
      kind: "faults",
      subject: "",
      raised_at: "2026-10-05T08:00:00.000Z",
      cleared_at: null,
      raised_value: 0.5,
      value: 0.5,
      threshold: 0.05,
      message: "50 % of the latest rollouts met a fault.",
      what_to_do: "Look.",
    },
  ],
});

describe("runs are shown", () => {
  test("as a table, asked for with one token of the list", async () => {
    answers = [
      {
        body: { runs: [{ ...entry, score_mean: 0.5, calls: 80, alarms: ["faults"] }], alarms: [], elsewhere: nothing },
      },
    ];
    const [head, row] = (await listRuns({ url, width: 80 })).split("\n");
    expect(head).toMatch(/^run +rollouts +graded +discarded +abandoned +score +calls/);
    expect(row).toMatch(/^job-7 +12 +8 +2 +1 +0\.500 +80 +2026-10-05 08:00$/);
    expect(asked).toEqual([{ path: "/runs", authorization: "Bearer hush-4711", body: "" }]);
  });

  test("one by one, with their alarms and what to do", async () => {
    answers = [{ body: report }];
    const shown = await showRun("job-7", { url, width: 80 });
    expect(shown).toMatch(/rollouts +1: 0 open, 1 graded/);
    expect(shown).toMatch(/search +1 +/);
    expect(shown).toMatch(/ALARM since 2026-10-05.*: 50 % of the latest rollouts met a fault\.\n +Look\./);
  });

  test("as they came, where that is asked for", async () => {
    answers = [{ body: report }];
    expect(RunReport.parse(JSON.parse(await showRun("job-7", { url, width: 80, json: true })))).toEqual(report);
  });

  test("and it is said when there are none", async () => {
    answers = [noRuns];
    expect(await listRuns({ url, width: 80 })).toMatch(/No runs yet/);
  });

  test("with the alarm that is of none of them, whether there are any or not", async () => {
    const alarms = report.alarms.map((alarm) => ({
      ...alarm,
      kind: "unauthorized_rollouts",
      message: "3 calls came.",
    }));
    const body = { runs: [], alarms, elsewhere: nothing };
    const runs = [{ ...entry, score_mean: 0.5, calls: 80, alarms: [] }];
    answers = [{ body }, { body: { ...body, runs } }];
    const alarm = /^ALARM since 2026-10-05.*: 3 calls came\.\n +Look\.\n/;
    expect(await listRuns({ url, width: 80 })).toMatch(new RegExp(`${alarm.source}No runs yet`));
    expect(await listRuns({ url, width: 80 })).toMatch(new RegExp(`${alarm.source}run +rollouts`));
  });
});

describe("a rebuild", () => {
  test("goes on from answer to answer, and through faults and lost answers", async () => {
    answers = [noRuns, step(50, "cursor-1"), fault, step(20, null)];
    expect(await rebuildRun({ run: "job-7", url })).toBe("70 archived ledgers read; 70 told the run something new.");
    expect(asked.map(({ path }) => path)).toEqual(["/runs", ...Array.from({ length: 3 }, () => "/runs/job-7/rebuild")]);
    expect(asked.slice(1).map(({ body }) => JSON.parse(body))).toEqual([
      { cursor: null },
      { cursor: "cursor-1" },
      { cursor: "cursor-1" },
    ]);
  });

  test("that breaks off says where to go on, and goes on there", { timeout: 30_000 }, async () => {
    answers = [noRuns, step(50, "cursor-1")];
    await expect(rebuildRun({ run: "job-7", url })).rejects.toThrow(
      /no answer from http:.*\nBroken off after 50 ledgers. Go on with --cursor cursor-1; nothing is counted twice/,
    );
    asked = [];
    answers = [noRuns, step(20, null)];
    await rebuildRun({ run: "job-7", url, cursor: "cursor-1" });
    expect(JSON.parse(asked[1]?.body ?? "")).toEqual({ cursor: "cursor-1" });
  });

  test("of a run without an archive says so", async () => {
    answers = [noRuns, step(0, null)];
    expect(await rebuildRun({ run: "job-7", url })).toBe("The archive has no ledgers of the run job-7.");
  });
});

test.each<[string, { status?: number; body: unknown }, RegExp]>([
  [
    "a wrong token",
    { status: 401, body: { error: { code: "unauthorized", message: "A token is needed." } } },
    /401. A token is needed/,
  ],
  [
    "an unknown run",
    { status: 404, body: { error: { code: "not_found", message: "Nothing is recorded." } } },
    /404. Nothing/,
  ],
  ["another service", { body: { hello: "world" } }, /something else: is it a deployment/],
  ["a page", { status: 502, body: "<html>" }, /answered 502/],
])("%s is said, without the token", async (_, answer, message) => {
  answers = [answer];
  const error: unknown = await showRun("job-7", { url, width: 80 }).catch((thrown: unknown) => thrown);
  expect(String(error)).toMatch(message);
  expect(String(error)).not.toContain("hush-4711");
});

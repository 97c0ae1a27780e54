/** What `edgegym plan` prints, and what it says to a person's slip. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { Command } from "commander";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { plan, planOptions, type PlanOptions } from "../../../src/cli/plan.ts";
import { estimate } from "../../../src/cli/plan/estimate.ts";
import { bytes, duration, short, whole } from "../../../src/cli/plan/numbers.ts";
import { cloudflarePrices } from "../../../src/cli/plan/prices.ts";
import { report } from "../../../src/cli/plan/report.ts";
import { sampleSource } from "../../../src/cli/project.ts";
import { UserError } from "../../../src/cli/user-error.ts";
import { anyJob, DAY } from "./jobs.ts";

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), "edgegym-plan-"))));
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return path;
}

/** What the command prints for these words; a wrong word throws what commander would print. */
async function printed(...words: string[]): Promise<string> {
  let message = "";
  const command = planOptions(new Command("plan")).exitOverride();
  command.configureOutput({ writeErr: (text) => void (message += text) });
  try {
    command.parse(words, { from: "user" });
  } catch (error) {
    throw new Error(message, { cause: error });
  }
  return plan(command.opts<PlanOptions>(), DAY);
}

const rows = (count: number) => Array.from({ length: count }, () => '{"reference_answer":"7%"}').join("\n");

/** Lines that a terminal of 80 columns would break; an address may be longer. */
const longLines = (text: string) => text.split("\n").filter((line) => line.length > 80 && !/^ +https:\S+$/.test(line));

/** The number in front of a label's note. */
const valueOf = (text: string, label: string) => new RegExp(`^  ${label} +(\\S+)`, "m").exec(text)?.[1];

describe("without options", () => {
  test("it plans the demo job, and says so", async () => {
    const text = await printed();
    expect(text).toMatch(/^The demo job of OpenAI's Build Hour/);
    expect([valueOf(text, "steps"), valueOf(text, "rollouts"), valueOf(text, "tool calls")]).toEqual([
      "189",
      "103,600",
      "725,200",
    ]);
    expect(text).toMatch(/^ {2}total +5\.15$/m);
    expect(text).toContain("looked up on 2026-11-24");
    expect(text).toMatch(/Other prices\s+hold from 2026-12-01 \(--start\)/);
    expect(text).toContain("compute_multiplier");
  });

  test("its lines fit 80 columns, but for addresses", async () => {
    expect(longLines(await printed())).toEqual([]);
  });
});

test("with options it plans one's own job, and says so", async () => {
  const text = await printed("--train", "150", "--epochs", "2", "--calls", "4.2");
  expect(text).toMatch(/^Your job/);
  expect(valueOf(text, "steps")).toBe("20");
  expect(text).toContain("4.2 a rollout (budget 10)");
});

test("as JSON it is the whole plan", async () => {
  const { job, load, usage, bill, checks } = JSON.parse(await printed("--json", "--start", "2026-12-24"));
  expect([job.train, load.steps, usage.objects, bill.day, checks.length]).toEqual([
    1_000,
    189,
    103_601,
    "2026-12-24",
    13,
  ]);
});

describe("jobs at the edge", () => {
  test("no rows: the plan's base, nothing else, and what trainers want", async () => {
    const text = await printed("--train", "0", "--val", "0", "--corpus-megabytes", "1");
    expect(text).toMatch(/^ {2}total +5\.00$/m);
    expect(text).toContain("at least 10 rows in the training file; it has 0");
    expect(text).toContain("at least 10 rows in the validation file; it has 0");
    expect(text).toContain("None of 13 limits is near");
  });

  test("ten rows are enough for a trainer, nine are not", async () => {
    expect(await printed("--train", "10", "--val", "10")).not.toContain("at least 10 rows");
    expect(await printed("--train", "9", "--val", "10")).toContain("training file; it has 9");
  });

  test("any job's report has no number that is none, and fits the terminal", () => {
    fc.assert(
      fc.property(anyJob, (job) => {
        const text = report(estimate(job, cloudflarePrices, DAY), []);
        expect(text).not.toMatch(/NaN|Infinity|undefined|null/);
        expect(longLines(text)).toEqual([]);
      }),
    );
  });
});

describe("a dataset", () => {
  test("is counted by its files' names", async () => {
    await file("job/train.jsonl", rows(40));
    await file("job/validation.jsonl", rows(12));
    await file("job/test.jsonl", rows(99));
    const text = await printed("--data", join(folder, "job"), "--epochs", "1", "--batch", "8");
    expect(valueOf(text, "steps")).toBe("5");
    expect(valueOf(text, "  a validation")).toBe("24");
    expect(text).toContain("train.jsonl: 40 training rows");
    expect(text).toContain("test.jsonl: 99 test rows");
  });

  test("in several files, and FinQA's own", async () => {
    const other = await file("more.jsonl", rows(3));
    const { job } = JSON.parse(await printed("--json", "--data", sampleSource, other));
    expect(job.train).toBeGreaterThan(3);
    expect(job.val).toBeGreaterThan(0);
  });

  test("has its broken rows left out, and said", async () => {
    const text = await printed("--data", await file("train-broken.jsonl", `${rows(20)}\n{`));
    expect(text).toMatch(/20 training rows, 1 left out \(line 21 is not JSON/);
  });

  test.each([
    ["that is not there", "nowhere.jsonl", undefined, /nowhere\.jsonl.*cannot be read/],
    ["without rows", "empty.jsonl", "", /empty\.jsonl.*has no rows/],
    ["that only tests", "only-test.jsonl", rows(5), /only-test\.jsonl: 5 test rows/],
  ])("%s is an error", async (_, name, content, message) => {
    const path = content === undefined ? join(folder, name) : await file(name, content);
    const planning = printed("--data", path);
    await expect(planning).rejects.toThrow(UserError);
    await expect(planning).rejects.toThrow(message);
  });
});

describe("a price table", () => {
  test("that is printed can be given", async () => {
    const path = await file("prices.json", await printed("--print-prices"));
    expect(await printed("--prices", path)).toBe(await printed());
  });

  test("of one's own changes the bill", async () => {
    const table = { ...cloudflarePrices, base: 25, plan: "Enterprise", looked_up: "2026-10-01" };
    const text = await printed("--prices", await file("own.json", JSON.stringify(table)));
    expect(text).toMatch(/^ {2}Enterprise +25\.00$/m);
    expect(text).toMatch(/^ {2}total +25\.15$/m);
    expect(text).toContain("looked up on 2026-10-01");
  });

  test.each([
    ["is not there", undefined, /cannot be read/],
    ["is no JSON", "{", /not JSON.*--print-prices/],
    ["lacks a meter", JSON.stringify({ ...cloudflarePrices, meters: {} }), /--print-prices[\s\S]*worker_requests/],
    ["has a negative price", JSON.stringify({ ...cloudflarePrices, base: -1 }), /base/],
    ["has a word too many", JSON.stringify({ ...cloudflarePrices, disocunt: 1 }), /disocunt/],
  ])("that %s is an error", async (name, content, message) => {
    const path = content === undefined ? join(folder, "no.json") : await file(`${name}.json`, content);
    const planning = printed("--prices", path);
    await expect(planning).rejects.toThrow(UserError);
    await expect(planning).rejects.toThrow(message);
  });
});

test.each([
  [["--train", "many"], /--train.*whole number from 0 to 1000000000/],
  [["--train", "-1"], /--train.*whole number/],
  [["--epochs", "0"], /--epochs.*whole number from 1 to 1000/],
  [["--batch", "1.5"], /--batch.*whole number/],
  [["--calls", ""], /--calls.*number from 0 to 1000/],
  [["--retries", "2"], /--retries.*number from 0 to 1/],
  [["--response-bytes", "40000"], /--response-bytes.*whole number from 0 to 32000/],
  [["--tool-milliseconds", "0"], /--tool-milliseconds.*number from 1/],
  [["--start", "2026-02-30"], /--start.*a day as 2026-12-01/],
  [["--start", "tomorrow"], /--start.*a day as 2026-12-01/],
  [["--data", "x", "--train", "5"], /--data.*cannot be used with.*--train/],
  [["--epoch", "3"], /unknown option '--epoch'.*--epochs/s],
])("%j is a slip", async (words, message) => {
  await expect(printed(...words)).rejects.toThrow(message);
});

describe("as a command of its own process", () => {
  const root = new URL("../../..", import.meta.url).pathname;
  const run = (...words: string[]) =>
    promisify(execFile)(process.execPath, ["src/cli/main.ts", "plan", ...words], { cwd: root });

  test("it prints the plan", async () => {
    const { stdout, stderr } = await run("--train", "16");
    expect(stdout).toMatch(/^Your job[\s\S]*^BILL$/m);
    expect(stderr).toBe("");
  });

  test.each([
    [["--epochs", "0"], /--epochs.*whole number/],
    [["--data", "nowhere.jsonl"], /nowhere\.jsonl.*cannot be read/],
  ])("%j ends with one message and exit code 1", async (words, message) => {
    const failed: { code: number; stderr: string } = await run(...words).catch((error) => error);
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(message);
    expect(failed.stderr).not.toMatch(/^\s+at /m);
  });
});

describe("numbers", () => {
  test.each([
    [0, "0"],
    [9_999, "9,999"],
    [10_000, "10 k"],
    [999_499, "999 k"],
    [999_700, "1 M"],
    [1_234_567, "1.23 M"],
    [2.5e10, "25 G"],
    [0.000_4, "0.0004"],
    [50.703, "50.7"],
    [1e15, "1.00e+15"],
  ])("%d is short %s", (number, text) => expect(short(number)).toBe(text));

  test("in full up to a thousand million", () => {
    expect([whole(999_999_999), whole(1e9)]).toEqual(["999,999,999", "1 G"]);
  });

  test("of seconds and bytes", () => {
    expect([82.4, 119.7, 3_599.6, 18_705, 1e6].map(duration)).toEqual([
      "1 min 22 s",
      "2 min 0 s",
      "1 h",
      "5.2 h",
      "11.6 days",
    ]);
    expect([0, 4_000, 79_714, 3.4e9].map(bytes)).toEqual(["0 B", "4,000 B", "79.7 kB", "3.4 GB"]);
  });
});

/** `edgegym compare` as a person types it: what it prints, writes, refuses and ends with. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Comparison } from "../../../src/contract/comparison.ts";
import type { ResultsManifest, RolloutResult } from "../../../src/contract/results.ts";
import { call, manifest, rollout, scored } from "../../report/baseline/results.ts";
import { items } from "../../report/comparison/comparisons.ts";

const root = new URL("../../..", import.meta.url).pathname;

// Each comparison is a process of its own, which takes a second or more on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

let folder: string;
let name: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "edgegym-compare-"));
  name = `compare-test-${Date.now().toString(36)}-${Math.floor(Math.random() * 1e9).toString(36)}`;
});
afterEach(async () => {
  await rm(folder, { recursive: true });
  await rm(join(root, "runs", name), { recursive: true, force: true });
});

/** Writes results as a baseline does; gives their path. */
async function results(
  label: string,
  lines: readonly RolloutResult[],
  said: Partial<ResultsManifest> = {},
): Promise<string> {
  const path = join(folder, label);
  await mkdir(path);
  const described = manifest({ items: new Set(lines.map(({ item }) => item)).size, name: label, ...said });
  await writeFile(join(path, "manifest.json"), JSON.stringify(described));
  await writeFile(join(path, "results.jsonl"), lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  return path;
}

async function compare(...args: string[]) {
  const child = spawn(process.execPath, ["src/cli/main.ts", "compare", ...args, "--name", name], { cwd: root });
  const ran = { out: "", err: "", code: 0 };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (ran.out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (ran.err += text));
  [ran.code] = await once(child, "close");
  return ran;
}

const file = (which: string) => readFile(join(root, "runs", name, which), "utf8");
const written = async () => Comparison.parse(JSON.parse(await file("comparison.json")));

test("prints figures and finding, writes the page, the figures and each chart twice", async () => {
  const traced = items(40, 0, 1).map((one) => ({
    ...one,
    turns: [{ calls: [call("search", { output: "Net revenue 7" })] }],
  }));
  const { out, code } = await compare(await results("before", items(40, 0)), await results("after", traced));
  expect(code).toBe(0);
  expect(out).toMatch(/^after against before: 40 common items$/m);
  expect(out).toMatch(/^AFTER SCORES BETTER THAN BEFORE$/m);
  expect((await readdir(join(root, "runs", name))).toSorted()).toEqual(
    ["comparison.html", "comparison.json"].concat(
      ["kinds", "quadrants", "score-latency", "score-tokens", "tool-calls"].flatMap((chart) => [
        `${chart}.png`,
        `${chart}.svg`,
      ]),
    ),
  );
  const page = await file("comparison.html");
  expect(page).toContain("Net revenue 7");
  expect(page).toContain("question 1?");
  expect((await written()).results.map(({ label }) => label)).toEqual(["before", "after"]);
});

test("--json prints comparison.json and nothing else, and the same each time", async () => {
  const [before, after] = [await results("before", items(9, 0, 1)), await results("after", items(9, 1))];
  const first = await compare(before, after, "--json");
  expect(Comparison.parse(JSON.parse(first.out)).items).toBe(9);
  expect(JSON.parse(first.out)).toEqual(await written());
  expect((await compare(before, after, "--json")).out).toBe(first.out);
});

test("a later comparison of the name leaves no picture of the one before", async () => {
  const [a, b, c] = [await results("a", items(3, 0)), await results("b", items(3, 1)), await results("c", items(3, 1))];
  await compare(a, b, c);
  await compare(a, b);
  expect((await readdir(join(root, "runs", name))).filter((which) => which.startsWith("quadrants"))).toEqual([
    "quadrants.png",
    "quadrants.svg",
  ]);
});

test("--fail-if-worse gates a checkpoint: 1 when it is worse beyond chance, 0 when it may be chance", async () => {
  const before = await results("before", items(40, 1));
  const worse = await results("worse", items(40, 1, 0));
  const hardly = await results("hardly", items(40, ...Array.from({ length: 39 }, () => 1), 0));
  expect((await compare(before, worse)).code).toBe(0);
  expect((await compare(before, worse, "--fail-if-worse")).code).toBe(1);
  expect((await compare(before, hardly, "--fail-if-worse")).code).toBe(0);
});

test("a line that was cut is left out and told", async () => {
  const [before, after] = [await results("before", items(8, 0)), await results("after", items(8, 1))];
  await appendFile(join(after, "results.jsonl"), '{"schema":1,"item":"item 8","quest');
  const { out, code } = await compare(before, after);
  expect(code).toBe(0);
  expect(out).toContain("after: the last line was cut");
});

test("results of another grader are compared when asked, and that is told", async () => {
  const versions = { ...manifest().versions, grader: "00".repeat(32) };
  const [before, after] = [await results("before", items(8, 0)), await results("after", items(8, 1), { versions })];
  const { out, code } = await compare(before, after, "--other-grader");
  expect(code).toBe(0);
  expect(out.replaceAll(/\s+/g, " ")).toContain("Not the same: the grader (d4d4d4d4d4d4 / 000000000000).");
});

test("another prompt, other tools and another index are told; another model is what is compared", async () => {
  const said = {
    versions: { ...manifest().versions, prompt: "11".repeat(32) },
    deployment: { url: "https://gym.example.com", index_version: "22".repeat(32) },
    agent: { ...manifest().agent, model: "trained" },
  };
  const { out } = await compare(await results("before", items(8, 0)), await results("after", items(8, 1), said));
  expect(out).toContain("Not the same: the prompt (a1a1a1a1a1a1 / 111111111111).");
  expect(out).toContain("Not the same: the index");
  expect(out).not.toContain("the model (");
});

test("folders of one name are told apart", async () => {
  const before = await results("same", items(6, 0));
  await cp(before, join(folder, "later", "same"), { recursive: true });
  await compare(before, join(folder, "later", "same"));
  expect((await written()).results.map(({ label }) => label)).toEqual(["same", "same (2)"]);
});

describe("what the user can mend", () => {
  /** What is said on stderr, where nothing else is. */
  async function refusal(...args: string[]): Promise<string> {
    const { out, err, code } = await compare(...args);
    expect(err).not.toMatch(/^\s+at /m);
    expect([out, code]).toEqual(["", 1]);
    return err;
  }

  test("nothing, one result, or five", async () => {
    const one = await results("one", items(2, 0));
    expect(await refusal()).toMatch(/missing required argument 'results'/);
    expect(await refusal(one)).toMatch(/two results or more/);
    expect(await refusal(one, one, one, one, one)).toMatch(/4 results at most, not 5/);
  });

  test("the same folder twice, by another way too", async () => {
    const one = await results("one", items(2, 0));
    await symlink(one, join(folder, "link"));
    expect(await refusal(one, join(folder, "link"))).toMatch(/link is the same folder as one before/);
  });

  test("a name without results", async () => {
    const one = await results("one", items(2, 0));
    expect(await refusal(one, "no-such-baseline")).toMatch(
      /no-such-baseline: there are no results.*at runs\/no-such-baseline/,
    );
  });

  test("nothing graded, an empty file, a manifest that is none, a line that is none", async () => {
    const one = await results("one", items(2, 0));
    expect(await refusal(one, await results("faulted", scored("item 0", null, null)))).toMatch(/has no graded rollout/);
    expect(await refusal(one, await results("empty", []))).toMatch(/has no graded rollout/);
    const odd = await results("odd", items(2, 0));
    await appendFile(join(odd, "results.jsonl"), "{}\n");
    expect(await refusal(one, odd)).toMatch(/results\.jsonl, line 3: not a result/);
    await writeFile(join(odd, "manifest.json"), "{}");
    expect(await refusal(one, odd)).toMatch(/no manifest\.json that can be read/);
  });

  test("another environment, another grader, no common item", async () => {
    const one = await results("one", items(2, 0));
    expect(await refusal(one, await results("two", items(2, 0), { environment: "chess" }))).toMatch(
      /different environments.*one finqa, two chess/,
    );
    const versions = { ...manifest().versions, grader: "00".repeat(32) };
    expect(await refusal(one, await results("three", items(2, 0), { versions }))).toMatch(
      /different versions of the grader: one d4d4d4d4d4d4, three 0{12}.*--other-grader/,
    );
    expect(await refusal(one, await results("four", [rollout("other", 1)]))).toMatch(
      /no item with a graded attempt in every result: one has 2, four has 1.*--data/,
    );
  });

  test("a name that holds a baseline's results", async () => {
    const [one, two] = [await results("one", items(2, 0)), await results("two", items(2, 0))];
    await cp(one, join(root, "runs", name), { recursive: true });
    expect(await refusal(one, two)).toMatch(/holds results of a baseline\. Give the comparison another --name/);
  });
});

/** What is wrong with a job's two files. */
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { DatasetManifest } from "../../../src/contract/dataset.ts";
import { parseLines } from "../../../src/cli/dataset-file.ts";
import { chatTools } from "../../../src/cli/prepare/lines.ts";
import type { JobDataset, JobFile } from "../../../src/cli/train/dataset.ts";
import { checkDataset } from "../../../src/cli/train/dataset-check.ts";
import { finqa } from "../../../src/environments/finqa/index.ts";

interface Line {
  messages: { role: string; content: string }[];
  [key: string]: unknown;
}

const line = (name: string, at: number): Line => ({
  messages: [
    { role: "developer", content: finqa.prompt },
    { role: "user", content: `What was the revenue ${at}?` },
  ],
  tools: chatTools(finqa),
  question: `What was the revenue ${at}?`,
  reference_answer: String(at),
  evidence_paths: [`${name}/${at}.pdf`],
});

const lines = (name: string, change: (line: Line, at: number) => object = (one) => one, count = 10) =>
  Array.from({ length: count }, (_, at) => JSON.stringify(change(line(name, at), at))).join("\n");

function fileOf(name: string, text: string): JobFile {
  const content = new TextEncoder().encode(text);
  const sha256 = createHash("sha256").update(content).digest("hex");
  return { path: name, name, content, sha256, records: parseLines(text) };
}

function datasetOf(train: string, val: string, manifest?: DatasetManifest | null): JobDataset {
  return {
    training: fileOf("train.jsonl", train),
    validation: fileOf("val.jsonl", val),
    manifests: { training: manifest, validation: manifest },
  };
}

const needs = { environment: finqa, graderVersion: "g", isJudged: false };
const [train, val] = [lines("A"), lines("B")];

function manifestOf(dataset: JobDataset, given: Partial<DatasetManifest> = {}): DatasetManifest {
  const outputs = [dataset.training, dataset.validation].map(({ name, sha256 }) => ({ name, bytes: 1, sha256 }));
  return {
    schema: 1,
    environment: "finqa",
    source: "finqa",
    seed: "7",
    options: { train: 10, val: 10, fix: true },
    inputs: outputs,
    outputs,
    counts: { read: 20, train: 10, val: 10, left: 0 },
    versions: { prompt: "p", tools: "t", grader: "g", index: null },
    ...given,
  };
}

test("a good one", () => {
  const dataset = datasetOf(train, val);
  expect(checkDataset(dataset, needs)).toMatchObject({ state: "ok", finding: expect.stringMatching(/10 rows.*10/) });
  const manifests = { training: manifestOf(dataset), validation: manifestOf(dataset) };
  expect(checkDataset({ ...dataset, manifests }, { ...needs, isJudged: true })).toMatchObject({ state: "ok" });
});

test.each<[string, string, string, RegExp]>([
  ["too few rows", lines("A", (one) => one, 9), val, /train\.jsonl has 9 rows/],
  ["no rows", "", val, /^train\.jsonl has 0 rows; a job needs at least 10\.$/],
  [
    "a list of rows, which a trainer does not take",
    `[${train.replaceAll("\n", ",")}]`,
    val,
    /line 1: is not a JSON object/,
  ],
  ["a line that is no JSON, unquoted", `${train}\n{"a": 4711x}`, val, /^train\.jsonl, line 11: is not JSON\.$/],
  ["no messages", lines("A", ({ messages: _, ...one }) => one), val, /train\.jsonl, line 1: messages/],
  [
    "an answer after the question",
    lines("A", (one) => ({ ...one, messages: [...one.messages, one.messages[1]] })),
    val,
    /messages/,
  ],
  ["the wrong roles", lines("A", (one) => ({ ...one, messages: one.messages.toReversed() })), val, /messages/],
  [
    "no question",
    train,
    lines("B", (one) => ({ ...one, messages: [one.messages[0], { role: "user", content: " " }] })),
    /val\.jsonl, line 1: the question is empty/,
  ],
  [
    "other tools",
    lines("A", (one) => ({ ...one, tools: chatTools(finqa).slice(1) })),
    val,
    /tools are not the environment's/,
  ],
  [
    "a huge row",
    lines("A", (one, at) => (at === 3 ? { ...one, pad: "x".repeat(500_000) } : one)),
    val,
    /line 4: 50\d+ bytes/,
  ],
  [
    "a huge message",
    lines("A", (one) => ({ ...one, messages: [one.messages[0], { role: "user", content: "x".repeat(80_001) }] })),
    val,
    /characters of messages/,
  ],
  [
    "a shared page",
    train,
    lines("B", (one, at) => (at === 2 ? { ...one, evidence_paths: ["A/5.pdf"] } : one)),
    /1 pages are evidence in both files, as A\/5\.pdf/,
  ],
  ["the same file twice", train, train, /same content/],
])("%s is refused", (_, training, validation, finding) => {
  const found = checkDataset(datasetOf(training, validation), needs);
  expect(found).toMatchObject({ state: "refused", finding: expect.stringMatching(finding) });
  expect(found.finding).not.toContain("What was the revenue");
});

test("tools are compared by what they say, not by the order of their keys", () => {
  const turned = lines("A", (one) => ({
    ...one,
    tools: chatTools(finqa).map(({ type, function: f }) => ({ function: f, type })),
  }));
  expect(checkDataset(datasetOf(turned, val), needs)).toMatchObject({ state: "ok" });
});

test("another prompt is warned of, with both hashes", () => {
  const other = lines("A", (one) => ({
    ...one,
    messages: [{ role: "developer", content: "Answer." }, one.messages[1]],
  }));
  const found = checkDataset(datasetOf(other, val), needs);
  expect(found).toMatchObject({
    state: "warned",
    finding: expect.stringMatching(/another prompt \([0-9a-f]{12}\).*\([0-9a-f]{12}\)/),
  });
});

test("what a judge is shown has to be there", () => {
  const without = lines("A", ({ question: _, ...one }) => one);
  expect(checkDataset(datasetOf(without, val), needs)).toMatchObject({ state: "ok" });
  expect(checkDataset(datasetOf(without, val), { ...needs, isJudged: true }).finding).toMatch(/no question/);
});

test("the manifest: changed files, another environment, an unreadable one", () => {
  const dataset = datasetOf(train, val);
  const check = (manifest: DatasetManifest | null) => checkDataset(datasetOf(train, val, manifest), needs);
  const stale = manifestOf({ ...dataset, training: fileOf("train.jsonl", "other") });
  expect(check(stale)).toMatchObject({
    state: "refused",
    finding: expect.stringMatching(/train\.jsonl was changed after/),
  });
  expect(check(manifestOf(dataset, { environment: "chess" })).finding).toMatch(/made for chess/);
  expect(check(null)).toMatchObject({ state: "refused" });
  const { counts, versions } = manifestOf(dataset);
  expect(check(manifestOf(dataset, { counts: { ...counts, left: 2 } }))).toMatchObject({
    state: "warned",
    finding: expect.stringMatching(/2 findings left/),
  });
  expect(check(manifestOf(dataset, { versions: { ...versions, grader: "x" } })).finding).toMatch(
    /another version of the grader/,
  );
});

test("of many problems the first few are named", () => {
  const found = checkDataset(
    datasetOf(
      lines("A", ({ messages: _, ...one }) => one),
      val,
    ),
    needs,
  );
  expect(found.finding).toMatch(/And 5 more\.$/);
});

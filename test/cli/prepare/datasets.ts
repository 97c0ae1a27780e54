/** Datasets in folders for the tests of `edgegym prepare`. Test material. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { prepare as prepareFiles, type PrepareOptions } from "../../../src/cli/prepare/prepare.ts";
import { Progress } from "../../../src/cli/progress.ts";
import { DatasetLine } from "../../../src/contract/dataset.ts";
import { type Given, record } from "./rows.ts";

export class Silent extends Progress {
  override update(): void {}
}

/** A folder of each test file's own, which goes when its tests end. */
export let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), "edgegym-prepare-"))));
afterAll(() => rm(folder, { recursive: true }));
let places = 0;
export const newPlace = () => join(folder, `place-${++places}`);

/** A folder with FinQA's train file of these records. */
export async function source(records: readonly unknown[], name = "train.json"): Promise<string> {
  const place = newPlace();
  await mkdir(place);
  await writeFile(join(place, name), JSON.stringify(records));
  return place;
}

/** A folder with rows as JSON Lines. */
export async function jsonl(rows: readonly unknown[]): Promise<string> {
  const place = newPlace();
  await mkdir(place);
  await writeFile(join(place, "rows.jsonl"), rows.map((row) => JSON.stringify(row)).join("\n"));
  return place;
}

export async function prepare(from: string, options: Partial<PrepareOptions> = {}) {
  const out = options.out ?? newPlace();
  const prepared = await prepareFiles(
    { env: "finqa", from: [from], train: 20, val: 10, seed: "7", ...options, out },
    new Silent(),
  );
  return { ...prepared, out };
}

export const readText = (out: string, name: string) => readFile(join(out, name), "utf8");

export async function readLines(out: string, name: string): Promise<DatasetLine[]> {
  const text = await readText(out, name);
  return text
    .trimEnd()
    .split("\n")
    .map((line) => DatasetLine.parse(JSON.parse(line)));
}

/** Sixty good questions of thirty pages, and some bad ones. */
export const good = Array.from({ length: 60 }, (_, at): Given => ({
  id: `q${at}`,
  question: `what was measure number ${at} of company ${at % 7}?`,
  answer: `${at + 100.5}`,
  exe_ans: at + 100.5,
  filename: `CO/2014/page_${at % 30}.pdf`,
}));
const bad: Given[] = [
  { id: "conflict", answer: "7%", exe_ans: 0.09 },
  { id: "words", answer: "170 grants" },
  { id: "rounded", answer: "7%", exe_ans: 0.06991 },
];
export const records = [...good, ...bad].map(record);

/** `edgegym prepare` from files to files, and what other commands make of them. */
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readItems as readAttackItems } from "../../../src/cli/attack/items.ts";
import { checkGrader } from "../../../src/cli/check-grader.ts";
import { build } from "../../../src/cli/index-corpus.ts";
import { readItems } from "../../../src/cli/items.ts";
import { countDataset } from "../../../src/cli/plan/dataset.ts";
import { prepare as prepareFiles, type PrepareOptions } from "../../../src/cli/prepare/prepare.ts";
import { Progress } from "../../../src/cli/progress.ts";
import { sampleSource } from "../../../src/cli/project.ts";
import { castAgent } from "../../../src/cli/rehearse/agents.ts";
import { UserError } from "../../../src/cli/user-error.ts";
import { Audit, DatasetLine, DatasetManifest } from "../../../src/contract/dataset.ts";
import { functionTools } from "../../../src/cli/agents/model.ts";
import { finqa } from "../../../src/environments/finqa/index.ts";
import { seededRandom, shuffled } from "../../../src/environments/random.ts";
import { type Given, record } from "./rows.ts";

class Silent extends Progress {
  override update(): void {}
}

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), "edgegym-prepare-"))));
afterAll(() => rm(folder, { recursive: true }));
let places = 0;
const newPlace = () => join(folder, `place-${++places}`);

/** A folder with FinQA's train file of these records. */
async function source(records: readonly unknown[], name = "train.json"): Promise<string> {
  const place = newPlace();
  await mkdir(place);
  await writeFile(join(place, name), JSON.stringify(records));
  return place;
}

/** A folder with rows as JSON Lines. */
async function jsonl(rows: readonly unknown[]): Promise<string> {
  const place = newPlace();
  await mkdir(place);
  await writeFile(join(place, "rows.jsonl"), rows.map((row) => JSON.stringify(row)).join("\n"));
  return place;
}

async function prepare(from: string, options: Partial<PrepareOptions> = {}) {
  const out = options.out ?? newPlace();
  const prepared = await prepareFiles(
    { env: "finqa", from: [from], train: 20, val: 10, seed: "7", ...options, out },
    new Silent(),
  );
  return { ...prepared, out };
}

const readText = (out: string, name: string) => readFile(join(out, name), "utf8");

async function readLines(out: string, name: string): Promise<DatasetLine[]> {
  const text = await readText(out, name);
  return text
    .trimEnd()
    .split("\n")
    .map((line) => DatasetLine.parse(JSON.parse(line)));
}

const idOf = ({ id }: DatasetLine) => id;

/** Sixty good questions of thirty pages, and some bad ones. */
const good = Array.from({ length: 60 }, (_, at): Given => ({
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
const records = [...good, ...bad].map(record);

describe("the files", () => {
  test("are in the trainer's format, with the prompt, the bare question and the tools of the routes", async () => {
    const { out } = await prepare(await source(records));
    const [line] = await readLines(out, "val.jsonl");
    const { messages, tools, ...item } = line!;
    expect(messages.map(({ role }) => role)).toEqual(["developer", "user"]);
    expect(messages[0].content).toBe(finqa.prompt);
    expect(messages[1].content).toBe(item["question"]);
    expect(tools.map((tool) => ({ type: "function", ...tool.function, strict: false }))).toEqual(functionTools(finqa));
    expect(Object.keys(item).toSorted()).toEqual(["evidence_paths", "id", "question", "reference_answer"]);
  });

  test("have the sizes that were asked for, whole documents, and nothing else beside them", async () => {
    const { out, audit } = await prepare(await source(records));
    const [train, val] = await Promise.all(["train.jsonl", "val.jsonl"].map((name) => readLines(out, name)));
    expect([train?.length, val?.length]).toEqual([20, 10]);
    expect(audit).toMatchObject({ train: { rows: 20 }, val: { rows: 10 } });
    const pages = (lines: DatasetLine[] = []) => new Set(lines.map((line) => String(line["evidence_paths"])));
    expect([...pages(train)].filter((page) => pages(val).has(page))).toEqual([]);
    expect(await readdir(out)).toEqual(["audit.html", "audit.json", "manifest.json", "train.jsonl", "val.jsonl"]);
  });

  test("are the same bytes in whatever order the records come, and by whatever seed they are not", async () => {
    const orders = ["1", "2", "3"].map((seed) => shuffled(records, seededRandom(seed)));
    const outs = await Promise.all(
      [records, ...orders].map(async (order) => prepare(await source(order), { fix: true })),
    );
    const files = ["train.jsonl", "val.jsonl", "audit.json"];
    const texts = await Promise.all(outs.map(({ out }) => Promise.all(files.map((name) => readText(out, name)))));
    for (const text of texts) expect(text).toEqual(texts[0]);

    const { out } = await prepare(await source(records), { fix: true, seed: "8" });
    expect(await readText(out, "val.jsonl")).not.toBe(texts[0]?.[1]);
  });

  test("are named in the manifest with their hashes, beside those of input, prompt, tools and grader", async () => {
    const from = await source(records);
    const { out, manifest } = await prepare(from);
    expect(DatasetManifest.parse(JSON.parse(await readText(out, "manifest.json")))).toEqual(manifest);
    for (const { name, bytes, sha256 } of [...manifest.outputs, ...manifest.inputs]) {
      const content = await readFile(join(name === "train.json" ? from : out, name));
      const digest = Buffer.from(await crypto.subtle.digest("SHA-256", content)).toString("hex");
      expect({ name, bytes, sha256 }).toEqual({ name, bytes: content.byteLength, sha256: digest });
    }
    expect(manifest).toMatchObject({ options: { train: 20, val: 10, fix: false }, versions: { index: null } });
    expect(new Set(Object.values(manifest.versions)).size).toBe(4);
  });
});

describe("what is wrong with the rows", () => {
  test("is told, and stays without --fix; --strict then fails", async () => {
    const from = await source(records);
    const { audit, out, exitCode } = await prepare(from, { train: Infinity, strict: true });
    expect(Audit.parse(JSON.parse(await readText(out, "audit.json")))).toEqual(audit);
    const found = audit.checks.filter((check) => check.found !== 0 && check.fix !== "tell");
    expect(found.map(({ name, left }) => [name, left.train + left.val])).toEqual([
      ["label_conflict", 1],
      ["label_rounded", 1],
      ["ungradable", 1],
    ]);
    expect([audit.passed, exitCode]).toEqual([false, 1]);
    expect((await prepare(from)).exitCode).toBe(0);
  });

  test("is handled with --fix; --strict then passes", async () => {
    const { audit, out, exitCode } = await prepare(await source(records), { train: Infinity, fix: true, strict: true });
    const lines = [...(await readLines(out, "train.jsonl")), ...(await readLines(out, "val.jsonl"))];
    expect(lines.map(idOf).filter((id) => !String(id).startsWith("q"))).toEqual(["rounded"]);
    expect(lines.find((line) => idOf(line) === "rounded")?.["reference_answer"]).toBe("6.991%");
    expect([audit.passed, exitCode, audit.rows.usable]).toEqual([true, 0, 61]);
  });

  test("is told of pairs by where they are: a question in both files is between them", async () => {
    const same = good.map(({ id, ...row }) => ({ ...row, id: `${id}-again`, filename: `OTHER/${id}.pdf` }));
    const from = await source([...good, ...same].map(record));
    const { audit } = await prepare(from, { train: 60, val: 60 });
    const duplicates = audit.checks.find(({ name }) => name === "duplicate");
    expect(duplicates?.found).toBe(60);
    expect(duplicates?.left.between).toBeGreaterThan(0);
    const { train, val, between } = duplicates!.left;
    expect(train + val + between).toBe(60);

    const fixed = await prepare(from, { train: Infinity, val: 20, fix: true });
    expect(fixed.audit).toMatchObject({ passed: true, rows: { usable: 60 } });
  });

  test("a file that a trainer refuses for its few rows is left, whatever is fixed", async () => {
    const { audit, exitCode } = await prepare(await source(good.slice(0, 12).map(record)), { fix: true, strict: true });
    expect(audit.checks.find(({ name }) => name === "few_rows")?.left).toEqual({ train: 1, val: 1, between: 0 });
    expect(exitCode).toBe(1);
    expect(audit.remarks[0]).toMatch(/^20 and 10 rows were asked for; 12 are there/);
  });
});

describe("JSON Lines with the documented fields", () => {
  const row = (at: number) => ({
    messages: [{ role: "user", content: `what was measure ${at}?` }],
    tools: ["another's"],
    reference_answer: `${at + 0.5}`,
    evidence_paths: [`page ${at % 20}`],
    kind: "measure",
  });
  const rows = Array.from({ length: 40 }, (_, at) => row(at));

  test("keep their other fields and get an id where they have none", async () => {
    const { out } = await prepare(await jsonl(rows), { source: "jsonl", fix: true, strict: true });
    const [line] = await readLines(out, "train.jsonl");
    expect(line).toMatchObject({
      kind: "measure",
      id: expect.stringMatching(/^[0-9a-f]{16}$/),
      question: line?.messages[1].content,
    });
    expect(line?.tools.map((tool) => tool.function.name)).toEqual(["search", "list", "cat"]);
  });

  test("are named by where they stand when they are no rows, and cannot be split without documents", async () => {
    const from = await jsonl([...rows, { reference_answer: "7" }, 7, { question: "why?", reference_answer: "7" }]);
    const { audit } = await prepare(from, { source: "jsonl", fix: true });
    const [unreadable] = audit.checks;
    expect(unreadable?.examples.map(({ rows: [name] }) => name)).toEqual(["line 41", "line 42"]);
    expect(audit.checks.find(({ name }) => name === "no_document")?.found).toBe(1);
    expect(audit.passed).toBe(true);
  });

  test("a prepared folder is such rows", async () => {
    const first = await prepare(await source(records), { fix: true });
    const again = await prepare(first.out, { source: "jsonl", train: 15, val: 10 });
    expect(again.audit).toMatchObject({ rows: { read: 30 }, passed: true });
  });
});

describe("run again", () => {
  test("with the same input and options, nothing is written", async () => {
    const from = await source(records);
    const { out, files } = await prepare(from);
    expect(files).toHaveLength(5);
    expect((await prepare(from, { out })).files).toEqual([expect.stringMatching(/^nothing changed/)]);
    expect((await prepare(from, { out, seed: "8" })).files).toHaveLength(5);
  });

  test("after an interruption or a change of a file, all is as it should be", async () => {
    const from = await source(records);
    const { out, manifest } = await prepare(from);
    const val = await readText(out, "val.jsonl");
    await rm(join(out, "manifest.json"));
    await writeFile(join(out, "val.jsonl"), "{");
    await writeFile(join(out, ".train.jsonl.part"), "{");
    expect((await prepare(from, { out })).files).toHaveLength(5);
    expect(await readText(out, "val.jsonl")).toBe(val);
    expect(JSON.parse(await readText(out, "manifest.json"))).toEqual(manifest);
    expect((await readdir(out)).filter((name) => name.startsWith("."))).toEqual([]);
  });

  test("interrupted while it writes, it leaves no manifest", async () => {
    const from = await source(records);
    const { out } = await prepare(from);
    // What stands in the way of the second file's temporary one is as good as a full disk.
    await mkdir(join(out, ".val.jsonl.part"));
    await expect(prepare(from, { out, seed: "8" })).rejects.toThrow(/EISDIR/);
    expect(await readdir(out)).not.toContain("manifest.json");
  });
});

describe("other commands take the folder", () => {
  test("check-grader, plan, attack and rehearse", async () => {
    const { out } = await prepare(sampleSource, { train: Infinity, val: 20, fix: true });
    expect((await checkGrader({ data: [out] })).exitCode).toBe(0);
    const { train, val } = await countDataset([out]);
    expect(val).toBe(20);
    const { items, problems } = await readItems([out]);
    expect([items.length, problems]).toEqual([train + val, []]);
    expect(items[0]).toMatchObject({
      question: items[0]?.row["question"],
      row: { evidence_paths: [expect.any(String)] },
    });
    expect(Object.keys(items[0]!.row)).not.toContain("tools");
    expect(await readAttackItems([out], finqa)).toMatchObject({ rows: train + val, leftOut: [] });
    const cast = await castAgent(finqa, { agent: "oracle", data: [out], errorRate: 0 });
    expect([cast.items.length, cast.remarks]).toEqual([train + val, []]);
  });
});

test("with an index, documents are looked up and searched for", { timeout: 60_000 }, async () => {
  const index = newPlace();
  const { version } = await build({ source: "finqa", from: sampleSource, out: index, embedder: "embedded" });
  const sample = JSON.parse(await readText(sampleSource, "train.json"));
  const lost = {
    ...sample[0],
    id: "lost",
    filename: "NO/2000/page_1.pdf",
    qa: { ...sample[0].qa, question: "what was lost?" },
  };
  const { audit, manifest } = await prepare(await source([...sample, lost]), { index, fix: true, train: Infinity });
  expect(audit.checks.find(({ name }) => name === "no_document")).toMatchObject({
    found: 1,
    examples: [{ rows: ["lost"] }],
  });
  const unfound = audit.checks.find(({ name }) => name === "not_found_by_search");
  expect(unfound?.found).toBeLessThan((audit.train.rows + audit.val.rows) / 2);
  expect(manifest.versions.index).toBe(version);
  expect(audit.remarks).toEqual([]);
});

describe("what the user can mend is said", () => {
  test.each<[string, () => Promise<unknown>, RegExp]>([
    ["a file that is not there", () => prepare(join(folder, "nowhere")), /nowhere: cannot be read as a dataset/],
    ["a folder without the source", async () => prepare(await jsonl([])), /has none of train\.json, dev\.json/],
    ["a folder without rows", async () => prepare(await source([]), { source: "jsonl" }), /has no \.jsonl file/],
    ["an empty file", async () => prepare(await source([])), /no row is in it\. .* train\.json has no rows/],
    ["another format", async () => prepare(await source([{ a: 1 }])), /record 1 is not in the format of finqa/],
    [
      "an unknown source",
      async () => prepare(await source(records), { source: "pdf" }),
      /--source pdf: .*finqa, jsonl/,
    ],
    ["an unknown environment", async () => prepare(await source(records), { env: "x" }), /--env x: .*finqa/],
    ["no index", async () => prepare(await source(records), { index: folder }), /no complete index/],
    [
      "a folder of something else",
      async () => prepare(await source(records), { out: await jsonl([]) }),
      /has rows\.jsonl in it/,
    ],
    [
      "one document",
      async () => prepare(await source(["a", "b"].map((id) => record({ id, filename: "P" })))),
      /2 usable rows/,
    ],
    [
      "reading what is written",
      async () => {
        const { out } = await prepare(await source(records));
        return prepare(out, { source: "jsonl", out });
      },
      /would be read and written/,
    ],
  ])("%s", async (_, run, message) => {
    const error = await run().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect(error).toHaveProperty("message", expect.stringMatching(message));
  });
});

const shared = fileURLToPath(new URL("../../../../shared/data/finqa", import.meta.url));

describe.skipIf(!existsSync(shared))(`FinQA (skipped without ${shared})`, { timeout: 120_000 }, () => {
  test("gives a thousand rows and a hundred, of which nothing is left to say", async () => {
    const { audit, out } = await prepare(shared, { train: 1000, val: 100, fix: true });
    expect(audit).toMatchObject({ train: { rows: 1000 }, val: { rows: 100 }, passed: true });
    expect((await checkGrader({ data: [out] })).exitCode).toBe(0);
    const { agrees, rounded, disagrees, rounded_unpaid } = audit.labels;
    const share = (count: number) => count / audit.rows.read;
    expect(share(agrees + rounded)).toBeGreaterThan(0.9);
    expect(share(disagrees)).toBeLessThan(0.1);
    expect(share(rounded_unpaid)).toBeCloseTo(0.22, 1);
  });
});

/** `edgegym prepare` from the files that it reads to those that it writes. */
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { functionTools } from "../../../src/cli/agents/model.ts";
import { checkGrader } from "../../../src/cli/check-grader.ts";
import { build } from "../../../src/cli/index-corpus.ts";
import { sampleSource } from "../../../src/cli/project.ts";
import { Audit, type DatasetLine, DatasetManifest } from "../../../src/contract/dataset.ts";
import { finqa } from "../../../src/environments/finqa/index.ts";
import { seededRandom, shuffled } from "../../../src/environments/random.ts";
import { good, jsonl, newPlace, prepare, readLines, readText, records, source } from "./datasets.ts";
import { record } from "./rows.ts";

const idOf = ({ id }: DatasetLine) => id;

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

  test.each([true, false])("are the same bytes in whatever order the records come (--fix: %s)", async (fix) => {
    const twice = good.slice(0, 9).map((row) => record({ ...row, filename: `OTHER/${row.id}.pdf` }));
    const again = good.slice(9, 20).map((row) => record({ ...row, id: `${row.id}-again`, filename: "OTHER/page.pdf" }));
    const all = [...records, ...twice, ...again];
    const orders = ["1", "2", "3"].map((seed) => shuffled(all, seededRandom(seed)));
    const outs = await Promise.all([all, ...orders].map(async (order) => prepare(await source(order), { fix })));
    const files = ["train.jsonl", "val.jsonl", "audit.json"];
    const texts = await Promise.all(outs.map(({ out }) => Promise.all(files.map((name) => readText(out, name)))));
    for (const text of texts) expect(text).toEqual(texts[0]);
  });

  test("are others by another seed", async () => {
    const from = await source(records);
    const [first, second] = await Promise.all(["7", "8"].map((seed) => prepare(from, { seed })));
    expect(await readText(first!.out, "val.jsonl")).not.toBe(await readText(second!.out, "val.jsonl"));
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

  test("is told with few and short examples, however much there is", async () => {
    const long = Array.from({ length: 20 }, (_, at) => ({
      id: `long${at}`,
      question: "why? ".repeat(9_000),
      answer: `${at}`,
    }));
    const { audit } = await prepare(await source([...good, ...long].map(record)));
    const [example] = audit.checks.find(({ name }) => name === "contradiction")?.examples ?? [];
    expect(example?.rows).toHaveLength(5);
    expect(example?.note).toHaveLength(601);
  });

  test("a record without a question is no row", async () => {
    const { audit } = await prepare(await source([...records, record({ id: "mute", question: " \n" })]));
    expect(audit.checks[0]).toMatchObject({ found: 1, examples: [{ note: "has no question" }] });
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

const shared = fileURLToPath(new URL("../../../../shared/data/finqa", import.meta.url));

describe.skipIf(!existsSync(shared))(`FinQA (skipped without ${shared})`, { timeout: 120_000 }, () => {
  test("gives a thousand rows and a hundred, of which nothing is left to say", async () => {
    const { audit, out } = await prepare(shared, { train: 1000, val: 100, fix: true });
    expect(audit).toMatchObject({ train: { rows: 1000 }, val: { rows: 100 }, passed: true });
    expect((await checkGrader({ environment: finqa, data: [out] })).exitCode).toBe(0);
    const { agrees, rounded, disagrees, rounded_unpaid } = audit.labels;
    const share = (count: number) => count / audit.rows.read;
    expect(share(agrees + rounded)).toBeGreaterThan(0.9);
    expect(share(disagrees)).toBeLessThan(0.1);
    expect(share(rounded_unpaid)).toBeCloseTo(0.22, 1);
  });
});

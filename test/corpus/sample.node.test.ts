import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { execute, figuresOf, figuresUsed } from "./finqa-program.ts";

const SampleRecord = z.strictObject({
  id: z.string(),
  filename: z.string().regex(/^[A-Z]{4}\/20\d\d\/page_\d+\.pdf$/),
  pre_text: z.array(z.string().min(1)).min(1),
  table: z.array(z.array(z.string())).min(4),
  post_text: z.array(z.string().min(1)).min(1),
  qa: z.strictObject({
    question: z.string().endsWith("?"),
    answer: z.string(),
    exe_ans: z.union([z.number(), z.enum(["yes", "no"])]),
    program: z.string(),
    gold_inds: z.record(z.string().regex(/^(?:table|text)_\d+$/), z.string().min(1)),
  }),
});
type SampleRecord = z.infer<typeof SampleRecord>;

const folder = new URL("../../corpus-index/sample/", import.meta.url);
const train = await split("train.json");
const dev = await split("dev.json");
const records = [...train, ...dev];
const pages = new Map(records.map((record) => [record.filename, record]));

async function split(name: string): Promise<SampleRecord[]> {
  return z.array(SampleRecord).parse(JSON.parse(await readFile(new URL(name, folder), "utf8")));
}

describe("the sample corpus", () => {
  test("has as many pages and questions as its README says", async () => {
    const readme = await readFile(new URL("README.md", folder), "utf8");
    expect(readme).toContain(`${pages.size} pages of annual reports and\n${records.length} questions`);
    for (const [name, rows] of Object.entries({ train, dev }))
      expect(readme).toContain(`| \`${name}.json\` | ${rows.length} | ${new Set(rows.map(filename)).size} |`);
  });

  test("numbers the questions of each page, every id once", () => {
    expect(new Set(records.map(({ id }) => id)).size).toBe(records.length);
    for (const { id, filename: page } of records) expect(id.replace(/-[1-9]$/, "")).toBe(page);
  });

  test("asks no train question of a page that a dev question needs", () => {
    const trainPages = new Set(train.map(filename));
    expect(dev.map(filename).filter((page) => trainPages.has(page))).toEqual([]);
  });

  test("has one text for each page, however many questions are asked of it", () => {
    expect(new Set(records.map((record) => record.filename + textOf(record))).size).toBe(pages.size);
  });

  test.each([...pages.values()])("$filename has 250 to 700 words and a rectangular table", (page) => {
    const words = textOf(page).split(/\s+/).length;
    expect(words).toBeGreaterThanOrEqual(250);
    expect(words).toBeLessThanOrEqual(700);
    expect(new Set(page.table.map((row) => row.length)).size).toBe(1);
  });

  test("agrees, from one report to the next, on the figures of the years that both show", () => {
    const figures = new Map<string, Set<string>>();
    for (const page of pages.values())
      for (const { key, cell } of yearFigures(page)) figures.set(key, (figures.get(key) ?? new Set()).add(cell));
    expect(figures.size).toBeGreaterThan(300);
    expect([...figures].filter(([, cells]) => cells.size > 1)).toEqual([]);
  });
});

describe("each question of the sample", () => {
  const numeric = records.flatMap((record) => {
    const { exe_ans: expected } = record.qa;
    return typeof expected === "number" ? [{ ...record, expected }] : [];
  });
  const yesNo = records.filter(({ qa }) => typeof qa.exe_ans === "string");

  test.each(numeric)("$id: its program computes its answer", ({ qa, table, expected }) => {
    const result = Number(execute(qa.program, table));
    expect(Math.abs(result - expected)).toBeLessThanOrEqual(1e-9 * Math.abs(expected));
    const { value, unit, halfOfLastPlace } = readAnswer(qa.answer);
    expect(Math.abs(expected / unit - value)).toBeLessThanOrEqual(halfOfLastPlace * (1 + 1e-9));
  });

  test.each(yesNo)("$id: its program decides its answer", ({ qa, table }) => {
    expect([execute(qa.program, table), qa.answer]).toEqual([qa.exe_ans, qa.exe_ans]);
  });

  test.each(records)("$id: its figures stand on its page, and together on no other of the company", (record) => {
    const used = figuresUsed(record.qa.program, record.table);
    expect(used.length).toBeGreaterThan(0);
    const company = [...pages.values()].filter((page) => ticker(page) === ticker(record));
    const answering = company.filter((page) => used.every((figure) => figuresOf(textOf(page)).has(figure)));
    expect(answering.map(filename)).toEqual([record.filename]);
  });

  test.each(records)("$id: says a year, and by some word whose page is meant", (record) => {
    const others = [...pages.values()].filter((page) => ticker(page) !== ticker(record));
    const elsewhere = others.map(textOf).join(" ");
    const words = record.qa.question.match(/[a-z]{4,}/g) ?? [];
    expect(words.some((word) => textOf(record).includes(word) && !elsewhere.includes(word))).toBe(true);
    expect(record.qa.question).toMatch(/\b20\d\d\b/);
  });

  test.each(records)("$id: names evidence that is on its page", (record) => {
    const evidence = Object.entries(record.qa.gold_inds);
    expect(evidence.length).toBeGreaterThan(0);
    for (const [key, text] of evidence) expect(text).toBe(evidenceAt(key, record));
  });
});

const filename = (record: SampleRecord): string => record.filename;
const ticker = (record: SampleRecord): string => record.filename.slice(0, 4);

function textOf({ pre_text, table, post_text }: SampleRecord): string {
  return [...pre_text, ...table.flat(), ...post_text].join(" ");
}

/** The cells under a year that is over, by company, row and heading. Under a year to come are payments due, which change. */
function yearFigures({ filename: path, table: [head = [], ...rows] }: SampleRecord): { key: string; cell: string }[] {
  const [company = "", reportYear = ""] = path.split("/");
  return rows.flatMap(([label = "", ...cells]) =>
    cells.flatMap((cell, at) => {
      const heading = head[at + 1] ?? "";
      const year = /^(?:fiscal )?(20\d\d)$/.exec(heading)?.[1];
      return year === undefined || year > reportYear ? [] : [{ key: `${company}, ${label}, ${heading}`, cell }];
    }),
  );
}

/** What `table_2` (a row, told as FinQA tells it) or `text_5` (a sentence, counted on from before the table) is. */
function evidenceAt(key: string, { table, pre_text, post_text }: SampleRecord): string | undefined {
  const at = Number(key.split("_")[1]);
  if (key.startsWith("text_")) return [...pre_text, ...post_text][at];
  const [label = "", ...cells] = table[at] ?? [];
  const told = cells.map((cell, column) =>
    cell === "" ? "" : `the ${label} of ${table[0]?.[column + 1]} is ${cell} ;`,
  );
  return told.filter((part) => part !== "").join(" ");
}

/** An answer's figure, what one of its units is in `exe_ans`, and how far rounding to its last place can lead. */
function readAnswer(answer: string): { value: number; unit: number; halfOfLastPlace: number } {
  const form = /^(-)?(?:\$ )?(\d[\d,]*(?:\.(\d+))?)(%| million| thousand)?$/.exec(answer);
  if (form === null) throw new Error(`an answer of a form that the sample does not have: ${answer}`);
  const [, sign = "", digits = "", decimals = "", suffix] = form;
  const value = Number(sign + digits.replaceAll(",", ""));
  return { value, unit: suffix === "%" ? 0.01 : 1, halfOfLastPlace: 0.5 * 10 ** -decimals.length };
}

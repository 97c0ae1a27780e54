import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkGrader } from "../../src/cli/check-grader.ts";
import { sampleSource } from "../../src/cli/project.ts";
import { codePlanning } from "../../src/environments/code-planning/index.ts";
import { finqa as environment } from "../../src/environments/finqa/index.ts";
import { sampleFolder } from "../environments/code-planning/items.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "check-grader-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** A file of the test's folder, by its path in it. */
async function file(name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return path;
}

const finqa = (...answers: unknown[]) =>
  JSON.stringify(
    answers.map((answer, at) => ({
      id: `AAL/2014/page_18.pdf-${at + 1}`,
      filename: "AAL/2014/page_18.pdf",
      qa: { question: "how many?", answer, exe_ans: 0.07 },
    })),
  );

/** The report without the folder, which differs each time, and the exit code. */
async function check(...data: string[]) {
  const { report, exitCode } = await checkGrader({ environment, data });
  return { lines: report.replaceAll(`${folder}/`, "").split("\n"), exitCode };
}

describe("a dataset whose references all score 1", () => {
  test("the bundled sample", async () => {
    const { report, exitCode } = await checkGrader({ environment, data: [sampleSource] });
    expect(report).toMatch(/All \d{3} rows score 1 against their own reference\.$/);
    expect(exitCode).toBe(0);
  });

  test("in FinQA's own format", async () => {
    const path = await file("good/train.json", finqa("$ 56 million", "7%", "yes", "", null));
    expect(await check(path)).toEqual({
      lines: ["good/train.json: 5 of 5 score 1", "All 5 rows score 1 against their own reference."],
      exitCode: 0,
    });
  });

  test("as JSON Lines, with blank lines, Windows line ends and a byte order mark", async () => {
    const rows = ['{"messages":[],"reference_answer":"7%","evidence_paths":["a"]}', "", '{"reference_answer":-41}', ""];
    const path = await file("good.jsonl", `\ufeff${rows.join("\r\n")}`);
    expect(await check(path)).toEqual({
      lines: ["good.jsonl: 2 of 2 score 1", "All 2 rows score 1 against their own reference."],
      exitCode: 0,
    });
  });

  test("as the files of a folder, each once; other JSON in it is none", async () => {
    const inside = await file("folder/rows.jsonl", '{"reference_answer":"7%"}');
    await file("folder/dataset/dev.json", finqa("7%"));
    await file("folder/damaged_tables.json", '["a"]');
    const { lines, exitCode } = await check(join(folder, "folder"), inside);
    expect(exitCode).toBe(0);
    expect(lines).toEqual([
      "folder/dataset/dev.json: 1 of 1 score 1",
      "folder/rows.jsonl: 1 of 1 score 1",
      "All 2 rows score 1 against their own reference.",
    ]);
  });
});

describe("what does not score 1 is listed with its reference and the reason, and fails", () => {
  test("references that no grader could use", async () => {
    const path = await file("bad/dev.json", finqa("7%", "170 grants", "$ 27.8 per share", "2.3:1"));
    expect(await check(path)).toEqual({
      lines: [
        "bad/dev.json: 1 of 4 score 1",
        '  AAL/2014/page_18.pdf-2  "170 grants"  item.reference_answer has words beside the value',
        '  AAL/2014/page_18.pdf-3  "$ 27.8 per share"  item.reference_answer has words beside the value',
        '  AAL/2014/page_18.pdf-4  "2.3:1"  item.reference_answer has characters that no value has',
        "3 of 4 rows cannot be used. By reason:",
        "     2  item.reference_answer has words beside the value",
        "     1  item.reference_answer has characters that no value has",
      ],
      exitCode: 1,
    });
  });

  test("broken lines and rows of another shape, by where they stand", async () => {
    const rows = [
      '{"reference_answer":"7%"}',
      '{"reference_answer":"7%"',
      "7",
      '{"id":"row-4","answer":"7%"}',
      '{"qa":{}}',
    ];
    const { lines, exitCode } = await check(await file("bad.jsonl", rows.join("\n")));
    expect(exitCode).toBe(1);
    expect(lines.slice(0, 5)).toEqual([
      "bad.jsonl: 1 of 5 score 1",
      "  line 2  is not JSON",
      "  line 3  is not a JSON object",
      "  line 4 (row-4)  item.reference_answer is missing",
      expect.stringMatching(/^ {2}line 5 {2}is not a FinQA record: id: /),
    ]);
  });

  test.each([
    ["an empty file", "empty.jsonl", "", /^ {2}empty\.jsonl {2}has no rows$/],
    ["an empty list", "empty.json", "[]", /^ {2}empty\.json {2}has no rows$/],
    ["a list of other things", "list.json", '["a"]', /^ {2}record 1 {2}is not a JSON object$/],
    ["a list that breaks off", "cut.json", '[{"reference_answer":"7%"},', /^ {2}the JSON list {2}is not JSON$/],
  ])("%s", async (_, name, content, line) => {
    const { lines, exitCode } = await check(await file(name, content));
    expect(exitCode).toBe(1);
    expect(lines[1]).toMatch(line);
  });

  test("a file that is not there, and a folder without a dataset", async () => {
    await file("other/notes.txt", "7%");
    for (const path of [join(folder, "nowhere.jsonl"), join(folder, "other")]) {
      const { lines, exitCode } = await check(path);
      expect(exitCode).toBe(1);
      expect(lines[1]).toContain("cannot be read as a dataset");
    }
  });

  test("nothing at all", async () => {
    expect((await check()).exitCode).toBe(1);
  });
});

test("an environment of its own grades the sample of its own, and says which list no answer could be", async () => {
  const sample = await checkGrader({ environment: codePlanning, data: [sampleFolder] });
  expect(sample.report).toMatch(/All 15 rows score 1 against their own reference\.$/);
  const path = await file("lists.jsonl", '{"edited_files":["my notes.md","a.ts"]}\n{"edited_files":[]}\n{}\n');
  const { report, exitCode } = await checkGrader({ environment: codePlanning, data: [path] });
  expect(exitCode).toBe(1);
  expect(report.split("\n").slice(1, 3)).toEqual([
    '  line 2  "[]"  item.edited_files is empty',
    "  line 3  item.edited_files is missing",
  ]);
});

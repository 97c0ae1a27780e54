import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { limits } from "../../src/contract/limits.ts";
import { serveCorpus } from "./corpus.ts";
import { errorOf, outputOf, post, requestWith, scoreOf, takeLog, TestRollout, TRAINER } from "./world.ts";

beforeAll(() => serveCorpus());

const item = { reference_answer: "56 million" };
const gradeSample = (sample: object, traceId = "") => post("/finqa/grade", { sample, item, trace_id: traceId });
const message = (content: unknown) => ({
  choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
});

describe("the answer is found", () => {
  test.each<[string, object, number]>([
    ["in the text", { output_text: "$56,000,000" }, 1],
    ["in the parsed JSON", { output_json: { answer: "56 million" } }, 1],
    [
      "in the parsed JSON, before the text",
      { output_text: '{"answer":"56 million"}', output_json: { answer: "56 million" } },
      1,
    ],
    ["in the text where the parsed JSON is null", { output_text: "56", output_json: null, output_tools: [] }, 1],
    ["in the first choice", message("56 million"), 1],
    ["in the first choice where the text is null", { output_text: null, ...message("56") }, 1],
    [
      "in the parts of a message",
      message([{ type: "text", text: "56 " }, { type: "image" }, { type: "text", text: "million" }]),
      1,
    ],
    ["and close is worth half", { output_text: "56.01 million" }, 0.5],
    ["and wrong is worth nothing", { output_text: "57 million" }, 0],
    ["and in a sentence is worth nothing", { output_text: "It is 56 million." }, 0],
    ["and empty is worth nothing", { output_text: "" }, 0],
    ["and none is worth nothing", { output_text: null, choices: [] }, 0],
    ["and only a call of a tool is worth nothing", message(null), 0],
    ["and of no kind that there is, is worth nothing", { choices: [{ message: { content: { text: "56" } } }] }, 0],
    ["and a megabyte of digits is worth nothing", { output_text: "5".repeat(900_000) }, 0],
  ])("%s", async (_, sample, score) => {
    expect(await scoreOf(gradeSample(sample))).toBe(score);
    const rollout = new TestRollout();
    expect(await scoreOf(gradeSample(sample, rollout.traceId))).toBe(score);
    expect((await rollout.ledger()).grades).toMatchObject([{ score }]);
  });
});

test("an answer that is nested without end is worth nothing", async () => {
  const nested = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
  const rollout = new TestRollout();
  const sample = `{"output_json":${nested},"choices":[{"message":{"content":${nested}}}]}`;
  const body = `{"sample":${sample},"item":{"reference_answer":"56"},"trace_id":"${rollout.traceId}"}`;
  expect([await scoreOf(post("/finqa/grade", body)), await scoreOf(post("/finqa/grade", body))]).toEqual([0, 0]);
  expect((await rollout.ledger()).grades).toHaveLength(1);
});

describe("the same sample", () => {
  test("graded twenty times at once is one record, and every delivery gets its score", async () => {
    const rollout = new TestRollout();
    await outputOf(rollout.call("list", {}));
    const scores = await Promise.all(Array.from({ length: 20 }, () => scoreOf(rollout.grade("56.01 million"))));
    expect(scores).toEqual(Array(20).fill(0.5));
    expect((await rollout.ledger()).grades).toHaveLength(1);
  });

  test("graded again has its recorded score, and the log says that it is repeated", async () => {
    const rollout = new TestRollout();
    await scoreOf(rollout.grade("56"));
    takeLog();
    expect(await scoreOf(rollout.grade("56"))).toBe(1);
    expect(takeLog()).toMatchObject([{ outcome: "graded", repeated: true }]);
  });

  test("is told from others by its text and by its parsed JSON", async () => {
    const rollout = new TestRollout();
    const samples = [
      { output_text: "56" },
      { output_text: "56 " },
      { output_text: "56", output_json: { answer: "57" } },
      { output_text: "58" },
    ];
    const scores: number[] = [];
    for (const sample of [...samples, ...samples]) scores.push(await scoreOf(gradeSample(sample, rollout.traceId)));
    expect(scores).toEqual([1, 1, 0, 0, 1, 1, 0, 0]);
    expect((await rollout.ledger()).grades.map(({ score }) => score)).toEqual([1, 1, 0, 0]);
  });

  test("that is very long is told from another that differs only at its end", async () => {
    const rollout = new TestRollout();
    const answer = (end: string) => `56${" ".repeat(100_000)}${end}`;
    expect(await scoreOf(rollout.grade(answer("")))).toBe(1);
    expect(await scoreOf(rollout.grade(answer("x")))).toBe(0);
  });
});

test("a rollout has so many samples scored and no more, and the ledger says so", async () => {
  const rollout = new TestRollout();
  for (let at = 0; at < limits.ledgerGrades; at++) expect(await scoreOf(rollout.grade(String(at)))).toBe(0);
  expect(await errorOf(rollout.grade("56"))).toMatchObject({ status: 503, code: "fault" });
  expect(await scoreOf(rollout.grade("0"))).toBe(0);
  const { grades, refusals } = await rollout.ledger();
  expect(grades).toHaveLength(limits.ledgerGrades);
  expect(refusals).toMatchObject([{ reason: "More than 20 different samples were sent for this rollout." }]);
});

describe("an item that cannot be graded", () => {
  test.each<[object, string]>([
    [{}, "item.reference_answer is missing"],
    [{ answer: "secret" }, "item.reference_answer is missing"],
    [{ reference_answer: null }, "item.reference_answer is missing"],
    [{ reference_answer: ["secret"] }, "item.reference_answer is neither a text nor a finite number"],
    [{ reference_answer: "secret words" }, "item.reference_answer"],
    [{ reference_answer: "" }, "item.reference_answer is empty"],
  ])("is a 500 that names the field and never its value: %j", async (unusable, reason) => {
    const rollout = new TestRollout();
    const response = await rollout.grade("56", unusable);
    expect(response.headers.has("Retry-After")).toBe(false);
    const error = await errorOf(response);
    expect(error).toMatchObject({ status: 500, code: "unusable_item", message: expect.stringContaining(reason) });
    const log = takeLog();
    expect(log.at(-1)).toMatchObject({
      outcome: "unscored",
      fault: { boundary: "item", correlation_id: error.correlation_id },
    });
    expect(JSON.stringify([error, log])).not.toContain("secret");
    expect(await scoreOf(rollout.grade("56", item))).toBe(1);
  });
});

describe("the option evidenceCredit", () => {
  const withCredit = { ...item, evidence_paths: ["AAL/2010/page_72.pdf"] };
  /** The answer of a deployment with these options to a wrong answer of a rollout that has opened the page. */
  async function gradeWith(OPTIONS: Record<string, unknown>, path = "AAL/2010/page_72.pdf"): Promise<Response> {
    const rollout = new TestRollout();
    await outputOf(rollout.call("cat", { path }));
    const body = JSON.stringify({ sample: { output_text: "57" }, item: withCredit, trace_id: rollout.traceId });
    const headers = { ...TRAINER, "Content-Type": "application/json" };
    return requestWith({ ...env, OPTIONS }, "/finqa/grade", { method: "POST", headers, body });
  }

  test("pays a wrong value once the evidence was opened", async () => {
    expect(await scoreOf(gradeWith({ finqa: { evidenceCredit: 0.2 } }))).toBe(0.2);
    expect(await scoreOf(gradeWith({ finqa: { evidenceCredit: 0.2 } }, "AAL/2010/page_9.pdf"))).toBe(0);
  });

  test.each([[{ finqa: { evidenceCredit: 0 } }], [{ finqa: {} }], [{}], [{ other: { x: 1 } }]])(
    "pays nothing with %j",
    async (options) => {
      expect(await scoreOf(gradeWith(options))).toBe(0);
    },
  );

  test.each([
    [{ finqa: { evidenceCredit: 0.5 } }],
    [{ finqa: { evidenceCredit: -0.1 } }],
    [{ finqa: { evidenceCredit: "0.2" } }],
    [{ finqa: { evidencecredit: 0.2 } }],
    [{ finqa: null }],
    [{ finqa: "{}" }],
  ])("is a fault with %j, and no score", async (options) => {
    takeLog();
    expect(await errorOf(gradeWith(options))).toMatchObject({ status: 503, code: "fault" });
    expect(takeLog().at(-1)).toMatchObject({ outcome: "unscored", fault: { boundary: "configuration" } });
  });

  test("is a fault where all options are a text, as a variable of the wrong type is", async () => {
    const text: unknown = '{"finqa":{"evidenceCredit":0.2}}';
    expect(await errorOf(gradeWith(text as Record<string, unknown>))).toMatchObject({ status: 503, code: "fault" });
  });
});

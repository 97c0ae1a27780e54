/** Attacks over HTTP, on a grade route with finqa's grader behind it that each test sabotages in its own way. */
import { createServer } from "node:http";
import { once } from "node:events";
import { afterEach, describe, expect, test } from "vitest";
import { type AttackOptions, runAttack } from "../../../src/cli/attack/run-attack.ts";
import { pauseMilliseconds } from "../../../src/cli/attack/grade-route.ts";
import { sampleSource } from "../../../src/cli/project.ts";
import { AttackResult } from "../../../src/contract/attack.ts";
import { limits } from "../../../src/contract/limits.ts";
import { finqa } from "../../../src/environments/finqa/index.ts";
import { type Answer, failure, GraderServer } from "./grader-server.ts";
import { dataset } from "./dataset.ts";

const servers: GraderServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

const honest: Answer = ({ honest: score }) => score;

async function attack(answer: Answer, options: Partial<AttackOptions> = {}) {
  const server = await GraderServer.start(answer);
  servers.push(server);
  const result = await runAttack({
    deployment: server.deployment,
    environment: finqa,
    data: [sampleSource],
    battery: "attack",
    items: 2,
    seed: "1",
    concurrency: 16,
    signal: new AbortController().signal,
    onProgress: () => {},
    ...options,
  });
  return { server, result: AttackResult.parse(result), failed: failedOf(result) };
}

const failedOf = ({ control, classes }: AttackResult) =>
  [control, ...classes].filter(({ verdict }) => verdict === "failed").map(({ name }) => name);

describe("a grader that pays for nothing but answers", { timeout: 60_000 }, () => {
  test("passes, and is asked without a trace id", async () => {
    const { server, result, failed } = await attack(honest);
    expect(failed).toEqual([]);
    expect(result).toMatchObject({ passed: true, problems: [], interrupted: false, stopped: false });
    expect(result.control).toMatchObject({ answers: 2, paid_one: 2, verdict: "passed" });
    expect([...server.fields].toSorted()).toEqual(["item", "sample"]);
    const sent = result.classes.reduce((sum, { answers }) => sum + answers, 2);
    expect(server.requests).toBe(sent);
    expect(sent).toBeGreaterThan(1000);
  });

  test("passes with its honest battery, in which everything is paid 1", async () => {
    const { result } = await attack(honest, { battery: "honest", items: 8 });
    expect(result.passed).toBe(true);
    for (const { answers, paid_one, name } of result.classes) expect([name, paid_one]).toEqual([name, answers]);
    expect(result.classes.filter(({ answers }) => answers === 0)).toEqual([]);
  });

  test("is told what is paid by design apart", async () => {
    const { result } = await attack(honest, { items: 12, classes: ["magnitude-added", "sentence"] });
    expect(result.classes.map(({ name, verdict }) => [name, verdict])).toEqual([
      ["magnitude-added", "by_design"],
      ["sentence", "passed"],
    ]);
  });
});

describe("a grader that pays for", { timeout: 60_000 }, () => {
  test.each<[what: string, Answer, classes: string[]]>([
    [
      "a sentence that holds the reference",
      ({ text, reference, honest: score }) => (text.includes(reference.trim()) ? 1 : score),
      ["sentence", "candidates", "markup"],
    ],
    ["an empty answer", ({ text, json, honest: score }) => (text === "" && json === null ? 0.1 : score), ["empty"]],
    ["an order to the grader", ({ text, honest: score }) => (/score of 1/.test(text) ? 1 : score), ["injection"]],
  ])("%s fails, with examples", async (_, answer, names) => {
    const { result, failed } = await attack(answer);
    expect(result.passed).toBe(false);
    expect(failed).toEqual(expect.arrayContaining(names));
    expect(failed).not.toContain("huge-or-tiny");
    for (const { failures } of result.classes.filter(({ name }) => names.includes(name))) {
      expect(failures.count).toBeGreaterThan(0);
      expect(failures.examples.length).toBeLessThanOrEqual(limits.attackExamples);
      for (const { score, most } of failures.examples) expect(score).toBeGreaterThan(most);
    }
  });
});

describe("a grader that shows nothing by not paying", { timeout: 60_000 }, () => {
  test("since it never pays, fails at the references", async () => {
    const { result, failed } = await attack(() => 0);
    expect(result.passed).toBe(false);
    expect(failed).toEqual(["reference"]);
  });

  test("but half for what is right, fails the honest battery with what it refuses", async () => {
    const strict: Answer = ({ text, reference, honest: score }) => (text === reference ? score : Math.min(score, 0.5));
    const { failed, result } = await attack(strict, {
      battery: "honest",
      classes: ["as-written", "final-dot"],
      items: 4,
    });
    expect(failed).toEqual(["final-dot"]);
    expect(result.classes[1]?.failures.examples[0]).toMatchObject({ score: 0.5, least: 1 });
  });
});

describe("faults", () => {
  const small = { classes: ["empty", "sentence"] };

  test("that pass are repeated, as a trainer does, and no trace of them is left", async () => {
    const failing = new Map<string, number>();
    const flaky: Answer = ({ text, honest: score }) => {
      const before = failing.get(text) ?? 0;
      failing.set(text, before + 1);
      return before < 3 ? failure(before % 2 ? 502 : 503, "fault", "Try again.") : score;
    };
    const { result } = await attack(flaky, small);
    expect(result).toMatchObject({ passed: true, problems: [] });
  });

  test("that stay are no scores: the attack fails, and stops after a few", async () => {
    const { result, server } = await attack(() => failure(503, "fault", "The service is down."), {
      ...small,
      items: 100,
    });
    expect(result).toMatchObject({ passed: false, stopped: true });
    expect(result.problems.length).toBeGreaterThanOrEqual(limits.attackProblems);
    expect(result.problems[0]).toEqual({
      item: expect.any(String),
      class: "reference",
      status: 503,
      message: "The service is down.",
    });
    expect(result.classes.map(({ verdict }) => verdict)).toEqual(["not_tried", "not_tried"]);
    expect(server.requests).toBeLessThan(200);
  });

  test("of single answers leave them out of the counts", async () => {
    const picky: Answer = ({ text, honest: score }) =>
      text.startsWith("Answer:") ? failure(503, "fault", "No.") : score;
    const { result, failed } = await attack(picky, small);
    expect([result.passed, failed]).toEqual([false, []]);
    expect(result.problems.map((problem) => problem.class)).toEqual(["sentence", "sentence"]);
    const [, sentence] = result.classes;
    expect(sentence).toMatchObject({ answers: 32, highest: 0 });
  });

  test.each<[string, Answer]>([
    ["refused", ({ text, honest: score }) => (/[<>]/.test(text) ? { status: 403, body: "<html>" } : score)],
    [
      "redirected",
      ({ text, honest: score }) => (/[<>]/.test(text) ? { status: 302, headers: { Location: "/" } } : score),
    ],
    [
      "scored with no number",
      ({ text, honest: score }) => (/[<>]/.test(text) ? { status: 200, body: '{"score":null}' } : score),
    ],
    ["scored above 1", ({ text, honest: score }) => (/[<>]/.test(text) ? 1.5 : score)],
    ["answered with no JSON", ({ text, honest: score }) => (/[<>]/.test(text) ? { status: 200, body: "ok" } : score)],
  ])("an answer that is %s is no unpaid one", async (_, answer) => {
    const { result, server } = await attack(answer, { items: 1, classes: ["working"] });
    const bracketed = 4;
    expect(result.problems).toHaveLength(bracketed);
    expect(result.passed).toBe(false);
    expect(result.classes[0]?.answers).toBe(server.requests - 1 - bracketed);
  });

  test.each<[retryAfter: string | null, tried: number, milliseconds: number]>([
    [null, 0, limits.firstRetryMilliseconds],
    [null, 2, limits.firstRetryMilliseconds * 4],
    ["1", 0, 1000],
    ["0", 1, limits.firstRetryMilliseconds * 2],
    ["3600", 0, limits.longestPauseMilliseconds],
    ["Wed, 21 Oct 2026 07:28:00 GMT", 0, limits.firstRetryMilliseconds],
  ])("asking to be repeated after %j are, at try %d, after %d ms", (retryAfter, tried, milliseconds) => {
    expect(pauseMilliseconds(retryAfter, tried)).toBe(milliseconds);
  });
});

describe("what cannot be attacked is said, not counted", () => {
  test("no answer at all", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
    await new Promise((resolve) => server.close(resolve));
    const deployment = { url, tokens: { TRAINER_TOKEN: "any", ADMIN_TOKEN: "" } };
    await expect(attack(honest, { deployment })).rejects.toThrow(
      `There is no answer from ${url}/finqa/grade (ECONNREFUSED). On this machine: npm start.`,
    );
  });

  test("a wrong token", async () => {
    const server = await GraderServer.start(honest);
    servers.push(server);
    const deployment = { ...server.deployment, tokens: { TRAINER_TOKEN: "another", ADMIN_TOKEN: "" } };
    await expect(attack(honest, { deployment })).rejects.toThrow("/finqa/grade answered 401: A token is needed.");
    expect(server.requests).toBe(1);
  });

  test("a class that there is not", async () => {
    const unknown = attack(honest, { classes: ["empty", "sentense"] });
    await expect(unknown).rejects.toThrow(/^--class sentense: no such class\. There are: empty, .*sentence/);
  });

  test("rows without a usable reference, here or there", async () => {
    const data = await dataset([
      { reference_answer: "7%" },
      { reference_answer: "about 7" },
      { answer: "7" },
      "no row",
    ]);
    const { result } = await attack(honest, { data: [data], classes: ["empty"] });
    expect(result.items).toEqual({
      rows: 4,
      chosen: 1,
      left_out: [
        { reason: "has no reference that can be graded", rows: 2 },
        { reason: "is not a JSON object", rows: 1 },
      ],
    });
    await expect(attack(honest, { data: [await dataset([{ reference_answer: "?" }])] })).rejects.toThrow(
      /no row can be graded\. The first: line 1 has no reference/,
    );
    await expect(attack(honest, { data: ["nowhere.jsonl"] })).rejects.toThrow(/nowhere\.jsonl cannot be read/);
  });

  test("classes that no row has anything for: nothing was shown, so it has not passed", async () => {
    const data = await dataset([{ reference_answer: "7%" }]);
    const { result } = await attack(honest, { data: [data], classes: ["opposite-word"] });
    expect(result.classes.map(({ verdict }) => verdict)).toEqual(["not_tried"]);
    expect(result.passed).toBe(false);
  });

  test("rows of which the grader says that it cannot grade them", async () => {
    const data = await dataset([{ reference_answer: "7%" }, { reference_answer: "8%" }]);
    const older: Answer = ({ reference, honest: score }) =>
      reference === "7%" ? failure(500, "unusable_item", "item.reference_answer has a percent sign") : score;
    const { result, server } = await attack(older, { data: [data], classes: ["empty"] });
    expect(result.items.left_out).toEqual([{ reason: "item.reference_answer has a percent sign", rows: 1 }]);
    expect(result.passed).toBe(true);
    expect(server.requests).toBe(2 + (result.classes[0]?.answers ?? 0));

    const none: Answer = () => failure(500, "unusable_item", "no");
    await expect(attack(none, { data: [data] })).rejects.toThrow("can grade none of the rows. The first: no");
  });
});

test("interrupted, it ends with what is known so far", async () => {
  const interruption = new AbortController();
  const { result } = await attack(
    ({ request, honest: score }) => {
      if (request === 300) interruption.abort();
      return score;
    },
    { signal: interruption.signal, classes: ["markup", "code", "sentence", "candidates", "injection"], items: 5 },
  );
  expect(result).toMatchObject({ interrupted: true, stopped: false, passed: false, problems: [] });
  const answers = result.classes.reduce((sum, one) => sum + one.answers, 0);
  expect(answers).toBeGreaterThan(250);
  expect(answers).toBeLessThan(300);
});

test("the same seed sends the same answers, whatever their order; another one others", async () => {
  const sentWith = async (seed: string, concurrency: number) => {
    const sent: string[] = [];
    const { result } = await attack(
      ({ text, json, reference, honest: score }) => {
        sent.push(JSON.stringify([text, json, reference]));
        return score;
      },
      { seed, concurrency, classes: ["shuffled-digits", "other-reference", "random-number", "sentence"] },
    );
    return { sent: sent.toSorted(), result };
  };
  const [first, second, third] = [await sentWith("1", 1), await sentWith("1", 32), await sentWith("2", 32)];
  expect(second.sent).toEqual(first.sent);
  expect(second.result.classes).toEqual(first.result.classes);
  expect(third.sent).not.toEqual(first.sent);
});

test("no more requests are under way than asked for", async () => {
  let underWay = 0;
  let most = 0;
  await attack(
    async ({ honest: score }) => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise((resolve) => setTimeout(resolve, 2));
      underWay -= 1;
      return score;
    },
    { concurrency: 5, items: 1, classes: ["markup"] },
  );
  expect(most).toBe(5);
});

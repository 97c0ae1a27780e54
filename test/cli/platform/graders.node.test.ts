import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import type OpenAI from "openai";
import { afterEach, describe, expect, test } from "vitest";
import { GraderTrialResult, type JobGrader } from "../../../src/contract/fine-tuning.ts";
import { refusalOf, world } from "./world.ts";

const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

/** A grader of the customer's that answers in turn; the last answer again and again. */
async function endpoint(...answers: { status?: number; body: unknown }[]) {
  const asked: { authorization: string | undefined; body: unknown }[] = [];
  const server = createServer((request, response) => void handle(request, response));
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    asked.push({ authorization: request.headers.authorization, body: await json(request) });
    const { status = 200, body } = answers.length > 1 ? answers.shift()! : answers[0]!;
    response.writeHead(status, { "Content-Type": "application/json", "Retry-After": "0" }).end(JSON.stringify(body));
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => server.close().closeAllConnections());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/finqa/grade?a=b`;
  return { grader: { type: "endpoint" as const, url, headers: { Authorization: "Bearer t" } }, asked };
}

/** The package types neither the endpoint grader nor the trace id. */
type Given = Parameters<OpenAI["fineTuning"]["alpha"]["graders"]["run"]>[0];

async function run(grader: JobGrader, model_sample = "12", item: object = { reference_answer: "12" }) {
  const { client } = await world();
  const given = { grader, model_sample, item, trace_id: "trace_1" } as unknown as Given;
  return GraderTrialResult.parse(await client.fineTuning.alpha.graders.run(given));
}

const judge = (changes: object = {}): JobGrader => ({
  type: "score_model",
  name: "judge",
  model: "any",
  input: [{ role: "user", content: "{{item.question}} {{ item.reference_answer }} {{sample.output_text}}" }],
  ...changes,
});

describe("the endpoint grader", () => {
  test("is asked as a trainer asks it", async () => {
    const { grader, asked } = await endpoint({ body: { score: 0.5 } });
    const result = await run(grader, '{"answer":12}');
    expect(result.reward).toBe(0.5);
    expect(Object.values(result.metadata.errors).filter(Boolean)).toEqual([]);
    const message = { role: "assistant", content: '{"answer":12}', tool_calls: [] };
    expect(asked).toEqual([
      {
        authorization: "Bearer t",
        body: {
          sample: {
            choices: [{ index: 0, message, finish_reason: "stop" }],
            output_text: '{"answer":12}',
            output_json: { answer: 12 },
            output_tools: [],
            output_reasoning_summary: null,
          },
          item: { reference_answer: "12" },
          trace_id: "trace_1",
        },
      },
    ]);
  });

  test("is asked again after a 5xx, three times", async () => {
    const healed = await endpoint({ status: 503, body: {} }, { status: 500, body: {} }, { body: { score: 1 } });
    expect((await run(healed.grader)).reward).toBe(1);
    expect(healed.asked).toHaveLength(3);
    const broken = await endpoint({ status: 500, body: {} });
    expect((await run(broken.grader)).metadata.errors).toMatchObject({
      endpoint_grader_server_error: true,
      endpoint_grader_server_error_details: "no answer, or a 5xx, in 4 tries",
    });
    expect(broken.asked).toHaveLength(4);
  });

  test.each([
    ["a 4xx", { status: 401, body: { error: "secret" } }, "answered 401"],
    ["no score", { body: { points: 1 } }, "answered without a score"],
  ])("%s is a failure at once", async (_, answer, details) => {
    const { grader, asked } = await endpoint(answer);
    const result = await run(grader);
    expect(result).toMatchObject({
      reward: 0,
      metadata: { errors: { endpoint_grader_server_error_details: details } },
    });
    expect(JSON.stringify(result)).not.toContain("secret");
    expect(asked).toHaveLength(1);
  });
});

describe("the stand-in judge", () => {
  test.each([
    ["12", 1],
    [" 12.0 ", 1],
    ["$12", 1],
    ["13", 0],
    ["", 0],
    ["12 or 13", 0],
  ])("%s", async (sample, reward) => {
    expect((await run(judge(), sample, { question: "12", reference_answer: "12" })).reward).toBe(reward);
  });

  test("keeps to the range", async () => {
    expect((await run(judge({ range: [-1, 5] }), "12")).reward).toBe(5);
    expect((await run(judge({ range: [-1, 5] }), "13")).reward).toBe(-1);
  });

  test("says so where it is shown nothing to judge by", async () => {
    expect((await run(judge(), "12", {})).metadata.errors).toMatchObject({ model_grader_parse_error: true });
  });
});

describe("the multi grader", () => {
  const multi = (
    graders: Extract<JobGrader, { type: "multi" }>["graders"],
    calculate_output: string,
    changes = {},
  ): JobGrader => ({
    type: "multi",
    name: "both",
    graders,
    calculate_output,
    ...changes,
  });
  const model = judge() as Extract<JobGrader, { type: "score_model" }>;

  test("computes its formula", async () => {
    const { grader } = await endpoint({ body: { score: 0.5 } });
    const result = await run(multi({ ours: grader, theirs: model }, "0.75 * ours + 0.25 * min(theirs, 1)"));
    expect(result).toMatchObject({ reward: 0.625, sub_rewards: { ours: 0.5, theirs: 1 } });
  });

  test("sets its own reward for what could not be graded", async () => {
    const { grader } = await endpoint({ status: 400, body: {} });
    const result = await run(multi({ ours: grader, theirs: model }, "ours + theirs", { invalid_grade: -1 }));
    expect(result).toMatchObject({ reward: -1, sub_rewards: { ours: null, theirs: 1 } });
    expect(result.metadata.errors).toMatchObject({ endpoint_grader_server_error: true });
  });

  test("has no reward where its formula has no value", async () => {
    const result = await run(multi({ theirs: model }, "theirs / 0"));
    expect(result).toMatchObject({
      reward: 0,
      metadata: { errors: { invalid_variable_error: true, unresponsive_reward_error: true } },
    });
  });

  test("is refused with a formula that is none", async () => {
    const { client } = await world();
    const grader = multi({ theirs: model }, "ours");
    const given = { grader, model_sample: "" } as unknown as Given;
    const refusal = {
      status: 400,
      param: "grader.calculate_output",
      message: expect.stringContaining("'ours' is no grader"),
    };
    expect(await refusalOf(client.fineTuning.alpha.graders.validate(given))).toMatchObject({ status: 400 });
    expect(await refusalOf(client.fineTuning.alpha.graders.run(given))).toMatchObject(refusal);
  });
});

test("a grader is validated, and comes back as it was understood", async () => {
  const { client } = await world();
  const validate = (grader: object) => client.fineTuning.alpha.graders.validate({ grader } as unknown as Given);
  expect(await validate(judge())).toEqual({ grader: judge() });
  expect(await refusalOf(validate({ ...judge(), type: "endpoint" }))).toMatchObject({
    status: 400,
    param: "grader.url",
  });
  expect(await refusalOf(validate({ type: "python" }))).toMatchObject({ status: 400, param: "grader.type" });
});

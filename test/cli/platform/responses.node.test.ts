import type OpenAI from "openai";
import type { ResponseCreateParamsNonStreaming, ResponseInputItem } from "openai/resources/responses/responses";
import { describe, expect, test } from "vitest";
import { functionTools, modelAgent } from "../../../src/cli/agents/model.ts";
import { finqa } from "../../../src/environments/finqa/index.ts";
import { ModelResponse } from "../../../src/contract/model-response.ts";
import { refusalOf, world } from "./world.ts";

type Request = ResponseCreateParamsNonStreaming;

const question = "what was the operating income in 2014?";
const request = (changes: Partial<Request> = {}): Request => ({
  model: "stand-in",
  input: [{ role: "user", content: question }],
  tools: functionTools(finqa),
  include: ["reasoning.encrypted_content"],
  store: false,
  ...changes,
});

/** Plays until there is an answer; every call is shown a page with one number. */
async function played(client: OpenAI, changes: Partial<Request> = {}) {
  const input: ResponseInputItem[] = [{ role: "user", content: question }];
  for (let turns = 1; turns <= 50; turns++) {
    const response = await client.responses.create(request({ input, ...changes }));
    expect(ModelResponse.safeParse(response).success).toBe(true);
    input.push(
      ...response.output.filter(
        (item) => item.type === "reasoning" || item.type === "function_call" || item.type === "message",
      ),
    );
    const calls = response.output.filter((item) => item.type === "function_call");
    if (calls.length === 0) return { response, turns, input };
    const shown = (name: string) => (name === "search" ? "1. AAL/2014/page_1.md\n" : "| operating income | 12 |");
    for (const { call_id, name } of calls) input.push({ type: "function_call_output", call_id, output: shown(name) });
  }
  throw new Error("there was no answer");
}

test("the stand-in calls the request's tools until it answers", async () => {
  const { client } = await world();
  const first = await client.responses.create(request());
  expect(first).toMatchObject({ object: "response", status: "completed", model: "stand-in" });
  const [reasoning, call] = first.output;
  expect(reasoning).toMatchObject({ type: "reasoning", summary: [], encrypted_content: expect.any(String) });
  expect(call).toMatchObject({ type: "function_call", status: "completed" });
  expect(finqa.tools.map(({ name }) => name)).toContain(call?.type === "function_call" && call.name);
  const { response } = await played(client);
  expect(response.output.at(-1)).toMatchObject({ type: "message", role: "assistant", status: "completed" });
});

test("it counts what it reads, thinks and writes", async () => {
  const { client } = await world();
  const { usage } = await client.responses.create(request());
  const { reasoning_tokens } = usage!.output_tokens_details;
  expect(usage!.input_tokens).toBeGreaterThan(100);
  expect(usage!.output_tokens).toBeGreaterThan(reasoning_tokens);
  expect(usage!.total_tokens).toBe(usage!.input_tokens + usage!.output_tokens);
});

test("the model agent of this project plays with it", async () => {
  const { client } = await world();
  const agent = modelAgent({ client, model: "stand-in", environment: finqa, maxTurns: 50 });
  const attempt = agent.begin({ question, item: {} } as never);
  let turn = await attempt.next([]);
  while (turn.kind === "calls")
    turn = await attempt.next(turn.calls.map((call) => ({ ...call, output: "| a | 12 |" })));
  expect(attempt.ending).toMatch(/^(answered|silent)$/);
});

test("attempts differ, and the same ones come again with the same seed", async () => {
  const play = async (seed: string) => {
    const { client } = await world({ seed });
    const attempts = [];
    for (let at = 0; at < 6; at++) {
      const { input } = await played(client);
      attempts.push(
        input.flatMap((item) => (item.type === "function_call" ? [item.name + item.arguments] : [])).join(),
      );
    }
    return attempts;
  };
  const [once, again, other] = [await play("1"), await play("1"), await play("2")];
  expect(again).toEqual(once);
  expect(other).not.toEqual(once);
  expect(new Set(once).size).toBeGreaterThan(1);
});

test("a turn that is asked for again, as after a lost answer, is the same turn", async () => {
  const { client } = await world();
  const { input } = await played(client);
  const upTo = input.findLastIndex((item) => item.type === "function_call_output") + 1;
  const again = () => client.responses.create(request({ input: input.slice(0, upTo) }));
  expect((await again()).output).toEqual((await again()).output);
});

test("the answer has the form that is asked for", async () => {
  const { client } = await world();
  const schema = {
    type: "object",
    properties: {
      answer: { type: "string" },
      sure: { type: "boolean" },
      unit: { enum: ["$", "%"] },
      notes: { type: "array" },
    },
  };
  const format = { type: "json_schema" as const, name: "answer", schema };
  const { response } = await played(client, { text: { format } });
  expect(JSON.parse(response.output_text)).toEqual({ answer: expect.any(String), sure: false, unit: "$", notes: [] });
  const plain = await played(client, { text: { format: { type: "json_object" } } });
  expect(JSON.parse(plain.response.output_text)).toEqual({ answer: expect.any(String) });
});

describe("streaming", () => {
  test("the package's helper puts the same response together", async () => {
    const { client } = await world();
    const form = { format: { type: "json_object" as const } };
    const { input, response } = await played(client, { text: form });
    const { stream: _, ...answered } = request({ input: input.slice(0, -response.output.length), text: form });
    const types: string[] = [];
    let text = "";
    const stream = client.responses.stream(answered);
    stream.on("event", (event) => void types.push(event.type));
    stream.on("response.output_text.delta", ({ delta }) => (text += delta));
    const final = await stream.finalResponse();
    expect(final.output.map((item) => item.id)).toEqual(response.output.map((item) => item.id));
    expect(text).toBe(response.output_text);
    expect(final.usage).toEqual(response.usage);
    expect(new Set(types)).toEqual(
      new Set([
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
        "response.output_text.delta",
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.completed",
      ]),
    );
  });

  test("calls come in pieces", async () => {
    const { client } = await world();
    const stream = await client.responses.create({ ...request(), stream: true });
    const events = await Array.fromAsync(stream);
    expect(events.map(({ sequence_number }) => sequence_number)).toEqual([...events.keys()]);
    const pieces = events.flatMap((event) =>
      event.type === "response.function_call_arguments.delta" ? [event.delta] : [],
    );
    const done = events.flatMap((event) =>
      event.type === "response.function_call_arguments.done" ? [event.arguments] : [],
    );
    expect(pieces.join("")).toBe(done.join(""));
    expect(events.at(-1)).toMatchObject({ type: "response.completed", response: { status: "completed" } });
  });
});

describe("what is refused", () => {
  test.each<[string, Partial<Request>, object]>([
    ["an unknown model", { model: "gpt-none" }, { status: 400, code: "model_not_found", param: "model" }],
    ["an unknown parameter", { temperature: 1 }, { status: 400, code: "unknown_parameter", param: "temperature" }],
    [
      "tools that no environment has",
      { tools: [{ ...functionTools(finqa)[0]!, name: "fly" }] },
      { status: 400, param: "tools" },
    ],
    ["no input", { input: [] }, { status: 400, param: "input" }],
  ])("%s", async (_, changes, refusal) => {
    const { client } = await world();
    expect(await refusalOf(client.responses.create(request(changes)))).toMatchObject(refusal);
  });

  test("reasoning that was changed, left out, or written by another platform", async () => {
    const [{ client }, other] = [await world(), await world()];
    const { input } = await played(client);
    const at = input.findIndex((item) => item.type === "reasoning");
    const changed = input.with(at, { ...input[at], encrypted_content: "other" } as ResponseInputItem);
    const ask = (items: ResponseInputItem[], asked = client) =>
      refusalOf(asked.responses.create(request({ input: items })));
    expect(await ask(changed)).toMatchObject({ status: 400, code: "invalid_encrypted_content" });
    expect(await ask(input.toSpliced(at, 1))).toMatchObject({
      message: expect.stringContaining("without its required 'reasoning'"),
    });
    expect(await ask(input, other.client)).toMatchObject({ status: 400, code: "invalid_encrypted_content" });
  });
});

test("reasoning need not be encrypted where the service stores it", async () => {
  const { client } = await world();
  const { response } = await played(client, { include: [], store: true });
  expect(response.output[0]).not.toHaveProperty("encrypted_content");
  expect(await refusalOf(played(client, { include: [] }))).toMatchObject({ status: 404 });
});

test("without tools it only says what it is", async () => {
  const { client } = await world();
  const response = await client.responses.create({ model: "stand-in", input: "hello" });
  expect(response.output_text).toContain("no language model");
});

test("a model of a job is asked by its name, and plays as it has learnt to", async () => {
  const weights = { weights: { "answer unread": 1_000 } };
  const { client, createJob, until } = await world({ train: async () => weights });
  const { id } = await createJob();
  await until(id, "succeeded");
  const { fine_tuned_model } = await client.fineTuning.jobs.retrieve(id);
  const { turns } = await played(client, { model: fine_tuned_model! });
  expect(turns).toBe(1);
});

test("embeddings are of the length that is asked for, and the same for the same text", async () => {
  const { client } = await world();
  const { data } = await client.embeddings.create({
    model: "any",
    input: ["net income", "net income", "tax"],
    dimensions: 32,
  });
  expect(data[0]!.embedding).toHaveLength(32);
  expect(data[1]!.embedding).toEqual(data[0]!.embedding);
  expect(data[2]!.embedding).not.toEqual(data[0]!.embedding);
});

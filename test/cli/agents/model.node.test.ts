import type OpenAI from "openai";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { modelClient } from "../../../src/cli/agents/model-client.ts";
import type { ModelOptions } from "../../../src/cli/agents/model-attempt.ts";
import { functionTools, modelAgent } from "../../../src/cli/agents/model.ts";
import { UserError } from "../../../src/cli/user-error.ts";
import type { ToolUse } from "../../../src/environments/rehearsal.ts";
import { finqa } from "../../../src/environments/finqa/index.ts";
import {
  RESPONSES_KEY,
  RESPONSES_MODEL,
  type ResponsesServer,
  startResponsesServer,
} from "../../fixtures/responses-server.ts";

let server: ResponsesServer;
beforeEach(async () => {
  server = await startResponsesServer();
  vi.stubEnv("OPENAI_API_KEY", RESPONSES_KEY);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
});

const item = { name: "item-1", question: "how many pilots?", row: { reference_answer: "11300" } };

function begin(options: Partial<ModelOptions> = {}) {
  const client = options.client ?? modelClient(server.url);
  return modelAgent({ client, model: RESPONSES_MODEL, environment: finqa, maxTurns: 5, ...options }).begin(item);
}

/** Plays an attempt to its answer; each call is shown its own tool and arguments. */
async function play(options: Partial<ModelOptions> = {}) {
  const attempt = begin(options);
  const turns: ToolUse[][] = [];
  let turn = await attempt.next([]);
  while (turn.kind === "calls") {
    turns.push(turn.calls);
    turn = await attempt.next(turn.calls.map((call) => ({ ...call, output: outputOf(call) })));
  }
  return { attempt, turns, answer: turn.text };
}

const outputOf = (call: ToolUse) => `shown for ${call.tool} ${JSON.stringify(call.arguments)}`;
const search = { name: "search", arguments: '{"query":"pilots"}' };
const list = { name: "list", arguments: '{"path":""}' };
const cat = { name: "cat", arguments: '{"path":"SKY/2012/page_4.pdf"}' };

describe("a whole attempt", () => {
  test("asks with the environment's prompt and tools, and the bare question", async () => {
    server.play({ says: "11300" });
    const { answer, turns, attempt } = await play();
    expect({ answer, turns, ending: attempt.ending }).toEqual({ answer: "11300", turns: [], ending: "answered" });
    expect(server.requests).toEqual([
      {
        model: RESPONSES_MODEL,
        input: [
          { role: "developer", content: finqa.prompt },
          { role: "user", content: "how many pilots?" },
        ],
        tools: functionTools(finqa),
        parallel_tool_calls: true,
        store: false,
        include: ["reasoning.encrypted_content"],
      },
    ]);
    expect(JSON.stringify(server.requests)).not.toContain("reference_answer");
  });

  test("makes the calls of a turn at once and gives each its own output, by the model's ids", async () => {
    server.play({ calls: [search, list, search] }, { calls: [cat] }, { says: "11300" });
    const { turns, answer } = await play();
    expect(turns.map((calls) => calls.map(({ tool }) => tool))).toEqual([["search", "list", "search"], ["cat"]]);
    expect(answer).toBe("11300");
    const outputs = server.requests[2]?.input.filter((entry) => entry.type === "function_call_output");
    expect(outputs?.map(({ call_id, output }) => [call_id, output])).toEqual([
      ["call_1_0", 'shown for search "{\\"query\\":\\"pilots\\"}"'],
      ["call_1_1", 'shown for list "{\\"path\\":\\"\\"}"'],
      ["call_1_2", 'shown for search "{\\"query\\":\\"pilots\\"}"'],
      ["call_2_0", 'shown for cat "{\\"path\\":\\"SKY/2012/page_4.pdf\\"}"'],
    ]);
  });

  test("carries the model's reasoning and words along, in their order", async () => {
    server.play(
      { thinks: true, comments: "I look.", calls: [search] },
      { thinks: true, calls: [cat, list] },
      { thinks: true, comments: "Found: 25300 in all.", says: "11300" },
    );
    expect((await play()).answer).toBe("11300");
    const last = server.requests[2]?.input ?? [];
    expect(last.map((entry) => entry.type ?? entry.role).join(" ")).toBe(
      "developer user reasoning message function_call function_call_output " +
        "reasoning function_call function_call function_call_output function_call_output",
    );
    const reasoning = last.filter((entry) => entry.type === "reasoning");
    expect(reasoning.map((entry) => entry.encrypted_content)).toEqual(["encrypted-1", "encrypted-2"]);
    expect(last[3]).toMatchObject({ phase: "commentary" });
  });

  test("sums tokens by kind, turns and the time of waiting for the model", async () => {
    server.play(
      { thinks: true, calls: [search], tokens: [200, 0, 50, 40] },
      { says: "11300", tokens: [300, 200, 5, 0] },
    );
    let clock = 0;
    const { attempt } = await play({ now: () => (clock += 10) });
    expect(attempt).toMatchObject({
      tokens: { input: 500, cachedInput: 200, output: 55, reasoning: 40 },
      turns: 2,
      milliseconds: 20,
    });
  });

  test("asks for an effort and for a form of the answer where they are set", async () => {
    server.play({ says: '{"answer":"11300"}' });
    const schema = { type: "object" };
    await play({ reasoningEffort: "low", environment: { ...finqa, answerFormat: { name: "answer", schema } } });
    const format = { type: "json_schema", name: "answer", strict: true, schema };
    expect(server.requests[0]).toMatchObject({ reasoning: { effort: "low" }, text: { format } });
  });

  test("does not mix up attempts that go on at the same time", async () => {
    server.play({ calls: [search] }, { calls: [list] }, { says: "1" }, { says: "2" });
    const agent = modelAgent({
      client: modelClient(server.url),
      model: RESPONSES_MODEL,
      environment: finqa,
      maxTurns: 5,
    });
    const [first, second] = [agent.begin(item), agent.begin({ ...item, question: "how many crews?" })];
    await first.next([]);
    await second.next([]);
    await first.next([{ tool: "search", arguments: "", output: "shown to one" }]);
    await second.next([{ tool: "list", arguments: "", output: "shown to another" }]);
    expect(server.requests.map(({ input }) => JSON.stringify(input).match(/shown to \w+|how many \w+/g))).toEqual([
      ["how many pilots"],
      ["how many crews"],
      ["how many pilots", "shown to one"],
      ["how many crews", "shown to another"],
    ]);
  });
});

describe("what the model gets wrong is its own", () => {
  test("tools that there are not and arguments that are no JSON are passed on as written", async () => {
    const calls = [
      { name: "browse", arguments: "{}" },
      { name: "search", arguments: '{"query": "pil' },
      { name: "list", arguments: "" },
      { name: "a/b ?", arguments: "7" },
    ];
    server.play({ calls }, { says: "?" });
    const { turns } = await play();
    expect(turns).toEqual([calls.map(({ name, arguments: written }) => ({ tool: name, arguments: written }))]);
  });

  test("a model that only calls tools has its last calls made, and then no answer", async () => {
    server.play(...Array.from({ length: 9 }, () => ({ calls: [search] })));
    const { turns, answer, attempt } = await play({ maxTurns: 3 });
    expect(turns).toHaveLength(3);
    expect({ answer, ending: attempt.ending, turns: attempt.turns }).toEqual({
      answer: "",
      ending: "turns_spent",
      turns: 3,
    });
    expect(server.tries).toBe(3);
  });

  test.each([
    ["a refusal", { refuses: "I cannot help with that." }, { answer: "", ending: "refused" }],
    ["no message at all", { thinks: true }, { answer: "", ending: "silent" }],
    ["an empty message", { says: "" }, { answer: "", ending: "silent" }],
    ["words cut off", { says: "The answ", stopped: "max_output_tokens" }, { answer: "The answ", ending: "cut_off" }],
    ["thoughts cut off", { thinks: true, stopped: "max_output_tokens" }, { answer: "", ending: "cut_off" }],
    ["calls cut off", { calls: [search], stopped: "max_output_tokens" }, { answer: "", ending: "cut_off" }],
    ["a filtered answer", { says: "1", stopped: "content_filter" }, { answer: "1", ending: "cut_off" }],
    ["only commentary", { comments: "Hm." }, { answer: "Hm.", ending: "answered" }],
  ] as const)("%s", async (_, written, expected) => {
    server.play({ ...written, calls: "calls" in written ? [...written.calls] : [] });
    const { answer, attempt } = await play();
    expect({ answer, ending: attempt.ending }).toEqual(expected);
  });
});

describe("a service that fails", () => {
  const quick = () => modelClient(server.url).withOptions({ maxRetries: 1 });

  test("is asked again, after as long as it says", async () => {
    server.play(
      { status: 429, headers: { "retry-after-ms": "20" } },
      { status: 500 },
      { calls: [search] },
      { status: 503 },
      "cut",
      { says: "11300" },
    );
    const { answer, attempt } = await play();
    expect({ answer, turns: attempt.turns, tries: server.tries }).toEqual({ answer: "11300", turns: 2, tries: 6 });
  });

  test("is asked again when it breaks off within its answer or stays silent", async () => {
    server.play("cut_body", { says: "1" }, "hang", { says: "2" });
    expect((await play()).answer).toBe("1");
    expect((await play({ client: modelClient(server.url).withOptions({ timeout: 200 }) })).answer).toBe("2");
  });

  test.each([
    ["answers 503", { status: 503 }, /^127\.0\.0\.1:\d+ answered 503 \(req_test\), after 7 tries\.$/],
    ["is over its rate limit", { status: 429, code: "rate_limit_exceeded" }, /429 \(rate_limit_exceeded, req_test\)/],
  ])("and stays down (%s) gives the attempt up", async (_, failing, message) => {
    server.play(...Array.from({ length: 7 }, () => failing));
    const attempt = begin();
    await expect(attempt.next([])).rejects.toMatchObject({
      name: "ModelFailure",
      message: expect.stringMatching(message),
    });
    expect(server.tries).toBe(7);
    expect(attempt).toMatchObject({ ending: undefined, turns: 0 });
  });

  test.each([
    ["cut connections", ["cut", "cut"], "cannot be reached, or breaks off while it answers, after 2 tries."],
    ["answers cut off", ["cut_body", "cut_body"], "cannot be reached, or breaks off while it answers, after 2 tries."],
    ["silence", ["hang", "hang"], "did not answer within 0.2 s, after 2 tries."],
    ["a failed response", [{ failed: "server_error" }], "gave up on a response: failed, server_error."],
    ["a page", [{ body: "<html>", type: "text/html" }], "something else than a response"],
    ["broken JSON", [{ body: '{"id":', type: "application/json" }], "something else than a response"],
    ["nothing", [{ body: "", type: "application/json" }], "something else than a response"],
    [
      "another shape",
      [{ body: '{"object":"response","output":[{"type":"message"}]}', type: "application/json" }],
      "something else than a response",
    ],
    [
      "a refused request",
      [{ status: 400, code: "context_length_exceeded" }],
      "400 (context_length_exceeded, req_test)",
    ],
  ] as const)("with %s gives the attempt up", async (_, failing, message) => {
    server.play(...failing);
    const attempt = begin({ client: quick().withOptions({ timeout: 200 }) });
    const failure = expect.objectContaining({ name: "ModelFailure", message: expect.stringContaining(message) });
    await expect(attempt.next([])).rejects.toEqual(failure);
  });

  test("is not asked again where it says so", async () => {
    server.play({ status: 500, headers: { "x-should-retry": "false" } });
    await expect(begin().next([])).rejects.toMatchObject({ name: "ModelFailure" });
    expect(server.tries).toBe(1);
  });

  test("is given up by one attempt, not by the next", async () => {
    server.play({ status: 400 }, { says: "11300" });
    await expect(begin().next([])).rejects.toThrow("400");
    expect((await play()).answer).toBe("11300");
  });
});

describe("what a user has to mend", () => {
  const failing = (options: Partial<ModelOptions> = {}) => begin(options).next([]);

  test("a wrong key, which no message shows", async () => {
    vi.stubEnv("OPENAI_API_KEY", "sk-wrong-key");
    const error: unknown = await failing().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect(String(error)).toMatch(/answered 401 \(invalid_api_key, req_test\): .*OPENAI_API_KEY/);
    expect(String(error)).not.toContain("sk-wrong-key");
  });

  test("a model that the service does not have", async () => {
    server.play({ says: "never" });
    await expect(failing({ model: "other" })).rejects.toThrow(/400 \(model_not_found, model, req_test\): .*--model/);
  });

  test("a base URL without the API, and a quota that is used up", async () => {
    const client = modelClient(server.url.replace("/v1", "/v2"));
    await expect(failing({ client })).rejects.toBeInstanceOf(UserError);
    server.play({ status: 429, code: "insufficient_quota", headers: { "x-should-retry": "false" } });
    await expect(failing()).rejects.toThrow(/quota of the key in OPENAI_API_KEY/);
  });

  test("a key that is not set", () => {
    vi.stubEnv("OPENAI_API_KEY", "");
    expect(() => modelClient(server.url)).toThrow(/^OPENAI_API_KEY is not set/);
  });

  test.each([
    ["nonsense", "--base-url nonsense: not an http(s) URL."],
    ["ftp://127.0.0.1/v1", "--base-url ftp://127.0.0.1/v1: not an http(s) URL."],
    [
      "http://models.example/v1",
      "--base-url http://models.example/v1: the key goes to other machines only over https.",
    ],
    [
      "https://me:sk-1@models.example/v1",
      "--base-url: only scheme, host and path; the key belongs into OPENAI_API_KEY.",
    ],
  ])("the base URL %s", (url, message) => {
    expect(() => modelClient(url)).toThrow(new UserError(message));
  });

  test.each<[given: string | undefined, inEnvironment: string, used: string]>([
    ["https://a.example/v1", "https://b.example/v1", "https://a.example/v1"],
    [undefined, "https://b.example/v1", "https://b.example/v1"],
    [undefined, "", "https://api.openai.com/v1"],
  ])("base URL %j with %j in the environment is %s", (given, inEnvironment, used) => {
    vi.stubEnv("OPENAI_BASE_URL", inEnvironment);
    const client: OpenAI = modelClient(given);
    expect(client.baseURL).toBe(used);
  });
});

test("a runner that shows other outputs than it was asked for is told so", async () => {
  server.play({ calls: [search, list] }, { says: "1" });
  const attempt = begin();
  await attempt.next([]);
  await expect(attempt.next([])).rejects.toThrow("2 calls are under way, and 0 outputs are shown");
});

test("an attempt that has ended does not go on", async () => {
  server.play({ says: "1" });
  const { attempt } = await play();
  await expect(attempt.next([])).rejects.toThrow("the attempt has ended");
});

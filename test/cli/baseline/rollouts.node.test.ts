/** What a baseline keeps of rollouts: of services that fail, of models that fail, of being ended. */
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Agent } from "../../../src/cli/agents/agent.ts";
import { castModel } from "../../../src/cli/agents/cast.ts";
import { type Playing, playRollouts } from "../../../src/cli/baseline/rollouts.ts";
import { planRollouts } from "../../../src/cli/baseline/plan.ts";
import type { RolloutResult } from "../../../src/contract/results.ts";
import { limits } from "../../../src/contract/limits.ts";
import { finqa } from "../../../src/environments/finqa/index.ts";
import type { Turn } from "../../../src/environments/rehearsal.ts";
import {
  RESPONSES_KEY,
  RESPONSES_MODEL,
  type ResponsesServer,
  startResponsesServer,
} from "../../fixtures/responses-server.ts";
import { recordedCall, recordedGrade, recordedLedger } from "../ledgers.ts";
import { type Handler, type Seen, TestServer } from "../rollouts/server.ts";

const ending: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const end of ending.splice(0)) await end();
});

const item = (name: string) => ({
  name,
  question: "what was revenue?",
  row: { id: name, question: "what was revenue?", reference_answer: "7", evidence_paths: ["A/2012/page_1.pdf"] },
});

/** Plays these turns, then answers. */
const acting = (...turns: Turn[]): Agent => ({
  name: "acting",
  begin: () => {
    const left = [...turns];
    return { next: async () => left.shift() ?? { kind: "answer", text: "7" } };
  },
});
const calls = (...tools: string[]): Turn => ({
  kind: "calls",
  calls: tools.map((tool) => ({ tool, arguments: { query: "revenue" } })),
});

/** A deployment that answers calls, scores 0.5 and has a ledger, but for what `handle` answers itself. */
function answering(
  handle: (seen: Seen, respond: (status: number, body?: string) => void) => boolean = () => false,
): Handler {
  return (seen, response) => {
    const respond = (status: number, body = "") => void response.writeHead(status, { "Retry-After": "0" }).end(body);
    if (handle(seen, respond)) return;
    if (seen.method === "GET") return respond(404);
    if (seen.path.endsWith("/grade")) return respond(200, '{"score":0.5}');
    const { id, call_id } = JSON.parse(seen.body);
    respond(200, JSON.stringify({ type: "function_call_output", id, call_id, output: `output of ${call_id}` }));
  };
}

async function world(
  handler: Handler = answering(),
  said: Partial<Playing> & { items?: number; attempts?: number } = {},
) {
  const server = await TestServer.start(handler);
  ending.push(() => server.close());
  const { items = 1, attempts = 1, ...playing } = said;
  const kept: RolloutResult[] = [];
  const controller = new AbortController();
  const play = () =>
    playRollouts({
      planned: planRollouts(
        Array.from({ length: items }, (_, at) => item(`item ${at}`)),
        attempts,
      ),
      deployment: { url: server.url, tokens: { TRAINER_TOKEN: "trainer", ADMIN_TOKEN: "admin" } },
      environment: finqa,
      cast: () => acting(calls("search")),
      run: "baseline-1",
      seed: "1",
      concurrency: 4,
      timeout: 10_000,
      keep: async (result) => void kept.push(result),
      signal: controller.signal,
      ...playing,
    });
  return { server, kept, play, abort: () => controller.abort() };
}

describe("a rollout", () => {
  test("is played exactly as a trainer plays it", async () => {
    const agent = acting(calls("search", "list"), calls("no such tool"));
    const { server, kept, play } = await world(answering(), { cast: () => agent });
    expect(await play()).toBeNull();
    const sent = server.seen.filter(({ method }) => method === "POST");
    expect(sent.map(({ path }) => path)).toEqual([
      "/finqa/tools/search",
      "/finqa/tools/list",
      "/finqa/tools",
      "/finqa/grade",
    ]);
    for (const { headers } of sent)
      expect(headers).toMatchObject({ authorization: "Bearer trainer", "x-run": "baseline-1" });
    const bodies = sent.map(({ body }) => JSON.parse(body));
    expect(new Set(bodies.map(({ trace_id }) => trace_id))).toEqual(new Set([kept[0]?.trace_id]));
    expect(bodies[0]).toMatchObject({
      type: "function_call",
      call_id: "call_1",
      name: "search",
      arguments: '{"query":"revenue"}',
      item: item("item 0").row,
    });
    expect(bodies[3].sample).toMatchObject({
      output_text: "7",
      output_tools: [{ id: "call_1" }, {}, { id: "call_3" }],
    });
  });

  test("is kept whole", async () => {
    const { kept, play } = await world(answering(), { cast: () => acting(calls("search", "list"), calls("cat")) });
    await play();
    expect(kept).toMatchObject([
      { item: "item 0", attempt: 1, ending: "graded", failure: null, answer: "7", score: 0.5, tokens: null },
    ]);
    expect(kept[0]?.turns.map((turn) => turn.calls.map(({ tool, output }) => [tool, output]))).toEqual([
      [
        ["search", "output of call_1"],
        ["list", "output of call_2"],
      ],
      [["cat", "output of call_3"]],
    ]);
    const { answer, tools, grading } = kept[0]?.milliseconds ?? { answer: 0, tools: 0, grading: 0 };
    expect(Math.min(tools, grading)).toBeGreaterThan(0);
    expect(answer).toBeGreaterThanOrEqual(tools);
  });

  test("has what its ledger says of calls and score", async () => {
    const ledger = recordedLedger({
      calls: [recordedCall(1, 0, 10, { outcome: "mistake", mistake: "unknown_path" })],
      grades: [recordedGrade(0.5, "7")],
    });
    const { server, kept, play } = await world(
      answering(({ method }, respond) => method === "GET" && (respond(200, JSON.stringify(ledger)), true)),
    );
    await play();
    expect(kept[0]?.turns[0]?.calls[0]).toMatchObject({ outcome: "mistake", mistake: "unknown_path" });
    expect(kept[0]?.grade).toMatchObject({ value: "7", explanation: "Because." });
    const read = server.seen.find(({ method }) => method === "GET");
    expect(read).toMatchObject({ path: `/rollouts/${kept[0]?.trace_id}`, headers: { authorization: "Bearer admin" } });
  });

  test("that calls tools for ever is graded with an empty answer", async () => {
    const endless: Agent = { name: "endless", begin: () => ({ next: async () => calls("list") }) };
    const { kept, play } = await world(answering(), { cast: () => endless });
    await play();
    expect(kept).toMatchObject([{ ending: "graded", answer: "" }]);
    expect(kept[0]?.turns).toHaveLength(50);
  });
});

const isCall = ({ path }: Seen) => path.includes("/tools");
const isGrade = ({ path }: Seen) => path.endsWith("/grade");

/** The first so many of these requests are answered so. */
function first(count: number, matches: (seen: Seen) => boolean, status: number, body = "an error"): Handler {
  let left = count;
  return answering((seen, respond) => matches(seen) && left-- > 0 && (respond(status, body), true));
}

describe("a fault", () => {
  test("that a retry heals is counted and costs nothing", async () => {
    const { kept, play } = await world(first(3, isCall, 503));
    await play();
    expect(kept).toMatchObject([{ ending: "graded", score: 0.5, turns: [{ calls: [{ status: 200, faults: 3 }] }] }]);
  });

  test.each<[string, Handler, string]>([
    ["of a call", first(9, isCall, 503), "search had no answer after all tries"],
    ["of the grading", first(9, isGrade, 500), "the grading had no answer after all tries"],
    ["that is a refused grading", first(9, isGrade, 413), "the grading was answered 413"],
    ["that is a grading without a score", first(9, isGrade, 200, "{}"), "the grading was answered without a score"],
  ])("%s leaves the rollout out, and is never a score", async (_, handler, failure) => {
    const { kept, play } = await world(handler);
    expect(await play()).toBeNull();
    expect(kept).toMatchObject([{ ending: "faulted", failure, score: null, grade: null }]);
  });

  test("of one call of a turn keeps what the others were answered", async () => {
    const failing = answering((seen, respond) => seen.path.endsWith("/list") && (respond(503), true));
    const { kept, play } = await world(failing, { cast: () => acting(calls("search", "list")) });
    await play();
    expect(kept[0]?.turns[0]?.calls.map(({ tool, status, faults }) => [tool, status, faults])).toEqual([
      ["search", 200, 0],
      ["list", null, 4],
    ]);
  });

  test("names no text that a model wrote", async () => {
    const failing = answering((seen, respond) => isCall(seen) && (respond(503), true));
    const { kept, play } = await world(failing, { cast: () => acting(calls("SECRET")) });
    await play();
    expect(kept[0]?.failure).toBe("a tool that there is not had no answer after all tries");
  });

  test("that all rollouts meet stops them", async () => {
    const { kept, play } = await world(
      answering((seen, respond) => isGrade(seen) && (respond(413), true)),
      { items: 90 },
    );
    expect(await play()).toMatch(
      /20 rollouts in a row could not be graded, the last because the grading was answered 413/,
    );
    expect(kept.length).toBe(limits.baselineLeftOutInARow);
  });
});

test("a 4xx of a tool is shown to the model", async () => {
  const shown: string[] = [];
  const reading: Agent = {
    name: "reading",
    begin: () => ({
      next: async (seen) => {
        shown.push(...seen.map(({ output }) => output));
        return seen.length === 0 ? calls("search") : { kind: "answer", text: "7" };
      },
    }),
  };
  const { kept, play } = await world(first(9, isCall, 404, "no such route"), { cast: () => reading });
  await play();
  expect(shown).toEqual(["no such route"]);
  expect(kept).toMatchObject([{ ending: "graded", turns: [{ calls: [{ status: 404, output: "no such route" }] }] }]);
});

test("so many rollouts are played at a time, and their calls are not held back", async () => {
  let [open, most] = [0, 0];
  const waiting: (() => void)[] = [];
  const counting: Handler = (seen, response) => {
    if (!isCall(seen)) return answering()(seen, response);
    most = Math.max(most, ++open);
    waiting.push(() => {
      open--;
      answering()(seen, response);
    });
    // None is answered before the calls of three rollouts have come: with fewer at a time, this would wait for ever.
    if (waiting.length === 9) for (const answer of waiting.splice(0)) answer();
  };
  const { play } = await world(counting, {
    items: 9,
    concurrency: 3,
    cast: () => acting(calls("search", "list", "cat")),
  });
  await play();
  expect(most).toBe(9);
});

test("an end of all keeps nothing of what was under way", async () => {
  const { server, kept, play, abort } = await world(() => {}, { items: 5 });
  const playing = play();
  await server.until((seen) => seen.length === 4);
  abort();
  expect(await playing).toBeNull();
  expect(kept).toEqual([]);
});

describe("a model", () => {
  let service: ResponsesServer;
  async function played(handler?: Handler, said: Parameters<typeof world>[1] = {}) {
    vi.stubEnv("OPENAI_API_KEY", RESPONSES_KEY);
    service = await startResponsesServer();
    ending.push(() => service.close());
    const cast = (signal: AbortSignal) =>
      castModel(finqa, { model: RESPONSES_MODEL, baseUrl: service.url, reasoningEffort: "low" }, signal);
    return world(handler, { cast, concurrency: 1, ...said });
  }
  const search = { name: "search", arguments: '{"query":"revenue"}' };

  test("is asked as in training, and its tokens and time are counted", async () => {
    const { kept, play } = await played();
    service.play(
      { thinks: true, calls: [search, search], tokens: [200, 50, 30, 20] },
      { says: "7", tokens: [400, 300, 5, 0] },
    );
    await play();
    expect(kept).toMatchObject([
      {
        ending: "graded",
        answer: "7",
        answer_ending: "answered",
        tokens: { input: 600, cached_input: 350, output: 35, reasoning: 20 },
        model_requests: 2,
      },
    ]);
    expect(kept[0]?.milliseconds.model).toBeGreaterThan(0);
    expect(service.requests[0]).toMatchObject({ reasoning: { effort: "low" }, parallel_tool_calls: true });
    expect(service.requests[1]?.input.map((one) => ("type" in one ? one.type : "message"))).toContain("reasoning");
  });

  test("whose service asks to wait is asked again", async () => {
    const { kept, play } = await played();
    service.play({ status: 429 }, { status: 429 }, { calls: [search] }, { status: 503 }, { says: "7" });
    await play();
    expect(kept).toMatchObject([{ ending: "graded", answer: "7" }]);
    expect(service.tries).toBe(5);
  });

  test("whose service fails is left out, with what it had done by then, and is no fault of the endpoints", async () => {
    const { kept, play } = await played();
    service.play({ calls: [search], tokens: [200, 0, 10, 0] }, { failed: "server_error" });
    await play();
    expect(kept).toMatchObject([{ ending: "agent_failed", score: null, tokens: { input: 200 }, answer: null }]);
    expect(kept[0]?.turns).toHaveLength(1);
    expect(kept[0]?.failure).toMatch(/gave up on a response/);
  });

  test("that there is not stops all, once", async () => {
    const { kept, play } = await played(undefined, { items: 5 });
    service.play({ status: 404, code: "model_not_found" });
    expect(await play()).toMatch(/no such model/);
    expect(kept).toEqual([]);
    expect(service.tries).toBe(1);
  });

  test("that thinks when all is ended is not waited for", async () => {
    const { play, abort } = await played();
    service.play("hang");
    const playing = play();
    while (service.tries === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    abort();
    expect(await playing).toBeNull();
  });

  test("whose answer is cut off is graded by what there is", async () => {
    const { kept, play } = await played();
    service.play({ says: "6.", stopped: "max_output_tokens" });
    await play();
    expect(kept).toMatchObject([{ ending: "graded", answer: "6.", answer_ending: "cut_off" }]);
  });
});

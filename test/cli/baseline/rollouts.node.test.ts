/** What a baseline keeps of rollouts: of services that fail, of agents that go on for ever, of being ended. */
import { describe, expect, test } from "vitest";
import type { Agent } from "../../../src/cli/agents/agent.ts";
import { limits } from "../../../src/contract/limits.ts";
import { recordedCall, recordedGrade, recordedLedger } from "../ledgers.ts";
import type { Handler, Seen } from "../rollouts/server.ts";
import { acting, answering, calls, item, world } from "./world.ts";

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
      {
        item: "item 0",
        question: "what was revenue?",
        attempt: 1,
        ending: "graded",
        failure: null,
        answer: "7",
        score: 0.5,
        tokens: null,
      },
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

test("faults of some rollouts, however many, stop none of the others", async () => {
  const isOdd = ({ body }: Seen) => /"id":"item \d*[13579]"/.test(body);
  const failing = answering((seen, respond) => isGrade(seen) && isOdd(seen) && (respond(413), true));
  const { kept, play } = await world(failing, { items: 60, concurrency: 1 });
  expect(await play()).toBeNull();
  expect(kept.map(({ ending }) => ending)).toEqual(
    Array.from({ length: 60 }, (_, at) => (at % 2 === 0 ? "graded" : "faulted")),
  );
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

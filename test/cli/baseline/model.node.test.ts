/** A baseline of a model, through the wire of the Responses API. */
import { afterEach, describe, expect, test, vi } from "vitest";
import { castModel } from "../../../src/cli/agents/cast.ts";
import { finqa } from "../../../src/environments/finqa/index.ts";
import {
  RESPONSES_KEY,
  RESPONSES_MODEL,
  type ResponsesServer,
  startResponsesServer,
} from "../../fixtures/responses-server.ts";
import type { Handler } from "../rollouts/server.ts";
import { ending, world } from "./world.ts";

afterEach(() => {
  vi.unstubAllEnvs();
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

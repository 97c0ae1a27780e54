/** A job trained against a server of the test's own that is a deployment: what it is sent, and what becomes of what it answers. */
import { afterEach, describe, expect, test } from "vitest";
import { untrained } from "../../../../src/cli/platform/policy/policy.ts";
import { type JobListener, trainJob } from "../../../../src/cli/platform/training/train-job.ts";
import { UserError } from "../../../../src/cli/user-error.ts";
import type { JobHyperparameters, JobRequest, TrainingRow } from "../../../../src/contract/fine-tuning.ts";
import { limits } from "../../../../src/contract/limits.ts";
import { type Seen, TestServer } from "../../rollouts/server.ts";

const ending: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(ending.splice(0).map((end) => end()));
});

const PAGE = "| | 2012 | 2011 |\n| --- | --- | --- |\n| revenue | 7 | 5 |";
const rows = (count: number): TrainingRow[] =>
  Array.from({ length: count }, (_, at) => ({
    messages: [
      { role: "developer" as const, content: "Use the tools." },
      { role: "user" as const, content: `what was revenue ${at} in 2012?` },
    ],
    tools: [],
    reference_answer: "7",
    id: `row-${at}`,
  }));

interface Said {
  hyperparameters?: JobHyperparameters;
  max_episode_steps?: number;
  tools?: string[];
  /** Answers a request itself, or says that the server does it as it would. */
  answer?: (seen: Seen) => { status: number; text?: string } | undefined;
  proceed?: (calls: number) => Promise<void>;
  seed?: number;
  signal?: AbortSignal;
}

async function world({ answer = () => undefined, proceed = async () => {}, seed = 1, ...said }: Said = {}) {
  const server = await TestServer.start((seen, response) => {
    const own = answer(seen);
    const { status, text } = own ? { text: "", ...own } : { status: 200, text: usual(seen) };
    response.writeHead(status, { "Retry-After": "0" }).end(text);
  });
  ending.push(() => server.close());
  const events: Record<string, unknown>[] = [];
  const messages: string[] = [];
  const checkpoints: number[] = [];
  let proceeded = 0;
  const listener: JobListener = {
    message: (level, text) => void messages.push(`${level}: ${text}`),
    metrics: (data) => void events.push(data),
    checkpoint: (step) => void checkpoints.push(step),
    proceed: () => proceed(++proceeded),
  };
  const controller = new AbortController();
  const request = requestTo(server.url, said);
  const job = { request, training: rows(4), validation: rows(2) };
  const options = { seed, signal: said.signal ?? controller.signal };
  const run = () => trainJob(job, untrained, listener, options);
  return { server, run, events, messages, checkpoints, abort: (why: Error) => controller.abort(why) };
}

function requestTo(url: string, { hyperparameters, max_episode_steps = 6, tools: named }: Said): JobRequest {
  const headers = { "X-Run": "job-1", "X-Own": "kept" };
  const names = named ?? ["search", "list", "cat"];
  const tools = names.map((name) => ({ name, server_url: `${url}/a/${name}?v=1`, headers }));
  const grader = { type: "endpoint" as const, url: `${url}/b/grade`, headers: { "X-Own": "grader" } };
  const small = { n_epochs: 1, batch_size: 2, compute_multiplier: 0.125, eval_interval: 1, eval_samples: 1 };
  const own = { ...small, ...hyperparameters };
  const reinforcement = { grader, tools, max_episode_steps, hyperparameters: own };
  return {
    model: "stand-in",
    training_file: "a",
    validation_file: "b",
    method: { type: "reinforcement", reinforcement },
  };
}

/** What a deployment would answer: a hit, a page, a score for the right answer. */
function usual({ path, body }: Seen): string {
  const { id, call_id, sample } = JSON.parse(body);
  if (path.includes("grade")) return JSON.stringify({ score: sample.output_text === "7" ? 1 : 0 });
  const outputs = { search: "1. A/2012/page_1.pdf\nrevenue 7", list: "A/", cat: PAGE };
  const output = outputs[path.includes("search") ? "search" : path.includes("list") ? "list" : "cat"];
  return JSON.stringify({ type: "function_call_output", id, call_id, output });
}

const isGrading = ({ path }: Seen) => path.includes("grade");
const bodies = (seen: readonly Seen[]) => seen.map(({ body }) => JSON.parse(body));

describe("what is sent", () => {
  test("each call has the job's headers, the row without what the trainer keeps, and its rollout's own id", async () => {
    const { server, run } = await world();
    await run();
    const calls = server.seen.filter((seen) => !isGrading(seen));
    expect(calls.length).toBeGreaterThan(10);
    for (const { method, path, headers } of calls) {
      expect([method, path]).toEqual(["POST", expect.stringMatching(/^\/a\/(search|list|cat)\?v=1$/)]);
      expect(headers).toMatchObject({ "x-run": "job-1", "x-own": "kept", "content-type": "application/json" });
    }
    for (const body of bodies(calls)) {
      expect(Object.keys(body.item).toSorted()).toEqual(["id", "reference_answer"]);
      expect(body).toMatchObject({ type: "function_call", trace_id: expect.stringMatching(/^trace_[0-9a-f]{32}$/) });
    }
    const ids = bodies(calls).map(({ trace_id, call_id }) => `${trace_id} ${call_id}`);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("each rollout is graded once, under the id of its calls, with the calls that were answered", async () => {
    const { server, run } = await world();
    await run();
    const gradings = bodies(server.seen.filter(isGrading));
    // 4 rows twice each, and 2 rows before the first of two steps and after both.
    expect(gradings).toHaveLength(4 * 2 + 2 * 3);
    expect(new Set(gradings.map(({ trace_id }) => trace_id)).size).toBe(gradings.length);
    for (const { trace_id, sample } of gradings) {
      const own = bodies(server.seen.filter((seen) => !isGrading(seen))).filter((call) => call.trace_id === trace_id);
      const claimed = sample.output_tools.map(({ id }: { id: string }) => id);
      expect(new Set(claimed)).toEqual(new Set(own.map(({ call_id }) => call_id)));
      expect(claimed).toHaveLength(own.length);
    }
  });

  test("a rollout whose turns are spent has an empty answer graded", async () => {
    const { server, run, events } = await world({ max_episode_steps: 1 });
    await run();
    const texts = new Set(bodies(server.seen.filter(isGrading)).map(({ sample }) => sample.output_text));
    expect(texts).toContain("");
    expect(events.at(-1)).toMatchObject({ mean_unresponsive_rewards: expect.any(Number) });
    expect(Number(events.at(-1)?.["mean_unresponsive_rewards"])).toBeGreaterThan(0);
  });

  test("no tool is called that the job has not", async () => {
    const { server, run } = await world({ tools: ["search"] });
    await run();
    expect(server.seen.some(({ path }) => /list|cat/.test(path))).toBe(false);
  });
});

describe("what is answered", () => {
  test("a 5xx is tried again, under the same ids, and then all is well", async () => {
    const failed = new Set<string>();
    const { server, run, messages } = await world({
      answer: ({ body, path }) => {
        const key = `${path}${JSON.parse(body).trace_id}${JSON.parse(body).call_id}`;
        if (failed.has(key)) return undefined;
        failed.add(key);
        return { status: 503 };
      },
    });
    await run();
    expect(server.seen.length).toBe(2 * failed.size);
    expect(messages.filter((text) => text.startsWith("warn"))).toEqual([]);
  });

  test("a rollout whose call stays without an answer is discarded, never graded", async () => {
    const lost = new Set<string>();
    const { server, run, messages, events } = await world({
      answer: ({ body, path }) => {
        const { item, trace_id } = JSON.parse(body);
        if (item.id !== "row-0" || path.includes("grade")) return undefined;
        lost.add(trace_id);
        return { status: 500 };
      },
    });
    await run();
    const gradings = bodies(server.seen.filter(isGrading));
    expect(gradings.filter(({ trace_id }) => lost.has(trace_id))).toEqual([]);
    const tries = Map.groupBy(bodies(server.seen.filter((seen) => !isGrading(seen))), ({ trace_id, call_id }) =>
      lost.has(trace_id) ? `${trace_id}${call_id}` : "",
    );
    tries.delete("");
    expect(new Set([...tries.values()].map(({ length }) => length))).toEqual(new Set([1 + limits.trainerRetries]));
    expect(
      messages.some((text) => /^warn: 2 of 4 rollouts of train \d discarded: 2 had no answer of a tool/.test(text)),
    ).toBe(true);
    expect(events.map(({ rollouts }) => rollouts)).toContainEqual({
      train_graded: 2,
      train_discarded: 2,
      valid_graded: 1,
      valid_discarded: 1,
    });
  }, 30_000);

  test("a grader's 4xx and its answer without a score are no scores either", async () => {
    let asked = 0;
    const spoilt = () => [{ status: 400 }, { status: 200, text: "{}" }][asked++ % 2];
    const { run, events } = await world({
      answer: (seen) => (isGrading(seen) && JSON.parse(seen.body).item.id === "row-1" ? spoilt() : undefined),
    });
    await run();
    const errors = events.map((event) => JSON.stringify(event["errors"]));
    expect(errors.some((text) => text.includes('"error_count":3'))).toBe(true);
    expect(
      events.every((event) => !("train_mean_reward" in event) || Number.isFinite(event["train_mean_reward"])),
    ).toBe(true);
  });

  test("a 4xx of a tool is shown to the model, and the rollout goes on", async () => {
    const { server, run, events } = await world({
      answer: (seen) =>
        seen.path.includes("search") ? { status: 404, text: "1. B/2012/page_9.pdf\nshown" } : undefined,
    });
    await run();
    const opened = bodies(server.seen.filter(({ path }) => path.includes("cat"))).map(({ arguments: text }) => text);
    expect(new Set(opened)).toEqual(new Set(['{"path":"B/2012/page_9.pdf"}']));
    expect(events.at(-1)).toMatchObject({
      rollouts: { train_discarded: 0 },
      tools: { search: { error_count: expect.any(Number) } },
    });
  });

  test("where nothing is answered any more, the job fails and says why", async () => {
    const { run } = await world({ answer: () => ({ status: 500 }) });
    await expect(run()).rejects.toThrow(UserError);
    await expect(run()).rejects.toThrow("2 of 2 rollouts of validation 0 discarded");
  }, 30_000);

  test("tools of which there is no practice cannot be learnt to use", async () => {
    const { run } = await world({ tools: ["weather"] });
    await expect(run()).rejects.toThrow("knows only the tools of this project's environments");
  });
});

describe("what is told", () => {
  test("each step by the trainers' names; a checkpoint with each validation", async () => {
    const { run, events, checkpoints } = await world({ hyperparameters: { n_epochs: 2, eval_interval: 3 } });
    await run();
    expect(events.map(({ step, total_steps }) => [step, total_steps])).toEqual(
      [0, 1, 2, 3, 4].map((step) => [step, 4]),
    );
    expect(events.map((event) => "full_valid_mean_reward" in event)).toEqual([true, false, false, true, true]);
    expect(checkpoints).toEqual([3, 4]);
    const number = expect.any(Number);
    expect(events.at(-1)).toMatchObject({
      train_mean_reward: number,
      full_valid_mean_reward: number,
      reasoning_tokens_mean: number,
      completion_tokens_mean: number,
      valid_reasoning_tokens_mean: number,
      mean_unresponsive_rewards: number,
      scores: { train_reward_mean: number, valid_reward_mean: number },
      usage: { samples: { train_reasoning_tokens_mean: number, valid_reasoning_tokens_mean: number } },
      errors: { graders: [{ name: "grader", error_count: 0 }] },
      timing: { step: { sampling: number, training: number, eval: number, full_iteration: number } },
      tools: {
        search: { calls_mean: number, tokens_per_call_mean: number, execution_latency_mean: number, error_count: 0 },
      },
    });
  });

  test("the same seed, answers alike: the same rollouts and the same policy; another one, another", async () => {
    const play = async (seed: number) => {
      const { server, run } = await world({ seed });
      const policy = await run();
      const sent = bodies(server.seen).map((body): string => body.arguments ?? body.sample.output_text);
      return { policy, sent: sent.toSorted((a, b) => Number(a > b) - Number(a < b)) };
    };
    const [one, again, other] = [await play(1), await play(1), await play(2)];
    expect(again).toEqual(one);
    expect(other.policy).not.toEqual(one.policy);
  });

  test("the learning rate's multiplier is how far a step goes", async () => {
    const moved = async (learning_rate_multiplier: number) => {
      const { run } = await world({ hyperparameters: { learning_rate_multiplier, batch_size: 4 } });
      const { weights } = await run();
      return Math.max(
        ...Object.entries(weights).map(([name, weight]) => Math.abs(weight - (untrained.weights[name] ?? 0))),
      );
    };
    expect((await moved(0.1)) / (await moved(1))).toBeCloseTo(0.1, 5);
  });
});

describe("pause and cancel", () => {
  test("no step begins before the job may proceed", async () => {
    const gate = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    const proceed = (calls: number) => {
      if (calls < 2) return Promise.resolve();
      reached.resolve();
      return gate.promise;
    };
    const { server, run, events } = await world({ proceed });
    const running = run();
    await reached.promise;
    const before = server.seen.length;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([server.seen.length, events.length]).toEqual([before, 1]);
    gate.resolve();
    await running;
    expect(events.length).toBe(3);
  });

  test("what proceed rejects with ends the job", async () => {
    const cancelled = new Error("The job was cancelled.");
    const { run } = await world({ proceed: (calls) => (calls === 2 ? Promise.reject(cancelled) : Promise.resolve()) });
    await expect(run()).rejects.toBe(cancelled);
  });

  test("a cancelled job ends in the middle of its rollouts, and sends nothing more", async () => {
    const cancelled = new Error("The job was cancelled.");
    const { server, run, abort } = await world({
      answer: ({ body }) => (server.seen.length > 8 ? (abort(cancelled), { status: 200, text: body }) : undefined),
    });
    await expect(run()).rejects.toBe(cancelled);
    // What was on its way arrives.
    await new Promise((resolve) => setTimeout(resolve, 100));
    const sent = server.seen.length;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(server.seen.length).toBe(sent);
  });
});

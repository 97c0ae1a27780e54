import { beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import type { Environment, StatelessTool } from "../../src/environments/environment.ts";
import { environments } from "../../src/environments/index.ts";
import { finqa } from "../../src/environments/finqa/index.ts";
import { serveCorpus } from "./corpus.ts";
import { errorOf, post, takeLog, TestRollout } from "./world.ts";

const anything = z.looseObject({});

function failingTool(name: string, run: StatelessTool["run"]): StatelessTool {
  return { name, description: "Fails", arguments: anything, run };
}

/** An environment whose author made every mistake there is; each message quotes what it must not. */
const buggy: Environment = {
  ...finqa,
  name: "buggy",
  options: z.object({}),
  tools: [
    failingTool("throw", (args) => {
      throw new TypeError(`cannot read ${JSON.stringify(args)}`);
    }),
    failingTool("reject", (args) => Promise.reject(new Error(JSON.stringify(args)))),
    // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- what is no Error is to be survived too
    failingTool("reject_text", (args) => Promise.reject(JSON.stringify(args))),
    // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- as above
    failingTool("reject_nothing", () => Promise.reject(undefined)),
  ],
  grade: ({ item }) => {
    if (item["throws"] === true) throw new Error(`unusable: ${JSON.stringify(item)}`);
    const score = Number(item["score"]);
    return { score, value: null, answer: "", explanation: "", sub_scores: {} };
  },
};

beforeAll(async () => {
  await serveCorpus();
  (environments as Environment[]).push(buggy);
});

describe("a bug of ours is a fault that tells nothing of the inside, neither to the caller nor to the log", () => {
  test.each(buggy.tools.map(({ name }) => name))("in a tool: %s", async (tool) => {
    const rollout = new TestRollout();
    takeLog();
    const call = {
      trace_id: rollout.traceId,
      call_id: "call_1",
      arguments: '{"query":"secret"}',
      item: { answer: "secret" },
    };
    const error = await errorOf(post(`/buggy/tools/${tool}`, call));
    expect(error).toMatchObject({ status: 503, code: "fault", correlation_id: expect.any(String) });
    const log = takeLog();
    expect(log).toMatchObject([
      { outcome: "fault", fault: { boundary: "worker", correlation_id: error.correlation_id } },
    ]);
    expect(JSON.stringify([error, log])).not.toContain("secret");
    expect((await rollout.ledger()).calls).toMatchObject([{ outcome: "fault", fault_boundary: "worker" }]);
  });

  test.each([
    ["throws", { throws: true, secret: "secret" }, "worker"],
    ["gives not a number", { score: "secret" }, "grader"],
    ["gives infinity", { score: "Infinity" }, "grader"],
    ["gives less than nothing", { score: -0.1 }, "grader"],
    ["gives more than everything", { score: 1.1 }, "grader"],
  ])("in a grader that %s: there is no score, nor is one recorded", async (_, item, boundary) => {
    const rollout = new TestRollout();
    for (const trace_id of ["", rollout.traceId]) {
      takeLog();
      const error = await errorOf(post("/buggy/grade", { sample: { output_text: "56" }, item, trace_id }));
      expect(error).toMatchObject({ status: 503, code: "fault" });
      const log = takeLog();
      expect(log).toMatchObject([{ outcome: "unscored", fault: { boundary } }]);
      expect(JSON.stringify([error, log])).not.toContain("secret");
    }
    const scored = await post("/buggy/grade", {
      sample: { output_text: "56" },
      item: { score: 0.25 },
      trace_id: rollout.traceId,
    });
    expect(await scored.json()).toEqual({ score: 0.25 });
    expect((await rollout.ledger()).grades).toHaveLength(1);
  });
});

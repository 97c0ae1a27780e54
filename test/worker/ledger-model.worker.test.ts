import { evictAllDurableObjects } from "cloudflare:test";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import * as z from "zod";
import type { Outcome } from "../../src/contract/ledger.ts";
import { type Environment, mistake, ok } from "../../src/environments/environment.ts";
import { finqa } from "../../src/environments/finqa/index.ts";
import { environments } from "../../src/environments/index.ts";
import { serveCorpus } from "./corpus.ts";
import { post, TestRollout } from "./world.ts";

const BUDGET = 4;
/** Whether our side fails just now. */
let down = false;

/** An environment whose one tool fails when it is told to; else an even number is fine and an odd one a mistake. */
const scripted: Environment = {
  ...finqa,
  name: "scripted",
  callsPerRollout: BUDGET,
  tools: [
    {
      name: "act",
      description: "Acts",
      arguments: z.object({ number: z.int() }),
      run: async ({ number }) => {
        if (down) throw new Error("down");
        return Number(number) % 2 === 0 ? ok(`done ${String(number)}`) : mistake("wrong", `wrong ${String(number)}`);
      },
    },
  ],
};

beforeAll(async () => {
  await serveCorpus();
  (environments as Environment[]).push(scripted);
});

type Step =
  | { do: "call"; id: number; number: number; down: boolean }
  | { do: "grade"; sample: number }
  | { do: "evict" };

const steps = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({ do: fc.constant("call" as const), id: fc.nat(4), number: fc.nat(2), down: fc.boolean() }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("grade" as const), sample: fc.nat(1) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("evict" as const) }) },
  ),
  { minLength: 1, maxLength: 25, size: "max" },
);

interface Entry {
  call_id: string;
  number: number;
  outcome: Outcome;
  faults: number;
}

/** What a ledger should do, in the plainest words: one list, searched from its start. */
class Model {
  readonly entries: Entry[] = [];
  readonly samples = new Set<number>();
  refusals = 0;

  /** The status that a step should have. */
  take(step: Step): number | undefined {
    if (step.do === "grade") return this.#grade(step.sample);
    return step.do === "call" ? this.#call(`call_${step.id}`, step.number, step.down) : undefined;
  }

  get counted(): number {
    return this.entries.filter(({ outcome }) => outcome !== "over_budget").length;
  }

  #call(call_id: string, number: number, faulted: boolean): number {
    const natural: Outcome = faulted ? "fault" : number % 2 === 0 ? "ok" : "mistake";
    let entry = this.entries.find((other) => other.call_id === call_id && other.number === number);
    if (entry?.outcome === "fault") {
      entry.outcome = natural;
      if (faulted) entry.faults++;
    } else if (!entry) {
      entry = { call_id, number, outcome: this.#newOutcome(call_id, natural), faults: 0 };
      if (entry.outcome === "fault") entry.faults = 1;
      this.entries.push(entry);
    }
    return entry.outcome === "fault" ? 503 : 200;
  }

  #grade(sample: number): number {
    if (this.samples.has(sample)) return 200;
    if (this.entries.some(({ outcome }) => outcome === "fault")) {
      this.refusals++;
      return 503;
    }
    this.samples.add(sample);
    return 200;
  }

  #newOutcome(call_id: string, natural: Outcome): Outcome {
    if (this.counted >= BUDGET) return "over_budget";
    if (this.entries.some((other) => other.call_id === call_id) || this.samples.size > 0) return "mistake";
    return natural;
  }
}

/** Takes a step and gives its status; an eviction has none. */
async function take(rollout: TestRollout, step: Step): Promise<number | undefined> {
  if (step.do === "evict") return evictAllDurableObjects().then(() => undefined);
  const { traceId: trace_id } = rollout;
  if (step.do === "grade") {
    const sample = { output_text: String(step.sample) };
    return (await post("/scripted/grade", { sample, item: { reference_answer: "1" }, trace_id })).status;
  }
  down = step.down;
  const call = { trace_id, call_id: `call_${step.id}`, arguments: { number: step.number } };
  return (await post("/scripted/tools/act", call)).status;
}

test("whatever is called, graded and evicted, a ledger does what the model does", { timeout: 60_000 }, async () => {
  const first: Step = { do: "call", id: 9, number: 0, down: false };
  const agrees = fc.asyncProperty(steps, async (taken: Step[]) => {
    const model = new Model();
    const rollout = new TestRollout();
    for (const step of [first, ...taken]) {
      const status = model.take(step);
      expect({ step, status: await take(rollout, step) }).toEqual({ step, status });
    }
    const { calls, calls_counted, grades, refusals } = await rollout.ledger();
    expect(calls.map(({ sequence }) => sequence)).toEqual(calls.map((_, at) => at + 1));
    expect(calls.map(({ call_id, outcome, faults }) => ({ call_id, outcome, faults }))).toEqual(
      model.entries.map(({ call_id, outcome, faults }) => ({ call_id, outcome, faults })),
    );
    expect([calls_counted, grades.length, refusals.length]).toEqual([
      model.counted,
      model.samples.size,
      model.refusals,
    ]);
  });
  await fc.assert(agrees, { numRuns: 40 });
});

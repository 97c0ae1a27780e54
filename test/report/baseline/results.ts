/** Results of baselines for tests: rollouts by what is said of them, and figures of any kind. Test material. */
import fc from "fast-check";
import type { ResultCall, ResultsManifest, RolloutResult } from "../../../src/contract/results.ts";
import { seededRandom } from "../../../src/environments/random.ts";
import { summarise, type Summarising } from "../../../src/report/baseline/summary.ts";

export function manifest(said: Partial<ResultsManifest> & { items?: number } = {}): ResultsManifest {
  const { items = 2, ...changes } = said;
  return {
    schema: 1,
    name: "baseline-test",
    command: ["npm", "run", "edgegym", "--", "baseline"],
    created_at: "2026-11-25T00:00:00.000Z",
    dataset: { files: ["val.jsonl"], sha256: "0f".repeat(32), items },
    attempts: 3,
    agent: {
      kind: "model",
      model: "test-model",
      base_url: null,
      reasoning_effort: "medium",
      error_rate: null,
      seed: "1",
    },
    environment: "finqa",
    versions: { prompt: "a1".repeat(32), tools: "b2".repeat(32), grader: "d4".repeat(32) },
    deployment: { url: "https://gym.example.com", index_version: "c3".repeat(32) },
    ...changes,
  };
}

export function call(tool: string, said: Partial<ResultCall> = {}): ResultCall {
  return {
    call_id: "call_1",
    tool,
    arguments: "{}",
    status: 200,
    output: "out",
    outcome: "ok",
    mistake: null,
    milliseconds: 20,
    faults: 0,
    ...said,
  };
}

/** A turn for each list of tools. */
export const turns = (...tools: string[][]) => tools.map((names) => ({ calls: names.map((name) => call(name)) }));

export function rollout(item: string, attempt: number, said: Partial<RolloutResult> = {}): RolloutResult {
  return {
    schema: 1,
    item,
    question: "what was revenue?",
    attempt,
    trace_id: `trace_${item}_${attempt}`,
    started_at: "2026-11-25T00:00:00.000Z",
    ending: "graded",
    failure: null,
    turns: turns(["search"], ["cat"]),
    answer: "7",
    answer_ending: "answered",
    score: 1,
    grade: { value: "7", explanation: "Equal.", sub_scores: {}, evidence: "answer" },
    tokens: { input: 1_000, cached_input: 400, output: 100, reasoning: 60 },
    model_requests: 3,
    milliseconds: { answer: 4_000, model: 3_000, tools: 900, grading: 30 },
    grading_faults: 0,
    ...said,
  };
}

/** An item's rollouts with these scores; null for one that faulted. */
export const scored = (item: string, ...scores: (number | null)[]) =>
  scores.map((score, at) =>
    score === null
      ? rollout(item, at + 1, {
          ending: "faulted",
          failure: "search had no answer after all tries",
          score,
          grade: null,
        })
      : rollout(item, at + 1, { score }),
  );

export function summary(results: readonly RolloutResult[], said: Partial<Summarising> = {}) {
  const items = new Set(results.map(({ item }) => item)).size;
  return summarise({
    manifest: manifest({ items }),
    results,
    interrupted: false,
    stopped: null,
    copies: 32,
    randoms: (name) => seededRandom("test", name),
    beside: { attack: null, labels: null },
    ...said,
  });
}

/** @param text what stands wherever a text comes from outside */
export function anyResults(text: fc.Arbitrary<string>): fc.Arbitrary<RolloutResult[]> {
  const number = fc.oneof(fc.constantFrom(0, 1e15), fc.double({ min: 0, max: 1e6, noNaN: true }));
  const anyCall = fc.record({ tool: text, milliseconds: number, faults: fc.nat(3), mistake: fc.option(text) });
  const result = fc.record({
    item: text,
    attempt: fc.integer({ min: 1, max: 3 }),
    ending: fc.constantFrom("graded" as const, "faulted" as const, "agent_failed" as const),
    score: fc.oneof(fc.constantFrom(0, 0.5, 1), fc.double({ min: -1e9, max: 1e9, noNaN: true })),
    failure: fc.option(text),
    turns: fc.array(fc.record({ calls: fc.array(anyCall, { maxLength: 3 }) }), { maxLength: 4 }),
    answer: number,
    input: fc.nat(1e6),
  });
  return fc.array(result, { maxLength: 20 }).map((results) =>
    results.map(({ item, attempt, answer, input, ...said }) =>
      rollout(item, attempt, {
        ...said,
        score: said.ending === "graded" ? said.score : null,
        turns: said.turns.map(({ calls }) => ({ calls: calls.map((one) => call(one.tool, one)) })),
        milliseconds: { answer, model: answer / 2, tools: answer / 3, grading: answer / 9 },
        tokens: { input, cached_input: 0, output: input, reasoning: 0 },
      }),
    ),
  );
}

/**
 * What rollouts over a dataset came to: the files of a folder `runs/{name}/`. `results.jsonl` has a line for each attempt that
 * ended, `manifest.json` says what they are of. Read by the reports, by comparisons and by the dashboard. Holds questions' answers,
 * tools' outputs and the model's own words, for their owner; never a token, never a reference answer.
 */
import * as z from "zod";
import { Outcome } from "./ledger.ts";

const milliseconds = z.number();

/** One call of a tool as the model made it, and what came of it. */
export const ResultCall = z.object({
  call_id: z.string(),
  /** The name that the model wrote: there need not be such a tool. */
  tool: z.string(),
  /** The text that the model wrote, which need not be JSON. */
  arguments: z.string(),
  /** The HTTP status of the answer that counts; null when no try was answered below 500. */
  status: z.int().nullable(),
  /** What the model was shown: the output, or all of a 4xx's answer; null when no try was answered. */
  output: z.string().nullable(),
  /** How the ledger has it; null where the ledger does not, or could not be read. */
  outcome: Outcome.nullable(),
  /** Of a mistake: of which kind. */
  mistake: z.string().nullable(),
  /** From the first try to the answer, retries and their pauses included. */
  milliseconds,
  /** Tries that were answered with a 5xx, or not at all. */
  faults: z.int(),
});
export type ResultCall = z.infer<typeof ResultCall>;

/** Calls that the model made at once. */
export const ResultTurn = z.object({ calls: z.array(ResultCall) });
export type ResultTurn = z.infer<typeof ResultTurn>;

/** Tokens of all requests to the model. Cached ones are among the input's, reasoning's among the output's. */
const ResultTokens = z.object({
  input: z.int(),
  cached_input: z.int(),
  output: z.int(),
  reasoning: z.int(),
});

/**
 * `graded`: it has a score. `faulted`: a call or the grading stayed without an answer after all retries, so that a trainer would
 * discard the rollout. `agent_failed`: the model's service failed. The last two are never scored: they say nothing of the model.
 */
const RolloutEnding = z.enum(["graded", "faulted", "agent_failed"]);

/** How the model's own part ended (src/cli/agents/model-attempt.ts). */
const AnswerEnding = z.enum(["answered", "refused", "silent", "cut_off", "turns_spent"]);

/** A line of `results.jsonl`. An item's attempt that was not graded may have a later line, of another try. */
export const RolloutResult = z.object({
  schema: z.literal(1),
  /** The item's id, or where it stands in its file; different for each item of a dataset. */
  item: z.string(),
  /** What the model was asked. */
  question: z.string(),
  /** Which of the attempts at the item, from 1. */
  attempt: z.int(),
  trace_id: z.string(),
  started_at: z.iso.datetime(),
  ending: RolloutEnding,
  /** Why it was not graded, in words without any content; null where it was. */
  failure: z.string().nullable(),
  turns: z.array(ResultTurn),
  /** The final answer; "" where the model gave none; null where it did not come to that. */
  answer: z.string().nullable(),
  /** Null for agents that are no model, and where the model did not come to an end. */
  answer_ending: AnswerEnding.nullable(),
  /** What the grader answered; null unless graded. */
  score: z.number().nullable(),
  /** What the ledger says of the grading; null where it could not be read. */
  grade: z
    .object({
      /** The answer as the grader understood it. */
      value: z.string().nullable(),
      explanation: z.string(),
      sub_scores: z.record(z.string(), z.number()),
      /** Where the answer can have come from (contract/ledger.ts). */
      evidence: z.string().nullable(),
    })
    .nullable(),
  /** Null for agents that are no model, and for services that do not count. */
  tokens: ResultTokens.nullable(),
  /** Requests that the model answered; 0 for agents that are no model. */
  model_requests: z.int(),
  milliseconds: z.object({
    /** From the start to the final answer: what a user would wait. */
    answer: milliseconds,
    /** Of that, waiting for the model. */
    model: milliseconds,
    /** Of that, waiting for tools; calls made at once are waited for once. */
    tools: milliseconds,
    grading: milliseconds,
  }),
  /** Tries of the grading that were answered with a 5xx, or not at all. */
  grading_faults: z.int(),
});
export type RolloutResult = z.infer<typeof RolloutResult>;

/** `manifest.json`: what the results are of. Results of another dataset, model or deployment are never added to them. */
export const ResultsManifest = z.object({
  schema: z.literal(1),
  name: z.string(),
  /** The words of the command that began it, without tokens. */
  command: z.array(z.string()),
  created_at: z.iso.datetime(),
  dataset: z.object({
    /** The files' names, without their folders. */
    files: z.array(z.string()),
    /** Of the names and rows of the items, in their order. */
    sha256: z.string(),
    items: z.int(),
  }),
  /** Attempts at each item. */
  attempts: z.int(),
  agent: z.object({
    kind: z.string(),
    model: z.string().nullable(),
    base_url: z.string().nullable(),
    reasoning_effort: z.string().nullable(),
    /** For the oracle; null for others. */
    error_rate: z.number().nullable(),
    seed: z.string(),
  }),
  environment: z.string(),
  /** Hashes of what decides a score, as this project has it (src/cli/versions.ts): a deployment of other code does not say so. */
  versions: z.object({ prompt: z.string(), tools: z.string(), grader: z.string() }),
  deployment: z.object({
    url: z.string(),
    /** The corpus index that is served; null where the deployment's health does not say. */
    index_version: z.string().nullable(),
  }),
});
export type ResultsManifest = z.infer<typeof ResultsManifest>;

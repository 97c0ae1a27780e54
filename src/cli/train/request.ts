/**
 * The request for a training job, from what was chosen. Pure. Field names and values after the demos of both hosts; sources in
 * contract/fine-tuning.ts.
 */
import { createHash } from "node:crypto";
import type {
  EndpointGrader,
  JobGrader,
  JobHyperparameters,
  JobRequest,
  ScoreModelGrader,
} from "../../contract/fine-tuning.ts";
import { limits } from "../../contract/limits.ts";
import type { AnswerFormat, Environment } from "../../environments/environment.ts";
import { bearer } from "../deployment.ts";
import { gradePath, toolPath } from "../rollouts/requests.ts";

export const graderNames = ["endpoint", "model", "multi"] as const;

type ResponseFormat = JobRequest["method"]["reinforcement"]["response_format"];

/** What the owner decides of a job. */
export interface JobChoice {
  /** Of the job here, and of the run that its rollouts are kept under. */
  name: string;
  model: string;
  environment: Environment;
  /** Of the deployment, without a slash at its end. */
  url: string;
  grader: (typeof graderNames)[number];
  /** The judge of the graders `model` and `multi`, with its rules. */
  judge: { model: string; rubric: string } | null;
  maxEpisodeSteps: number;
  hyperparameters: JobHyperparameters;
  seed: number | null;
  suffix: string | null;
}

/** In place of a token, wherever a request is shown or hashed. */
export const NAMED_TOKEN = "$TRAINER_TOKEN";

/** Ids of the two files at the service. */
export interface FileIds {
  training: string;
  validation: string;
}

/** By this metadata a job is found again; not every host keeps it. */
export const NAME_KEY = "edgegym_name";
export const REQUEST_KEY = "edgegym_request";

/** @param hash `requestHash` of the same choice */
export function jobRequest(choice: JobChoice, token: string, files: FileIds, hash: string): JobRequest {
  return { ...chosen(choice, token, files), metadata: { [NAME_KEY]: choice.name, [REQUEST_KEY]: hash } };
}

/** SHA-256 of the request without its metadata, tokens and the service's own ids. @param contents hashes of the two files */
export function requestHash(choice: JobChoice, contents: FileIds): string {
  return createHash("sha256")
    .update(JSON.stringify(chosen(choice, NAMED_TOKEN, contents)))
    .digest("hex");
}

function chosen(choice: JobChoice, token: string, files: FileIds): JobRequest {
  const { model, environment, url, name, hyperparameters, seed, suffix, maxEpisodeSteps } = choice;
  const headers = jobHeaders(token, name);
  return {
    model,
    training_file: files.training,
    validation_file: files.validation,
    method: {
      type: "reinforcement",
      reinforcement: {
        grader: jobGrader(choice, token, name),
        tools: environment.tools.map((tool) => ({
          name: tool.name,
          server_url: `${url}${toolPath(environment, tool.name)}`,
          headers,
        })),
        ...(environment.answerFormat !== undefined && { response_format: responseFormat(environment.answerFormat) }),
        max_episode_steps: maxEpisodeSteps,
        ...(Object.keys(hyperparameters).length > 0 && { hyperparameters }),
      },
    },
    ...(seed !== null && { seed }),
    ...(suffix !== null && { suffix }),
  };
}

/** After the guide to reinforcement fine-tuning (developers.openai.com/api/docs/guides/reinforcement-fine-tuning). */
function responseFormat({ name, schema }: AnswerFormat): ResponseFormat {
  return { type: "json_schema", json_schema: { name, strict: true, schema } };
}

/** @param run that its gradings are kept under: the job's own, or that of a trial */
export function jobGrader(choice: JobChoice, token: string, run: string): JobGrader {
  const endpoint: EndpointGrader = {
    type: "endpoint",
    name: `${choice.environment.name}_grade`,
    url: `${choice.url}${gradePath(choice.environment)}`,
    headers: jobHeaders(token, run),
    rate_limit: limits.graderRequestsPerSecond,
  };
  if (choice.judge === null) return endpoint;
  const judge = judgeOf(choice.judge, choice.environment.name);
  if (choice.grader === "model") return judge;
  // Half each: neither a judge that was talked round nor a value that only looks like another one is paid in full.
  return {
    type: "multi",
    name: `${choice.environment.name}_both`,
    graders: { endpoint, judge },
    calculate_output: "0.5 * endpoint + 0.5 * judge",
  };
}

const jobHeaders = (token: string, run: string) => ({ ...bearer(token), "X-Run": run });

function judgeOf({ model, rubric }: { model: string; rubric: string }, environment: string): ScoreModelGrader {
  const shown = [
    "Question: {{item.question}}",
    "Reference answer: {{item.reference_answer}}",
    "Answer to grade, between the lines:",
    "-----",
    "{{sample.output_text}}",
    "-----",
  ];
  return {
    type: "score_model",
    name: `${environment}_judge`,
    model,
    input: [
      { role: "developer", content: rubric },
      { role: "user", content: shown.join("\n") },
    ],
    range: [0, 1],
  };
}

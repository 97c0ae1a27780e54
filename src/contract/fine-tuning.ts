/**
 * The wire of a trainer's service: files, reinforcement fine-tuning jobs, their events and checkpoints, graders. What is sent is
 * strict, since a field that is misspelt there costs a job; what is read is lenient, since hosts add and rename fields. The
 * `openai` package types neither `tools`, `max_episode_steps`, `response_format` nor the endpoint grader: here is the one place.
 * Sources: github.com/microsoft-foundry/fine-tuning (Agentic_RFT_PrivatePreview), github.com/openai/build-hours (20-agent-rft),
 * https://platform.openai.com/docs/api-reference/fine-tuning. Never behaviour.
 */
import * as z from "zod";
import { ChatTool } from "./dataset.ts";
import { JsonObject } from "./wire.ts";

const url = z.url({ protocol: /^https?$/ });
const headers = z.record(z.string(), z.string());
const name = z.string().min(1);
/** A number, or `auto`: the service's own choice. */
const orAuto = <Schema extends z.ZodType>(schema: Schema) => z.union([z.literal("auto"), schema]);

/** A tool that the trainer calls for the model. `server_url` and `headers` are sent with every call as they stand here. */
export const JobTool = z.strictObject({ name, server_url: url, headers: headers.optional() });
export type JobTool = z.infer<typeof JobTool>;

/** The customer's own grader, called with the sample, the row and the trace id. */
export const EndpointGrader = z.strictObject({
  type: z.literal("endpoint"),
  name: name.optional(),
  url,
  headers: headers.optional(),
  /** Requests a second at most. */
  rate_limit: z.number().positive().optional(),
  pass_threshold: z.number().optional(),
});
export type EndpointGrader = z.infer<typeof EndpointGrader>;

/** A model as the judge, with templates over `sample` and `item` in its messages. */
export const ScoreModelGrader = z.strictObject({
  type: z.literal("score_model"),
  name,
  model: name,
  input: z.array(z.strictObject({ role: z.enum(["developer", "system", "user"]), content: z.string() })).min(1),
  range: z.tuple([z.number(), z.number()]).optional(),
  sampling_params: JsonObject.optional(),
  pass_threshold: z.number().optional(),
});
export type ScoreModelGrader = z.infer<typeof ScoreModelGrader>;

/** Several graders and a formula over their names. Inside it, a grader has no threshold of its own. */
export const MultiGrader = z.strictObject({
  type: z.literal("multi"),
  name,
  graders: z.record(z.string(), z.union([EndpointGrader, ScoreModelGrader])),
  calculate_output: z.string().min(1),
  /** What a sample earns of which no grade could be had. */
  invalid_grade: z.number().optional(),
  pass_threshold: z.number().optional(),
});
export type MultiGrader = z.infer<typeof MultiGrader>;

export const JobGrader = z.discriminatedUnion("type", [EndpointGrader, ScoreModelGrader, MultiGrader]);
export type JobGrader = z.infer<typeof JobGrader>;

export const JobHyperparameters = z.strictObject({
  n_epochs: orAuto(z.int().positive()).optional(),
  /** Rows of a step. */
  batch_size: orAuto(z.int().positive()).optional(),
  /** How many more rollouts of each row than the service's own number. */
  compute_multiplier: orAuto(z.number().positive()).optional(),
  learning_rate_multiplier: orAuto(z.number().positive()).optional(),
  /** Steps between two validations. */
  eval_interval: orAuto(z.int().positive()).optional(),
  /** Rollouts of each validation row. */
  eval_samples: orAuto(z.int().positive()).optional(),
  reasoning_effort: z.enum(["default", "low", "medium", "high"]).optional(),
});
export type JobHyperparameters = z.infer<typeof JobHyperparameters>;

/** `POST /fine_tuning/jobs`. */
export const JobRequest = z.strictObject({
  model: name,
  training_file: name,
  validation_file: name,
  method: z.strictObject({
    type: z.literal("reinforcement"),
    reinforcement: z.strictObject({
      grader: JobGrader,
      tools: z.array(JobTool).min(1),
      /** What final answers have to fit, in the form of chat completions and not in that of the Responses API. */
      response_format: z
        .strictObject({
          type: z.literal("json_schema"),
          json_schema: z.strictObject({ name, strict: z.boolean(), schema: JsonObject }),
        })
        .optional(),
      /** Turns of a rollout at most. */
      max_episode_steps: z.int().positive().optional(),
      hyperparameters: JobHyperparameters.optional(),
    }),
  }),
  seed: z.int().optional(),
  suffix: z.string().min(1).max(64).optional(),
  /** For the owner to find the job by; not every host keeps it. */
  metadata: z.record(z.string().max(64), z.string().max(512)).optional(),
});
export type JobRequest = z.infer<typeof JobRequest>;

const seconds = z.number();

/** A job as the service tells of it. `status` is any text: hosts have words of their own, as Foundry's `pending` and `paused`. */
export const Job = z.looseObject({
  id: name,
  status: z.string(),
  model: z.string().nullish(),
  created_at: seconds.nullish(),
  finished_at: seconds.nullish(),
  estimated_finish: seconds.nullish(),
  fine_tuned_model: z.string().nullish(),
  training_file: z.string().nullish(),
  validation_file: z.string().nullish(),
  seed: z.number().nullish(),
  suffix: z.string().nullish(),
  trained_tokens: z.number().nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
  error: z.looseObject({ code: z.string().nullish(), message: z.string().nullish() }).nullish(),
});
export type Job = z.infer<typeof Job>;

/** Statuses after which nothing more comes of a job. */
export const ENDED_STATUSES: readonly string[] = ["succeeded", "failed", "cancelled"];

/** An entry of a job's log. Of type `metrics`, `data` has a step's figures, whose names differ between hosts. */
export const JobEvent = z.looseObject({
  id: name,
  created_at: seconds,
  level: z.string().nullish(),
  message: z.string().nullish(),
  type: z.string().nullish(),
  data: z.unknown().optional(),
});
export type JobEvent = z.infer<typeof JobEvent>;

/** A model as it was after a step; it can be asked like any other. */
export const JobCheckpoint = z.looseObject({
  id: name,
  created_at: seconds,
  fine_tuned_model_checkpoint: name,
  step_number: z.number(),
  metrics: JsonObject.nullish(),
});
export type JobCheckpoint = z.infer<typeof JobCheckpoint>;

/** A file as the service tells of it; it can be used for a job once it is `processed`. */
export const UploadedFile = z.looseObject({
  id: name,
  bytes: z.number().nullish(),
  filename: z.string().nullish(),
  purpose: z.string().nullish(),
  status: z.string().nullish(),
  status_details: z.string().nullish(),
});
export type UploadedFile = z.infer<typeof UploadedFile>;

/** A row of a job's files as a trainer takes it. Every key but these two is a part of the item. */
export const TrainingRow = z.looseObject({
  messages: z
    .array(z.object({ role: z.enum(["system", "developer", "user", "assistant"]), content: z.string() }))
    .min(1)
    .refine((messages) => messages.at(-1)?.role === "user", "the last message has to be the user's"),
  tools: z.array(ChatTool).optional(),
});
export type TrainingRow = z.infer<typeof TrainingRow>;

/** `POST /fine_tuning/alpha/graders/validate`, of OpenAI alone: the grader comes back as it was understood. */
export const GraderValidation = z.strictObject({ grader: JobGrader });
export type GraderValidation = z.infer<typeof GraderValidation>;

/** `POST /fine_tuning/alpha/graders/run`, of OpenAI alone. */
export const GraderTrial = z.strictObject({
  grader: JobGrader,
  model_sample: z.string(),
  item: JsonObject.optional(),
  trace_id: z.string().optional(),
});
export type GraderTrial = z.infer<typeof GraderTrial>;

export const GraderTrialResult = z.looseObject({
  reward: z.number(),
  sub_rewards: z.record(z.string(), z.unknown()).nullish(),
  metadata: z.looseObject({
    /** True for each kind of trouble that was met; some have details beside them, as text. */
    errors: z.record(z.string(), z.unknown()),
    execution_time: z.number().nullish(),
  }),
});
export type GraderTrialResult = z.infer<typeof GraderTrialResult>;

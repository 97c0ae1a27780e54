/**
 * `runs/{name}/job.json`: which training job a run is, so that every later command finds it. Written before the job is created and
 * again after: a creation whose answer was lost is then seen, and not repeated. Never holds a token or a row.
 */
import * as z from "zod";
import { JobHyperparameters } from "./fine-tuning.ts";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** A file of the job, at the service. */
const JobFile = z.object({ name: z.string(), bytes: z.int(), sha256, file_id: z.string(), rows: z.int() });

/**
 * `creating`: the request was sent, or was about to be, and no answer is known: there may be a job. `created`: `job_id` is the
 * service's own. `refused`: the service answered that it creates none.
 */
const JobPhase = z.enum(["creating", "created", "refused"]);

export const JobState = z
  .object({
    schema: z.literal(1),
    /** Of the folder in `runs/`, and the `X-Run` header of the job's calls. */
    name: z.string(),
    /** The words of the command that began it, without tokens. */
    command: z.array(z.string()),
    phase: JobPhase,
    created_at: z.iso.datetime(),
    /** Null until the service has answered. */
    job_id: z.string().nullable(),
    /** The service, without its key. */
    provider: z.object({ base_url: z.string() }),
    model: z.string(),
    environment: z.string(),
    /**
     * Of the request without its metadata, with names in the place of tokens and content hashes in that of the files' ids: the same
     * choices have the same hash. The job carries it as `metadata.edgegym_request`.
     */
    request_sha256: sha256,
    files: z.object({ training: JobFile, validation: JobFile }),
    grader: z.enum(["endpoint", "model", "multi"]),
    hyperparameters: JobHyperparameters,
    max_episode_steps: z.int(),
    seed: z.int().nullable(),
    suffix: z.string().nullable(),
    /** Hashes of what decides a score, as this project has it (src/cli/versions.ts). */
    versions: z.object({ prompt: z.string(), tools: z.string(), grader: z.string() }),
    deployment: z.object({ url: z.string(), index_version: z.string().nullable() }),
  })
  .refine(({ phase, job_id }) => (phase === "created") === (job_id !== null), "only a created job has an id");
export type JobState = z.infer<typeof JobState>;

/** `runs/uploads.json`: files that services have already, so that no content is sent twice. A service is known by its URL. */
export const Uploads = z.object({
  schema: z.literal(1),
  files: z.array(z.object({ base_url: z.string(), sha256, bytes: z.int(), file_id: z.string() })),
});
export type Uploads = z.infer<typeof Uploads>;

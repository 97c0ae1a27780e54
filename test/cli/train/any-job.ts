/** States and jobs for tests, of which only what a test is about has to be said. */
import type { Job } from "../../../src/contract/fine-tuning.ts";
import type { JobState } from "../../../src/contract/job.ts";

const file = (name: string, id: string) => ({ name, bytes: 10, sha256: "a".repeat(64), file_id: id, rows: 10 });

export function anyJobState(given: Partial<JobState> = {}): JobState {
  return {
    schema: 1,
    name: "one",
    command: ["npm", "run", "edgegym"],
    phase: "creating",
    created_at: "2026-12-01T12:00:00.000Z",
    job_id: null,
    provider: { base_url: "http://127.0.0.1:8900/v1" },
    model: "stand-in",
    environment: "finqa",
    request_sha256: "b".repeat(64),
    files: { training: file("train.jsonl", "file-1"), validation: file("val.jsonl", "file-2") },
    grader: "endpoint",
    hyperparameters: {},
    max_episode_steps: 50,
    seed: null,
    suffix: null,
    versions: { prompt: "p", tools: "t", grader: "g" },
    deployment: { url: "http://127.0.0.1:8787", index_version: null },
    ...given,
  };
}

/** One that the state of `anyJobState` can have made, at a service that keeps no metadata. */
export function anyJob(given: Partial<Job> = {}): Job {
  return {
    id: "ftjob-1",
    status: "queued",
    model: "stand-in",
    created_at: Date.parse("2026-12-01T12:00:01.000Z") / 1000,
    training_file: "file-1",
    validation_file: "file-2",
    metadata: null,
    ...given,
  };
}

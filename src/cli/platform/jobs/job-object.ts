/** A job as the API tells of it. What its headers hold is hidden: they carry tokens. Pure. */
import type { JobGrader, JobRequest } from "../../../contract/fine-tuning.ts";
import type { Job } from "./job.ts";

export function jobObject(job: Job) {
  const { request } = job;
  return {
    id: job.id,
    object: "fine_tuning.job",
    model: request.model,
    created_at: job.createdAt,
    finished_at: job.finishedAt,
    estimated_finish: job.estimatedFinish,
    fine_tuned_model: job.result ? job.modelName() : null,
    organization_id: "org-edgegym",
    result_files: [],
    status: job.status,
    training_file: request.training_file,
    validation_file: request.validation_file,
    seed: job.seed,
    suffix: request.suffix ?? null,
    trained_tokens: null,
    error: job.error,
    integrations: [],
    metadata: request.metadata ?? null,
    method: shownMethod(request.method),
  };
}

function shownMethod({ type, reinforcement }: JobRequest["method"]): JobRequest["method"] {
  const tools = reinforcement.tools.map(withoutValues);
  return { type, reinforcement: { ...reinforcement, tools, grader: shownGrader(reinforcement.grader) } };
}

function shownGrader(grader: JobGrader): JobGrader {
  if (grader.type === "endpoint") return withoutValues(grader);
  if (grader.type === "score_model") return grader;
  const graders = Object.entries(grader.graders).map(
    ([name, part]) => [name, part.type === "endpoint" ? withoutValues(part) : part] as const,
  );
  return { ...grader, graders: Object.fromEntries(graders) };
}

function withoutValues<Part extends { headers?: Record<string, string> | undefined }>(part: Part): Part {
  if (!part.headers) return part;
  return { ...part, headers: Object.fromEntries(Object.keys(part.headers).map((name) => [name, "[hidden]"])) };
}

/** `/fine_tuning/jobs`: https://platform.openai.com/docs/api-reference/fine-tuning */
import { Hono } from "hono";
import type { HttpBindings } from "@hono/node-server";
import { JobRequest } from "../../contract/fine-tuning.ts";
import { formulaOf } from "./grading/formula.ts";
import type { Job } from "./jobs/job.ts";
import { jobObject } from "./jobs/job-object.ts";
import { findModel } from "./models.ts";
import { pageOf, pageQuery } from "./pages.ts";
import { type PlatformContext, readBody, readQuery } from "./requests.ts";
import type { PlatformState } from "./state.ts";

const JobsQuery = pageQuery(100, 20);
const EventsQuery = pageQuery(1_000, 20);
const CheckpointsQuery = pageQuery(100, 10);

export function jobRoutes(state: PlatformState) {
  const app = new Hono<{ Bindings: HttpBindings }>();
  const find = (c: PlatformContext) => state.jobs.get(c.req.param("id") ?? "");
  app.post("/", async (c) => c.json(jobObject(create(await readBody(c, JobRequest), state))));
  app.get("/", (c) => {
    const wanted = metadataFilter(c);
    return c.json(pageOf(state.jobs.all().filter(wanted).map(jobObject), readQuery(c, JobsQuery)));
  });
  app.get("/:id", (c) => c.json(jobObject(find(c))));
  app.get("/:id/events", (c) => c.json(pageOf(find(c).log.events.toReversed(), readQuery(c, EventsQuery))));
  app.get("/:id/checkpoints", (c) => {
    const shown = find(c).log.checkpoints.map(({ policy: _, ...checkpoint }) => checkpoint);
    return c.json(pageOf(shown.toReversed(), readQuery(c, CheckpointsQuery)));
  });
  for (const action of ["pause", "resume", "cancel"] as const)
    app.post(`/:id/${action}`, (c) => {
      const job = find(c);
      job[action]();
      return c.json(jobObject(job));
    });
  return app;
}

/** Sequence: model known? → formula readable? → files usable? → created. @throws ApiError */
function create(request: JobRequest, { jobs, files, models, newSeed }: PlatformState): Job {
  const model = findModel(models(), request.model, 400);
  const { grader } = request.method.reinforcement;
  if (grader.type === "multi") formulaOf(grader, "method.reinforcement.grader.calculate_output");
  const training = files.rowsFor("training_file", request.training_file);
  const validation = files.rowsFor("validation_file", request.validation_file);
  return jobs.create(request, request.seed ?? newSeed(), { training, validation, start: model.policy });
}

/** `metadata[key]=value` for each that has to fit; `metadata=null` for jobs without any. */
function metadataFilter(c: PlatformContext): (job: Job) => boolean {
  const query = c.req.query();
  if (query["metadata"] === "null") return ({ request }) => request.metadata === undefined;
  const wanted = Object.entries(query).flatMap(([name, value]) => {
    const [, key] = /^metadata\[(.+)\]$/.exec(name) ?? [];
    return key === undefined ? [] : [[key, value] as const];
  });
  return ({ request }) => wanted.every(([key, value]) => request.metadata?.[key] === value);
}

/** Whether the trainer's service takes the grader and can use it, where it has routes to ask. Names no answer and no reference. */
import type { JobGrader } from "../../contract/fine-tuning.ts";
import type { JsonObject } from "../../contract/wire.ts";
import type { KnownAnswer } from "../../environments/rehearsal.ts";
import { plain } from "../agents/model-failure.ts";
import type { TrainerService } from "../jobs/service.ts";
import { ServiceRefused } from "../jobs/service-failure.ts";
import { type Finding, ok, refused, skipped, warned } from "./finding.ts";

export interface GraderTrialOptions {
  service: TrainerService;
  grader: JobGrader;
  item: JsonObject;
  /** To `item`, with their scores. */
  answers: readonly KnownAnswer[];
  traceId: string;
}

/** Sequence: validate → grade a right answer → grade a wrong one. @throws UserError when the service does not answer */
export async function checkProviderGrader(options: GraderTrialOptions): Promise<Finding> {
  const { service, grader } = options;
  if (!(await hasRoute(() => service.validateGrader(grader))))
    return skipped("This service has no route that validates graders: it says what it thinks when the job is created.");
  const right = await rewardOf(options, "right", ({ score }) => score === 1);
  const wrong = await rewardOf(options, "wrong", ({ score }) => score === 0);
  if (right === undefined || wrong === undefined)
    return ok("The service takes the grader; it has no route, or the row no answer, to try it with.");
  const errors = [...new Set([...right.errors, ...wrong.errors])];
  if (errors.length > 0)
    return refused(
      `The service's trial of the grader failed: ${errors.join(", ")}.`,
      "See whether it reaches the grade route.",
    );
  const found = `In the service's own trial, a right answer earns ${right.reward} and a wrong one ${wrong.reward}.`;
  if (right.reward <= wrong.reward)
    return refused(found, "The grader does not tell right from wrong as it is configured.");
  if (right.reward === 1 && wrong.reward === 0) return ok(found);
  return warned(found, "A judge that is not sure of a plain case teaches little: try a stronger --judge-model.");
}

async function hasRoute(request: () => Promise<unknown>): Promise<boolean> {
  try {
    await request();
    return true;
  } catch (error) {
    if (error instanceof ServiceRefused && [404, 405].includes(error.status)) return false;
    throw error;
  }
}

async function rewardOf(
  { service, grader, item, answers, traceId }: GraderTrialOptions,
  way: string,
  isWanted: (answer: KnownAnswer) => boolean,
): Promise<{ reward: number; errors: string[] } | undefined> {
  const answer = answers.find(isWanted);
  if (!answer) return undefined;
  const trial = { grader, item, model_sample: answer.text, trace_id: `${traceId}-${way}` };
  try {
    const { reward, metadata } = await service.runGrader(trial);
    const errors = Object.entries(metadata.errors).filter(([, met]) => met === true);
    return { reward, errors: errors.map(([name]) => plain(name) || "unnamed") };
  } catch (error) {
    if (error instanceof ServiceRefused && [404, 405].includes(error.status)) return undefined;
    throw error;
  }
}

/** `edgegym train` from its options to a job at the service. Never prints but progress. */
import { randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import type { JobState } from "../../contract/job.ts";
import type { PreflightCheck, TrainReport } from "../../contract/preflight.ts";
import { REHEARSAL_PREFIX } from "../../contract/run-name.ts";
import { requireEnvironment } from "../agents/cast.ts";
import { serviceUrl } from "../agents/model-client.ts";
import { type Deployment, findDeployment } from "../deployment.ts";
import { interruption } from "../interruption.ts";
import { jobFolder, readJob } from "../jobs/job-file.ts";
import { type TrainerService, trainerService } from "../jobs/service.ts";
import { Progress } from "../progress.ts";
import { inProject, shown } from "../project.ts";
import { UserError } from "../user-error.ts";
import { versionsOf } from "../versions.ts";
import { readJobDataset } from "./dataset.ts";
import { jobBefore } from "./job-before.ts";
import { hashOf, makeJob, type Plan, PREFLIGHT_FILE, requestToShow } from "./make-job.ts";
import { choiceOf, nameOf, type TrainOptions } from "./options.ts";
import { hasRefused, preflight } from "./preflight.ts";

export interface TrainOutcome {
  report: TrainReport;
  /** 1 when the preflight refuses. */
  exitCode: 0 | 1;
}

/**
 * Sequence: what is known of a job of this name → files → whether it is the one that is wanted → preflight → upload → create.
 * @param onPreflight told as soon as it is known: what follows can take long
 * @throws UserError for what the user can mend; Interrupted after Ctrl-C
 */
export async function train(
  options: TrainOptions,
  onPreflight: (checks: readonly PreflightCheck[]) => void,
): Promise<TrainOutcome> {
  const name = nameOf(options);
  const environment = requireEnvironment(options.env);
  const runs = inProject("runs");
  const progress = new Progress();
  const interrupted = interruption();
  const { signal } = interrupted;
  try {
    const deployment = await findDeployment(options.url, ["TRAINER_TOKEN", "ADMIN_TOKEN"]);
    const service = serviceOf(options, deployment, signal);
    const before = options.dryRun ? undefined : await knownJob(name, runs);
    const choice = choiceOf(options, name, environment, deployment.url);
    const [dataset, versions] = [await readJobDataset(options), await versionsOf(environment)];
    const wanted = { hash: hashOf({ choice, dataset }), createAgain: options.createAgain ?? false };
    const made = before && (await jobBefore(before, { service, runs, ...wanted }));
    if (made) return { report: made, exitCode: 0 };

    const looked = await preflight({
      choice,
      deployment,
      dataset,
      graderVersion: versions.grader,
      service,
      serviceUrl: serviceUrl(options.baseUrl),
      runs,
      run: `${REHEARSAL_PREFIX}train-${randomBytes(4).toString("hex")}`,
      skips: options.skip ?? new Map(),
      signal,
      progress,
    });
    onPreflight(looked.checks);
    const plan: Plan = { ...looked, choice, dataset, versions, deployment, command: options.command, runs };
    const passed = !hasRefused(looked.checks);
    if (options.dryRun || service === null) return { report: requestToShow(plan, "dry_run"), exitCode: passed ? 0 : 1 };
    if (!passed) return { report: requestToShow(plan, "refused"), exitCode: 1 };
    const say = (line: string) => progress.say(line);
    return { report: await makeJob(plan, before, { service, signal, say }), exitCode: 0 };
  } finally {
    progress.stop();
    interrupted.stop();
  }
}

/** Null in a dry run without a key, which can do without. */
function serviceOf(options: TrainOptions, { tokens }: Deployment, signal: AbortSignal): TrainerService | null {
  if (options.dryRun && !process.env["OPENAI_API_KEY"]) return null;
  return trainerService(options.baseUrl, { secrets: Object.values(tokens), signal });
}

/** @throws UserError where the folder of this name is something else's */
async function knownJob(name: string, runs: string): Promise<JobState | undefined> {
  const state = await readJob(name, runs);
  if (state) return state;
  const files = await readdir(jobFolder(name, runs)).catch((): string[] => []);
  // A start that was ended just before the job leaves what its preflight found.
  const others = files.filter((one) => !one.startsWith(".") && one !== PREFLIGHT_FILE);
  if (others.length === 0) return undefined;
  throw new UserError(
    `${shown(jobFolder(name, runs))} holds something else than a job (${others.slice(0, 3).join(", ")}). Give another --name.`,
  );
}

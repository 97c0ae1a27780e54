/** Everything that is looked at before a job is begun, in its order. Changes nothing at the service; never prints but progress. */
import type { JsonObject } from "../../contract/wire.ts";
import { type PreflightCheck, type PreflightName, preflightNames } from "../../contract/preflight.ts";
import type { Environment } from "../../environments/environment.ts";
import { seededRandom } from "../../environments/random.ts";
import { readLine } from "../dataset-file.ts";
import type { Deployment } from "../deployment.ts";
import type { TrainerService } from "../jobs/service.ts";
import type { Progress } from "../progress.ts";
import { requireReady } from "../rollouts/ready.ts";
import { Interrupted, messageOf, UserError } from "../user-error.ts";
import { checkAddress } from "./address.ts";
import { checkBaseline, checkRehearsal } from "./beside.ts";
import type { JobDataset, JobFile } from "./dataset.ts";
import { checkDataset } from "./dataset-check.ts";
import { type Finding, ok, refused, skipped } from "./finding.ts";
import { checkAttack, checkReferences } from "./grader-check.ts";
import { Prober } from "./probe.ts";
import { checkProviderGrader } from "./provider-grader.ts";
import { type JobChoice, jobGrader } from "./request.ts";
import { checkTokens, jobPaths } from "./tokens-check.ts";
import { checkWire } from "./wire-check.ts";

export interface PreflightOptions {
  choice: JobChoice;
  deployment: Deployment;
  dataset: JobDataset;
  graderVersion: string;
  /** The trainer's service, and its URL; the first is null in a dry run without a key. */
  service: TrainerService | null;
  serviceUrl: string;
  /** Where other commands' results are. */
  runs: string;
  /** Of this preflight alone; a rehearsal's. Also what no token is like. */
  run: string;
  /** Why checks are not to be made. */
  skips: ReadonlyMap<PreflightName, string>;
  signal: AbortSignal;
  progress: Progress;
}

export interface Preflight {
  checks: PreflightCheck[];
  /** Null where the deployment does not say. */
  indexVersion: string | null;
}

export const hasRefused = (checks: readonly PreflightCheck[]) => checks.some(({ state }) => state === "refused");

/** What was found out on the way, for the checks that come after. */
interface Known {
  indexVersion: string | null;
  isReady: boolean;
}

/** @throws Interrupted once the signal has ended it */
export async function preflight(options: PreflightOptions): Promise<Preflight> {
  const known: Known = { indexVersion: null, isReady: false };
  const checks: PreflightCheck[] = [];
  options.progress.say("Looking at deployment, files and grader …");
  for (const name of preflightNames) {
    const finding = await look(name, options, known);
    if (options.signal.aborted) throw new Interrupted("Interrupted: nothing was uploaded or created.");
    checks.push({ name, ...finding });
  }
  options.progress.stop();
  return { checks, indexVersion: known.indexVersion };
}

/** What a check cannot get over is what it found. */
async function look(name: PreflightName, options: PreflightOptions, known: Known): Promise<Finding> {
  const reason = options.skips.get(name);
  if (reason !== undefined) return skipped(`Left out: ${reason}`);
  try {
    return await checks[name](options, known);
  } catch (error) {
    if (!(error instanceof UserError) && !options.signal.aborted) throw error;
    return refused(messageOf(error), "Mend it, and start again.");
  }
}

type Check = (options: PreflightOptions, known: Known) => Finding | Promise<Finding>;

/** What needs a deployment that answers. */
const atDeployment =
  (check: Check): Check =>
  (options, known) =>
    known.isReady || options.skips.has("deployment")
      ? check(options, known)
      : skipped("Not looked at, since the deployment is not ready.");

const checks: Readonly<Record<PreflightName, Check>> = {
  deployment: async ({ deployment, choice: { environment }, dataset, signal }, known) => {
    const item = gradableItem(dataset.validation, environment) ?? {};
    known.indexVersion = await requireReady(deployment, environment, item, signal);
    known.isReady = true;
    return ok(
      `${deployment.url} is ready, with the index ${known.indexVersion?.slice(0, 12) ?? "that it does not name"}.`,
    );
  },
  address: ({ deployment, choice, serviceUrl, run, signal }) => {
    const prober = new Prober(deployment.url, signal);
    const paths = jobPaths(choice.environment);
    return checkAddress(deployment.url, serviceUrl, paths, (path) => prober.post(path, {}, { "X-Run": run }));
  },
  tokens: atDeployment(({ deployment, choice, run, signal }) =>
    checkTokens(new Prober(deployment.url, signal), choice.environment, {
      token: deployment.tokens.TRAINER_TOKEN,
      wrong: run,
      run,
    }),
  ),
  wire: atDeployment(({ deployment, choice: { environment }, dataset, run, signal }) => {
    const item = gradableItem(dataset.validation, environment);
    if (!item) return refused("No row of the validation file can be graded.", "See edgegym check-grader.");
    return checkWire({ prober: new Prober(deployment.url, signal), deployment, environment, item, run, signal });
  }),
  dataset: ({ dataset, choice: { environment, judge }, graderVersion }) =>
    checkDataset(dataset, { environment, graderVersion, isJudged: judge !== null }),
  references: atDeployment((options) => checkReferences(graderOptions(options))),
  attack: atDeployment((options) => checkAttack(graderOptions(options))),
  rehearsal: ({ runs, deployment, choice }, { indexVersion }) =>
    checkRehearsal(runs, { url: deployment.url, environment: choice.environment.name, indexVersion }),
  baseline: ({ runs, choice: { model, environment, url }, dataset: { training, validation } }) =>
    checkBaseline(runs, { model, environment, url, training: training.path, validation: validation.path }),
  provider_grader: ({ service, choice, deployment, dataset, run }) => {
    if (service === null) return skipped("Not asked: OPENAI_API_KEY is not set.");
    const item = gradableItem(dataset.validation, choice.environment);
    if (!item) return refused("No row of the validation file can be graded.", "See edgegym check-grader.");
    const grader = jobGrader(choice, deployment.tokens.TRAINER_TOKEN, run);
    const answers = choice.environment.rehearsal.answers(item, seededRandom(run));
    return checkProviderGrader({ service, grader, item, answers, traceId: `${run}-trial` });
  },
};

const graderOptions = ({ deployment, choice, dataset, signal, progress }: PreflightOptions) => ({
  deployment,
  environment: choice.environment,
  data: [dataset.training.path, dataset.validation.path],
  signal,
  progress,
});

/** The first one, as a trainer sends it. */
function gradableItem({ records }: JobFile, environment: Environment): JsonObject | undefined {
  const items = records.flatMap((record) => ("record" in record ? [readLine(record.record).item] : []));
  return items.find((item) => environment.rehearsal.answers(item, () => 0).length > 0);
}

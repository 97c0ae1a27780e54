/** `edgegym baseline` from its options to its files. Never prints but progress. */
import { Baseline } from "../../contract/baseline.ts";
import type { ResultsManifest, RolloutResult } from "../../contract/results.ts";
import type { Environment } from "../../environments/environment.ts";
import { seededRandom } from "../../environments/random.ts";
import { baselineCharts } from "../../report/baseline/charts.ts";
import { baselinePage } from "../../report/baseline/page.ts";
import { summarise } from "../../report/baseline/summary.ts";
import type { Agent, Item } from "../agents/agent.ts";
import { castModel, gradableItems, type ModelChoice, requireEnvironment, requireModelsAgent } from "../agents/cast.ts";
import { oracleAgent, scriptedAgent } from "../agents/stand-ins.ts";
import { findDeployment } from "../deployment.ts";
import { interruption } from "../interruption.ts";
import { trainedModel } from "../jobs/trained-model.ts";
import type { TokenPrices } from "../option-values.ts";
import { chartFiles } from "../png.ts";
import { Progress } from "../progress.ts";
import { inProject, shown } from "../project.ts";
import { requireReady } from "../rollouts/ready.ts";
import { UserError } from "../user-error.ts";
import { readAttack, readLabels } from "./beside.ts";
import { ResultsFolder, withoutOutputs } from "./folder.ts";
import { describe } from "./manifest.ts";
import { chooseItems, planRollouts, stillToPlay } from "./plan.ts";
import { playRollouts } from "./rollouts.ts";

export const agentNames = ["model", "scripted", "oracle"] as const;

export interface BaselineOptions extends ModelChoice {
  /** The words that these options come from. */
  command: string[];
  url: string;
  env: string;
  data: string[];
  /** How many of the items, drawn by the seed; Infinity for all. */
  items: number;
  /** Attempts at each item. */
  runs: number;
  agent: (typeof agentNames)[number];
  /** Instead of a model: the training job that made it, and of which step. */
  job?: string;
  checkpoint?: number;
  /** For the oracle: the share of wrong answers. */
  errorRate: number;
  concurrency: number;
  /** Seconds. */
  timeout: number;
  seed: string;
  name?: string;
  fresh?: boolean;
  prices?: TokenPrices;
  /** Rollouts of an item in a step at compute multiplier 1. */
  copies: number;
  /** The result of an attack on the grader. */
  attack?: string;
}

export interface Outcome {
  baseline: Baseline;
  /** Where its files are, and their names. */
  folder: string;
  files: string[];
  /** 0 when all was played, 1 when it stopped before, 130 after Ctrl-C. What it finds decides nothing. */
  exitCode: 0 | 1 | 130;
}

/** Of what is left out, so many lines are shown. */
const REMARKS = 5;

/**
 * Sequence: model → items → deployment → folder → rollouts → figures → files.
 * @throws UserError for what the user can mend
 */
export async function runBaseline(given: BaselineOptions): Promise<Outcome> {
  const environment = requireEnvironment(given.env);
  const options = await withJobsModel(given);
  requireModelsAgent(options.agent, options);
  // A model or a key that is missing is known at once, not after the data is read.
  if (options.agent === "model") castModel(environment, options);
  const beside = { attack: await readAttack(options.attack), labels: await readLabels(options.data) };
  const progress = new Progress();
  const items = await chosenItems(environment, options, progress);
  const interrupted = interruption();
  let opened: ResultsFolder | undefined;
  try {
    const deployment = await findDeployment(options.url, ["TRAINER_TOKEN", "ADMIN_TOKEN"]);
    const index_version = await requireReady(deployment, environment, items[0]?.row ?? {}, interrupted.signal);
    const wanted = await manifestOf(options, environment, items, { url: deployment.url, index_version });
    const path = inProject("runs", wanted.name);
    const { folder, manifest, results } = await ResultsFolder.open(path, wanted, { fresh: options.fresh ?? false });
    opened = folder;
    const planned = planRollouts(items, options.runs);
    const left = stillToPlay(planned, results);
    if (left.length < planned.length) progress.say(`${planned.length - left.length} rollouts are there already`);
    let done = planned.length - left.length;
    const stopped = await playRollouts({
      ...options,
      planned: left,
      deployment,
      environment,
      cast: (signal) => castAgent(environment, options, signal),
      run: manifest.name,
      timeout: options.timeout * 1000,
      keep: async (result) => {
        await folder.append(result);
        results.push(withoutOutputs(result));
        progress.update("rollouts", ++done, planned.length);
      },
      signal: interrupted.signal,
    });
    progress.stop();
    if (stopped !== null && results.length === 0) throw new UserError(stopped);
    const isCut = interrupted.signal.aborted && done < planned.length;
    const baseline = figures(manifest, results, { ...options, interrupted: isCut, stopped, beside });
    const { files: written, remark } = await filesOf(baseline);
    if (remark !== null) progress.say(remark);
    const files = await folder.write(written);
    const exitCode = baseline.interrupted ? 130 : stopped === null ? 0 : 1;
    return { baseline, folder: shown(path), files: ["results.jsonl", ...files], exitCode };
  } finally {
    progress.stop();
    interrupted.stop();
    await opened?.close();
  }
}

async function withJobsModel(options: BaselineOptions): Promise<BaselineOptions> {
  const { agent, job, checkpoint, model, baseUrl } = options;
  if (job === undefined) {
    if (checkpoint === undefined) return options;
    throw new UserError("--checkpoint goes with --job: of which job's.");
  }
  if (agent !== "model") throw new UserError("--job goes with --agent model.");
  if (model !== undefined || baseUrl !== undefined)
    throw new UserError("--job says which model, and where: --model and --base-url do not go with it.");
  const { reasoningEffort, ...trained } = await trainedModel(job, checkpoint);
  return { ...(reasoningEffort && { reasoningEffort }), ...options, ...trained };
}

async function chosenItems(
  environment: Environment,
  { data, items: count, seed }: BaselineOptions,
  progress: Progress,
): Promise<Item[]> {
  const { items, remarks } = await gradableItems(environment, data);
  for (const remark of remarks.slice(0, REMARKS)) progress.say(remark);
  if (remarks.length > REMARKS) progress.say(`… and ${remarks.length - REMARKS} more`);
  return chooseItems(items, count, seed);
}

function castAgent(environment: Environment, options: BaselineOptions, signal: AbortSignal): Agent {
  switch (options.agent) {
    case "model":
      return castModel(environment, options, signal);
    case "scripted":
      return scriptedAgent(environment);
    case "oracle":
      return oracleAgent(environment, { errorRate: options.errorRate });
  }
}

async function manifestOf(
  options: BaselineOptions,
  environment: Environment,
  items: readonly Item[],
  deployment: ResultsManifest["deployment"],
): Promise<ResultsManifest> {
  const { agent: kind, model, baseUrl, reasoningEffort, errorRate, seed, data, runs, command } = options;
  const isModel = kind === "model";
  return describe({
    name: options.name ?? `baseline-${(model ?? kind).replaceAll(/[^A-Za-z0-9._-]+/g, "-").slice(0, 80)}`,
    command,
    attempts: runs,
    data,
    items,
    environment,
    deployment,
    createdAt: new Date(),
    agent: {
      kind,
      model: isModel ? (model ?? null) : null,
      base_url: isModel ? (baseUrl ?? null) : null,
      reasoning_effort: isModel ? (reasoningEffort ?? null) : null,
      error_rate: kind === "oracle" ? errorRate : null,
      seed,
    },
  });
}

type Given = Pick<BaselineOptions, "prices" | "copies" | "seed"> &
  Pick<Parameters<typeof summarise>[0], "interrupted" | "stopped" | "beside">;

function figures(manifest: ResultsManifest, results: readonly RolloutResult[], given: Given): Baseline {
  const { prices, copies, seed, interrupted, stopped, beside } = given;
  const randoms = (name: string) => seededRandom(seed, "figures", name);
  const known = { manifest, results, interrupted, stopped, copies, randoms, beside, ...(prices && { prices }) };
  return Baseline.parse(summarise(known));
}

async function filesOf(baseline: Baseline) {
  const { files, remark } = await chartFiles(baselineCharts(baseline));
  const json = `${JSON.stringify(baseline, null, 1)}\n`;
  return { files: { "baseline.json": json, "baseline.html": baselinePage(baseline), ...files }, remark };
}

/** What other commands left in runs/ that bears on a job: rehearsals of the deployment, baselines of the model. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Baseline } from "../../contract/baseline.ts";
import { Rehearsal } from "../../contract/rehearsal.ts";
import { sha256 } from "../../corpus/hash.ts";
import type { Environment } from "../../environments/environment.ts";
import { gradableItems } from "../agents/cast.ts";
import { chooseItems } from "../baseline/plan.ts";
import { hasFailed } from "../rehearse/verdict.ts";
import { shown } from "../project.ts";
import { parse } from "../rollouts/wire.ts";
import { type Finding, inShort, ok, refused, warned } from "./finding.ts";

/** All files of a name in the folders of `runs` that are of this shape. */
async function readAllRuns<T>(
  runs: string,
  name: string,
  schema: { safeParse(value: unknown): { data?: T | undefined } },
): Promise<T[]> {
  const folders = await readdir(runs).catch((): string[] => []);
  const texts = await Promise.all(folders.map((folder) => readFile(join(runs, folder, name), "utf8").catch(() => "")));
  return texts.map((text) => parse(text, schema)).filter((found) => found !== undefined);
}

export interface Deployed {
  url: string;
  environment: string;
  /** Null where the deployment does not say. */
  indexVersion: string | null;
}

export async function checkRehearsal(runs: string, deployed: Deployed): Promise<Finding> {
  return judgeRehearsals(await readAllRuns(runs, "rehearsal.json", Rehearsal), deployed);
}

/** The newest rehearsal of the deployment decides. A deployment does not tell of its code: only of its index. */
export function judgeRehearsals(all: readonly Rehearsal[], { url, environment, indexVersion }: Deployed): Finding {
  const again = `npm run edgegym -- rehearse --chaos --url ${url} --env ${environment}`;
  const newest = all
    .filter((rehearsal) => rehearsal.url === url && rehearsal.environment === environment)
    .toSorted((a, b) => (a.started_at < b.started_at ? 1 : -1))[0];
  if (!newest) return warned("Nothing was rehearsed against this deployment.", `Rehearse a job's traffic: ${again}`);
  const when = `The rehearsal of ${newest.started_at.slice(0, 16).replace("T", " ")} UTC`;
  const broken = newest.checks.filter(({ violations }) => violations > 0).map(({ name }) => name);
  if (hasFailed(newest))
    return refused(
      `${when} ${broken.length > 0 ? `broke promises: ${broken.join(", ")}` : "graded nothing"}.`,
      `Mend what it found, and rehearse again: ${again}`,
    );
  if (newest.interrupted) return warned(`${when} was broken off.`, `Rehearse to the end: ${again}`);
  if (indexVersion !== null && newest.index_version !== indexVersion)
    return warned(`${when} was of another index than is served now.`, `Rehearse again: ${again}`);
  const chaos = Object.keys(newest.chaos).length === 0 ? ", but without trouble" : "";
  return ok(`${when} kept all promises over ${newest.rollouts.graded} graded rollouts${chaos}.`);
}

export interface BaselineNeeds {
  model: string;
  environment: Environment;
  /** Paths. */
  validation: string;
  training: string;
  /** Of the deployment. */
  url: string;
}

export async function checkBaseline(runs: string, needs: BaselineNeeds): Promise<Finding> {
  const baselines = await readAllRuns(runs, "baseline.json", Baseline);
  const candidates = baselines
    .filter(({ manifest }) => manifest.environment === needs.environment.name && manifest.agent.model === needs.model)
    .toSorted((a, b) => (a.manifest.created_at < b.manifest.created_at ? 1 : -1));
  const found = await firstOfDataset(candidates, needs);
  if (found) return judgeBaseline(found);
  const advice = `npm run edgegym -- baseline --model ${needs.model} --data ${shown(needs.validation)} --url ${needs.url}`;
  const others = candidates.length > 0 ? " on these rows (there are some on others)" : "";
  return warned(
    `No baseline of ${needs.model}${others}: what training changes will have nothing to be held against.`,
    advice,
  );
}

/** A baseline's items are drawn from its data by its seed: the same drawing from these files has the same hash. */
async function firstOfDataset(
  candidates: readonly Baseline[],
  { environment, validation, training }: BaselineNeeds,
): Promise<Baseline | undefined> {
  if (candidates.length === 0) return undefined;
  const sources = await Promise.all(
    [[validation], [training, validation]].map(async (paths) => (await gradableItems(environment, paths)).items),
  );
  for (const baseline of candidates) {
    const { dataset, agent } = baseline.manifest;
    for (const items of sources) {
      const drawn = chooseItems(items, dataset.items, agent.seed);
      const hash = await sha256(JSON.stringify(drawn.map((item) => [item.name, item.question, item.row])));
      if (hash === dataset.sha256) return baseline;
    }
  }
  return undefined;
}

type Judged = Pick<Baseline, "manifest" | "readiness" | "mean_score" | "rollouts">;

export function judgeBaseline({ manifest, readiness, mean_score, rollouts }: Judged): Finding {
  const mean = mean_score === null ? "no score" : `a mean score of ${mean_score.value.toFixed(3)}`;
  const what = `${manifest.name}: ${mean} over ${rollouts.graded} graded rollouts`;
  const open = readiness.checks.filter(({ state }) => state === "not_yet");
  if (readiness.ready) return ok(`${what}; ready for training.`);
  const reasons = open.map(({ name, finding }) => `${name.replaceAll("_", " ")}: ${finding}`);
  const advice = open.flatMap(({ advice: one }) => (one === null ? [] : [one]));
  return warned(`${what}; not ready yet. ${inShort(reasons)}`, inShort(advice) || "See its baseline.html.");
}

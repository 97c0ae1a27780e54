/** One rehearsal from its options to its files. Never prints but progress. */
import { randomBytes } from "node:crypto";
import { access, constants, mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Rehearsal } from "../../contract/rehearsal.ts";
import { REHEARSAL_PREFIX } from "../../contract/run-name.ts";
import { rehearsalPage } from "../../report/rehearsal.ts";
import { requireEnvironment } from "../agents/cast.ts";
import { findDeployment } from "../deployment.ts";
import { startOwnWorker } from "../own-worker.ts";
import { Progress } from "../progress.ts";
import { inProject, sampleSource, shown } from "../project.ts";
import { interruption } from "../interruption.ts";
import { firstWithPages } from "../sources.ts";
import { messageOf, UserError } from "../user-error.ts";
import { writeWhole } from "../whole-files.ts";
import { type AgentOptions, castAgent } from "./agents.ts";
import { type ChaosKind, chaosNames } from "./chaos.ts";
import { requireReady } from "../rollouts/ready.ts";
import { rehearse } from "./rehearse.ts";
import { MONITOR_PATIENCE_MILLISECONDS } from "./run-counts.ts";
import { serverFaults } from "./server-faults.ts";
import { hasFailed } from "./verdict.ts";

export interface RehearseOptions extends AgentOptions {
  /** The words that these options come from. */
  command: string[];
  url: string;
  ownWorker?: boolean;
  env: string;
  /** Without them, what is usual for the agent. */
  rollouts?: number;
  copies?: number;
  steps: number;
  concurrency: number;
  /** Seconds. */
  timeout: number;
  seed: string;
  /** True for all kinds. */
  chaos?: true | ChaosKind[];
  chaosRate: number;
  run?: string;
  out?: string;
}

export interface Outcome {
  rehearsal: Rehearsal;
  /** Lines that say where its files are. */
  files: string[];
  /** 0 when every promise was kept, 1 when one was not or nothing was graded, 130 after Ctrl-C. */
  exitCode: 0 | 1 | 130;
}

/** Of what is left out, so many lines are shown. */
const REMARKS = 5;

/** Sequence: agent and items → worker → rehearse → files. @throws UserError for what the user can mend */
export async function runRehearsal(options: RehearseOptions): Promise<Outcome> {
  const environment = requireEnvironment(options.env);
  const { agent, items, remarks, ...usual } = await castAgent(environment, options);
  const run = options.run ?? newRunName();
  const chaos = new Set(options.chaos === true ? chaosNames : (options.chaos ?? []));
  const folder = await prepareFolder(options.out ?? inProject("runs", run));
  const progress = new Progress();
  for (const remark of remarks.slice(0, REMARKS)) progress.say(remark);
  if (remarks.length > REMARKS) progress.say(`… and ${remarks.length - REMARKS} more`);
  const interrupted = interruption();
  const worker = options.ownWorker ? await startWorker(options, progress) : undefined;
  try {
    const deployment = worker ?? (await findDeployment(options.url, ["TRAINER_TOKEN", "ADMIN_TOKEN"]));
    const indexVersion = await requireReady(deployment, environment, items[0]?.row ?? {}, interrupted.signal);
    const rehearsal = await rehearse({
      ...options,
      rollouts: options.rollouts ?? usual.rollouts,
      copies: options.copies ?? usual.copies,
      deployment,
      environment,
      items,
      agent,
      run,
      chaos,
      progress,
      indexVersion,
      command: options.command,
      timeout: options.timeout * 1000,
      monitorPatience: MONITOR_PATIENCE_MILLISECONDS,
      signal: interrupted.signal,
      ...(worker && chaos.size > 0 && { faults: serverFaults(worker) }),
    });
    progress.stop();
    const files = await writeFiles(rehearsal, folder);
    const exitCode = interrupted.signal.aborted ? 130 : rehearsal.interrupted || hasFailed(rehearsal) ? 1 : 0;
    return { rehearsal, files, exitCode };
  } finally {
    progress.stop();
    interrupted.stop();
    await worker?.close();
  }
}

/** Of its own even where two start in the same second. */
function newRunName(): string {
  const time = new Date().toISOString().replaceAll(/[-:]|\..*/g, "");
  return `${REHEARSAL_PREFIX}${time}-${randomBytes(2).toString("hex")}`;
}

/** It serves the pages that come with the data, or the sample's where there are only rows. */
async function startWorker({ data = [], seed }: RehearseOptions, progress: Progress) {
  const source = await firstWithPages(data);
  if (source === undefined && data.length > 0)
    progress.say(`${data.join(", ")} has rows and no pages: the worker serves the sample's.`);
  progress.say("Starting a worker that fails as told …");
  return startOwnWorker({ source: source ?? sampleSource, seed });
}

/** Before anything is played: a rehearsal whose result cannot be kept would be for nothing. */
async function prepareFolder(folder: string): Promise<string> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
    return folder;
  } catch (error) {
    throw new UserError(`--out ${shown(folder)}: cannot be written to. ${messageOf(error)}`);
  }
}

async function writeFiles(rehearsal: Rehearsal, folder: string): Promise<string[]> {
  const contents = {
    "rehearsal.json": `${JSON.stringify(rehearsal, null, 1)}\n`,
    "rehearsal.html": rehearsalPage(rehearsal),
  };
  const names = await writeWhole(folder, contents);
  return names.map((name) => `written: ${shown(join(folder, name))}`);
}

/**
 * `edgegym watch`: follows a training job to its end, or looks at it once. Sequence: find the job → read the events kept → ask the
 * service and the monitor, each at its own pace → show, write the page → again, until the job has ended or somebody ends it. Changes
 * nothing at the service. Only its screen prints.
 */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { limits } from "../../contract/limits.ts";
import type { WatchSnapshot } from "../../contract/watch.ts";
import { watchPage } from "../../report/watch/page.ts";
import { snapshotOf } from "../../report/watch/snapshot.ts";
import { modelClient } from "../agents/model-client.ts";
import { jobFolder } from "../jobs/job-file.ts";
import { TrainerService } from "../jobs/service.ts";
import { shown } from "../project.ts";
import { UserError } from "../user-error.ts";
import { writeWhole } from "../whole-files.ts";
import { findCreatedJob } from "../jobs/created-job.ts";
import { EventsFile } from "./events-file.ts";
import { JobLook, RunLook, WrongJob } from "./looks.ts";
import type { Screen } from "./screen.ts";
import { Source } from "./source.ts";

export interface WatchOptions {
  /** Of the job's folder in runs/; without it the only job. */
  name?: string | undefined;
  /** Seconds between two looks. */
  interval: number;
  /** One look instead of following the job. */
  once?: boolean | undefined;
}

export interface WatchSurroundings {
  /** Ends the watch, which then tells what it knows. */
  signal: AbortSignal;
  screen: Screen;
  now?: () => Date;
  /** The folder of all runs. */
  runs?: string;
}

export interface WatchOutcome {
  snapshot: WatchSnapshot;
  /** As a person in the current directory would write it; null after a single look, which writes none. */
  page: string | null;
  exitCode: number;
}

const PAGE = "watch.html";

/** @throws UserError for a job that is not there, or that the service refuses to tell of at the first look */
export async function watchJob(options: WatchOptions, surroundings: WatchSurroundings): Promise<WatchOutcome> {
  const { signal, screen, now = () => new Date(), runs } = surroundings;
  const state = await findCreatedJob(options.name, runs);
  const folder = jobFolder(state.name, runs);
  const client = modelClient(state.provider.base_url).withOptions({ maxRetries: limits.watchRetries });
  const events = await EventsFile.open(join(folder, "events.jsonl"));
  const ofJob = new JobLook(state, new TrainerService(client, { signal }), events);
  const ofRun = new RunLook(state, signal);
  const service = new Source(() => ofJob.look(), { now, signal });
  const monitor = new Source(() => ofRun.look(), { now, signal });

  const snapshot = () =>
    snapshotOf({ state, ...halves(ofJob, ofRun), service: service.state, monitor: monitor.state }, now());
  const page = options.once ? undefined : new Page(folder);
  const changed = async () => {
    const taken = snapshot();
    screen.show(taken);
    await page?.write(taken, taken.job.ended ? undefined : options.interval);
  };
  try {
    if (options.once) await Promise.all([service.look(), monitor.look()]);
    else await follow([service, monitor], options.interval * 1000, { signal, changed, hasEnded: () => ofJob.hasEnded });
  } catch (error) {
    throw error instanceof WrongJob ? new UserError(error.message) : error;
  } finally {
    screen.stop();
  }
  const last = snapshot();
  // Nobody writes the page again, so it is not to ask to be read again.
  await page?.write(last, undefined);
  return { snapshot: last, page: page ? shown(page.path) : null, exitCode: exitCodeOf(last, options.once, signal) };
}

function halves(ofJob: JobLook, ofRun: RunLook) {
  const { job, events, checkpoints } = ofJob;
  const { run, rollouts } = ofRun;
  return { job, events, checkpoints, run, rollouts };
}

interface Following {
  signal: AbortSignal;
  /** Called after each look. */
  changed: () => Promise<void>;
  hasEnded: () => boolean;
}

/** Asks each at its own pace: one that does not answer holds up none. After the job's end the monitor is asked once more. */
async function follow(
  [service, monitor]: readonly [Source, Source],
  interval: number,
  { signal, changed, hasEnded }: Following,
): Promise<void> {
  const over = new AbortController();
  const stop = AbortSignal.any([signal, over.signal]);
  const ask = async (source: Source) => {
    while (!signal.aborted) {
      const isLast = over.signal.aborted;
      await source.look();
      if (signal.aborted) return;
      await changed();
      if (isLast || (source === service && hasEnded())) return;
      await sleep(source.pause(interval), undefined, { signal: stop }).catch(() => undefined);
    }
  };
  // When the service's part is over, and when either of them throws, the other one comes to its end too.
  const both = [service, monitor].map((source) => ask(source).finally(() => over.abort()));
  for (const outcome of await Promise.allSettled(both)) if (outcome.status === "rejected") throw outcome.reason;
}

function exitCodeOf({ job, service }: WatchSnapshot, once = false, signal: AbortSignal): number {
  if (signal.aborted) return 130;
  if (job.ended && job.status !== "succeeded") return 1;
  return once && service.failing_since !== null ? 1 : 0;
}

/** Written one after the other, in the order of what is known. */
class Page {
  readonly path: string;
  readonly #folder: string;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(folder: string) {
    this.#folder = folder;
    this.path = join(folder, PAGE);
  }

  async write(snapshot: WatchSnapshot, refreshSeconds: number | undefined): Promise<void> {
    const text = watchPage(snapshot, refreshSeconds);
    this.#writing = this.#writing.then(() => writeWhole(this.#folder, { [PAGE]: text }));
    await this.#writing;
  }
}

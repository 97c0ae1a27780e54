/** What a watch asks: the service for the job, its new events and checkpoints; the deployment for the run. Never prints. */
import { ENDED_STATUSES, type Job, type JobCheckpoint, type JobEvent } from "../../contract/fine-tuning.ts";
import { limits } from "../../contract/limits.ts";
import { RolloutPage, RunReport } from "../../contract/run.ts";
import type { Known } from "../../report/watch/snapshot.ts";
import { ask, Refused } from "../ask.ts";
import { findDeployment } from "../deployment.ts";
import { ServiceRefused } from "../jobs/service-failure.ts";
import type { TrainerService } from "../jobs/service.ts";
import { UserError } from "../user-error.ts";
import type { CreatedJob } from "../jobs/created-job.ts";
import type { EventsFile } from "./events-file.ts";

/** A refusal of the first look: the user's to mend, as a wrong key. */
export class WrongJob extends Error {}

/** Known events in a row after which older ones are taken to be known too: a page of them, since some come late. */
const KNOWN_IN_A_ROW = 100;

/** The job's half. */
export class JobLook {
  job: Job | undefined;
  checkpoints: JobCheckpoint[] = [];
  readonly #state: CreatedJob;
  readonly #service: TrainerService;
  readonly #events: EventsFile;
  /** Whether every event has been seen once, so that a look ends where the known ones begin. */
  #isComplete = false;

  constructor(state: CreatedJob, service: TrainerService, events: EventsFile) {
    this.#state = state;
    this.#service = service;
    this.#events = events;
  }

  get events(): JobEvent[] {
    return this.#events.all();
  }

  get hasEnded(): boolean {
    return this.job !== undefined && ENDED_STATUSES.includes(this.job.status);
  }

  /** The job first: once it has ended, the events that follow are all. @throws WrongJob where the first look is refused */
  async look(): Promise<void> {
    const { job_id } = this.#state;
    try {
      const job = await this.#service.job(job_id);
      await this.#events.append(await this.#newEvents(job_id));
      this.#isComplete = true;
      this.checkpoints = await this.#service.checkpoints(job_id);
      this.job = job;
    } catch (error) {
      if (!(error instanceof ServiceRefused) || this.job) throw error;
      const advice = error.status === 404 ? ` Has OPENAI_API_KEY the key that created ${job_id}?` : "";
      throw new WrongJob(`${error.message}${advice}`);
    }
  }

  /** The oldest first. Nothing of a list that breaks off, or what is older than its end would never be asked for again. */
  async #newEvents(id: string): Promise<JobEvent[]> {
    const fresh: JobEvent[] = [];
    let known = 0;
    for await (const event of this.#service.events(id)) {
      const isKnown = this.#events.has(event.id);
      known = isKnown ? known + 1 : 0;
      if (!isKnown) fresh.push(event);
      if ((this.#isComplete && known >= KNOWN_IN_A_ROW) || fresh.length >= limits.watchEvents) break;
    }
    return fresh.toReversed();
  }
}

/** The monitor's half. A run that nothing is known of yet is an answer, too. */
export class RunLook {
  run: RunReport | undefined;
  rollouts: Known["rollouts"];
  readonly #state: CreatedJob;
  readonly #signal: AbortSignal;

  constructor(state: CreatedJob, signal: AbortSignal) {
    this.#state = state;
    this.#signal = signal;
  }

  /** @throws UserError where it cannot be had, as without ADMIN_TOKEN */
  async look(): Promise<void> {
    const { name, deployment: where } = this.#state;
    const deployment = await findDeployment(where.url, ["ADMIN_TOKEN"]);
    const path = `/runs/${encodeURIComponent(name)}`;
    const query = `?status=graded&limit=${limits.rolloutsListedMost}`;
    const init = { signal: this.#signal };
    try {
      this.run = await ask(deployment, path, RunReport, init);
      const { rollouts, cursor } = await ask(deployment, `${path}/rollouts${query}`, RolloutPage, init);
      this.rollouts = { entries: rollouts, isWhole: cursor === null };
    } catch (error) {
      if (!(error instanceof Refused && error.status === 404)) throw error;
      if (this.run) throw new UserError(`${where.url} knows nothing of the run ${name} any more.`);
    }
  }
}

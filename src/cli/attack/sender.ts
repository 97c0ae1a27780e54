/** Sends probes and keeps what came of them: scores go to the tallies, everything else stays here. */
import type { AttackProblem } from "../../contract/attack.ts";
import { limits } from "../../contract/limits.ts";
import type { Deployment } from "../deployment.ts";
import { UserError } from "../user-error.ts";
import { type Graded, type GradeRoute, gradeRoute } from "./grade-route.ts";
import { inParallel } from "../in-parallel.ts";
import type { Item, LeftOut } from "./items.ts";
import type { Probe } from "./probe.ts";
import type { Tally } from "./tally.ts";

/** One answer to send. `order` is its place among all. */
export interface Shot {
  order: number;
  item: Item;
  className: string;
  probe: Probe;
  tally: Tally;
}

export class Sender {
  readonly problems: AttackProblem[] = [];
  /** Items of which the grader says that they cannot be graded. */
  readonly leftOut: LeftOut[] = [];
  /** Items that got a score. */
  readonly scored = new Set<Item>();
  readonly #url: string;
  readonly #concurrency: number;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  readonly #grade: GradeRoute;

  constructor(deployment: Deployment, environment: string, concurrency: number, signal: AbortSignal) {
    this.#url = `${deployment.url}/${environment}/grade`;
    this.#concurrency = concurrency;
    this.#signal = AbortSignal.any([signal, this.#stop.signal]);
    this.#grade = gradeRoute(deployment, environment, this.#signal);
  }

  /** Whether it gave up, because too many answers got no score. */
  get stopped(): boolean {
    return this.#stop.signal.aborted;
  }

  /** Whether each answer was sent and got a score. */
  get isComplete(): boolean {
    return this.problems.length === 0 && !this.#signal.aborted;
  }

  /** @throws UserError when it shows that no other would be graded either: no answer, or a request that is refused */
  async sendFirst(shot: Shot): Promise<void> {
    const graded = await this.#grade(shot.probe.sample, shot.item.row);
    if (graded.kind === "problem") requireAnswer(this.#url, graded.status, graded.message);
    this.#take(shot, graded);
  }

  /** Resolves when all are sent, or when it is to end before. */
  async send(shots: Iterable<Shot>, onSent: () => void): Promise<void> {
    await inParallel(shots, this.#concurrency, this.#signal, async (shot) => {
      this.#take(shot, await this.#grade(shot.probe.sample, shot.item.row));
      onSent();
    });
  }

  #take({ order, item, className, probe, tally }: Shot, graded: Graded): void {
    switch (graded.kind) {
      case "score":
        this.scored.add(item);
        return tally.add({ order, item, probe, score: graded.score });
      case "unusable":
        return void this.leftOut.push({ name: item.name, reason: graded.reason });
      case "problem":
        this.problems.push({ item: item.name, class: className, status: graded.status, message: graded.message });
        if (this.problems.length >= limits.attackProblems) this.#stop.abort();
        return;
      case "aborted":
        return;
    }
  }
}

function requireAnswer(url: string, status: number | null, message: string): void {
  if (status === null) throw new UserError(`There is no answer from ${url} (${message}). On this machine: npm start.`);
  if (status < 500) throw new UserError(`${url} answered ${status}: ${message}`);
}

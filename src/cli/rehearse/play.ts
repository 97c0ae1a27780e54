/** Plays one rollout: an agent's turns as calls, then the grading, with the rollout's trouble around them. Never judges an answer. */
import type { Environment } from "../../environments/environment.ts";
import type { Seen } from "../../environments/rehearsal.ts";
import type { Agent, Attempt } from "../agents/agent.ts";
import { seededRandom, shuffled } from "../../environments/random.ts";
import { callBody, gradeBody, shownOf } from "../rollouts/requests.ts";
import { MOST_TURNS, thought, Unwanted } from "../rollouts/thinking.ts";
import { messageOf, UserError } from "../user-error.ts";
import type { RolloutChaos } from "./chaos.ts";
import { digest, foreignCanaries, type PlayedCall, type PlayedGrading, type PlayedRollout } from "./observations.ts";
import type { PlannedRollout } from "./schedule.ts";
import type { Trainer } from "./trainer.ts";

/** Calls that a rollout makes at once to spend its budget. */
const PARALLEL = 4;

/** A call that is to be made. */
type DueCall = Omit<PlayedCall, "callId" | "turn" | "deliveries" | "shown">;

export interface Stage {
  environment: Environment;
  agent: Agent;
  trainer: Trainer;
  seed: string;
  now: () => number;
  signal: AbortSignal;
}

/**
 * Sequence: (early grading) → turns → (calls up to the budget and beyond) → grading → (a call after it, and the grading again).
 * Any turn may be followed by a call under an id of its own.
 * A rollout whose call or grading stays without an answer is discarded there and then, as a trainer does.
 */
export async function playRollout(planned: PlannedRollout, chaos: RolloutChaos, stage: Stage): Promise<PlayedRollout> {
  const play = new Play(planned, chaos, stage);
  try {
    await play.run();
  } catch (error) {
    if (!(error instanceof Ended)) throw error;
    play.rollout.ending = stage.signal.aborted ? "unfinished" : error.ending;
    play.rollout.failure = error.failure;
    await play.gradeAllTheSame();
  }
  play.rollout.ended = stage.now();
  return play.rollout;
}

class Ended extends Error {
  readonly ending: "discarded" | "unfinished";
  readonly failure: string | undefined;
  constructor(ending: "discarded" | "unfinished", failure?: string) {
    super(ending);
    this.ending = ending;
    this.failure = failure;
  }
}

function discard(): never {
  throw new Ended("discarded");
}

/** An agent that fails is no fault of the service: its rollout is given up. What every rollout would meet ends them all. */
function failed(error: unknown): never {
  if (error instanceof UserError) throw error;
  if (error instanceof Unwanted) throw new Ended("unfinished");
  throw new Ended("unfinished", messageOf(error));
}

class Play {
  readonly rollout: PlayedRollout;
  readonly #planned: PlannedRollout;
  readonly #chaos: RolloutChaos;
  readonly #stage: Stage;
  #turn = 0;
  #gradedEarly = false;

  constructor(planned: PlannedRollout, chaos: RolloutChaos, stage: Stage) {
    this.#planned = planned;
    this.#chaos = chaos;
    this.#stage = stage;
    const started = stage.now();
    this.rollout = {
      planned,
      calls: [],
      gradings: [],
      ending: "unfinished",
      score: undefined,
      failure: undefined,
      foreignCanaries: new Set(),
      started,
      ended: started,
    };
  }

  async run(): Promise<void> {
    const { item, index } = this.#planned;
    const { agent, seed } = this.#stage;
    const attempt = await this.#decided(() => agent.begin(item, seededRandom(seed, "attempt", index)));
    await this.#gradeEarly();

    const answer = await this.#turns(attempt);
    // An agent that does not know how many calls it will make needs its whole budget for them.
    if (!attempt.flawless) await this.#calls([this.#echo("last")]);
    await this.#spend();
    // Nothing is known of the empty answer that stands for one that never came.
    const expectedScore = answer === undefined ? undefined : attempt.expectedScore;
    this.rollout.score = await this.#grade(answer ?? "", expectedScore, "grade");
    if (this.#chaos.strikes("call_after_grading", "rollout")) {
      await this.#calls([this.#echo("after", "after_grading")]);
      await this.#grade(answer ?? "", this.rollout.score, "grade again");
    }
    this.rollout.ending = "graded";
  }

  /** A rollout that was given up over a call is no rollout to score: whoever asks for that has to be refused. */
  async gradeAllTheSame(): Promise<void> {
    const { ending, gradings } = this.rollout;
    const isDue = ending === "discarded" && gradings.length === 0 && this.#chaos.makes("grade_after_fault");
    if (isDue) await this.#grade("", undefined, "grade").catch(() => undefined);
  }

  /** Resolves with the agent's answer; undefined where it never gives one. A first turn that is known to be well within the budget carries the canary along. */
  async #turns(attempt: Attempt): Promise<string | undefined> {
    let shown: readonly Seen[] = [];
    for (let turn = 0; turn < MOST_TURNS; turn++) {
      const before = shown;
      const decided = await this.#decided(() => attempt.next(before));
      if (decided.kind === "answer") return decided.text;
      const expects = attempt.flawless ? "ok" : "any";
      const calls = decided.calls.map((use): DueCall => ({ ...use, expects }));
      const canary = turn === 0 && attempt.flawless ? [this.#echo("first")] : [];
      shown = (await this.#calls([...calls, ...canary])).slice(0, calls.length);
    }
    return undefined;
  }

  #decided<T>(think: () => T | Promise<T>): Promise<T> {
    return thought(think, this.#stage.signal).catch(failed);
  }

  /** An answer that earns nothing, before there was any call: all calls then come after a grading. */
  async #gradeEarly(): Promise<void> {
    const known = this.#stage.environment.rehearsal.answers(this.#planned.item.row, () => 0);
    const none = known.find(({ score }) => score === 0);
    if (!none || !this.#chaos.strikes("grade_before_calls", "rollout")) return;
    await this.#grade(none.text, none.score, "early");
    this.#gradedEarly = true;
  }

  async #spend(): Promise<void> {
    const { spends = 0 } = this.#planned;
    const { calls } = this.rollout;
    while (calls.length < spends) {
      const length = Math.min(PARALLEL, spends - calls.length);
      await this.#calls(Array.from({ length }, (_, n) => this.#echo(`${calls.length + n}`)));
    }
  }

  #echo(text: string, expects: DueCall["expects"] = "any"): DueCall {
    return { ...this.#stage.environment.rehearsal.echo(`${this.#planned.canary} ${text}`), expects };
  }

  /** One turn, and perhaps a call under an id of it. Resolves with what each of its calls was answered. */
  async #calls(due: readonly DueCall[]): Promise<Seen[]> {
    const first = this.rollout.calls.length + 1;
    const calls = due.map(({ expects, ...use }, n): PlayedCall => {
      const after = this.#gradedEarly ? "after_grading" : expects;
      return { ...use, callId: `call_${first + n}`, turn: this.#turn, expects: after, deliveries: [] };
    });
    const seen = await this.#take(calls);
    await this.#reuseId(calls);
    return seen;
  }

  /** That an id was used is said before that the rollout was graded, so an early grading changes nothing. */
  async #reuseId(calls: readonly PlayedCall[]): Promise<void> {
    // What was not answered need not be in the ledger, and then its id is not used.
    const answered = calls.filter(({ shown }) => shown !== undefined);
    const turn = this.#turn;
    const [used] = shuffled(answered, this.#chaos.random(`reused_${turn}`));
    if (!used || !this.#chaos.strikes("reused_id", `turn_${turn}`)) return;
    await this.#take([{ ...this.#echo(`again ${turn}`, "id_reused"), callId: used.callId, turn, deliveries: [] }]);
  }

  /** Makes the calls of one turn, all at once. Resolves with what each was answered. */
  async #take(calls: readonly PlayedCall[]): Promise<Seen[]> {
    if (this.#stage.signal.aborted) throw new Ended("unfinished");
    const turn = this.#turn++;
    const wrongToken = this.#chaos.strikes("wrong_token", `turn_${turn}`);
    this.rollout.calls.push(...calls);
    const isReordered = calls.length > 1 && this.#chaos.strikes("reorder", `turn_${turn}`);
    const order = isReordered ? shuffled(calls, this.#chaos.random(`turn_${turn}`)) : calls;
    const seen = new Map<PlayedCall, Seen | undefined>();
    await Promise.all(order.map(async (call) => seen.set(call, await this.#call(call, wrongToken))));
    return calls.map((call) => seen.get(call) ?? discard());
  }

  /** Resolves with undefined where every try failed. */
  async #call(call: PlayedCall, wrongToken: boolean): Promise<Seen | undefined> {
    const { traceId, item } = this.#planned;
    const { tool, callId } = call;
    const body = callBody(call, traceId, item.row);
    const place = call.expects === "id_reused" ? `${callId} again` : callId;
    const trouble = { chaos: this.#chaos, place, wrongToken };
    const { deliveries, answer } = await this.#stage.trainer.call(tool, body, trouble);
    call.deliveries = deliveries;
    if (!answer) return undefined;
    const output = shownOf(answer);
    if (answer.status === 200) call.shown = digest(output);
    this.#lookForCanaries(answer.text);
    return { tool, arguments: call.arguments, output };
  }

  /** Resolves with the score; a trainer can make nothing of an answer without one. */
  async #grade(text: string, expectedScore: number | undefined, place: string): Promise<number> {
    if (this.#stage.signal.aborted) throw new Ended("unfinished");
    const { traceId, item } = this.#planned;
    const answered = this.rollout.calls.filter(({ shown }) => shown !== undefined);
    const body = gradeBody(text, answered, traceId, item.row);
    const wrongToken = this.#chaos.strikes("wrong_token", place);
    const { deliveries, answer } = await this.#stage.trainer.grade(body, { chaos: this.#chaos, place, wrongToken });
    const grading: PlayedGrading = { expectedScore, deliveries };
    this.rollout.gradings.push(grading);
    // A grader's 4xx is a failure as a 5xx is.
    if (answer?.status !== 200) return discard();
    this.#lookForCanaries(answer.text);
    return deliveries.findLast(({ score }) => score !== undefined)?.score ?? discard();
  }

  #lookForCanaries(text: string): void {
    for (const canary of foreignCanaries(text, this.#planned.canary)) this.rollout.foreignCanaries.add(canary);
  }
}

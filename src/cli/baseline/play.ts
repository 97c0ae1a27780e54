/**
 * Plays one rollout as a trainer does, in good weather: an agent's turns as calls, then the grading, then a look into the ledger.
 * Keeps all that was said. What fails on the way is the rollout's ending, never a score.
 */
import type { Ledger } from "../../contract/ledger.ts";
import type { ResultCall, RolloutResult } from "../../contract/results.ts";
import { GradeReply } from "../../contract/wire.ts";
import type { Environment } from "../../environments/environment.ts";
import type { Seen, ToolUse } from "../../environments/rehearsal.ts";
import { seededRandom } from "../../environments/random.ts";
import type { Agent, Attempt } from "../agents/agent.ts";
import {
  argumentsText,
  callBody,
  gradeBody,
  gradePath,
  type IdentifiedCall,
  shownOf,
  toolPath,
  trainerHeaders,
} from "../rollouts/requests.ts";
import { untilAnswered } from "../rollouts/retries.ts";
import { MOST_TURNS, thought, Unwanted } from "../rollouts/thinking.ts";
import { type Answer, parse, type Wire } from "../rollouts/wire.ts";
import { messageOf, UserError } from "../user-error.ts";
import { costsOf } from "./costs.ts";
import type { PlannedRollout } from "./plan.ts";

export interface Stage {
  environment: Environment;
  agent: Agent;
  wire: Wire;
  token: string;
  /** The name that the ledgers are kept under. */
  run: string;
  seed: string;
  readLedger: (traceId: string) => Promise<Ledger | null | undefined>;
  /** Milliseconds of a steady clock, and the time of day. */
  now: () => number;
  date: () => Date;
  signal: AbortSignal;
}

/**
 * Sequence: turns → answer → grading → ledger. Undefined where the signal ended it: then nothing is known.
 * @throws UserError for what every rollout would meet
 */
export async function playRollout(
  planned: PlannedRollout,
  traceId: string,
  stage: Stage,
): Promise<RolloutResult | undefined> {
  const play = new Play(planned, traceId, stage);
  try {
    await play.run();
  } catch (error) {
    if (stage.signal.aborted || error instanceof Unwanted) return undefined;
    if (!(error instanceof LeftOut)) throw error;
    play.leaveOut(error);
  }
  return stage.signal.aborted ? undefined : play.finish();
}

/** The rollout cannot go on, and whose doing that is. */
class LeftOut extends Error {
  readonly ending: "faulted" | "agent_failed";
  constructor(ending: LeftOut["ending"], message: string) {
    super(message);
    this.ending = ending;
  }
}

class Play {
  readonly #planned: PlannedRollout;
  readonly #traceId: string;
  readonly #stage: Stage;
  readonly #answered: IdentifiedCall[] = [];
  readonly #result: RolloutResult;
  #attempt: Attempt | undefined;

  constructor(planned: PlannedRollout, traceId: string, stage: Stage) {
    this.#planned = planned;
    this.#traceId = traceId;
    this.#stage = stage;
    this.#result = {
      schema: 1,
      item: planned.item.name,
      question: planned.item.question,
      attempt: planned.attempt,
      trace_id: traceId,
      started_at: stage.date().toISOString(),
      ending: "graded",
      failure: null,
      turns: [],
      answer: null,
      answer_ending: null,
      score: null,
      grade: null,
      tokens: null,
      model_requests: 0,
      milliseconds: { answer: 0, model: 0, tools: 0, grading: 0 },
      grading_faults: 0,
    };
  }

  async run(): Promise<void> {
    const started = this.#stage.now();
    try {
      // Where the agent never answers, a trainer has an empty answer graded.
      this.#result.answer = (await this.#turns()) ?? "";
    } finally {
      this.#result.milliseconds.answer = this.#stage.now() - started;
    }
    this.#result.score = await this.#grade(this.#result.answer);
  }

  leaveOut({ ending, message }: LeftOut): void {
    this.#result.ending = ending;
    this.#result.failure = message;
  }

  async finish(): Promise<RolloutResult> {
    const ledger = await this.#stage.readLedger(this.#traceId);
    const { model, ...costs } = costsOf(this.#attempt);
    const { milliseconds } = this.#result;
    return withLedger({ ...this.#result, ...costs, milliseconds: { ...milliseconds, model } }, ledger ?? undefined);
  }

  /** The agent's answer; undefined where it never gives one. */
  async #turns(): Promise<string | undefined> {
    const { item, attempt: number } = this.#planned;
    const { agent, seed } = this.#stage;
    const attempt = await this.#think(() => agent.begin(item, seededRandom(seed, item.name, number)));
    this.#attempt = attempt;
    let shown: Seen[] = [];
    for (let turn = 0; turn < MOST_TURNS; turn++) {
      const before = shown;
      const decided = await this.#think(() => attempt.next(before));
      if (decided.kind === "answer") return decided.text;
      shown = await this.#calls(decided.calls);
    }
    return undefined;
  }

  async #think<T>(think: () => T | Promise<T>): Promise<T> {
    return thought(think, this.#stage.signal).catch((error: unknown) => {
      if (error instanceof UserError || error instanceof Unwanted) throw error;
      throw new LeftOut("agent_failed", messageOf(error));
    });
  }

  /** One turn: all calls at once. */
  async #calls(uses: readonly ToolUse[]): Promise<Seen[]> {
    const started = this.#stage.now();
    const first = this.#result.turns.reduce((sum, { calls }) => sum + calls.length, 1);
    const calls = uses.map((use, at): IdentifiedCall => ({ ...use, callId: `call_${first + at}` }));
    const made = await Promise.all(calls.map((call) => this.#call(call)));
    this.#result.turns.push({ calls: made });
    this.#result.milliseconds.tools += this.#stage.now() - started;
    return calls.map((call, at) => {
      const { output, status } = made[at] ?? { output: null, status: null };
      if (output === null || status === null)
        throw new LeftOut("faulted", `${knownName(call.tool, this.#stage)} had no answer after all tries`);
      this.#answered.push(call);
      return { tool: call.tool, arguments: call.arguments, output };
    });
  }

  async #call(call: IdentifiedCall): Promise<ResultCall> {
    const path = toolPath(this.#stage.environment, call.tool);
    const sent = await this.#send(path, callBody(call, this.#traceId, this.#planned.item.row));
    return {
      call_id: call.callId,
      tool: call.tool,
      arguments: argumentsText(call.arguments),
      status: sent.answer?.status ?? null,
      output: sent.answer ? shownOf(sent.answer) : null,
      outcome: null,
      mistake: null,
      milliseconds: sent.milliseconds,
      faults: sent.faults,
    };
  }

  async #grade(text: string): Promise<number> {
    const body = gradeBody(text, this.#answered, this.#traceId, this.#planned.item.row);
    const { answer, milliseconds, faults } = await this.#send(gradePath(this.#stage.environment), body);
    this.#result.milliseconds.grading = milliseconds;
    this.#result.grading_faults = faults;
    if (!answer) throw new LeftOut("faulted", "the grading had no answer after all tries");
    // A grader's 4xx is a failure as a 5xx is.
    if (answer.status !== 200) throw new LeftOut("faulted", `the grading was answered ${answer.status}`);
    const score = parse(answer.text, GradeReply)?.score;
    if (score === undefined) throw new LeftOut("faulted", "the grading was answered without a score");
    return score;
  }

  async #send(path: string, body: object): Promise<Sent> {
    const { wire, token, run, now, signal } = this.#stage;
    const started = now();
    let tries = 0;
    const send = () => {
      tries++;
      return wire.send({ method: "POST", path, headers: trainerHeaders(token, run), body: JSON.stringify(body) });
    };
    const answer = await untilAnswered(send, signal);
    if (signal.aborted) throw new Unwanted();
    return { answer, milliseconds: now() - started, faults: answer ? tries - 1 : tries };
  }
}

interface Sent {
  answer: Answer | undefined;
  milliseconds: number;
  faults: number;
}

/** A model may call a tool by any text; what is counted by name has to stay a name. */
const knownName = (tool: string, { environment }: Stage) =>
  environment.tools.some(({ name }) => name === tool) ? tool : "a tool that there is not";

function withLedger(result: RolloutResult, ledger: Ledger | undefined): RolloutResult {
  const recorded = new Map(ledger?.calls.map((call) => [call.call_id, call]));
  const turns = result.turns.map(({ calls }) => ({
    calls: calls.map((call) => {
      const { outcome = null, mistake = null } = recorded.get(call.call_id) ?? {};
      return { ...call, outcome, mistake };
    }),
  }));
  const graded = result.score === null ? undefined : ledger?.grades.at(-1);
  if (!graded) return { ...result, turns };
  const { value, explanation, sub_scores, evidence } = graded;
  return { ...result, turns, grade: { value, explanation, sub_scores, evidence: evidence?.source ?? null } };
}

/**
 * A job's tools and grader over HTTP, as a trainer calls them: with the headers that the job says, 5xx and lost answers tried again
 * three times, a 4xx shown to the model. Never logs; never judges an answer.
 */
import type { JobGrader, JobRequest, JobTool } from "../../../contract/fine-tuning.ts";
import { limits } from "../../../contract/limits.ts";
import type { JsonObject } from "../../../contract/wire.ts";
import { grade } from "../grading/grade.ts";
import { callBody, gradeBody, type IdentifiedCall, shownOf } from "../../rollouts/requests.ts";
import { untilAnswered } from "../../rollouts/retries.ts";
import { Wire } from "../../rollouts/wire.ts";

/** What came of one call. */
export interface ToolAnswer {
  tool: string;
  /** What the model is shown; undefined where there was no answer after all tries. */
  output: string | undefined;
  /** Tries that failed, and a 4xx. */
  errors: number;
  /** From the first try to the answer. */
  milliseconds: number;
}

/** A rollout as the endpoints know it. */
export interface Attempted {
  traceId: string;
  /** The row without what the trainer keeps for itself. */
  item: JsonObject;
}

export class Endpoints {
  readonly #tools: ReadonlyMap<string, JobTool>;
  readonly #grader: JobGrader;
  readonly #signal: AbortSignal;
  /** By origin: connections are kept. */
  readonly #wires = new Map<string, Wire>();

  constructor({ method: { reinforcement } }: JobRequest, signal: AbortSignal) {
    this.#tools = new Map(reinforcement.tools.map((tool) => [tool.name, tool]));
    this.#grader = reinforcement.grader;
    this.#signal = signal;
  }

  get toolNames(): string[] {
    return [...this.#tools.keys()];
  }

  /** @throws Error for a tool that the job has not: a practice has none but the job's */
  async call(call: IdentifiedCall, { traceId, item }: Attempted): Promise<ToolAnswer> {
    const tool = this.#tools.get(call.tool);
    if (!tool) throw new Error(`the job has no tool ${call.tool}`);
    const { origin, pathname, search } = new URL(tool.server_url);
    const headers = { "Content-Type": "application/json", ...tool.headers };
    const body = JSON.stringify(callBody(call, traceId, item));
    const started = performance.now();
    let tries = 0;
    const answer = await untilAnswered(() => {
      tries++;
      return this.#wire(origin).send({ method: "POST", path: `${pathname}${search}`, headers, body });
    }, this.#signal);
    const failed = answer?.status === 200 ? tries - 1 : tries;
    const milliseconds = performance.now() - started;
    return { tool: call.tool, output: answer && shownOf(answer), errors: failed, milliseconds };
  }

  /** The score; undefined where none could be had: a fault is no score. */
  async grade(
    text: string,
    answered: readonly IdentifiedCall[],
    { traceId, item }: Attempted,
  ): Promise<number | undefined> {
    const { reward } = await grade(this.#grader, gradeBody(text, answered, traceId, item), this.#signal);
    return reward ?? undefined;
  }

  close(): void {
    for (const wire of this.#wires.values()) wire.close();
  }

  #wire(origin: string): Wire {
    const known = this.#wires.get(origin);
    if (known) return known;
    // The limit is on rollouts: the calls of one turn are never held back.
    const options = { concurrency: Infinity, timeout: limits.trainerMilliseconds, signal: this.#signal };
    const wire = new Wire(origin, options);
    this.#wires.set(origin, wire);
    return wire;
  }
}

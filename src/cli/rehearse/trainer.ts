/**
 * The trainer's half of the wire: sends calls and gradings, tries again what failed, and says what came of each request.
 * Source of the rules: Microsoft's and OpenAI's agent-RFT material, as in the project's README: 5xx and no answer are tried
 * again up to 3 times, then the rollout is discarded; a 4xx is shown to the model.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { GradeReply, ToolReply } from "../../contract/wire.ts";
import { limits } from "../../contract/limits.ts";
import type { Environment } from "../../environments/environment.ts";
import { bearer } from "../deployment.ts";
import type { ChaosKind, RolloutChaos } from "./chaos.ts";
import { type CallDelivery, type Delivery, digest, type GradeDelivery } from "./observations.ts";
import { type Exchange, parse, type Sending, type Wire } from "./wire.ts";

/** The pause before the first retry; doubled for each further one. Trainers do not say theirs. */
const FIRST_PAUSE_MILLISECONDS = 400;
/** How late a delayed request is sent at most. */
const LONGEST_DELAY_MILLISECONDS = 300;

export interface TrainerOptions {
  wire: Wire;
  token: string;
  environment: Pick<Environment, "name" | "tools">;
  run: string;
  /** Milliseconds since the rehearsal began. */
  now: () => number;
  signal: AbortSignal;
}

/** One request as it is to be made: where to, what, and how it is read. */
interface Request<D extends Delivery> {
  path: string;
  body: object;
  /** What a delivery of this kind is, by what is seen of every request. */
  read: (seen: Delivery, exchange: Exchange) => D;
}

/** Which trouble a request meets, and where in the rollout it stands. */
export interface Trouble {
  chaos: RolloutChaos;
  place: string;
  /** Whether its whole turn comes with a wrong token first. */
  wrongToken: boolean;
}

/** What a call or grading came to: every delivery, and the text of the answer that counts. */
interface Delivered<D extends Delivery> {
  deliveries: D[];
  /** Undefined when every try failed. */
  answer: { status: number; text: string } | undefined;
}

export class Trainer {
  readonly #options: TrainerOptions;

  constructor(options: TrainerOptions) {
    this.#options = options;
  }

  /** A name that is no tool has no URL of its own: such a call goes to the common one, where it is the model's mistake. */
  call(tool: string, body: { id: string; call_id: string }, trouble: Trouble): Promise<Delivered<CallDelivery>> {
    const { name, tools } = this.#options.environment;
    const path = tools.some((known) => known.name === tool) ? `/${name}/tools/${tool}` : `/${name}/tools`;
    return this.#deliver({ path, body, read: (seen, exchange) => readReply(seen, exchange, body) }, trouble);
  }

  grade(body: object, trouble: Trouble): Promise<Delivered<GradeDelivery>> {
    return this.#deliver({ path: `/${this.#options.environment.name}/grade`, body, read: readScore }, trouble);
  }

  /** Sequence: late → spoilt requests → abandoned ones → the request, alone or at once with its duplicates → again after its answer. */
  async #deliver<D extends Delivery>(request: Request<D>, trouble: Trouble): Promise<Delivered<D>> {
    const { chaos, place } = trouble;
    const strikes = (kind: ChaosKind) => chaos.strikes(kind, place);
    const deliveries: D[] = [];
    const send = async (change: Partial<Change> = {}) => {
      const { exchange, delivery } = await this.#send(request, { ...AS_IT_IS, ...change });
      deliveries.push(delivery);
      return exchange;
    };
    if (strikes("delay")) await this.#pause(chaos.random(place)() * LONGEST_DELAY_MILLISECONDS);
    if (trouble.wrongToken) await send({ token: "wrong-token", expected: 401 });
    if (strikes("malformed")) await send({ spoil: (text) => text.slice(0, -2), expected: 400 });
    if (strikes("oversized")) await send({ spoil: padded, expected: 413 });
    if (strikes("cut_body")) await send({ trouble: { cutAt: chaos.random(`${place}_cut`)() } });
    if (strikes("lost_answer")) await send({ trouble: "lost_answer" });
    const duplicates = strikes("duplicate_concurrent") ? [send(), send()] : [];
    const [answer] = await Promise.all([this.#untilAnswered(send), ...duplicates]);
    if (answer && strikes("duplicate")) await send();
    return { deliveries, answer };
  }

  async #untilAnswered(send: () => Promise<Exchange>): Promise<{ status: number; text: string } | undefined> {
    for (let attempt = 0; ; attempt++) {
      const exchange = await send();
      if (exchange.status !== "none" && exchange.status < 500) return exchange;
      if (attempt === limits.trainerRetries || this.#options.signal.aborted) return undefined;
      const asked = exchange.status === "none" ? undefined : exchange.retryAfter;
      const pause = asked === undefined ? FIRST_PAUSE_MILLISECONDS * 2 ** attempt : asked * 1000 * 2 ** attempt;
      await this.#pause(Math.min(pause, limits.longestPauseMilliseconds));
    }
  }

  async #send<D extends Delivery>(request: Request<D>, change: Change): Promise<{ exchange: Exchange; delivery: D }> {
    const { wire, token, run, now, signal } = this.#options;
    const headers = { ...bearer(change.token ?? token), "Content-Type": "application/json", "X-Run": run };
    const { trouble } = change;
    const body = change.spoil(JSON.stringify(request.body));
    const sending: Sending = { method: "POST", path: request.path, headers, body, ...(trouble && { trouble }) };
    const exchange = await wire.send(sending);
    const { status, milliseconds } = exchange;
    // It may have waited for its place on the wire before it was sent.
    const at = now() - milliseconds;
    const abandoned = trouble !== undefined || signal.aborted;
    const seen: Delivery = { at, milliseconds, status, expected: change.expected, abandoned };
    return { exchange, delivery: request.read(seen, exchange) };
  }

  async #pause(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { signal: this.#options.signal }).catch(() => undefined);
  }
}

/** How a request differs from the one that is meant. */
interface Change {
  token: string | undefined;
  spoil: (body: string) => string;
  expected: Delivery["expected"];
  trouble: Sending["trouble"];
}

const AS_IT_IS: Change = { token: undefined, spoil: (body) => body, expected: "reply", trouble: undefined };

/** The same JSON with more white space than a body may have. */
const padded = (body: string) => body + " ".repeat(limits.bodyBytes);

function readReply(seen: Delivery, exchange: Exchange, sent: { id: string; call_id: string }): CallDelivery {
  if (exchange.status !== 200) return seen;
  const reply = parse(exchange.text, ToolReply);
  if (!reply) return { ...seen, wellFormed: false };
  const wellFormed = reply.id === sent.id && reply.call_id === sent.call_id;
  return { ...seen, answered: digest(reply.output), wellFormed };
}

function readScore(seen: Delivery, exchange: Exchange): GradeDelivery {
  if (exchange.status !== 200) return seen;
  const reply = parse(exchange.text, GradeReply);
  return reply ? { ...seen, score: reply.score } : seen;
}

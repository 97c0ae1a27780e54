/**
 * The trainer's half of the wire: sends calls and gradings with the trouble that they meet, tries again what failed, and says
 * what came of each request.
 */
import { GradeReply, ToolReply } from "../../contract/wire.ts";
import { limits } from "../../contract/limits.ts";
import type { Environment } from "../../environments/environment.ts";
import { gradePath, toolPath, trainerHeaders } from "../rollouts/requests.ts";
import { pauseFor, untilAnswered } from "../rollouts/retries.ts";
import type { ChaosKind, RolloutChaos } from "./chaos.ts";
import { type CallDelivery, type Delivery, digest, type GradeDelivery } from "./observations.ts";
import { type Exchange, parse, type Sending, type Wire } from "../rollouts/wire.ts";

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

  call(tool: string, body: { id: string; call_id: string }, trouble: Trouble): Promise<Delivered<CallDelivery>> {
    const path = toolPath(this.#options.environment, tool);
    return this.#deliver({ path, body, read: (seen, exchange) => readReply(seen, exchange, body) }, trouble);
  }

  grade(body: object, trouble: Trouble): Promise<Delivered<GradeDelivery>> {
    return this.#deliver({ path: gradePath(this.#options.environment), body, read: readScore }, trouble);
  }

  /** Sequence: late → spoilt requests → abandoned ones → the request, alone or at once with its duplicates → again after its answer. */
  async #deliver<D extends Delivery>(request: Request<D>, trouble: Trouble): Promise<Delivered<D>> {
    const { chaos, place } = trouble;
    const { signal } = this.#options;
    const strikes = (kind: ChaosKind) => chaos.strikes(kind, place);
    const deliveries: D[] = [];
    const send = async (change: Partial<Change> = {}) => {
      const { exchange, delivery } = await this.#send(request, { ...AS_IT_IS, ...change });
      deliveries.push(delivery);
      return exchange;
    };
    if (strikes("delay")) await pauseFor(chaos.random(place)() * LONGEST_DELAY_MILLISECONDS, signal);
    if (trouble.wrongToken) await send({ token: "wrong-token", expected: 401 });
    if (strikes("malformed")) await send({ spoil: (text) => text.slice(0, -2), expected: 400 });
    if (strikes("oversized")) await send({ spoil: padded, expected: 413 });
    if (strikes("cut_body")) await send({ trouble: { cutAt: chaos.random(`${place}_cut`)() } });
    if (strikes("lost_answer")) await send({ trouble: "lost_answer" });
    const duplicates = strikes("duplicate_concurrent") ? [send(), send()] : [];
    const [answer] = await Promise.all([untilAnswered(send, signal), ...duplicates]);
    if (answer && strikes("duplicate")) await send();
    return { deliveries, answer };
  }

  async #send<D extends Delivery>(request: Request<D>, change: Change): Promise<{ exchange: Exchange; delivery: D }> {
    const { wire, token, run, now, signal } = this.#options;
    const headers = trainerHeaders(change.token ?? token, run);
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

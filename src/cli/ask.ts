/** Asks a deployment for what its owner may see, and tries again where another try may get it. Never prints. */
import { setTimeout as sleep } from "node:timers/promises";
import type * as z from "zod";
import { limits } from "../contract/limits.ts";
import { ErrorReply } from "../contract/wire.ts";
import { bearer, type Deployment } from "./deployment.ts";
import { UserError } from "./user-error.ts";

/** Tries of one request; the pauses between them double from this. */
const ATTEMPTS = 5;
const FIRST_PAUSE_MILLISECONDS = 500;

/** No answer, or a fault of the service: another try may get one. */
class Unanswered extends UserError {}

/** The service answered that it will not: 4xx. */
export class Refused extends UserError {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * What the deployment answers, in the shape that it must have. `init.signal` ends the request.
 * @throws Refused for a 4xx; another UserError where there is no answer, a 5xx, or an answer of another shape
 */
export async function ask<Schema extends z.ZodType>(
  { url, tokens }: Deployment,
  path: string,
  schema: Schema,
  init: RequestInit = {},
): Promise<z.output<Schema>> {
  const headers = { ...bearer(tokens.ADMIN_TOKEN), "Content-Type": "application/json" };
  const answer = await exchange(`${url}${path}`, { ...init, headers });
  if (!answer) throw new Unanswered(`There is no answer from ${url}.`);
  const { status, json } = answer;
  if (status !== 200) {
    const message = `${url}${path} answered ${status}. ${ErrorReply.safeParse(json).data?.error.message ?? ""}`.trim();
    throw status >= 500 ? new Unanswered(message) : new Refused(status, message);
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  throw new UserError(`${url}${path} answered something else: is it a deployment of this version?`);
}

/** The same, asked again while there is no answer or a 5xx. For requests that are safe to repeat. */
export async function askPatiently<Schema extends z.ZodType>(
  deployment: Deployment,
  path: string,
  schema: Schema,
  init: RequestInit = {},
): Promise<z.output<Schema>> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask(deployment, path, schema, init);
    } catch (error) {
      if (!(error instanceof Unanswered) || attempt === ATTEMPTS || init.signal?.aborted) throw error;
    }
    const pause = FIRST_PAUSE_MILLISECONDS * 2 ** (attempt - 1);
    await sleep(pause, undefined, init.signal ? { signal: init.signal } : {}).catch(() => undefined);
  }
}

/** Undefined where no whole answer came; its JSON is undefined where it is none, as a page of some proxy in between. */
async function exchange(url: string, init: RequestInit): Promise<{ status: number; json: unknown } | undefined> {
  const timeout = AbortSignal.timeout(limits.answerMilliseconds);
  const signal = init.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
  let status: number;
  let text: string;
  try {
    const response = await fetch(url, { ...init, signal });
    [status, text] = [response.status, await response.text()];
  } catch {
    return undefined;
  }
  try {
    return { status, json: JSON.parse(text) };
  } catch {
    return { status, json: undefined };
  }
}

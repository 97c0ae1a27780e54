/**
 * What can go wrong with a trainer's service. Names statuses, codes and parameters. The service's own words are shown only where
 * they can neither quote a row nor hold a part of a secret that was sent. Never prints.
 */
import OpenAI from "openai";
import * as z from "zod";
import { plain } from "../agents/model-failure.ts";
import { Interrupted, UserError } from "../user-error.ts";

/** It answered that it will not: 4xx, and nothing came of the request. */
export class ServiceRefused extends UserError {
  readonly status: number;
  /** Of the service's own making; "" where it says none, or something else than a word. */
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/**
 * No answer that says what came of the request: no connection, a 5xx, a 429 to the last, or an answer that cannot be read. What
 * was asked for may have been done, unless the status is 429.
 */
export class ServiceUnanswered extends UserError {
  readonly status: number | null;
  constructor(status: number | null, message: string) {
    super(message);
    this.status = status;
  }
}

export interface Request {
  client: OpenAI;
  /** What was to be done, as `The creation of the job`. */
  what: string;
  /** Requests that were sent at most. */
  tries: number;
  /** What no message may hold a part of. */
  secrets: readonly string[];
  /** Whether what was sent has rows or outputs, which the service's words may quote. */
  hasContent: boolean;
}

/** A failed request, after all its tries. @returns what was thrown itself where it is none of the service's doing */
export function serviceFailure(thrown: unknown, request: Request): unknown {
  const { client, what, tries } = request;
  const { host } = new URL(client.baseURL);
  const after = tries > 1 ? `, after ${tries} tries` : "";
  if (thrown instanceof OpenAI.APIUserAbortError) return new Interrupted(`${what} was broken off.`);
  if (thrown instanceof OpenAI.APIConnectionTimeoutError)
    return new ServiceUnanswered(null, `${what}: ${host} did not answer within ${client.timeout / 1000} s${after}.`);
  if (thrown instanceof OpenAI.APIConnectionError)
    return new ServiceUnanswered(
      null,
      `${what}: ${host} cannot be reached, or breaks off while it answers${after}. Is its URL right?`,
    );
  if (thrown instanceof SyntaxError) return misread(request);
  if (!(thrown instanceof OpenAI.APIError) || thrown.status === undefined) return thrown;
  const { status } = thrown;
  const words = [plain(thrown.code), plain(thrown.param), plain(thrown.requestID)].filter(Boolean).join(", ");
  const answered = `${what}: ${host} answered ${status}${words ? ` (${words})` : ""}`;
  if (status >= 500 || status === 429 || status === 408) return new ServiceUnanswered(status, `${answered}${after}.`);
  return new ServiceRefused(status, plain(thrown.code), `${answered}${reason(thrown, request)}`);
}

/** An answer with status 200 that is something else than what was asked for. */
export function misread({ client, what }: Request): ServiceUnanswered {
  const { host } = new URL(client.baseURL);
  return new ServiceUnanswered(200, `${what}: ${host} answered with something else. Is that a trainer's service?`);
}

const ServiceError = z.object({ message: z.string() });

function reason({ status, error }: InstanceType<typeof OpenAI.APIError>, request: Request): string {
  if (status === 401 || status === 403) return ": it does not take the key in OPENAI_API_KEY, or not for this.";
  const message = ServiceError.safeParse(error).data?.message ?? "";
  if (message.trim() === "") return ".";
  if (request.hasContent) return ". Its message may quote what was sent, and is not shown.";
  if (request.secrets.some((secret) => sharesPart(message, secret)))
    return ". Its message quotes a secret, and is not shown.";
  return `: ${printable(message)}`;
}

/** Characters of a secret in a row that no message may have: services quote keys by their start and end. */
const PART = 6;

function sharesPart(message: string, secret: string): boolean {
  if (secret.length <= PART) return secret !== "" && message.includes(secret);
  for (let at = 0; at + PART <= secret.length; at++) if (message.includes(secret.slice(at, at + PART))) return true;
  return false;
}

/** Characters of a message that are shown. */
const MESSAGE_CHARACTERS = 500;

/** In one line, without what a terminal would obey. */
function printable(message: string): string {
  const line = message.replace(/[\s\p{Cc}\p{Cf}]+/gu, " ").trim();
  return line.length > MESSAGE_CHARACTERS ? `${line.slice(0, MESSAGE_CHARACTERS)}…` : line;
}

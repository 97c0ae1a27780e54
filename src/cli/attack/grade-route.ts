/**
 * Asks a deployment's grade route for one score, as a trainer does: 5xx and lost answers are repeated, 4xx are not. Sends no
 * trace id, so no ledger keeps it. Never takes anything but a score for one.
 */
import { setTimeout as pause } from "node:timers/promises";
import * as z from "zod";
import { limits } from "../../contract/limits.ts";
import { ErrorReply, GradeReply, type JsonObject, type SentSample } from "../../contract/wire.ts";
import { bearer, type Deployment } from "../deployment.ts";
import { messageOf } from "../user-error.ts";

/**
 * `unusable`: the row cannot be graded, says the grader. `problem`: no score after all tries; `status` is null where there
 * was no answer. `aborted`: given up because the signal said so.
 */
export type Graded =
  | { kind: "score"; score: number }
  | { kind: "unusable"; reason: string }
  | { kind: "problem"; status: number | null; message: string }
  | { kind: "aborted" };

export type GradeRoute = (sample: SentSample, item: JsonObject) => Promise<Graded>;

/** Connections are kept alive by `fetch`; how many there are is the caller's to bound. */
export function gradeRoute(deployment: Deployment, environment: string, signal: AbortSignal): GradeRoute {
  const url = `${deployment.url}/${environment}/grade`;
  const headers = { ...bearer(deployment.tokens.TRAINER_TOKEN), "Content-Type": "application/json" };
  return async (sample, item) => {
    const body = JSON.stringify({ sample, item });
    for (let tried = 0; ; tried += 1) {
      const { graded, again } = await post(url, { method: "POST", headers, body }, signal);
      if (signal.aborted) return { kind: "aborted" };
      if (again === undefined || tried === limits.trainerRetries) return graded;
      // Aborted while it waits, it has nothing to say: the next try ends at once.
      await pause(pauseMilliseconds(again.retryAfter, tried), undefined, { signal }).catch(() => {});
    }
  };
}

/** Doubled with each try, or what the header asks for where that is longer, within bounds. */
export function pauseMilliseconds(retryAfter: string | null, tried: number): number {
  const asked = Number(retryAfter ?? 0) * 1000;
  const own = limits.firstRetryMilliseconds * 2 ** tried;
  return Number.isNaN(asked) ? own : Math.min(Math.max(asked, own), limits.longestPauseMilliseconds);
}

interface Tried {
  graded: Graded;
  /** Only where another try may help. */
  again?: { retryAfter: string | null };
}

async function post(url: string, init: RequestInit, signal: AbortSignal): Promise<Tried> {
  const given = AbortSignal.any([signal, AbortSignal.timeout(limits.answerMilliseconds)]);
  try {
    // A redirect is no grader's answer, and would take the token elsewhere.
    const response = await fetch(url, { ...init, redirect: "manual", signal: given });
    return read(response, await response.text());
  } catch (error) {
    return { graded: { kind: "problem", status: null, message: reasonOf(error) }, again: { retryAfter: null } };
  }
}

const Score = GradeReply.extend({ score: z.number().min(0).max(1) });

function read(response: Response, text: string): Tried {
  const { status } = response;
  const json = parsed(text);
  if (status === 200) {
    const reply = Score.safeParse(json);
    if (reply.success) return { graded: { kind: "score", score: reply.data.score } };
    return { graded: { kind: "problem", status, message: "The answer is no score from 0 to 1." } };
  }
  const error = ErrorReply.safeParse(json).data?.error;
  if (error?.code === "unusable_item") return { graded: { kind: "unusable", reason: error.message } };
  const message = error?.message ?? `no answer of this service (${response.statusText})`;
  const graded: Graded = { kind: "problem", status, message };
  return status >= 500 ? { graded, again: { retryAfter: response.headers.get("Retry-After") } } : { graded };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What `fetch` hides in its error's cause: a refused connection, an unknown host. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error && "code" in cause && typeof cause.code === "string") return cause.code;
  return messageOf(cause ?? error);
}

/**
 * Asks a deployment's grade route for one score, as a trainer does: 5xx and lost answers are repeated, 4xx are not. Sends no
 * trace id, so no ledger keeps it. Never takes anything but a score for one.
 */
import { setTimeout as pause } from "node:timers/promises";
import * as z from "zod";
import { limits } from "../../contract/limits.ts";
import { ErrorReply, GradeReply, type JsonObject, type Sample } from "../../contract/wire.ts";
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

export type GradeRoute = (sample: Partial<Sample>, item: JsonObject) => Promise<Graded>;

/** Connections are kept alive by `fetch`; how many there are is the caller's to bound. */
export function gradeRoute(deployment: Deployment, environment: string, signal: AbortSignal): GradeRoute {
  const url = `${deployment.url}/${environment}/grade`;
  const headers = { ...bearer(deployment.tokens.TRAINER_TOKEN), "Content-Type": "application/json" };
  return async (sample, item) => {
    const body = JSON.stringify({ sample, item });
    for (let tried = 0; ; tried += 1) {
      const { graded, retryAfter } = await post(url, { method: "POST", headers, body }, signal);
      const again = retryAfter !== undefined && tried < limits.trainerRetries;
      if (!again || signal.aborted) return signal.aborted ? { kind: "aborted" } : graded;
      await pause(Math.max(retryAfter, limits.firstRetryMilliseconds * 2 ** tried), undefined, { signal }).catch(
        () => {},
      );
    }
  };
}

interface Tried {
  graded: Graded;
  /** Milliseconds; only where another try may help. */
  retryAfter?: number;
}

async function post(url: string, init: RequestInit, signal: AbortSignal): Promise<Tried> {
  const given = AbortSignal.any([signal, AbortSignal.timeout(limits.answerMilliseconds)]);
  try {
    // A redirect is no grader's answer, and would take the token elsewhere.
    const response = await fetch(url, { ...init, redirect: "manual", signal: given });
    return read(response, await response.text());
  } catch (error) {
    return { graded: { kind: "problem", status: null, message: reasonOf(error) }, retryAfter: 0 };
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
  const message = error?.message ?? `${response.statusText || "An answer"} that is not this service's.`;
  const graded: Graded = { kind: "problem", status, message };
  return status >= 500 ? { graded, retryAfter: retryAfterOf(response) } : { graded };
}

function retryAfterOf(response: Response): number {
  const seconds = Number(response.headers.get("Retry-After") ?? 0);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0) * 1000, limits.longestPauseMilliseconds) : 0;
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

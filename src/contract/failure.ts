/**
 * All ways in which a request can fail to get its normal answer, and the one map from them to HTTP.
 * A model's mistake is not among them: it is a normal answer (200) whose text explains.
 */
import { limits } from "./limits.ts";
import type { ErrorReply } from "./wire.ts";

/** The boundary at which a fault arose: whom to look at. */
export type Boundary =
  | "storage"
  | "embedder"
  | "ledger"
  | "index"
  | "grader"
  | "item"
  | "configuration"
  | "monitor"
  /** The client's or the way's: a request that did not arrive whole. Nothing of ours to mend, and no alarm. */
  | "network"
  | "worker";

/** Refusals tell a person what to mend; a fault says nothing of the inside but a correlation id. */
export type Refusal =
  | { kind: "invalid"; message: string; field?: string }
  | { kind: "unauthorized"; secret: string }
  | { kind: "closed"; secret: string }
  | { kind: "not_found"; message: string }
  | { kind: "method_not_allowed" }
  | { kind: "too_large" };

/**
 * Our doing: storage, ledger, embedder, a bug. Thrown where it arises, caught once at the exit, answered with a 5xx so that
 * the trainer retries or discards the rollout. `message` may name keys and counts, never an item, a query or a token.
 */
export class Fault extends Error {
  readonly boundary: Boundary;
  constructor(boundary: Boundary, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "Fault";
    this.boundary = boundary;
  }
}

/** Any thrown value as a fault: what is not one already is a bug of the worker. */
export function asFault(thrown: unknown): Fault {
  if (thrown instanceof Fault) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new Fault("worker", message, { cause: thrown });
}

export interface HttpFailure {
  status: 400 | 401 | 404 | 405 | 413 | 500 | 503;
  headers: Record<string, string>;
  body: ErrorReply;
}

/** The status, headers and body of a refusal. */
export function refusalToHttp(refusal: Refusal): HttpFailure {
  switch (refusal.kind) {
    case "invalid": {
      const field = refusal.field === undefined ? {} : { field: refusal.field };
      return failure(400, "invalid_request", refusal.message, field);
    }
    case "unauthorized":
      return failure(
        401,
        "unauthorized",
        `A token of ${refusal.secret} is needed: Authorization: Bearer TOKEN, or X-Functions-Key: TOKEN.`,
        {},
        {
          "WWW-Authenticate": "Bearer",
        },
      );
    case "closed":
      return failure(503, "closed", `The secret ${refusal.secret} is not set, so this route is closed.`);
    case "not_found":
      return failure(404, "not_found", refusal.message);
    case "method_not_allowed":
      return failure(405, "method_not_allowed", "This route takes POST.", {}, { Allow: "POST" });
    case "too_large":
      return failure(413, "too_large", `The body is over ${limits.bodyBytes.toLocaleString("en")} bytes.`);
  }
}

/**
 * The answer to a fault. A dataset row that cannot be graded stays so (500, with the reason, which a person needs);
 * everything else may pass (503 and Retry-After). A body that was cut off is no 4xx: a trainer would show it to the model.
 */
export function faultToHttp(fault: Fault, correlationId: string): HttpFailure {
  const detail = { correlation_id: correlationId };
  if (fault.boundary === "item") return failure(500, "unusable_item", fault.message, detail);
  if (fault.boundary === "network")
    return failure(503, "cut_off", "The request did not arrive whole. Nothing was scored; send it again.", detail, {
      "Retry-After": String(limits.retryAfterSeconds),
    });
  return failure(503, "fault", "The service could not answer this. Nothing was scored; try again.", detail, {
    "Retry-After": String(limits.retryAfterSeconds),
  });
}

function failure(
  status: HttpFailure["status"],
  code: string,
  message: string,
  detail: Partial<ErrorReply["error"]> = {},
  headers: Record<string, string> = {},
): HttpFailure {
  return { status, headers, body: { error: { code, message, ...detail } } };
}

/** What the platform refuses, in the shape of OpenAI's errors. Messages name fields and ids, never what a request holds. */
import type * as z from "zod";

/** An answer that is no success; the request is at fault for a 4xx, the platform for a 5xx. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly param: string | null;
  readonly code: string | null;
  readonly headers: Record<string, string>;

  constructor(
    status: number,
    message: string,
    { param = null, code = null, headers = {} }: Partial<Pick<ApiError, "param" | "code" | "headers">> = {},
  ) {
    super(message);
    this.status = status;
    this.param = param;
    this.code = code;
    this.headers = headers;
  }

  /** https://platform.openai.com/docs/guides/error-codes */
  body() {
    const { message, param, code } = this;
    return { error: { message, type: typeOf(this.status), param, code } };
  }
}

function typeOf(status: number): string {
  if (status === 429) return "rate_limit_error";
  return status >= 500 ? "server_error" : "invalid_request_error";
}

export const badRequest = (message: string, param: string | null = null, code: string | null = null) =>
  new ApiError(400, message, { param, code });

/** The first thing that is wrong with a request, and where. */
export function invalid({ issues: [issue] }: z.ZodError): ApiError {
  const path = issue?.path.join(".") ?? "";
  if (issue?.code === "unrecognized_keys") {
    const name = [...issue.path, issue.keys[0]].join(".");
    return badRequest(`Unknown parameter: '${name}'.`, name, "unknown_parameter");
  }
  const where = path === "" ? "Invalid request" : `Invalid '${path}'`;
  return badRequest(`${where}: ${issue?.message ?? "it has another shape"}.`, path || null);
}

/** The name of a run: from the `X-Run` header that the job is configured with. */
import { isRunName, RUN_NAME_RULE } from "../contract/run-name.ts";
import type { Parsed } from "./body.ts";

export function parseRunName(headers: Headers): Parsed<string> {
  const name = headers.get("X-Run") ?? "default";
  if (isRunName(name)) return { ok: true, value: name };
  return { ok: false, refusal: { kind: "invalid", field: "X-Run", message: `X-Run: ${RUN_NAME_RULE}` } };
}

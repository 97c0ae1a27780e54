/** The name of a run: from the `X-Run` header that the job is configured with. It becomes a part of storage keys. */
import { limits } from "../contract/limits.ts";
import type { Parsed } from "./body.ts";

export function parseRunName(headers: Headers): Parsed<string> {
  const name = headers.get("X-Run") ?? "default";
  if (isRunName(name)) return { ok: true, value: name };
  const message = `X-Run: letters, digits, ".", "_" and "-", at most ${limits.runCharacters}, starting with a letter or digit.`;
  return { ok: false, refusal: { kind: "invalid", field: "X-Run", message } };
}

export function isRunName(text: string): boolean {
  return text.length <= limits.runCharacters && /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(text);
}

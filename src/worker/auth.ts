/**
 * Who may call a route: a token from the route's secret, a comma-separated list so that tokens can be rotated mid-job.
 * Compared in constant time, whatever the length. Fails closed: without a secret nobody gets in.
 */
import type { Refusal } from "../contract/failure.ts";
import type { Bindings } from "./bindings.ts";

export type Secret = "TRAINER_TOKEN" | "ADMIN_TOKEN";

/** Longer tokens are refused; shorter ones are padded to it, so that a comparison does not tell their length. */
const TOKEN_BYTES = 256;
/** Printable ASCII, which headers carry as it is: a byte is a character. */
const TOKEN = new RegExp(`^[!-~]{1,${TOKEN_BYTES}}$`);

/** Undefined for a valid token, else why not. */
export function authenticate(request: Request, secret: Secret, bindings: Bindings): Refusal | undefined {
  const accepted = acceptedTokens(bindings[secret] ?? "");
  if (accepted.length === 0) return { kind: "closed", secret };
  const presented = presentedTokens(request.headers).map(padded);
  let valid = false;
  // No early exit: the time does not depend on which token matches.
  for (const token of presented)
    for (const other of accepted) valid = crypto.subtle.timingSafeEqual(token, other) || valid;
  return valid ? undefined : { kind: "unauthorized", secret };
}

/** Whether the secret has a token, so that its routes are open to someone. */
export function hasToken(secret: Secret, bindings: Bindings): boolean {
  return acceptedTokens(bindings[secret] ?? "").length > 0;
}

function presentedTokens(headers: Headers): string[] {
  const [, bearer] = /^Bearer +(\S+)\s*$/i.exec(headers.get("Authorization") ?? "") ?? [];
  return [bearer ?? "", headers.get("X-Functions-Key") ?? ""].filter(isToken);
}

let parsed: { secret: string; tokens: Uint8Array[] } = { secret: "", tokens: [] };

/** Parsed once per isolate and secret: the list rarely changes and this runs on every call. */
function acceptedTokens(secret: string): Uint8Array[] {
  if (parsed.secret !== secret) {
    const tokens = secret.split(",").map((token) => token.trim());
    parsed = { secret, tokens: tokens.filter(isToken).map(padded) };
  }
  return parsed.tokens;
}

const isToken = (text: string) => TOKEN.test(text);

const encoder = new TextEncoder();
const padded = (token: string) => encoder.encode(token.padEnd(TOKEN_BYTES, "\0"));

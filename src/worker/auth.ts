/**
 * Who may call a route: a token from the route's secret, a comma-separated list so that tokens can be rotated mid-job.
 * Compared in constant time, whatever the length. Fails closed: without a secret nobody gets in.
 */
import type { Refusal } from "../contract/failure.ts";
import type { Bindings } from "./bindings.ts";

export type Secret = "TRAINER_TOKEN" | "ADMIN_TOKEN";

/** Longer tokens are refused; shorter ones are padded to it, so that a comparison does not tell their length. */
const TOKEN_BYTES = 256;

/** Undefined for a valid token, else why not. */
export function authenticate(request: Request, secret: Secret, bindings: Bindings): Refusal | undefined {
  const accepted = acceptedTokens(bindings[secret] ?? "");
  if (accepted.length === 0) return { kind: "closed", secret };
  const presented = presentedTokens(request.headers).map(padded);
  let valid = false;
  // No early exit: the time does not depend on which token matches.
  for (const token of presented) for (const other of accepted) valid = equal(token, other) || valid;
  return valid ? undefined : { kind: "unauthorized" };
}

function presentedTokens(headers: Headers): string[] {
  const [, bearer] = /^Bearer +(\S+)\s*$/i.exec(headers.get("Authorization") ?? "") ?? [];
  return [bearer, headers.get("X-Functions-Key")].flatMap((token) => token || []);
}

let parsed: { secret: string; tokens: Uint8Array[] } = { secret: "", tokens: [] };

/** Parsed once per isolate and secret: the list rarely changes and this runs on every call. */
function acceptedTokens(secret: string): Uint8Array[] {
  if (parsed.secret !== secret) {
    const tokens = secret.split(",").map((token) => token.trim());
    parsed = { secret, tokens: tokens.filter((token) => token !== "").map(padded) };
  }
  return parsed.tokens;
}

function padded(token: string): Uint8Array {
  const bytes = new Uint8Array(TOKEN_BYTES + 4);
  const { read, written } = new TextEncoder().encodeInto(token, bytes.subarray(0, TOKEN_BYTES));
  // The last four bytes hold the length, and make a token that did not fit equal to none that did.
  new DataView(bytes.buffer).setUint32(TOKEN_BYTES, read === token.length ? written : 0xffffffff);
  return bytes;
}

/** A token that did not fit never matches, not even another that did not. */
function equal(a: Uint8Array, b: Uint8Array): boolean {
  const fits = new DataView(a.buffer).getUint32(TOKEN_BYTES) !== 0xffffffff;
  return crypto.subtle.timingSafeEqual(a, b) && fits;
}

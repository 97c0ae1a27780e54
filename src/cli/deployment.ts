/**
 * The deployment that a command talks to: its URL and its tokens. Tokens come from the environment variables that the worker's
 * secrets are named after; for a worker on this machine also from `.dev.vars`. Never from the command line, and never printed.
 */
import { readFile } from "node:fs/promises";
import { parseEnv } from "node:util";
import { secretsFile } from "./project.ts";
import { UserError } from "./user-error.ts";

/** Where `npm start` serves. */
export const LOCAL_URL = "http://127.0.0.1:8787";

export type TokenName = "TRAINER_TOKEN" | "ADMIN_TOKEN";

export interface Deployment {
  /** Without a slash at its end. */
  url: string;
  /** One token of each secret; "" for one that the command does not need and that is not set. */
  tokens: Record<TokenName, string>;
}

/** @throws UserError for a URL that is none or would send tokens in the clear, and for a token that is needed and not set */
export async function findDeployment(url: string, needed: readonly TokenName[]): Promise<Deployment> {
  const parsed = parseUrl(url);
  const local = isLoopback(parsed.hostname) ? await readFile(secretsFile, "utf8").catch(() => "") : "";
  const ofFile = parseEnv(local);
  const token = (name: TokenName) => first(process.env[name] || ofFile[name] || "");
  const tokens = { TRAINER_TOKEN: token("TRAINER_TOKEN"), ADMIN_TOKEN: token("ADMIN_TOKEN") };
  const missing = needed.filter((name) => tokens[name] === "");
  if (missing.length === 0) return { url: parsed.href.replace(/\/+$/, ""), tokens };
  throw new UserError(`${missing.join(" and ")} not set: put a token of ${url} into the environment variable.`);
}

export const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** Secrets are comma-separated lists. */
const first = (secret: string) => secret.split(",")[0]?.trim() ?? "";

function parseUrl(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !/^https?:$/.test(parsed.protocol)) throw new UserError(`--url ${url}: not an http(s) URL.`);
  if (parsed.username || parsed.password || parsed.search || parsed.hash)
    throw new UserError("--url: only scheme, host and path; tokens belong into the environment.");
  if (parsed.protocol === "https:" || isLoopback(parsed.hostname)) return parsed;
  throw new UserError(`--url ${url}: tokens go to other machines only over https.`);
}

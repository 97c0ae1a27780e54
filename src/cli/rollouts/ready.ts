/** Finds out before a rehearsal what would only spoil it: no answer, a worker that is not ready, a token that is not valid. */
import * as z from "zod";
import { ErrorReply, type JsonObject } from "../../contract/wire.ts";
import type { Environment } from "../../environments/environment.ts";
import { bearer, type Deployment } from "../deployment.ts";
import { messageOf, UserError } from "../user-error.ts";
import { parse } from "./wire.ts";

/** A deployment that takes longer to say how it is than this is not ready; the first answer may wait for an index to load. */
const PATIENCE_MILLISECONDS = 60_000;

const Health = z.object({ indexes: z.record(z.string(), z.object({ version: z.string() }).partial()) });

/**
 * Resolves with the version of the index that is served, where the deployment's health says it.
 * @param item one that will be played: some tools answer no call without
 * @param interrupted ends the waiting
 * @throws UserError that says what to mend
 */
export async function requireReady(
  { url, tokens }: Deployment,
  environment: Environment,
  item: JsonObject,
  interrupted: AbortSignal,
): Promise<string | null> {
  const signal = AbortSignal.any([interrupted, AbortSignal.timeout(PATIENCE_MILLISECONDS)]);
  const answerOf = (path: string, init: RequestInit = {}) => answer(url, path, { ...init, signal }, interrupted);
  const health = await answerOf(`/healthz?environment=${environment.name}`);
  if (health.status !== 200)
    throw new UserError(
      `${url} is not ready for ${environment.name} (status ${health.status}): ${health.text.slice(0, 500)}`,
    );
  const [tool] = environment.tools;
  const call = await answerOf(`/${environment.name}/tools/${tool?.name}`, {
    method: "POST",
    headers: { ...bearer(tokens.TRAINER_TOKEN), "Content-Type": "application/json" },
    body: JSON.stringify({ arguments: "{}", item }),
  });
  requireItem(environment, call);
  requireToken("TRAINER_TOKEN", url, call.status, 200);
  const ledger = await answerOf("/rollouts/none", { headers: bearer(tokens.ADMIN_TOKEN) });
  requireToken("ADMIN_TOKEN", url, ledger.status, 404);
  return parse(health.text, Health)?.indexes[environment.name]?.version ?? null;
}

async function answer(
  url: string,
  path: string,
  init: RequestInit,
  interrupted: AbortSignal,
): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(`${url}${path}`, init);
    return { status: response.status, text: await response.text() };
  } catch (error) {
    if (interrupted.aborted) throw new UserError("Ended before the first rollout.");
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : messageOf(error);
    throw new UserError(`There is no answer from ${url} (${cause}). Start one here with: npm start`);
  }
}

/** What a tool says of a row that it has nothing to work in for, in the deployment's own words. */
function requireItem({ name }: Environment, call: { status: number; text: string }): void {
  if (call.status !== 500) return;
  const said = parse(call.text, ErrorReply)?.error.message ?? call.text.slice(0, 500);
  throw new UserError(`${name} cannot serve the dataset's first row: ${said}`);
}

function requireToken(name: string, url: string, status: number, expected: number): void {
  if (status === 401) throw new UserError(`${url} does not take the token in ${name}.`);
  if (status !== expected) throw new UserError(`${url} answers ${status} to a request with ${name}, not ${expected}.`);
}

/**
 * What can go wrong with a model's service, apart from the model. Names statuses and codes; never the service's own message,
 * which may quote a key, a prompt or an output.
 */
import OpenAI from "openai";
import type { ModelResponse } from "../../contract/model-response.ts";
import { UserError } from "../user-error.ts";

/** The service did not let the model answer: the rollout is given up, never graded. */
export class ModelFailure extends Error {
  override readonly name = "ModelFailure";
}

/** A failed request, after the package's retries: a UserError where every further one would fail alike, else a ModelFailure. */
export function requestFailure(thrown: unknown, client: OpenAI): UserError | ModelFailure {
  const { host } = new URL(client.baseURL);
  const options = { cause: thrown };
  const tries = `after ${client.maxRetries + 1} tries`;
  if (thrown instanceof OpenAI.APIConnectionTimeoutError)
    return new ModelFailure(`${host} did not answer within ${client.timeout / 1000} s, ${tries}.`, options);
  if (thrown instanceof OpenAI.APIConnectionError)
    return new ModelFailure(`${host} cannot be reached, or breaks off while it answers, ${tries}.`, options);
  if (!(thrown instanceof OpenAI.APIError) || thrown.status === undefined) return notAResponse(host, options);
  const answered = `${host} answered ${details(thrown)}`;
  if (thrown.status === 401 || thrown.status === 403)
    return new UserError(`${answered}: it does not take the key in OPENAI_API_KEY, or not for this model.`);
  if (thrown.status === 404 || thrown.code === "model_not_found")
    return new UserError(`${answered}: it has no such model (--model), or no Responses API there (--base-url).`);
  if (thrown.code === "insufficient_quota")
    return new UserError(`${answered}: the quota of the key in OPENAI_API_KEY is used up.`);
  return new ModelFailure(isRetried(thrown.status) ? `${answered}, ${tries}.` : `${answered}.`, options);
}

/** An answer with status 200 that holds no response of the API. */
export function notAResponse(host: string, options?: ErrorOptions): ModelFailure {
  return new ModelFailure(`${host} answered with something else than a response of the Responses API.`, options);
}

/** A response in which the service, not the model, failed; undefined for one to go on with. */
export function failureOf({ status, error }: ModelResponse, host: string): ModelFailure | undefined {
  if (status === "completed" || status === "incomplete") return undefined;
  return new ModelFailure(`${host} gave up on a response: ${[status, plain(error?.code)].filter(Boolean).join(", ")}.`);
}

const isRetried = (status: number) => [408, 409, 429].includes(status) || status >= 500;

/** `400 (unsupported_parameter, reasoning.effort)` */
function details({ status, code, param, requestID }: InstanceType<typeof OpenAI.APIError>): string {
  const known = [plain(code), plain(param), plain(requestID)].filter(Boolean);
  return known.length === 0 ? String(status) : `${status} (${known.join(", ")})`;
}

/** A code, a parameter's name or an id; "" for anything else that a service may put in their place. */
export const plain = (text: string | null | undefined) => (text && /^[\w.[\]-]{1,100}$/.test(text) ? text : "");

/**
 * The client of a model's service: any with OpenAI's Responses API, by its base URL. The key comes from the environment, never
 * from the command line, and is never printed. Requests and retries are the `openai` package's.
 */
import OpenAI from "openai";
import { limits } from "../../contract/limits.ts";
import { isLoopback } from "../deployment.ts";
import { UserError } from "../user-error.ts";

const OPENAI_URL = "https://api.openai.com/v1";

/**
 * The package tries again after 408, 409, 429, any 5xx, a connection that fails and a time that runs out, unless
 * `x-should-retry` says otherwise; after as long as `retry-after-ms` or `Retry-After` asks for where that is at most 60 s, else
 * after half a second, doubled up to 8 s, a little less by chance.
 * @param baseUrl of the service; without it `OPENAI_BASE_URL`, else OpenAI's own
 * @throws UserError without `OPENAI_API_KEY`, and for a URL that is none or would send the key in the clear
 */
export function modelClient(baseUrl?: string): OpenAI {
  const apiKey = process.env["OPENAI_API_KEY"];
  if (!apiKey)
    throw new UserError(
      "OPENAI_API_KEY is not set: put the key of the model's service into the environment variable (any text for a service without keys).",
    );
  return new OpenAI({
    apiKey,
    baseURL: serviceUrl(baseUrl),
    maxRetries: limits.modelRetries,
    timeout: limits.modelMilliseconds,
    fetch: fetchWhole,
    // With OPENAI_LOG=debug the package would print prompts and outputs.
    logLevel: "off",
  });
}

/** Reads the answer to its end, since the package's time limit and its retries end where the body begins. */
async function fetchWhole(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, init);
  const { status, statusText, headers } = response;
  const body = await response.arrayBuffer();
  return new Response(body.byteLength > 0 ? body : null, { status, statusText, headers });
}

/** @param given by `--base-url`; without it `OPENAI_BASE_URL`, else OpenAI's own. @throws UserError as `modelClient` */
export function serviceUrl(given?: string): string {
  const text = given ?? (process.env["OPENAI_BASE_URL"] || OPENAI_URL);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) throw new UserError(`--base-url ${text}: not an http(s) URL.`);
  if (url.username || url.search || url.hash)
    throw new UserError("--base-url: only scheme, host and path; the key belongs into OPENAI_API_KEY.");
  if (url.protocol === "https:" || isLoopback(url.hostname)) return url.href;
  throw new UserError(`--base-url ${url.href}: the key goes to other machines only over https.`);
}

/** The local OpenAI server from within workerd: what a deployment that uses it is given, and how its failures are ordered. */
import { env } from "cloudflare:workers";
import { inject } from "vitest";
import * as z from "zod";
import type { EmbedderName } from "../../src/contract/manifest.ts";
import type { Bindings } from "../../src/worker/bindings.ts";

export const openAiBindings: Bindings = {
  ...env,
  OPENAI_API_KEY: inject("openAi").apiKey,
  OPENAI_BASE_URL: inject("openAi").url,
};

export const openAiName: EmbedderName = { kind: "openai", model: "local", dimensions: 64 };

const Orders = z.object({ embedded: z.int() });

/** Orders how the next requests fail. The count of embedded texts begins anew. */
export async function orderFailures(...failures: (number | "cut")[]): Promise<void> {
  await fetch(inject("openAi").ordersUrl, { method: "POST", body: JSON.stringify({ failures }) });
}

/** Texts that were embedded since failures were last ordered. */
export async function embeddedTexts(): Promise<number> {
  const response = await fetch(inject("openAi").ordersUrl);
  return Orders.parse(await response.json()).embedded;
}

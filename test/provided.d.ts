/** What the set-up of a project hands to its tests (`inject`). */
import type { Deployment } from "./conformance/deployment.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The local embeddings service (`fixtures/ordered-openai.ts`), and where its failures are ordered. */
    openAi: { url: string; apiKey: string; ordersUrl: string };
    /** The URL of `fixtures/webhook-server.ts`, as the worker under test has it. */
    webhookUrl: string;
    /** The deployment that the conformance suite looks at. */
    deployment: Deployment;
  }
}

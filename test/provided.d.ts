/** What the set-up of a project hands to its tests (`inject`). */
import type { Deployment } from "./conformance/deployment.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The base URL of `fixtures/openai-server.ts`. */
    openAiUrl: string;
    /** The URL of `fixtures/webhook-server.ts`, as the worker under test has it. */
    webhookUrl: string;
    /** The deployment that the conformance suite looks at. */
    deployment: Deployment;
  }
}

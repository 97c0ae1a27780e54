/** What the set-up of a project hands to its tests (`inject`). */
import "vitest";

declare module "vitest" {
  interface ProvidedContext {
    /** The base URL of `fixtures/openai-server.ts`. */
    openAiUrl: string;
  }
}

/** What the routes of a platform share. All of it is memory, and gone when the platform ends. */
import type { Files } from "./files.ts";
import type { Jobs } from "./jobs/jobs.ts";
import type { Model } from "./models.ts";
import type { Writer } from "./responses/writer.ts";

export interface PlatformState {
  files: Files;
  jobs: Jobs;
  /** All there are now. */
  models: () => Model[];
  writer: Writer;
  /** Seconds. */
  now: () => number;
  newId: (prefix: string) => string;
  /** For a job that has none. */
  newSeed: () => number;
}

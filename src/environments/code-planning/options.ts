/** What a deployment may set for `code-planning`. All of it is off by default: then the score is F1 and nothing else. */
import * as z from "zod";
import { limits } from "../../contract/limits.ts";

export const Options = z.strictObject({
  /** What each call beyond `softCalls` takes off the score; every call that counts against the budget is counted. */
  callPenalty: z.number().min(0).max(0.1).default(0),
  softCalls: z.int().min(0).max(limits.planningCalls).default(10),
  /** What each whole minute beyond `softMinutes` takes off, from the first call to the last. It holds what trainer and tools took. */
  minutePenalty: z.number().min(0).max(0.1).default(0),
  softMinutes: z.number().min(0).max(1_000).default(5),
  /** What a list without a right file is still paid when a file that is to be edited was opened; 0 pays nothing. */
  readCredit: z.number().min(0).max(0.49).default(0),
});
export type Options = z.infer<typeof Options>;

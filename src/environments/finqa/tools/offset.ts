import * as z from "zod";

/** The argument by which a cut output is continued; the same for every tool. */
export const offset = z
  .int()
  .min(0)
  .optional()
  .describe("whole number, 0 or more: the character to continue from, as named at the end of a cut output");

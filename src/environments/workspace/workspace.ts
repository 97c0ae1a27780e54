/** What an item's tools work in: a repository as it was at a commit. */
import * as z from "zod";

export const Workspace = z.object({
  /** As `owner/name`. */
  repository: z.string(),
  commit: z.string(),
});
export type Workspace = z.infer<typeof Workspace>;

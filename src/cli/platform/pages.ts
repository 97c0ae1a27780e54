/** Lists in pages, as the `openai` package turns them over: `after` names the last entry of the page before. Pure. */
import * as z from "zod";
import { badRequest } from "./errors.ts";

export const pageQuery = (most: number, usual: number) =>
  z.object({ after: z.string().optional(), limit: z.coerce.number().int().min(1).max(most).default(usual) });

export interface Page<Entry> {
  object: "list";
  data: Entry[];
  has_more: boolean;
  first_id: string | null;
  last_id: string | null;
}

/** @throws ApiError for an `after` that is no entry's id */
export function pageOf<Entry extends { id: string }>(
  entries: readonly Entry[],
  { after, limit }: { after?: string | undefined; limit: number },
): Page<Entry> {
  const start = after === undefined ? 0 : entries.findIndex(({ id }) => id === after) + 1;
  if (after !== undefined && start === 0) throw badRequest("There is no entry with the id in 'after'.", "after");
  const data = entries.slice(start, start + limit);
  return {
    object: "list",
    data,
    has_more: start + limit < entries.length,
    first_id: data.at(0)?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
  };
}

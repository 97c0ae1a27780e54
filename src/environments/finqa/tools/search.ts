/** Finds pages by meaning and by words. */
import * as z from "zod";
import { limits } from "../../../contract/limits.ts";
import type { Hit } from "../../../corpus/corpus.ts";
import { mistake, ok, type StatelessTool } from "../../environment.ts";
import { offset } from "./offset.ts";

const Arguments = z.strictObject({
  query: z
    .string()
    .max(limits.queryCharacters)
    .describe(`text, at most ${limits.queryCharacters} characters: what to look for, with company, year and item`),
  top_k: z.int().min(1).max(10).default(3).describe("whole number from 1 to 10, default 3: how many pages to return"),
  offset,
});

export const search: StatelessTool<typeof Arguments> = {
  name: "search",
  description:
    "Search the pages of all annual reports. Returns the best pages, each with its path and its best passages. Open a page with cat.",
  arguments: Arguments,
  async run({ query, top_k }, { corpus }) {
    if (query.trim() === "")
      return mistake("empty_query", 'Argument "query" is empty. Say what to look for: company, year, item.');
    const hits = await corpus.search(query, top_k);
    if (hits.length === 0) return ok("No page matches. Try other words, or list the companies with list.");
    return ok(hits.map(format).join("\n\n"));
  },
};

/**
 * What a search's output, or a part of it, shows of each page. Where a part begins within a hit, its first text is of a page
 * that it does not name.
 */
export function hitsOf(output: string): { path: string | undefined; text: string }[] {
  const [before = "", ...hits] = output.split(/(?:^|\n\n)\d+\. (?=\S)/);
  const named = hits.map((hit) => {
    const path = hit.split("\n", 1)[0] ?? "";
    return { path, text: hit.slice(path.length + 1) };
  });
  return before === "" ? named : [{ path: undefined, text: before }, ...named];
}

const format = (hit: Hit, index: number) => `${index + 1}. ${hit.path}\n${hit.passages.join("\n…\n")}`;

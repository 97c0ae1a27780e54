/** What a rollout's calls have shown so far: pages found, pages opened, what was asked for. Whatever the outputs are. Pure. */
import * as z from "zod";
import type { Seen } from "../../rehearsal.ts";
import { plainPath } from "../tools/path.ts";
import { hitsOf } from "../tools/search.ts";

/** A page and what is known of its text. */
interface Page {
  path: string;
  text: string;
}

export interface Known {
  calls: number;
  /** Arguments of the searches, as JSON. */
  searched: string[];
  /** Pages that searches showed, each once, the best first; `rank` is the best place that it had. */
  found: (Page & { rank: number })[];
  /** Pages that `cat` showed, each once, the latest last. */
  opened: Page[];
  /** Directories. */
  listed: string[];
}

/** Longer ones are no paths: what is found there is of no page. */
const PATH_CHARACTERS = 512;

export function whatIsKnown(turns: readonly (readonly Seen[])[]): Known {
  const seen = turns.flat();
  const of = (tool: string) => seen.filter((call) => call.tool === tool);
  return {
    calls: seen.length,
    searched: of("search").map((call) => JSON.stringify(argumentsOf(call))),
    found: foundPages(of("search")),
    opened: openedPages(of("cat")),
    listed: of("list").map(pathOf),
  };
}

function foundPages(searches: readonly Seen[]): Known["found"] {
  const found = new Map<string, Page & { rank: number }>();
  for (const { output } of searches) {
    const hits = hitsOf(output).filter(({ path }) => path !== undefined);
    for (const [at, { path = "", text }] of hits.entries()) {
      if (path.length > PATH_CHARACTERS) continue;
      const before = found.get(path);
      found.set(path, { path, text: before?.text ?? text, rank: Math.min(before?.rank ?? at + 1, at + 1) });
    }
  }
  return [...found.values()].toSorted((a, b) => a.rank - b.rank);
}

/** A page that is opened again moves to the end; of one that was opened in parts, the parts together. */
function openedPages(cats: readonly Seen[]): Page[] {
  const opened = new Map<string, string>();
  for (const call of cats) {
    const path = pathOf(call);
    const before = opened.get(path);
    opened.delete(path);
    opened.set(path, before === undefined || before === call.output ? call.output : `${before}\n${call.output}`);
  }
  return [...opened].map(([path, text]) => ({ path, text }));
}

const WithPath = z.object({ path: z.string() });

function pathOf(call: Seen): string {
  const { success, data } = WithPath.safeParse(argumentsOf(call));
  return success ? plainPath(data.path) : "";
}

/** An object also where a model wrote it as text; what is no JSON, as it is. */
function argumentsOf({ arguments: args }: Seen): unknown {
  if (typeof args !== "string") return args;
  try {
    return JSON.parse(args);
  } catch {
    return args;
  }
}

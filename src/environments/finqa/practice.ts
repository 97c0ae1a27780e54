/** What a small policy can choose from on FinQA: which search, which page, which answer. Sees the question and outputs only. Pure. */
import { limits } from "../../contract/limits.ts";
import type { Move, Practice } from "../practice.ts";
import type { Seen, ToolUse } from "../rehearsal.ts";
import { readOff } from "./read-off.ts";
import { hitsOf } from "./tools/search.ts";

export const practice: Practice = { moves };

function moves(question: string, turns: readonly (readonly Seen[])[]): Move[] {
  const seen = turns.flat();
  const opened = seen.filter(({ tool }) => tool === "cat");
  const paths = seen.filter(({ tool }) => tool === "search").flatMap(({ output }) => hitsOf(output));
  const pages = [...new Set(paths.flatMap(({ path }) => (path === undefined ? [] : [path])))];
  const text = readOff(question, opened.at(-1)?.output ?? "");
  return [
    call("search", { query: question.slice(0, limits.queryCharacters) || "annual report" }),
    ...pages.map((path) => call("cat", { path })),
    { turn: { kind: "answer", text }, features: { answer: 1, ...(opened.length === 0 && { unread: 1 }) }, among: 1 },
  ];
}

function call(tool: string, args: Exclude<ToolUse["arguments"], string>): Move {
  return { turn: { kind: "calls", calls: [{ tool, arguments: args }] }, features: { [tool]: 1 }, among: 1 };
}

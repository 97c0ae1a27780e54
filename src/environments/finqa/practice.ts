/**
 * What a small policy can choose from on FinQA: which search, which page to open, where to look around, which answer. Sees the
 * question and what the calls were answered, never the item. Pure.
 */
import type { JsonObject } from "../../contract/wire.ts";
import { tokenise } from "../../corpus/tokenise.ts";
import type { Move, Practice } from "../practice.ts";
import type { Seen, ToolUse } from "../rehearsal.ts";
import { type Candidate, candidatesOn } from "./practice/candidates.ts";
import { bestFigures } from "./practice/lines.ts";
import { type Known, whatIsKnown } from "./practice/known.ts";
import { type Asked, overlap, readQuestion, wordsOf } from "./practice/words.ts";

export const practice: Practice = { moves };

/** Pages that are offered to be opened: those that searches showed first. More only dilute the choice. */
const PAGES = 6;
/** Opened pages that answers are read off: the latest. */
const PAGES_READ = 3;
/** Calls after which "late" is full. */
const LATE = 10;

type Kind = { uses: ToolUse[]; features: Record<string, number> };

function moves(question: string, turns: readonly (readonly Seen[])[]): Move[] {
  const asked = readQuestion(question);
  const known = whatIsKnown(turns);
  const late = Math.min(known.calls, LATE) / LATE;
  const kinds = [searches(asked, known), openings(asked, known), looks(known)];
  const calls = kinds.flatMap((offered) =>
    offered.map(({ uses, features }): Move => ({
      turn: { kind: "calls", calls: uses },
      features: { ...features, call: 1, "call late": late },
      among: offered.length,
    })),
  );
  return [...calls, ...answers(asked, known, late)];
}

function searches(asked: Asked, known: Known): Kind[] {
  const queries = {
    question: asked.question,
    content: wordsOf(asked.question, (word) => asked.content.has(word)),
    start: asked.question.split(" ").slice(0, 6).join(" "),
  };
  const whether = {
    search: 1,
    ...(known.searched.length > 0 && { "search again": 1 }),
    ...(known.opened.length > 0 && { "search after opening": 1 }),
  };
  const single = Object.entries(queries).map(([name, query]): Kind => {
    const use = search(query);
    const isRepeat = known.searched.includes(JSON.stringify(use.arguments));
    return { uses: [use], features: { ...whether, [`search by ${name}`]: 1, ...(isRepeat && { "same search": 1 }) } };
  });
  const both = {
    uses: [search(queries.question), search(queries.content, 5)],
    features: { ...whether, "two searches": 1 },
  };
  return [...single, both];
}

function openings(asked: Asked, known: Known): Kind[] {
  const pages = known.found.slice(0, PAGES);
  const opens = pages.map(({ path, text, rank }): Kind => {
    const year = /(?:^|\/)((?:19|20)\d\d)\//.exec(path)?.[1];
    const features = {
      open: 1,
      [`open page ${rank}`]: 1,
      "open page that fits": overlap([...asked.content], new Set(tokenise(text))),
      ...(year !== undefined && asked.years.includes(year) && { "open page of the year": 1 }),
      ...(known.opened.length > 0 && { "open another": 1 }),
      ...(known.opened.some((page) => page.path === path) && { "open again": 1 }),
    };
    return { uses: [cat(path)], features };
  });
  const [first, second] = pages;
  if (!first || !second) return opens;
  const features = { open: 1, "open two": 1, ...(known.opened.length > 0 && { "open another": 1 }) };
  return [...opens, { uses: [cat(first.path), cat(second.path)], features }];
}

/** Directories: the root, and those of the page that was found first. */
function looks(known: Known): Kind[] {
  const parts = known.found[0]?.path.split("/").slice(0, -1) ?? [];
  const paths = ["", ...parts.map((_, at) => parts.slice(0, at + 1).join("/"))];
  return paths.map((path): Kind => {
    const isRepeat = known.listed.includes(path);
    return { uses: [list(path)], features: { list: 1, ...(isRepeat && { "same list": 1 }) } };
  });
}

/** What can be read off the opened pages; a guess, where none was opened. */
function answers(asked: Asked, { opened, found }: Known, late: number): Move[] {
  const state =
    opened.length > 0 ? { answer: 1, "answer late": late } : { "answer unread": 1, "answer unread late": late };
  const pages = opened.slice(-PAGES_READ);
  const read = pages.flatMap(({ path, text }, at) => {
    const rank = found.find((page) => page.path === path)?.rank ?? 0;
    const page = {
      "page fits": overlap([...asked.content], new Set(tokenise(text))),
      ...(rank === 1 && { "page found first": 1 }),
      ...(at === pages.length - 1 && { "page opened last": 1 }),
    };
    return candidatesOn(text, asked).map((candidate) => ({
      text: candidate.text,
      features: { ...candidate.features, ...page },
    }));
  });
  // What searches show of a page has no titles of columns: not more than a guess comes of it.
  const guesses = bestFigures(opened.length === 0 ? (found[0]?.text ?? "") : "", asked).slice(0, 1);
  const guessed = guesses.map(({ cell }) => ({ text: String(cell.value), features: { guess: 1 } }));
  const words = asked.polar ? ["yes", "no"].map((text) => ({ text, features: { [text]: 1, word: 1 } })) : [];
  const known = [...read, ...guessed, ...words];
  const offered: Candidate[] = known.length > 0 ? known : [{ text: "0", features: { "answer blindly": 1 } }];
  return offered.map(({ text, features }) => ({
    turn: { kind: "answer", text },
    features: { ...features, ...state },
    among: offered.length,
  }));
}

/** Words of a question, which is no longer than a query may be; some where it has none. */
const search = (words: string, top_k?: number) =>
  use("search", {
    query: words.trim() || "annual report",
    ...(top_k !== undefined && { top_k }),
  });
const cat = (path: string) => use("cat", { path });
const list = (path: string) => use("list", { path });
const use = (tool: string, args: JsonObject): ToolUse => ({ tool, arguments: args });

/** How stand-ins for a model attempt items of `code-planning`. Pure. */
import type { JsonObject } from "../../contract/wire.ts";
import type { KnownAnswer, Random, Rehearsal, Seen, ToolUse, Turn } from "../rehearsal.ts";
import { reference } from "./dataset-shape.ts";
import { planIfAny } from "./item.ts";

export const rehearsal: Rehearsal = { solve, explore, answers, echo };

const shell = (command: string): ToolUse => ({ tool: "shell", arguments: { command } });
const readFile = (path: string): ToolUse => ({ tool: "read_file", arguments: { path } });

/** Files that a stand-in opens at most, in one turn. */
const OPENED = 6;

/** One of three habits: search and open; look around and open; much at once, with a note that is kept between calls. */
function solve(item: JsonObject, random: Random): ToolUse[][] {
  const plan = planIfAny(item);
  const paths = [...(plan?.edited ?? [])].slice(0, OPENED);
  const search = shell(`grep -rilE '${wordsOf(plan?.question ?? "").join("|")}' . | sort | head -20`);
  const open = paths.length > 0 ? [paths.map(readFile)] : [];
  switch (Math.floor(random() * 3)) {
    case 0:
      return [[search], ...open];
    case 1:
      return [
        [shell("ls"), shell("git log --oneline 2>/dev/null | head -3; find . -type f | wc -l")],
        [search],
        ...open,
      ];
    default:
      return [
        [search, shell("find . -type f | sort | head -50"), shell("cat README* 2>/dev/null | head -40")],
        ...open,
        [shell(`echo ${quoted(paths[0] ?? "nothing")} >> notes.txt && tail -n 1 notes.txt`)],
      ];
  }
}

/** Searches for the question's rarest-looking words, opens the files that most of them are in, and names the first of these. */
function explore(question: string, seen: readonly Seen[]): Turn {
  if (seen.length === 0) {
    const searches = wordsOf(question).map((word) => shell(`grep -ril -e ${word} . | sort | head -50`));
    return { kind: "calls", calls: searches };
  }
  const found = seen.filter(({ tool }) => tool === "shell").flatMap(({ output }) => pathsIn(output));
  const ranked = [...Map.groupBy(found, (path) => path)].toSorted(([, a], [, b]) => b.length - a.length);
  const best = ranked.slice(0, 2).map(([path]) => path);
  const [first] = best;
  if (first === undefined) return { kind: "answer", text: "[]" };
  if (seen.some(({ tool }) => tool === "read_file"))
    return { kind: "answer", text: JSON.stringify({ files: [first] }) };
  return { kind: "calls", calls: best.map(readFile) };
}

/** A call that is a mistake, since nothing has such a path, and quotes it. */
function echo(text: string): ToolUse {
  return readFile(text);
}

/** The score of each is F1 by counting what is added and left out, not by asking the grader. */
function answers(item: JsonObject): KnownAnswer[] {
  const plan = planIfAny(item);
  if (plan === undefined) return [];
  const paths = [...plan.edited];
  const right = paths.length;
  const wrong = ["docs/nothing-to-edit.md", "src/nothing_either.py"].filter((path) => !plan.edited.has(path));
  const json = (files: readonly string[]) => JSON.stringify({ files });
  return [
    { way: "right", text: json(paths), score: 1 },
    { way: "right_as_lines", text: reference(item) ?? "", score: 1 },
    { way: "wrong_files", text: json(wrong), score: 0 },
    { way: "one_too_many", text: json([...paths, ...wrong.slice(0, 1)]), score: (2 * right) / (2 * right + 1) },
    ...(right > 1
      ? [{ way: "one_left_out", text: json(paths.slice(1)), score: (2 * (right - 1)) / (2 * right - 1) }]
      : []),
    { way: "words_around", text: `These have to be edited: ${paths.join(", ")}.`, score: 0 },
    { way: "no_answer", text: "", score: 0 },
  ];
}

/** So many words are searched for at once. */
const WORDS = 5;

/** The question's longest words, which are rare, in letters that no shell reads as anything else; one, where it has none. */
function wordsOf(question: string): string[] {
  const words = [...new Set(question.toLowerCase().match(/[a-z_]{4,40}/g) ?? [])];
  const longest = words.toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1)).slice(0, WORDS);
  return longest.length > 0 ? longest : ["main"];
}

/** The paths that a search lists, one a line; what is said beside them has spaces. */
function pathsIn(output: string): string[] {
  return [...output.matchAll(/^(?:\.\/)?(\S+)$/gm)].map(([, path = ""]) => path);
}

const quoted = (path: string) => `'${path.replaceAll("'", String.raw`'\''`)}'`;

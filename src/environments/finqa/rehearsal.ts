/** How stand-ins for a model attempt FinQA items. Pure. */
import * as z from "zod";
import { limits } from "../../contract/limits.ts";
import type { JsonObject } from "../../contract/wire.ts";
import { type Decimal, shift, shortest } from "../../grading/decimal.ts";
import { formatQuantity, parseQuantity, type Quantity } from "../../grading/quantity.ts";
import { parseReference } from "../../grading/reference.ts";
import { magnitudes } from "../../grading/units.ts";
import type { KnownAnswer, Random, Rehearsal, Seen, ToolUse, Turn } from "../rehearsal.ts";
import { readOff } from "./read-off.ts";

export const rehearsal: Rehearsal = { solve, explore, answers, echo };

const Row = z.object({ question: z.string().catch(""), evidence_paths: z.array(z.string()).catch([]) });

/** For any words that a row may have: as much of them as a query may be, and some where there are none. */
const search = (words: string, top_k?: number): ToolUse => ({
  tool: "search",
  arguments: {
    query: words.trim().slice(0, limits.queryCharacters) || "annual report",
    ...(top_k !== undefined && { top_k }),
  },
});
const list = (path: string): ToolUse => ({ tool: "list", arguments: { path } });
const cat = (path: string): ToolUse => ({ tool: "cat", arguments: { path } });

/** One of three habits: search and open; look around and open; search in several words at once, look around, open. */
function solve(item: JsonObject, random: Random): ToolUse[][] {
  const { question, evidence_paths } = Row.parse(item);
  const [path] = evidence_paths;
  if (path === undefined) return [[search(question)], [search(question, 10)]];
  const [top = "", ...deeper] = directoriesOf(path);
  const directory = deeper.at(-1) ?? top;
  switch (Math.floor(random() * 3)) {
    case 0:
      return [[search(question)], [cat(path)]];
    case 1:
      return [[list(""), search(question)], [list(top), list(directory)], [cat(path)]];
    default:
      return [
        [search(question, 5), search(`${directory.replaceAll("/", " ")} ${question}`), search(`${top} report`, 10)],
        [list(directory)],
        [cat(path)],
      ];
  }
}

/** The directories that a page stands in, from the top: `AAL`, `AAL/2014`. */
function directoriesOf(path: string): string[] {
  const names = path.split("/").slice(0, -1);
  return names.map((_, at) => names.slice(0, at + 1).join("/"));
}

/** Search, open the best page and look where it stands, read the answer off. */
function explore(question: string, seen: readonly Seen[]): Turn {
  const found = seen.find(({ tool }) => tool === "search");
  if (!found) return { kind: "calls", calls: [search(question)] };
  const opened = seen.find(({ tool }) => tool === "cat");
  if (opened) return { kind: "answer", text: readOff(question, opened.output) };
  const [, path] = /^1\. (.+)$/m.exec(found.output) ?? [];
  if (path === undefined) return { kind: "answer", text: "" };
  return { kind: "calls", calls: [cat(path), list(directoriesOf(path).at(-1) ?? "")] };
}

function echo(text: string): ToolUse {
  return cat(text);
}

/** The score of each follows from the rubric by construction, not by asking the grader. */
function answers(item: JsonObject): KnownAnswer[] {
  const reference = parseReference(item["reference_answer"]);
  if (!reference.ok) return [];
  const written = String(item["reference_answer"]);
  const wrong =
    reference.value.kind === "number" ? otherNumber(reference.value.quantity) : opposite(reference.value.word);
  const rounded = reference.value.kind === "number" ? roundedNumber(reference.value.quantity) : undefined;
  return [
    { way: "right", text: written, score: 1 },
    { way: "wrong_value", text: wrong, score: 0 },
    ...(rounded === undefined ? [] : [{ way: "rounding", text: rounded, score: 0.5 }]),
    { way: "words_around", text: `The answer is ${written.trim()}, as the report says.`, score: 0 },
    { way: "no_answer", text: "", score: 0 },
  ];
}

const opposite = (word: "yes" | "no") => (word === "yes" ? "no" : "yes");

/** Three times the number and one more in its last place: neither near it, nor its negative, nor its digits. */
function otherNumber(quantity: Quantity): string {
  const { digits, exponent } = quantity.number;
  return formatQuantity({ ...quantity, number: { digits: digits * 3n + (digits < 0n ? -1n : 1n), exponent } });
}

/**
 * The number without its last significant digit, rounded, in a spelling that states no more places than that. Undefined where
 * fewer than two digits would be left, or there is no such spelling: a whole number states its units, and a value has an end.
 */
function roundedNumber(quantity: Quantity): string | undefined {
  const rounded = shortest(withoutLastDigit(shortest(quantity.number)));
  if (String(rounded.digits).replace("-", "").length < 2) return undefined;
  const text = formatRounded(quantity, rounded);
  return text !== undefined && parseQuantity(text).ok ? text : undefined;
}

function formatRounded(quantity: Quantity, rounded: Decimal): string | undefined {
  if (rounded.exponent <= 0) return formatQuantity({ ...quantity, number: rounded });
  const thousand = magnitudes.get("thousand");
  const isPlain = quantity.magnitude === null && quantity.ratioUnit === null && thousand !== undefined;
  if (!isPlain || rounded.exponent > thousand.exponent) return undefined;
  return formatQuantity({ ...quantity, number: shift(rounded, -thousand.exponent), magnitude: thousand });
}

function withoutLastDigit({ digits, exponent }: Decimal): Decimal {
  const magnitude = digits < 0n ? -digits : digits;
  const rounded = (magnitude + 5n) / 10n;
  return { digits: digits < 0n ? -rounded : rounded, exponent: exponent + 1 };
}

/**
 * Reads a final answer that is a list of files, and nothing else. Pure, linear in the answer, never throws.
 *
 * - JSON: `{"files": ["src/a.ts"]}` without another key, or the bare list; parsed by the trainer or as text.
 * - One path a line, each with or without a bullet ("-", "*", "+", "•", "1.", "1)") and one pair of quotes or backticks.
 * - Either of them as the one code block that the answer is.
 *
 * A path without quotes has no white space and none of the characters of globs, sentences and markup: a line that has is
 * prose, and then the answer is no list. Nothing is read out of prose, since a reader that looks for paths in it pays for every
 * file that is talked about.
 */
import * as z from "zod";
import { limits } from "../contract/limits.ts";
import { type Reading, refuse, understood } from "./reading.ts";

const Names = z.array(z.string());
const Files = z.strictObject({ files: Names });

/** What a trainer is given as response format: the first of the forms above, as a JSON Schema. */
export const FileListSchema = Files;

/** No list of so many paths is longer, with marks, quotes and white space around each: a longer text is not even looked at. */
const LONGEST = limits.answerFiles * (limits.pathCharacters + 50);

/**
 * The names as they are written, in their order, repeated ones as well.
 * @param json the answer as the trainer parsed it: an object or a list is the answer, whatever the text says; null for none
 */
export function readFileList(text: string, json: unknown): Reading<string[]> {
  const names = typeof json === "object" && json !== null ? fromJson(json) : fromText(text.trim());
  if (!names.ok) return names;
  if (names.value.length > limits.answerFiles) return refuse(`names more than ${limits.answerFiles} files`);
  return names.value.some((name) => name.length > limits.pathCharacters) ? refuse("has a name no path has") : names;
}

function fromJson(json: unknown): Reading<string[]> {
  const names = z.union([Files.transform(({ files }) => files), Names]).safeParse(json);
  return names.success ? understood(names.data) : refuse('is JSON, but neither {"files": [...]} nor a list of names');
}

function fromText(text: string): Reading<string[]> {
  if (text === "") return refuse("is empty");
  if (text.length > LONGEST) return refuse("is longer than any list of files");
  const block = insideFence(text);
  const parsed = /^[[{]/.test(block) ? parseJson(block) : undefined;
  if (parsed !== undefined) return fromJson(parsed);
  return fromLines(block.split(/\r?\n/).filter((line) => line.trim() !== ""));
}

/** What stands in the one code block that the text is; else the text. */
function insideFence(text: string): string {
  const lines = text.split("\n");
  const [, fence] = /^(```+|~~~+)[\w+-]*\s*$/.exec(lines[0] ?? "") ?? [];
  if (fence === undefined || lines.length < 2 || lines.at(-1)?.trim() !== fence) return text;
  return lines.slice(1, -1).join("\n").trim();
}

/** Undefined for what is no JSON: a file may be called `[id].ts`. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fromLines(lines: readonly string[]): Reading<string[]> {
  const names: string[] = [];
  // More than the cap need not be read to be refused.
  for (const line of lines.slice(0, limits.answerFiles + 1)) {
    const name = nameOf(line.trim());
    if (name === undefined) return refuse("is not just a list of paths");
    names.push(name);
  }
  return understood(names);
}

function nameOf(line: string): string | undefined {
  const item = line.replace(/^(?:[-*+•]|\d{1,3}[.)])[ \t]+/, "");
  const [, , quoted] = /^(["'`])([^"'`]+)\1$/.exec(item) ?? [];
  if (quoted !== undefined) return quoted;
  return /^[^\s"'`*?<>|,;:]+$/.test(item) ? item : undefined;
}

/** Scores an answer that should list files against the files that are right. Pure; never throws, and no explanation names a file. */
import { limits } from "../contract/limits.ts";
import type { Grade } from "../contract/ledger.ts";
import { readFileList } from "./file-list.ts";
import { overlap } from "./overlap.ts";
import { repositoryPath } from "./repository-path.ts";
import { verdict } from "./verdict.ts";

/**
 * F1 of the files named, as sets: the order does not count, nor does a file that is named twice. What is no list scores 0.
 * `value` is the list in order, each path once, null for no list and for an empty one.
 * @param right paths in the spelling of `repositoryPath`, at least one
 * @param roots what may stand before a path, as `repositoryPath` takes it
 */
export function gradeFiles(
  answer: { text: string; json: unknown },
  right: ReadonlySet<string>,
  roots: readonly string[],
): Grade {
  const given = typeof answer.json === "object" && answer.json !== null ? written(answer.json) : answer.text;
  const list = readFileList(answer.text, answer.json);
  if (!list.ok) return verdict(0, null, given, `The answer ${list.reason}.`);
  const named = new Set(list.value.map((name) => repositoryPath(name, roots)));
  if (named.size === 0) return verdict(0, null, given, "The answer names no file.");
  const { common, precision, recall, f1 } = overlap(named, right);
  const graded = verdict(f1, listed(named), given, explained(common, named.size, right.size));
  return { ...graded, sub_scores: { precision, recall, f1 } };
}

function explained(common: number, named: number, right: number): string {
  const shares = `precision ${common}/${named}, recall ${common}/${right}`;
  return `${common} of the ${named} named are to be edited, of ${right} in all: ${shares}, F1 ${2 * common}/${named + right}.`;
}

function listed(names: ReadonlySet<string>): string {
  const list = [...names].toSorted().join("\n").toWellFormed();
  return list.length > limits.gradeValueCharacters
    ? `${list.slice(0, limits.gradeValueCharacters).toWellFormed()}…`
    : list;
}

/** JSON that is nested too deeply to be written is quoted as nothing: it is no list either. */
function written(json: object): string {
  try {
    return JSON.stringify(json);
  } catch {
    return "";
  }
}

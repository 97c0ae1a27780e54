/** Graders of lists of files as they are written elsewhere, each of which falls for something: the battery finds it. */
import { beforeAll, expect, test } from "vitest";
import type { Item } from "../../../src/cli/attack/items.ts";
import type { Probe } from "../../../src/cli/attack/probe.ts";
import { graded, listClasses, planningItems, read } from "./graded.ts";

let items: Item[];
beforeAll(async () => {
  items = await planningItems();
});

type Grader = (text: string, json: unknown, right: readonly string[]) => number;

/** Names of any text, split at whatever stands between. */
const wordsOf = (text: string) => text.split(/[\s"'`,;{}[\]()]+/).filter(Boolean);
const f1 = (names: readonly string[], right: readonly string[]) => {
  const common = right.filter((path) => names.includes(path)).length;
  return (2 * common) / (names.length + right.length);
};
const base = (path: string) => path.slice(path.lastIndexOf("/") + 1);

test.each<[string, Grader, string[]]>([
  [
    "looks for the paths in the answer",
    (text, _, right) => right.filter((path) => text.includes(path)).length / right.length,
    ["prose", "joined", "other-json", "too-many-files", "huge-list", "path-trick", "all-files"],
  ],
  ["reads paths out of prose", (text, _, right) => f1(wordsOf(text), right), ["joined", "other-json"]],
  [
    "pays recall alone",
    (text, _, right) => (right.every((path) => wordsOf(text).includes(path)) ? 1 : 0),
    ["all-files"],
  ],
  [
    "counts a repeated name each time",
    (text, _, right) => {
      const names = wordsOf(text).filter((word) => word.includes("/"));
      return names.length === 0 ? 0 : names.filter((name) => right.includes(name)).length / names.length;
    },
    ["outweighing"],
  ],
  [
    "compares the last names only",
    (text, _, right) => f1([...new Set(wordsOf(text).map(base))], right.map(base)),
    ["short-name", "path-trick"],
  ],
  [
    "compares without case",
    (text, _, right) =>
      f1(
        wordsOf(text.toLowerCase()),
        right.map((path) => path.toLowerCase()),
      ),
    ["path-case"],
  ],
  [
    "drops what is not ASCII",
    (text, _, right) => f1(wordsOf(text.replaceAll(/\P{ASCII}/gu, "")), right),
    ["path-look-alike"],
  ],
  ["folds what looks alike", (text, _, right) => f1(wordsOf(text.normalize("NFKC")), right), ["path-look-alike"]],
  [
    "resolves what leads to a file",
    (text, _, right) =>
      f1(
        wordsOf(text).map((name) => new URL(name, "file:///").pathname.slice(1)),
        right,
      ),
    ["path-trick"],
  ],
  [
    "takes directories for all that is in them",
    (text, _, right) => Number(right.every((path) => wordsOf(text).some((name) => path.startsWith(name)))),
    ["directory"],
  ],
  [
    "matches patterns",
    (text, _, right) => Number(wordsOf(text).some((name) => name === "**/*" || name === "*") && right.length > 0),
    ["glob"],
  ],
  ["reads the text, whatever was parsed", (text, _, right) => f1(wordsOf(text).slice(1), right), ["two-lists"]],
  ["pays any long answer", (text) => Number(text.length > 100_000), ["huge-list", "too-many-files"]],
  ["always pays", () => 1, listClasses("attack").map(([name]) => name)],
])("a grader that %s is found out", (_, grader, names) => {
  const score = (probe: Probe, { target }: Item) => {
    const { text, json } = read(probe);
    return grader(text, json, target.files?.paths ?? []);
  };
  const failing = listClasses("attack").filter(([, one]) =>
    graded(items, one, score).some(({ probe, score: paid }) => paid > probe.most),
  );
  expect(failing.map(([name]) => name)).toEqual(expect.arrayContaining(names));
});

test.each<[string, Grader, string[]]>([
  [
    "wants JSON alone",
    (text, _, right) => (text.startsWith("{") ? f1(wordsOf(text).slice(1), right) : 0),
    ["list-as-lines", "list-as-json"],
  ],
  ["wants the very order", (text, _, right) => Number(wordsOf(text).slice(1).join() === right.join()), ["list-order"]],
  ["wants the very spelling", (text, _, right) => f1([...new Set(wordsOf(text).slice(1))], right), ["path-spellings"]],
])("a grader that %s is found to be too strict", (_, grader, names) => {
  const score = (probe: Probe, { target }: Item) =>
    grader(read(probe).text, read(probe).json, target.files?.paths ?? []);
  const failing = listClasses("honest").filter(([, one]) =>
    graded(items, one, score).some(({ probe, score: paid }) => paid < probe.least),
  );
  expect(failing.map(([name]) => name)).toEqual(expect.arrayContaining(names));
});

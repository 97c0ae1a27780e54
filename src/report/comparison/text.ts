/** A comparison as a summary for a terminal: what was compared, figures, quadrants, items, and what was found last. Pure. */
import type { Comparison, ItemChange } from "../../contract/comparison.ts";
import { counted, probability, whole } from "../numbers.ts";
import { columns, cut, entry, plain, wrapped } from "../text.ts";
import { changedItems, quadrantsOf } from "./items.ts";
import {
  agentOf,
  changeInterval,
  changeText,
  figureTitle,
  findingWords,
  firstLabel,
  headline,
  howTested,
  notes,
  otherFindings,
  scoreSentences,
  valueText,
} from "./words.ts";

/** Under this, tables have no room left. */
const NARROWEST = 72;
const INDENT = 10;
/** Of the first column: what was found, and of which figure. */
const FINDING = 8;
const TITLE = 17;
/** The column of intervals, which the page has too. */
const INTERVAL = 4;
/** Items and sequences named; the page has more. */
const NAMED = 3;

/** @param options.width characters of a line; ASCII only, without an end of line at the end */
export function comparisonText(comparison: Comparison, options: { width: number }): string {
  const width = Math.max(options.width, NARROWEST);
  const lines = [
    ...title(comparison, width),
    ...comparison.pairs.flatMap((_, at) => [
      "",
      ...figures(comparison, at, width),
      "",
      ...changes(comparison, at, width),
    ]),
    "",
    ...entry("sequences", sequences(comparison), INDENT, width),
    ...kinds(comparison, width),
    "",
    ...wrapped(plain(howTested(comparison)), width),
    "",
    ...comparison.pairs.flatMap((_, at) => verdict(comparison, at, width)),
    ...notes(comparison).flatMap((note) => wrapped(plain(note), width)),
  ];
  return lines.map((line) => cut(line, width)).join("\n");
}

function title(comparison: Comparison, width: number): string[] {
  const { results, items, pairs } = comparison;
  const names = pairs.map(({ label }) => label).join(", ");
  return [
    ...wrapped(plain(`${names} against ${firstLabel(comparison)}: ${counted(items, "common item")}`), width),
    ...results.flatMap((result) => {
      const { graded, faulted, agent_failed, unattempted } = result.rollouts;
      const left = faulted + agent_failed;
      const more = `${left > 0 ? `, ${whole(left)} left out` : ""}${unattempted > 0 ? `, ${whole(unattempted)} not played` : ""}`;
      const text = `${result.label}: ${agentOf(result)}, ${counted(graded, "graded rollout")}${more}`;
      return wrapped(plain(text), width - 2).map((line) => `  ${line}`);
    }),
  ];
}

/** The corrected p is never cut: where the columns have no room, they stand closer, and at last without the intervals. */
function figures(comparison: Comparison, at: number, width: number): string[] {
  const rows = comparison.figures.flatMap((figure) => {
    const change = figure.changes[at];
    if (!change) return [];
    const value = (which: number) => valueText(figure.unit, figure.values[which]?.value ?? 0);
    return [
      [
        `${findingWords[change.finding].padEnd(FINDING)}${cut(plain(figureTitle(figure, comparison.k)), TITLE)}`,
        value(0),
        value(at + 1),
        changeText(figure.unit, change.difference.value),
        changeInterval(figure.unit, change),
        probability(change.corrected_p),
      ],
    ];
  });
  const table = [
    [
      cut(plain(comparison.pairs[at]?.label ?? ""), FINDING + TITLE),
      "before",
      "after",
      "change",
      "95 % interval",
      "p (Holm)",
    ],
    ...rows,
  ];
  const fits = (lines: readonly string[]) => lines.every((line) => line.length <= width);
  const fitting = [2, 1].map((gap) => columns(table, gap)).find(fits);
  return fitting ?? columns(table.map((row) => row.filter((_, column) => column !== INTERVAL)));
}

function changes({ pairs, items: all }: Comparison, at: number, width: number): string[] {
  const found = pairs[at]?.items ?? [];
  const { count } = quadrantsOf(found);
  const row = (side: "better" | "equal" | "worse", name: string) => [
    name,
    ...(["fewer", "same", "more"] as const).map((calls) => whole(count(side, calls))),
  ];
  const table = columns([
    ["items", "fewer calls", "as many", "more calls"],
    row("better", "score better"),
    row("equal", "score equal"),
    row("worse", "score worse"),
  ]);
  const worse = changedItems(found, "worse");
  const better = changedItems(found, "better");
  return [
    ...table,
    "",
    ...entry("worse", `${whole(worse.length)} of ${counted(all, "item")}${named(worse)}`, INDENT, width),
    ...entry("better", `${whole(better.length)} of ${counted(all, "item")}${named(better)}`, INDENT, width),
  ];
}

function named(found: readonly ItemChange[]): string {
  const shown = found.slice(0, NAMED).map(({ item, score }) => `${plain(item)} (${changeText("score", score)})`);
  const more = found.length > NAMED ? ", ..." : "";
  return shown.length === 0 ? "" : `: ${shown.join(", ")}${more}`;
}

function sequences({ sequences: found, results }: Comparison): string {
  const shares = (of: readonly number[]) => of.map((share) => valueText("share", share)).join(" -> ");
  const shown = found.slice(0, NAMED).map(({ sequence, shares: of }) => `${plain(sequence)} (${shares(of)})`);
  return shown.length === 0 ? "none" : `${shown.join("; ")}${results.length > 2 ? ", in the results' order" : ""}`;
}

function kinds({ kinds: found, pairs }: Comparison, width: number): string[] {
  if (found.length === 0) return [];
  const shown = found.map(({ kind, items: number, changes: of }) => {
    const each = pairs.map((_, at) => changeText("score", of[at]?.difference.value ?? 0)).join(" / ");
    return `${plain(kind)} ${each} (${counted(number, "item")})`;
  });
  return entry("by kind", shown.join(", "), INDENT, width);
}

function verdict(comparison: Comparison, at: number, width: number): string[] {
  const sentences = [...scoreSentences(comparison, at), ...otherFindings(comparison, at)];
  return [
    ...wrapped(plain(headline(comparison, at).toUpperCase()), width),
    ...sentences.flatMap((sentence) => wrapped(plain(sentence), width)),
  ];
}

/** The tables of a comparison's page. Pure. */
import type { Change, Comparison, Figure, Finding } from "../../contract/comparison.ts";
import { type Markup, markup } from "../markup.ts";
import { probability, whole } from "../numbers.ts";
import { table, tableOf } from "../page.ts";
import { changeInterval, changeText, figureTitle, findingWords, firstLabel, relativeText, valueText } from "./words.ts";

/** The style's classes for good, bad and neither. */
const CLASSES: Readonly<Record<Finding, string>> = {
  better: "kept",
  worse: "broken",
  changed: "",
  unclear: "untried",
  same: "untried",
};

const number = (title: string) => ({ title, number: true });

/** All figures of one pair, a row each. */
export function figureTable(comparison: Comparison, at: number): Markup {
  const label = comparison.pairs[at]?.label ?? "";
  const columns = [
    { title: "" },
    { title: "" },
    number(firstLabel(comparison)),
    number(label),
    number("Change"),
    number("95 % interval"),
    number("p"),
    number("Corrected p"),
    number("Seen from"),
  ];
  const rows = comparison.figures.flatMap((figure) => {
    const change = figure.changes[at];
    return change ? [figureRow(figure, change, at, comparison)] : [];
  });
  return tableOf(`${label} against ${firstLabel(comparison)}`, columns, rows);
}

function figureRow(figure: Figure, change: Change, at: number, { k, items }: Comparison): Markup {
  const { unit, values } = figure;
  const relative = relativeText(figure, change);
  const fewer = figure.items < items ? markup` <span class="soft">(${whole(figure.items)} items)</span>` : "";
  const title = figure.tool === null ? figureTitle(figure, k) : markup`calls of <code>${figure.tool}</code>`;
  const cells = [
    valueText(unit, values[0]?.value ?? 0),
    valueText(unit, values[at + 1]?.value ?? 0),
    markup`${changeText(unit, change.difference.value)}${relative === "" ? "" : markup` <span class="soft">${relative}</span>`}`,
    changeInterval(unit, change),
    probabilityText(change),
    probability(change.corrected_p),
    change.detectable === null ? "-" : changeText(unit, change.detectable).slice(1),
  ];
  return markup`<tr><td class="name">${title}${fewer}</td>${findingCell(change)}${cells.map((cell) => markup`<td class="number">${cell}</td>`)}</tr>`;
}

/** With a sign for how it was found. */
function probabilityText({ p, method }: Change): string {
  const text = probability(p);
  if (text.startsWith("<")) return text;
  return `${method === "exact" ? "=" : "≈"} ${text}`;
}

const findingCell = ({ finding }: Change) =>
  markup`<td class="state ${CLASSES[finding]}">${findingWords[finding]}</td>`;

export function kindTable(comparison: Comparison): Markup {
  const { kinds, results, pairs } = comparison;
  const columns = [
    { title: "Kind" },
    number("Items"),
    ...results.map(({ label }) => number(label)),
    ...pairs.flatMap(({ label }) => [
      number(pairs.length > 1 ? `Change, ${label}` : "Change"),
      number("95 % interval"),
      number("Corrected p"),
      { title: "" },
    ]),
  ];
  const rows = kinds.map(
    ({ kind, items, values, changes }) =>
      markup`<tr><td class="name">${kind}</td><td class="number">${whole(items)}</td>${values.map(({ value }) => markup`<td class="number">${valueText("score", value)}</td>`)}${changes.map((change) => markup`<td class="number">${changeText("score", change.difference.value)}</td><td class="number">${changeInterval("score", change)}</td><td class="number">${probability(change.corrected_p)}</td>${findingCell(change)}`)}</tr>`,
  );
  return tableOf("Score by kind of question", columns, rows);
}

/** Which tool follows which: from the rows' tool to the columns'. */
export function bigramTable({ bigrams }: Comparison): Markup {
  if (bigrams.length === 0) return markup`<p class="card">No rollout has two calls.</p>`;
  const tools = [...new Set(bigrams.flatMap(({ from, to }) => [from, to]))];
  const rows = tools.map((from) => [
    markup`<code>${from}</code> and then`,
    ...tools.map((to) => {
      const found = bigrams.find((one) => one.from === from && one.to === to);
      const text = found ? found.per_rollout.map((times) => valueText("number", times)).join(" → ") : "-";
      return from === to ? markup`<b>${text}</b>` : text;
    }),
  ]);
  return table(
    "Calls one after another, for each rollout",
    [{ title: "For each rollout" }, ...tools.map(number)],
    rows,
  );
}

export function sequenceTable({ sequences, results }: Comparison): Markup {
  const columns = [{ title: "Sequence" }, ...results.flatMap(({ label }) => [number(label), number("Mean score")])];
  const rows = sequences.map(({ sequence, shares, mean_scores }) => [
    markup`<code>${sequence}</code>`,
    ...shares.flatMap((share, at) => {
      const score = mean_scores[at] ?? null;
      return [valueText("share", share), score === null ? "-" : valueText("score", score)];
    }),
  ]);
  return table("Commonest sequences", columns, rows);
}

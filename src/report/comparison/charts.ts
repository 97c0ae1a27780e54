/** The charts of a comparison; each says how many items stand behind it. Pure. */
import type { Comparison, Figure, ItemChange } from "../../contract/comparison.ts";
import { shortened } from "../charts/frame.ts";
import { groupChart } from "../charts/groups.ts";
import { quadrantChart } from "../charts/quadrants.ts";
import { scatterChart } from "../charts/scatter.ts";
import type { Markup } from "../markup.ts";
import { compact, counted, whole } from "../numbers.ts";
import { type CallSide, quadrantsOf, type ScoreSide } from "./items.ts";
import { changeText, firstLabel, scoreOf, valueText } from "./words.ts";

/** Characters of a result's name in a title. */
const NAME = 34;

/** By the name of the file that each becomes. */
export function comparisonCharts(comparison: Comparison): Record<string, Markup> {
  const isOne = comparison.pairs.length === 1;
  const quadrants = comparison.pairs.map(({ label, items }, at): [string, Markup] => [
    isOne ? "quadrants" : `quadrants-${at + 1}`,
    quadrantsChart(comparison, label, items),
  ]);
  const [answer, tokens] = ["answer_time", "output_tokens"].map((name) => figure(comparison, name));
  return {
    ...Object.fromEntries(quadrants),
    ...(answer && {
      "score-latency": against(comparison, answer, "Score and latency", "seconds to the answer", 1_000),
    }),
    ...(tokens && { "score-tokens": against(comparison, tokens, "Score and tokens", "output tokens of a rollout", 1) }),
    "tool-calls": toolCalls(comparison),
    ...(comparison.kinds.length > 0 && { kinds: kinds(comparison) }),
  };
}

const figure = ({ figures }: Comparison, wanted: string) => figures.find(({ name }) => name === wanted);
const labels = ({ results }: Comparison) => results.map(({ label }) => label);
const basis = ({ items }: Pick<Comparison, "items">) => `${counted(items, "common item")}; lines are 95 % intervals`;

const WORDS: Readonly<Record<ScoreSide | CallSide, string>> = {
  better: "better",
  equal: "equal",
  worse: "worse",
  fewer: "fewer calls",
  same: "as many calls",
  more: "more calls",
};

function quadrantsChart(comparison: Comparison, label: string, items: readonly ItemChange[]): Markup {
  const { count } = quadrantsOf(items);
  const cell = (score: ScoreSide, calls: CallSide) => ({
    items: count(score, calls),
    words: `${WORDS[score]}, ${WORDS[calls]}`,
  });
  const rows = (["better", "equal", "worse"] as const).map((score) =>
    (["fewer", "same", "more"] as const).map((calls) => cell(score, calls)),
  );
  const told = rows.flat().map(({ items: number, words }) => `${whole(number)} ${words}`);
  return quadrantChart({
    caption: {
      title: `Score and calls by item: ${shortened(label, NAME)} less ${shortened(firstLabel(comparison), NAME)}`,
      basis: `${counted(items.length, "common item")}; a mark is larger the more items it stands for; ${whole(count("equal", "same"))} unchanged in the middle`,
      x: "change of the mean number of calls",
      y: "change of the mean score",
      summary: told.join(", "),
    },
    items: items.map(({ item, score, calls }) => ({
      x: calls,
      y: score,
      name: `${item}: score ${changeText("score", score)}, calls ${changeText("number", calls)}`,
    })),
    counts: rows,
  });
}

/** @param per how much of the figure is one on the axis */
function against(
  comparison: Comparison,
  { values, unit, items }: Figure,
  title: string,
  x: string,
  per: number,
): Markup {
  const scores = scoreOf(comparison)?.values ?? [];
  const points = labels(comparison).flatMap((name, at) => {
    const [across, up] = [values[at], scores[at]];
    if (!across || !up) return [];
    const hover = `${name}: score ${valueText("score", up.value)}, ${valueText(unit, across.value)}${unit === "tokens" ? " tokens" : ""}`;
    return [{ name, x: { value: across.value / per, low: across.low / per, high: across.high / per }, y: up, hover }];
  });
  return scatterChart({
    caption: {
      title,
      basis: basis({ items }),
      x,
      y: "mean score",
      summary: points.map(({ hover }) => hover).join("; "),
    },
    points,
  });
}

function toolCalls(comparison: Comparison): Markup {
  const found = comparison.figures.filter(({ name }) => name === "tool_calls");
  const all = figure(comparison, "calls");
  const groups = [...found, ...(all && found.length > 1 ? [all] : [])].map((one) =>
    group(comparison, one.tool ?? "all", one),
  );
  return groupChart({
    caption: {
      title: "Calls by tool",
      basis: basis(comparison),
      x: "tool",
      y: "calls for each rollout",
      summary: groups.map(({ bars }) => bars.map(({ hover }) => hover).join(", ")).join("; ") || "None",
    },
    names: labels(comparison),
    groups,
  });
}

function kinds(comparison: Comparison): Markup {
  const groups = comparison.kinds.map((one) => group(comparison, one.kind, one));
  return groupChart({
    caption: {
      title: "Score by kind of question",
      basis: basis(comparison),
      x: "kind",
      y: "mean score",
      summary: groups.map(({ bars }) => bars.map(({ hover }) => hover).join(", ")).join("; "),
    },
    names: labels(comparison),
    groups,
    size: "wide",
  });
}

function group(comparison: Comparison, label: string, { values }: Pick<Figure, "values">) {
  const names = labels(comparison);
  return {
    label,
    bars: values.map((value, at) => ({
      ...value,
      hover: `${label}, ${names[at] ?? ""}: ${compact(value.value)} (${compact(value.low)} to ${compact(value.high)})`,
    })),
  };
}

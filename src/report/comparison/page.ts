/** A comparison as a page: whether the score changed, what else did, and the items in which it shows. Pure. */
import type { Comparison, Finding, ItemChange } from "../../contract/comparison.ts";
import { limits } from "../../contract/limits.ts";
import { type Insertion, type Markup, markup } from "../markup.ts";
import { counted, whole } from "../numbers.ts";
import { facts, figure, figures, page, pair, section, table, wideFigure } from "../page.ts";
import { repeatingCommand } from "../rehearsal-words.ts";
import { comparisonCharts } from "./charts.ts";
import { changedItems } from "./items.ts";
import { bigramTable, figureTable, kindTable, sequenceTable } from "./tables.ts";
import { itemDetails, type ShownItem } from "./traces.ts";
import {
  agentOf,
  changeText,
  findingOf,
  firstLabel,
  headline,
  howTested,
  notes,
  otherFindings,
  relativeText,
  scoreSentences,
  valueText,
} from "./words.ts";

/** Of a pair: the items that are shown call by call, those that changed most first. */
export interface ShownItems {
  worse: readonly ShownItem[];
  better: readonly ShownItem[];
}

/**
 * The report as the text of one HTML file.
 * @param shown of each pair
 */
export function comparisonPage(comparison: Comparison, shown: readonly ShownItems[]): string {
  const charts = Object.entries(comparisonCharts(comparison));
  const [wide, usual] = [charts.filter(isWide), charts.filter((chart) => !isWide(chart))];
  return page(comparison.pairs.map((_, at) => headline(comparison, at)).join("; "), [
    header(comparison),
    ...comparison.pairs.map((_, at) => banner(comparison, at)),
    summary(comparison),
    section("What changed", ...comparison.pairs.map((_, at) => figureTable(comparison, at)), limited(comparison)),
    section("In figures", ...wide.map(([, chart]) => wideFigure(chart)), pair(usual.map(([, chart]) => figure(chart)))),
    ...(comparison.kinds.length > 0 ? [section("By kind of question", kindTable(comparison))] : []),
    section("Order of calls", bigramTable(comparison), sequenceTable(comparison)),
    ...comparison.pairs.map((_, at) => itemSection(comparison, at, "worse", shown[at]?.worse ?? [])),
    ...comparison.pairs.map((_, at) => itemSection(comparison, at, "better", shown[at]?.better ?? [])),
    howToRead(comparison),
    howMade(comparison),
  ]);
}

const isWide = ([, chart]: readonly [string, Markup]) => chart.toString().includes('class="chart wide"');

function header(comparison: Comparison): Markup {
  const { results, items, pairs } = comparison;
  const [first] = results;
  return markup`<header>
<h1>${pairs.map(({ label }) => label).join(", ")} against ${firstLabel(comparison)}</h1>
<p class="soft">${first?.manifest.environment ?? ""} · ${counted(items, "common item")} · ${results.map((result) => `${result.label}: ${agentOf(result)}`).join(" · ")}</p>
</header>`;
}

const SIGNS: Readonly<Record<Finding, string>> = { better: "✓", worse: "✗", changed: "–", unclear: "–", same: "–" };
/** The style's classes for good, bad and neither. */
const CLASSES: Readonly<Record<Finding, string>> = {
  better: "kept",
  worse: "broken",
  changed: "untried",
  unclear: "untried",
  same: "untried",
};

function banner(comparison: Comparison, at: number): Markup {
  const finding = findingOf(comparison, at);
  return markup`<div class="card verdict ${CLASSES[finding]}"><span class="sign" aria-hidden="true">${SIGNS[finding]}</span><div>
<strong>${headline(comparison, at)}</strong>
${[...scoreSentences(comparison, at), ...otherFindings(comparison, at)].map((sentence) => markup`<p>${sentence}</p>`)}
</div></div>`;
}

/** What limits the figures stands beside them. */
function limited(comparison: Comparison): Markup {
  const found = notes(comparison);
  if (found.length === 0) return markup``;
  return markup`<ul class="card notes">${found.map((note) => markup`<li>${note}</li>`)}</ul>`;
}

const HEADLINES: readonly (readonly [name: string, title: string])[] = [
  ["score", "Mean score"],
  ["solved", "Full score"],
  ["calls", "Calls of a rollout"],
  ["answer_time", "Time to answer"],
  ["output_tokens", "Output tokens"],
  ["repeats", "Repeats of a rollout"],
];

/** Before and after: of several pairs the last one, as the latest checkpoint. */
function summary({ figures: found, pairs }: Comparison): Markup {
  const at = pairs.length - 1;
  return figures(
    HEADLINES.flatMap(([name, title]) => {
      const one = found.find((candidate) => candidate.name === name);
      const change = one?.changes[at];
      if (!one || !change) return [];
      const value = (which: number) => valueText(one.unit, one.values[which]?.value ?? 0);
      const relative = relativeText(one, change);
      const difference = `${changeText(one.unit, change.difference.value)}${one.unit === "share" ? " points" : ""}`;
      const chance = change.finding === "unclear" ? ", may be chance" : "";
      return [
        {
          name: title,
          number: value(at + 1),
          note: `before ${value(0)}: ${relative === "" ? difference : relative}${chance}`,
        },
      ];
    }),
  );
}

function itemSection(
  comparison: Comparison,
  at: number,
  side: "worse" | "better",
  shown: readonly ShownItem[],
): Markup {
  const one = comparison.pairs[at];
  const sorted = changedItems(one?.items ?? [], side);
  const names = [firstLabel(comparison), one?.label ?? ""] as const;
  const title = `Items that got ${side}${comparison.pairs.length > 1 ? `: ${names[1]}` : ""}`;
  if (sorted.length === 0) return section(title, markup`<p class="card">No item got ${side}.</p>`);
  const few = `${counted(sorted.length, "item")} of ${whole(comparison.items)}${side === "worse" ? ", the worst first" : ", the best first"}. With a few attempts at each, some change by chance alone: look for what they have in common.`;
  return section(
    title,
    markup`<p>${few}</p>`,
    ...shown.map((item) => itemDetails(item, names)),
    listed(sorted.slice(shown.length, limits.changedItemsListed), sorted.length - limits.changedItemsListed),
  );
}

function listed(changes: readonly ItemChange[], left: number): Insertion {
  if (changes.length === 0) return "";
  const scores = (of: readonly number[]) => of.map((score) => valueText("score", score)).join(", ");
  const rows = changes.map(({ item, kind, scores: [before, after], score, calls }) => [
    markup`<code>${item}</code>`,
    kind ?? "",
    scores(before),
    scores(after),
    changeText("score", score),
    changeText("number", calls),
  ]);
  const columns = [
    { title: "Further items" },
    { title: "Kind" },
    { title: "Before" },
    { title: "After" },
    { title: "Score", number: true },
    { title: "Calls", number: true },
  ];
  const more = left > 0 ? markup`<p class="soft">${counted(left, "more item")} in comparison.json.</p>` : "";
  return [table("Further items", columns, rows), more];
}

function howToRead(comparison: Comparison): Markup {
  return section(
    "How to read it",
    markup`<ul>
<li>Only <b>common items</b> count, those with a graded attempt in every result, and each counts once: a figure is the mean over items of each item's mean over its graded attempts. What was left out by a fault is in no figure, and is never a 0.</li>
<li>The <b>95 % interval</b> of a change is that of 2,000 drawings of items, with both sides of each (percentile bootstrap); it is of this figure alone, not corrected for the number of figures.</li>
<li>${howTested(comparison)} The test takes each item's difference and asks how often one as large would come about if before and after were exchangeable; an exact p stands after =, one that was drawn after ≈. <b>Unclear</b> means not to be told from chance with these items, not that nothing changed.</li>
<li>Changes of shares are in points of a hundred.</li>
<li><b>Seen from</b> is the size that a true difference would need for such items to show it in four of five comparisons (normal approximation, before any correction).</li>
<li><b>Best of k</b>, <b>pass@k</b> and the shares of items always 0, always 1 and in between are of ${counted(comparison.k, "attempt")}, averaged over all choices of so many.</li>
<li>A <b>repeat</b> is a call of the same tool as the call before. In sequences, <code>+</code> joins calls made at once.</li>
<li>Beside one another stand the attempts that show a change best: of an item that got worse the best attempt before and the worst one after.</li>
</ul>`,
  );
}

function howMade(comparison: Comparison): Markup {
  return section(
    "How it was made",
    facts(
      comparison.results.map(({ label, manifest, rollouts }) => {
        const { created_at, dataset, attempts, versions, deployment } = manifest;
        return [
          label,
          markup`${created_at.slice(0, 10)} ${created_at.slice(11, 16)} UTC; ${dataset.files.join(", ")}, ${counted(dataset.items, "item")} <code>${dataset.sha256.slice(0, 12)}</code>, ${counted(attempts, "attempt")} each, ${whole(rollouts.graded)} graded; ${deployment.url}, index ${deployment.index_version ?? "not known"}; prompt <code>${versions.prompt.slice(0, 12)}</code>, tools <code>${versions.tools.slice(0, 12)}</code>, grader <code>${versions.grader.slice(0, 12)}</code>`,
        ] as const;
      }),
    ),
    markup`<pre><code>${repeatingCommand(comparison)}</code></pre>`,
  );
}

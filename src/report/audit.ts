/** The audit of a dataset as a page: what was found, by which rule it is handled, what is left. Pure. */
import type { Audit, AuditCheck } from "../contract/dataset.ts";
import {
  auditState,
  type AuditState,
  countedUnits,
  FIXES,
  headline,
  labelWords,
  leftOf,
  sizes,
} from "./audit-words.ts";
import { type Markup, markup } from "./markup.ts";
import { percent, whole } from "./numbers.ts";
import { facts, figures, page, section, tableOf } from "./page.ts";

/** The report as the text of one HTML file. */
export function auditPage(audit: Audit): string {
  return page(`${headline(audit)}: dataset for ${audit.environment}`, [
    markup`<header>
<h1>Dataset for ${audit.environment}</h1>
<p class="soft">from ${audit.source}, seed <code>${audit.seed}</code></p>
</header>`,
    banner(audit),
    summary(audit),
    section("Findings", checksTable(audit.checks)),
    // A list of files has no second account.
    ...(audit.unit === "document" ? [labelSection(audit)] : []),
    howToRead,
  ]);
}

const CLASSES: Readonly<Record<AuditState, string>> = {
  clean: "kept",
  fixed: "kept",
  left: "broken",
  told: "untried",
  untried: "untried",
};
const SIGNS: Readonly<Record<AuditState, string>> = { clean: "✓", fixed: "✓", left: "✗", told: "i", untried: "–" };
const STATES: Readonly<Record<AuditState, string>> = {
  clean: "none",
  fixed: "none left",
  left: "left",
  told: "told",
  untried: "not tried",
};

function banner(audit: Audit): Markup {
  const state = audit.passed ? "clean" : "left";
  return markup`<div class="card verdict ${CLASSES[state]}"><span class="sign" aria-hidden="true">${SIGNS[state]}</span><div>
<strong>${headline(audit)}</strong>
${[...sizes(audit), ...audit.remarks].map((note) => markup`<p>${note}</p>`)}
</div></div>`;
}

function summary({ rows, train, val, unit }: Audit): Markup {
  return figures([
    { name: "Records read", number: whole(rows.read), note: "of the source" },
    { name: "To choose from", number: whole(rows.usable), note: `${percent(rows.usable, rows.read)} of records` },
    { name: "Training", number: whole(train.rows), note: `rows of ${countedUnits(train.documents, unit)}` },
    { name: "Validation", number: whole(val.rows), note: `rows of ${countedUnits(val.documents, unit)}` },
  ]);
}

function checksTable(checks: readonly AuditCheck[]): Markup {
  const numbers = ["Found", "Left"].map((title) => ({ title, number: true }));
  return tableOf("Findings", [{ title: "" }, { title: "What is wrong" }, ...numbers], checks.map(checkRow));
}

function checkRow(check: AuditCheck): Markup {
  const { name, trouble, fix, rule, found, left, examples } = check;
  const state = auditState(check);
  const places = Object.entries(left).filter(([, count]) => count > 0);
  const where = places.map(([place, count]) => markup`<br><span class="soft">${place} ${whole(count)}</span>`);
  return markup`<tr class="${CLASSES[state]}"><td class="state ${CLASSES[state]}"><span aria-hidden="true">${SIGNS[state]}</span> <b>${STATES[state]}</b></td>
<td>${trouble} <code class="soft">${name}</code><br><span class="soft">Rule (${FIXES[fix]}): ${rule}</span>${exampleList(examples)}</td>
<td class="number">${found === null ? "–" : whole(found)}</td><td class="number">${found === null ? "–" : whole(leftOf(left))}${where}</td></tr>`;
}

function exampleList(examples: AuditCheck["examples"]): Markup | string {
  if (examples.length === 0) return "";
  return markup`<ul>${examples.map(
    ({ rows, note }) => markup`<li>${rows.map((row) => markup`<code>${row}</code> `)}${note}</li>`,
  )}</ul>`;
}

function labelSection(audit: Audit): Markup {
  return section("Labels", markup`${labelWords(audit).map((line) => markup`<p>${line}</p>`)}`, labelFacts(audit));
}

function labelFacts({ labels }: Audit): Markup {
  return facts([
    ["What their program computes", whole(labels.agrees)],
    ["That, rounded", whole(labels.rounded)],
    ["Something else", whole(labels.disagrees)],
    ["Not both there", whole(labels.alone)],
  ]);
}

const howToRead = section(
  "How to read it",
  markup`<ul>
<li><b>Found</b> counts findings among all rows that got as far as the check: with <code>--fix</code>, each check sees what the rules before it left. A finding of a question that is asked several times is one, however many rows it has.</li>
<li><b>Left</b> counts those that are in the files: in <b>train</b>, in <b>val</b>, or <b>between</b> the two.</li>
<li>A rule <b>keeps</b> what is no fault by itself.</li>
</ul>`,
);

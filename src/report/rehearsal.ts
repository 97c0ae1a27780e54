/** A rehearsal as a page: what was promised, what came of it, and how to read it. Pure. */
import type { Rehearsal, RehearsalCheck } from "../contract/rehearsal.ts";
import { type Markup, markup } from "./markup.ts";
import { counted, duration, oneDecimal, percent, probability, whole } from "./numbers.ts";
import { facts, figure, figures, page, pair, section, table, tableOf } from "./page.ts";
import { latencyChart, scoreChart, stepCharts, timeCharts } from "./rehearsal-charts.ts";
import { faultsIn, inWords, mostFirst, repeatingCommand } from "./rehearsal-words.ts";
import { statusMeaning } from "./statuses.ts";
import { checkState, type CheckState, type Verdict, verdictOf } from "./verdict.ts";

/** The report as the text of one HTML file. */
export function rehearsalPage(rehearsal: Rehearsal): string {
  const verdict = verdictOf(rehearsal);
  return page(`${verdict.headline}: rehearsal of ${rehearsal.environment}`, [
    header(rehearsal),
    banner(verdict, rehearsal.checks),
    summary(rehearsal),
    section("Promises", checksTable(rehearsal.checks)),
    section("Over time", pair(timeCharts(rehearsal).map(figure))),
    section(
      "Latency and scores",
      pair([latencyChart(rehearsal), scoreChart(rehearsal)].map(figure)),
      latencyTable(rehearsal),
    ),
    section("Steps", pair(stepCharts(rehearsal).map(figure))),
    section("Trouble made, and answers", pair(chaosTable(rehearsal), statusTable(rehearsal))),
    section("Discards by item", discardBias(rehearsal)),
    howToRead,
    howMade(rehearsal),
  ]);
}

function header({ environment, url, agent, started_at, milliseconds }: Rehearsal): Markup {
  return markup`<header>
<h1>Rehearsal of ${environment}</h1>
<p class="soft">${url} · ${agent} agent · ${moment(started_at)} · ${duration(milliseconds)}</p>
</header>`;
}

const SIGNS: Readonly<Record<CheckState, string>> = { kept: "✓", broken: "✗", untried: "–" };
const STATES: Readonly<Record<CheckState, string>> = { kept: "kept", broken: "broken", untried: "not tried" };

function banner({ state, headline, notes }: Verdict, checks: readonly RehearsalCheck[]): Markup {
  const broken = checks.filter((check) => checkState(check) === "broken");
  return markup`<div class="card verdict ${state}"><span class="sign" aria-hidden="true">${SIGNS[state]}</span><div>
<strong>${headline}</strong>
${broken.map(
  ({ promise, violations, occasions, examples }) =>
    markup`<p>${promise} <b>Not so ${whole(violations)} of ${counted(occasions, "time")}.</b>${
      examples[0] === undefined ? "" : markup`<br><code>${examples[0]}</code>`
    }</p>`,
)}
${notes.map((note) => markup`<p>${note}</p>`)}
</div></div>`;
}

function summary(rehearsal: Rehearsal): Markup {
  const { rollouts, calls, statuses, requests_per_second, milliseconds } = rehearsal;
  const [faults, answers] = faultsIn(statuses);
  return figures([
    { name: "Rollouts graded", number: whole(rollouts.graded), note: `of ${whole(rollouts.planned)} planned` },
    {
      name: "Discarded",
      number: whole(rollouts.discarded),
      note: `${percent(rollouts.discarded, rollouts.planned)} of rollouts`,
    },
    { name: "Calls in ledgers", number: whole(calls.executed), note: `of ${whole(calls.decided)} decided` },
    {
      name: "Deliveries",
      number: whole(calls.deliveries),
      note: calls.decided > 0 ? `${oneDecimal(calls.deliveries / calls.decided)} for each call` : "no call was made",
    },
    {
      name: "Faults",
      number: whole(faults),
      note: answers > 0 ? `${percent(faults, answers)} of ${counted(answers, "request")}` : "no request was sent",
    },
    {
      name: "Client delay, ms",
      number: oneDecimal(rehearsal.client_delay_milliseconds),
      note: "at p99; in every latency",
    },
    { name: "Requests/s", number: oneDecimal(requests_per_second), note: `over ${duration(milliseconds)}` },
  ]);
}

function checksTable(checks: readonly RehearsalCheck[]): Markup {
  if (checks.length === 0) return markup`<p>Nothing was checked.</p>`;
  const columns = [
    { title: "" },
    { title: "What must hold" },
    { title: "Broken", number: true },
    { title: "Occasions", number: true },
  ];
  return tableOf("Promises", columns, checks.map(checkRow));
}

function checkRow(check: RehearsalCheck): Markup {
  const { name, promise, violations, occasions, examples } = check;
  const state = checkState(check);
  const more = violations - examples.length;
  const list = markup`<ul>${examples.map((example) => markup`<li><code>${example}</code></li>`)}${
    more > 0 && examples.length > 0 ? markup`<li>and ${whole(more)} more</li>` : ""
  }</ul>`;
  return markup`<tr class="${state}"><td class="state ${state}"><span aria-hidden="true">${SIGNS[state]}</span> <b>${STATES[state]}</b></td><td>${promise} <code class="soft">${name}</code>${
    state === "untried"
      ? markup`<br><span class="soft">There was no occasion to break it: nothing was shown.</span>`
      : ""
  }${examples.length > 0 ? list : ""}</td><td class="number">${whole(violations)}</td><td class="number">${whole(occasions)}</td></tr>`;
}

function latencyTable({ latencies }: Rehearsal): Markup {
  const titles = ["Requests", "p50", "p95", "p99", "Most"];
  const rows = latencies.map(({ kind, requests, p50, p95, p99, most }) => [
    markup`<code>${kind}</code>`,
    whole(requests),
    ...[p50, p95, p99, most].map(oneDecimal),
  ]);
  if (rows.length === 0) return markup`<p class="card">No request was answered.</p>`;
  return table("Latencies", [{ title: "Tool, ms" }, ...titles.map((title) => ({ title, number: true }))], rows);
}

function chaosTable({ chaos, own_worker }: Rehearsal): Markup {
  const rows = mostFirst(chaos).map(([kind, times]) => [inWords(kind), whole(times)]);
  if (rows.length === 0)
    return markup`<p class="card">No trouble was made: this shows the service in good weather only.</p>`;
  const title = own_worker ? "Trouble, on the way and inside the worker" : "Trouble, on the way";
  return table("Trouble made", [{ title }, { title: "Times", number: true }], rows);
}

function statusTable({ statuses }: Rehearsal): Markup {
  const [, answers] = faultsIn(statuses);
  const rows = mostFirst(statuses).map(([status, times]) => [
    markup`<b>${status}</b><br><span class="soft">${statusMeaning(status)}</span>`,
    whole(times),
    percent(times, answers),
  ]);
  if (rows.length === 0) return markup`<p class="card">No request was sent.</p>`;
  const columns = [{ title: "Status" }, { title: "Requests", number: true }, { title: "Share", number: true }];
  return table("Answers by status", columns, rows);
}

function discardBias({ discard_bias: { share, items_tested, items }, rollouts }: Rehearsal): Markup {
  if (rollouts.discarded === 0) return markup`<p>No rollout was discarded, so no item was favoured.</p>`;
  if (items_tested === 0)
    return markup`<p>${percent(share)} of rollouts were discarded; no item had enough of them to be tested.</p>`;
  const overall = `${percent(share)} of rollouts were discarded. Of ${counted(items_tested, "item")} tested,`;
  if (items.length === 0) return markup`<p>${overall} none was discarded more often than chance would have it.</p>`;
  const columns = ["Rollouts", "Discarded", "Share", "p"].map((title) => ({ title, number: true }));
  const rows = items.map(({ item, rollouts: of, discarded, p_value }) => [
    markup`<code>${item}</code>`,
    whole(of),
    whole(discarded),
    percent(discarded, of),
    probability(p_value),
  ]);
  return markup`<p>${overall} these were discarded more often than chance would have it: a trainer would learn less from them than from the others.</p>
${table("Items discarded too often", [{ title: "Item" }, ...columns], rows)}`;
}

const howToRead = section(
  "How to read it",
  markup`<ul>
<li>A promise is <b>kept</b> when it was never broken although it could have been, <b>occasions</b> times. Without an occasion nothing was shown.</li>
<li>A <b>fault</b> is the service's own doing and is answered with a 5xx: the trainer asks again, and discards the rollout when that does not help. Discards cost money; a fault that becomes a score costs the training.</li>
<li>A <b>call</b> is what an agent decided on; a <b>delivery</b> is one request that carries it. Retries, lost answers and duplicates make several deliveries of one call, which must stand in its ledger once.</li>
<li><b>Latency</b> is measured where the trainer would be, network and trouble included. p95: 95 of 100 requests were as fast or faster.</li>
<li><b>Scores</b> say whether the grader works: agents of a rehearsal err on purpose. They say nothing about a model unless a model played.</li>
</ul>`,
);

function howMade(rehearsal: Rehearsal): Markup {
  const { run, environment, url, agent, seed, started_at, milliseconds, own_worker, interrupted } = rehearsal;
  return section(
    "How it was made",
    facts([
      ["Run", markup`<code>${run}</code>`],
      ["Environment", environment],
      ["Deployment", own_worker ? `${url}, a local worker of the rehearsal's own` : url],
      ["Agent", agent],
      ["Seed", markup`<code>${seed}</code>`],
      ["Started", moment(started_at)],
      ["Took", `${duration(milliseconds)}${interrupted ? ", interrupted" : ""}`],
    ]),
    markup`<pre><code>${repeatingCommand(rehearsal)}</code></pre>
<p class="soft">The same seed makes the same rollouts and the same trouble; tokens come from the environment.</p>`,
  );
}

/** 2026-11-24T23:20:05.123Z as 2026-11-24 23:20 UTC */
const moment = (iso: string) => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;

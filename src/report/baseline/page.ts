/** A baseline as a page: whether the model is ready to be trained, how good it is, what it does. Pure. */
import type { Baseline, ReadinessState, Spread } from "../../contract/baseline.ts";
import { type Markup, markup } from "../markup.ts";
import { counted, duration, oneDecimal, percent, whole } from "../numbers.ts";
import { facts, figure, figures, page, pair, section, table, tableOf, wideFigure } from "../page.ts";
import { basis, baselineCharts } from "./charts.ts";
import { repeatingCommand } from "../rehearsal-words.ts";
import { agentOf, checkTitle, headline, interval, notes, score, stateWords } from "./words.ts";

/** The report as the text of one HTML file. */
export function baselinePage(baseline: Baseline): string {
  const { variance, ...charts } = baselineCharts(baseline);
  return page(`${headline(baseline)}: baseline ${baseline.manifest.name}`, [
    header(baseline),
    banner(baseline),
    summary(baseline),
    section("Ready to train?", checks(baseline)),
    section("Scores", variance ? wideFigure(variance) : "", bestOfTable(baseline), forecastTable(baseline)),
    section("In figures", pair(Object.values(charts).map(figure))),
    section("Tools", toolTable(baseline), sequenceTable(baseline)),
    section("Time and tokens", spreadTable(baseline)),
    section("Left out", leftOut(baseline)),
    howToRead(baseline),
    howMade(baseline),
  ]);
}

function header(baseline: Baseline): Markup {
  const { manifest } = baseline;
  return markup`<header>
<h1>Baseline of ${agentOf(baseline)}</h1>
<p class="soft">${manifest.environment} · ${counted(manifest.dataset.items, "item")}, ${counted(manifest.attempts, "attempt")} each · ${manifest.deployment.url}</p>
</header>`;
}

const SIGNS: Readonly<Record<ReadinessState, string>> = { ready: "✓", not_yet: "✗", unknown: "–" };
/** The style's classes for good, bad and neither. */
const CLASSES: Readonly<Record<ReadinessState, string>> = { ready: "kept", not_yet: "broken", unknown: "untried" };

function banner(baseline: Baseline): Markup {
  const state: ReadinessState = baseline.readiness.ready ? "ready" : "not_yet";
  const open = baseline.readiness.checks.filter((check) => check.state === "not_yet");
  return markup`<div class="card verdict ${CLASSES[state]}"><span class="sign" aria-hidden="true">${SIGNS[state]}</span><div>
<strong>${headline(baseline)}</strong>
${open.map(({ finding, advice }) => markup`<p>${finding} <b>${advice ?? ""}</b></p>`)}
${notes(baseline).map((note) => markup`<p>${note}</p>`)}
</div></div>`;
}

function summary(baseline: Baseline): Markup {
  const { mean_score, best_of, always, calls, milliseconds, tokens, rollouts, forecast } = baseline;
  const last = best_of.at(-1);
  const first = forecast?.multipliers[0];
  return figures([
    {
      name: "Mean score",
      number: mean_score ? score(mean_score.value) : "-",
      note: mean_score ? `95 %: ${interval(mean_score)}` : "nothing graded",
    },
    {
      name: last ? `Best of ${last.k}` : "Best of k",
      number: last ? score(last.best.value) : "-",
      note: last ? `pass@${last.k} ${score(last.pass.value)}` : "",
    },
    {
      name: "Items in between",
      number: percent(always.varied, always.items),
      note: `${whole(always.zero)} always 0, ${whole(always.one)} always 1`,
    },
    {
      name: "Groups that would teach",
      number: first ? percent(first.share.value) : "-",
      note: first ? `forecast for ${whole(first.copies)} rollouts of an item` : "",
    },
    {
      name: "Calls of a rollout",
      number: oneDecimal(calls.spread.mean),
      note: `${oneDecimal(rollouts.graded > 0 ? calls.repeats / rollouts.graded : 0)} repeat the tool before`,
    },
    {
      name: "Time to answer",
      number: duration(milliseconds.answer.p50),
      note: `p95 ${duration(milliseconds.answer.p95)}`,
    },
    ...(tokens
      ? [
          {
            name: "Output tokens",
            number: whole(tokens.output.mean),
            note: `of them ${whole(tokens.reasoning.mean)} reasoning`,
          },
        ]
      : []),
    ...(tokens && tokens.cost !== null
      ? [{ name: "Cost", number: tokens.cost.toFixed(2), note: "all rollouts, at the prices given" }]
      : []),
  ]);
}

function checks({ readiness }: Baseline): Markup {
  const rows = readiness.checks.map((check) => {
    const state = CLASSES[check.state];
    const advice = check.advice === null ? "" : markup`<br><b>${check.advice}</b>`;
    return markup`<tr><td class="state ${state}"><span aria-hidden="true">${SIGNS[check.state]}</span> <b>${stateWords[check.state]}</b></td><td>${checkTitle(check)}</td><td>${check.finding}${advice}</td></tr>`;
  });
  return tableOf("Readiness", [{ title: "" }, { title: "What was looked at" }, { title: "What was found" }], rows);
}

function bestOfTable({ best_of }: Baseline): Markup {
  const columns = ["Items", "Best score", "95 %", "pass@k", "95 %"].map((title) => ({ title, number: true }));
  const rows = best_of.map(({ k, items, best, pass }) => [
    whole(k),
    whole(items),
    score(best.value),
    interval(best),
    score(pass.value),
    interval(pass),
  ]);
  if (rows.length === 0) return markup`<p class="card">No rollout was graded.</p>`;
  return table("Best of k attempts", [{ title: "k attempts" }, ...columns], rows);
}

function forecastTable({ forecast, tokens }: Baseline): Markup {
  if (!forecast) return markup``;
  const each = tokens?.cost_per_rollout ?? null;
  const price = each === null ? [] : ["Price of its tokens"];
  const titles = ["Rollouts of an item", "Groups that would teach", "95 %", "Rollouts of an epoch", ...price];
  const rows = forecast.multipliers.map(({ multiplier, copies, share, epoch_rollouts }) => [
    `x${multiplier}`,
    whole(copies),
    percent(share.value),
    `${percent(share.low)} to ${percent(share.high)}`,
    whole(epoch_rollouts),
    ...(each === null ? [] : [(epoch_rollouts * each).toFixed(2)]),
  ]);
  const columns = [{ title: "Compute multiplier" }, ...titles.map((title) => ({ title, number: true }))];
  return table("Forecast by compute multiplier", columns, rows);
}

function toolTable({ calls: { tools } }: Baseline): Markup {
  const titles = [
    "Calls",
    "For each rollout",
    "Mistakes",
    "Over budget",
    "4xx",
    "Repeats",
    "Healed faults",
    "p50, ms",
    "p95, ms",
  ];
  const rows = tools.map((tool) => [
    markup`<code>${tool.tool}</code>`,
    whole(tool.calls),
    oneDecimal(tool.per_rollout),
    ...[tool.mistakes, tool.over_budget, tool.refused, tool.repeats, tool.healed_faults].map(whole),
    oneDecimal(tool.milliseconds.p50),
    oneDecimal(tool.milliseconds.p95),
  ]);
  if (rows.length === 0) return markup`<p class="card">No tool was called.</p>`;
  return table("Calls by tool", [{ title: "Tool" }, ...titles.map((title) => ({ title, number: true }))], rows);
}

function sequenceTable({ calls: { sequences }, rollouts }: Baseline): Markup {
  const columns = ["Rollouts", "Share", "Mean score"].map((title) => ({ title, number: true }));
  const rows = sequences.map(({ sequence, rollouts: times, mean_score }) => [
    markup`<code>${sequence}</code>`,
    whole(times),
    percent(times, rollouts.graded),
    score(mean_score),
  ]);
  return rows.length === 0 ? markup`` : table("Commonest sequences", [{ title: "Sequence" }, ...columns], rows);
}

function spreadTable({ milliseconds, tokens }: Baseline): Markup {
  const rows = (named: readonly (readonly [string, Spread])[]) =>
    named.map(([name, { mean, p50, p95, most }]) => [name, ...[mean, p50, p95, most].map(oneDecimal)]);
  const columns = (title: string) => [
    { title },
    ...["Mean", "p50", "p95", "Most"].map((name) => ({ title: name, number: true })),
  ];
  const time = table(
    "Time of a rollout",
    columns("Milliseconds of a rollout"),
    rows([
      ["to the answer", milliseconds.answer],
      ["of it, waiting for the model", milliseconds.model],
      ["of it, waiting for tools", milliseconds.tools],
      ["grading", milliseconds.grading],
    ]),
  );
  if (!tokens) return time;
  const { input, cached_input, output, reasoning } = tokens;
  const kinds = rows([
    ["input", input],
    ["of it, cached", cached_input],
    ["output", output],
    ["of it, reasoning", reasoning],
  ]);
  return pair(time, table("Tokens of a rollout", columns("Tokens of a rollout"), kinds));
}

function leftOut({ failures, rollouts }: Baseline): Markup {
  const rows = failures.map(({ reason, rollouts: times }) => [reason, whole(times)]);
  const again = `${counted(rollouts.repeated, "rollout")} left out before and played again.`;
  if (rows.length === 0)
    return markup`<p class="card">No rollout was left out. ${rollouts.repeated > 0 ? again : ""}</p>`;
  return table("Left out", [{ title: "Why" }, { title: "Rollouts", number: true }], rows);
}

function howToRead({ forecast }: Baseline): Markup {
  const fitted = forecast ? ` Likeliest here is Beta(${forecast.a.toFixed(2)}, ${forecast.b.toFixed(2)}).` : "";
  return section(
    "How to read it",
    markup`<ul>
<li><b>Left out</b> are rollouts whose call or grading stayed without an answer after all retries, and those whose model could not be reached. They are the service's doing, so they are no score: not 0, not anything.</li>
<li>The <b>mean score</b> counts each item once. Its <b>95 % interval</b> is that of 2,000 drawings of items (percentile bootstrap); it knows nothing of what no item showed.</li>
<li><b>Best of k</b> and <b>pass@k</b> (a full score among k) are averages over all choices of k attempts (Chen et al., 2021).</li>
<li><b>Groups that would teach</b>: a step plays an item many times at once, and learns only where these rollouts score differently. Forecast: each item has a success rate of its own, and the rates are spread as a Beta distribution, of which all items tell something (beta-binomial model; Gelman et al., Bayesian Data Analysis, 5.3).${fitted} Success is a full score; partial credit makes more groups teach than this says. The compute multiplier multiplies the rollouts of an item; an epoch here is over as many items as the baseline has.</li>
<li>A <b>repeat</b> is a call of the same tool as the call before. In sequences, <code>+</code> joins calls made at once.</li>
</ul>`,
  );
}

function howMade({ manifest, rollouts, ...baseline }: Baseline): Markup {
  const { name, command, created_at, dataset, environment, deployment, versions, agent } = manifest;
  return section(
    "How it was made",
    facts([
      ["Name", markup`<code>${name}</code>`],
      ["Begun", `${created_at.slice(0, 10)} ${created_at.slice(11, 16)} UTC`],
      [
        "Dataset",
        markup`${dataset.files.join(", ")}, ${counted(dataset.items, "item")}, <code>${dataset.sha256.slice(0, 16)}</code>`,
      ],
      ["Agent", agent.base_url === null ? agent.kind : `${agent.kind}, ${agent.base_url}`],
      [
        "Environment",
        markup`${environment}, prompt <code>${versions.prompt.slice(0, 12)}</code>, tools <code>${versions.tools.slice(0, 12)}</code>, grader <code>${versions.grader.slice(0, 12)}</code>`,
      ],
      ["Deployment", `${deployment.url}, index ${deployment.index_version ?? "not known"}`],
      ["Basis", basis({ manifest, rollouts, ...baseline })],
    ]),
    markup`<pre><code>${repeatingCommand({ command })}</code></pre>`,
  );
}

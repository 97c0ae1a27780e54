/** A job as a page that refreshes itself while it is watched: what stands out, charts on one time axis, checkpoints, alarms. Pure. */
import type { WatchSnapshot } from "../../contract/watch.ts";
import { type Markup, markup } from "../markup.ts";
import { compact, counted, percent, whole } from "../numbers.ts";
import { facts, figure, figures, page, pair, section, table, tableOf, wideFigure } from "../page.ts";
import { latencyChart, timeCharts } from "./charts.ts";
import { countWithin, seriesOf, stepTimes } from "./series.ts";
import { clock, hintTitles, nextSteps, sourceProblems, standing, whereabouts } from "./words.ts";

/** Steps in the table, the latest: the charts have all. */
const MOST_STEPS = 20;
const MOST_OTHERS = 40;

/** @param refreshSeconds undefined where the page is not written again: the job has ended, or nobody watches */
export function watchPage(snapshot: WatchSnapshot, refreshSeconds: number | undefined): string {
  const content = [
    header(snapshot, refreshSeconds),
    banner(snapshot),
    summary(snapshot),
    hints(snapshot),
    overTime(snapshot),
    checkpoints(snapshot),
    steps(snapshot),
    alarms(snapshot),
    endpoints(snapshot),
    others(snapshot),
    log(snapshot),
    next(snapshot),
    howToRead(),
  ];
  return page(`${standing(snapshot)}: ${snapshot.name}`, content, { refreshSeconds });
}

const nothing = markup``;
const paragraph = (text: string) => markup`<p class="card">${text}</p>`;

function header(snapshot: WatchSnapshot, refreshSeconds: number | undefined): Markup {
  const { name, job, taken_at } = snapshot;
  const again =
    refreshSeconds === undefined
      ? "This page is not written any more."
      : `Written again every ${counted(refreshSeconds, "second")}.`;
  return markup`<header>
<h1>Training ${name}</h1>
${whereabouts(snapshot).map((text) => markup`<p class="soft">${text}</p>`)}
<p class="soft"><code>${job.id}</code> · as of ${clock(taken_at)} UTC. ${again}</p>
</header>`;
}

function banner(snapshot: WatchSnapshot): Markup {
  const { job } = snapshot;
  const problems = sourceProblems(snapshot);
  const isBad = job.status === "failed" || job.status === "cancelled" || problems.length > 0;
  const [state, sign] = isBad ? ["broken", "✗"] : job.status === "succeeded" ? ["kept", "✓"] : ["untried", "–"];
  return markup`<div class="card verdict ${state}"><span class="sign" aria-hidden="true">${sign}</span><div>
<strong>${standing(snapshot)}</strong>
${job.error === null ? "" : markup`<p>${job.error}</p>`}
${problems.map((text) => markup`<p>${text}</p>`)}
</div></div>`;
}

function summary({ steps: all, checkpoints: kept, run, groups }: WatchSnapshot): Markup {
  const told = (key: "train_reward" | "valid_reward" | "reasoning_tokens" | "tool_calls") =>
    all.flatMap((step) => step[key] ?? []);
  const best = kept.find((checkpoint) => checkpoint.best);
  const figureOf = (name: string, values: readonly number[], shown: (value: number) => string) => ({
    name,
    number: values.length === 0 ? "-" : shown(values.at(-1) ?? 0),
    note: values.length < 2 ? "" : `at first ${shown(values[0] ?? 0)}`,
  });
  const reward = (value: number) => value.toFixed(3);
  return figures([
    figureOf("Training reward", told("train_reward"), reward),
    figureOf("Validation reward", told("valid_reward"), reward),
    ...(best ? [{ name: "Best checkpoint", number: `step ${best.step}`, note: reward(best.valid_reward ?? 0) }] : []),
    figureOf("Reasoning tokens", told("reasoning_tokens"), whole),
    ...(told("tool_calls").length > 0 ? [figureOf("Tool calls", told("tool_calls"), (value) => value.toFixed(1))] : []),
    ...(run
      ? [
          { name: "Rollouts", number: whole(run.rollouts.total), note: `${whole(run.rollouts.graded)} graded` },
          { name: "Faulted calls", number: whole(run.faults.calls), note: `${whole(run.faults.unhealed)} not healed` },
        ]
      : []),
    ...(groups
      ? [
          {
            name: "Without variance",
            number: percent(groups.same, groups.groups),
            note: `of the latest ${whole(groups.groups)} groups`,
          },
        ]
      : []),
  ]);
}

function hints({ hints: all }: WatchSnapshot): Markup {
  if (all.length === 0) return nothing;
  const rows = all.map(
    ({ kind, finding, advice }) =>
      markup`<tr><td class="state ${kind === "alarm" ? "broken" : "untried"}">${hintTitles[kind]}</td><td>${finding}<br><b>${advice}</b></td></tr>`,
  );
  return section("What stands out", tableOf("Hints", [{ title: "" }, { title: "Found, and what to do" }], rows));
}

function overTime(snapshot: WatchSnapshot): Markup {
  const charts = timeCharts(snapshot).map(wideFigure);
  return section(
    "Over time",
    charts.length > 0 ? charts : paragraph("No figures yet: a step's come when it has ended."),
  );
}

function checkpoints({ checkpoints: all }: WatchSnapshot): Markup {
  if (all.length === 0) return section("Checkpoints", paragraph("None yet."));
  const columns = [
    { title: "Step", number: true },
    { title: "Validation", number: true },
    { title: "" },
    { title: "Model" },
  ];
  const rows = all.map(({ step, valid_reward, best, at, model }) => [
    whole(step),
    valid_reward === null ? "-" : valid_reward.toFixed(3),
    best ? markup`<b>best</b>` : "",
    markup`<code>${model}</code><br><span class="soft">${clock(at)} UTC</span>`,
  ]);
  return section("Checkpoints", table("Checkpoints", columns, rows));
}

/** What the service tells of a step beside what the monitor counted in its time. */
function steps(snapshot: WatchSnapshot): Markup {
  if (snapshot.steps.length === 0) return section("Steps", paragraph("No step has ended yet."));
  const ofMonitor = seriesOf(snapshot).filter(({ source }) => source === "monitor");
  const counts = (name: string) => ofMonitor.find((series) => series.name === name)?.stretches;
  const within = (name: string, from: number, to: number) => {
    const stretches = counts(name);
    return stretches ? whole(Math.round(countWithin(stretches, from, to))) : "-";
  };
  const shown = (value: number | null, text: (value: number) => string) => (value === null ? "-" : text(value));
  const reward = (value: number) => value.toFixed(3);
  const titles = [
    "Step",
    "Train",
    "Validation",
    "Reasoning tokens",
    "Tool calls",
    "Grader errors",
    "Rollouts*",
    "Faults*",
  ];
  const rows = stepTimes(snapshot)
    .slice(-MOST_STEPS)
    .toReversed()
    .map(({ step, from, to }) => [
      whole(step.step),
      shown(step.train_reward, reward),
      shown(step.valid_reward, reward),
      shown(step.reasoning_tokens, whole),
      shown(step.tool_calls, (value) => value.toFixed(1)),
      shown(step.grader_errors, whole),
      within("rollouts", from, to),
      within("faults", from, to),
    ]);
  return section(
    "Steps",
    table(
      "Steps, the latest first",
      titles.map((title) => ({ title, number: true })),
      rows,
    ),
    markup`<p class="soft">* as the run monitor counted them in the step's time.</p>`,
  );
}

function alarms({ run }: WatchSnapshot): Markup {
  if (!run) return nothing;
  if (run.alarms.length === 0) return section("Alarms", paragraph("None."));
  const rows = run.alarms.map(({ raised_at, cleared_at, message, what_to_do }) => {
    const state =
      cleared_at === null
        ? markup`<td class="state broken">stands</td>`
        : markup`<td class="state untried">cleared</td>`;
    return markup`<tr>${state}<td>${clock(raised_at)}${cleared_at === null ? "" : ` to ${clock(cleared_at)}`}</td><td>${message}<br><b>${what_to_do}</b></td></tr>`;
  });
  return section("Alarms", tableOf("Alarms", [{ title: "" }, { title: "UTC" }, { title: "Alarm" }], rows));
}

function endpoints(snapshot: WatchSnapshot): Markup {
  const { run } = snapshot;
  if (!run) return nothing;
  const chart = latencyChart(snapshot);
  const mistakes = run.mistakes.map(({ kind, calls }) => `${kind} ${whole(calls)}`).join(", ");
  const faults = Object.entries(run.faults.by_boundary).map(([boundary, times]) => `${boundary} ${whole(times)}`);
  const { open, graded, discarded, abandoned } = run.rollouts;
  const counts = facts([
    [
      "Rollouts",
      `${whole(open)} open, ${whole(graded)} graded, ${whole(discarded)} discarded, ${whole(abandoned)} abandoned`,
    ],
    ["Mistakes", mistakes || "none"],
    ["Faults", faults.join(", ") || "none"],
    ["Over budget", counted(run.calls.over_budget, "call")],
  ]);
  return section("The endpoints", pair(markup`<div class="card">${counts}</div>`, chart ? figure(chart) : ""));
}

function others({ steps: all }: WatchSnapshot): Markup {
  const latest = new Map(
    all.flatMap((step) => step.other.map(({ name, value }) => [name, { value, step: step.step }] as const)),
  );
  if (latest.size === 0) return nothing;
  const rows = [...latest].map(([name, { value, step }]) => [
    markup`<code>${name}</code>`,
    compact(value),
    whole(step),
  ]);
  const columns = [{ title: "Name" }, { title: "Latest", number: true }, { title: "Step", number: true }];
  const left = rows.length - MOST_OTHERS;
  return section(
    "What else the service tells",
    table("Other figures", columns, rows.slice(0, MOST_OTHERS)),
    left > 0 ? paragraph(`And ${counted(left, "further figure")}: edgegym watch --once --json has all.`) : "",
  );
}

function log({ log: all }: WatchSnapshot): Markup {
  if (all.length === 0) return nothing;
  const rows = all.toReversed().map(({ at, level, message }) => [clock(at), level, message]);
  return section(
    "The job's log",
    table("The job's log", [{ title: "UTC" }, { title: "Level" }, { title: "Message" }], rows),
  );
}

function next(snapshot: WatchSnapshot): Markup {
  if (!snapshot.job.ended) return nothing;
  const parts = nextSteps(snapshot).map((text) =>
    text.startsWith("npm ") ? markup`<pre><code>${text}</code></pre>` : markup`<p>${text}</p>`,
  );
  return section("What to do next", ...parts);
}

function howToRead(): Markup {
  return section(
    "How to read it",
    markup`<ul>
<li>A step's figures are the service's. They stand at the middle of the time in which its rollouts were played, so that what the monitor saw meanwhile stands above and below them.</li>
<li><b>Score, monitor</b> is the mean of what the grader answered, validations among it; it comes while a step is under way, and knows nothing of rewards that the service made of it.</li>
<li><b>Faults</b> are ours and should be none. <b>Mistakes</b> are the model's own, and become fewer as it learns.</li>
<li><b>Without variance</b> is estimated from the latest graded rollouts: of one item in one step, all with one score.</li>
<li>A falling reward with growing reasoning is often exploration; wait for the next validations. A validation reward near 1 is more often a hole in the grader than a perfect model.</li>
</ul>`,
  );
}

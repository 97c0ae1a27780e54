/** A baseline as a summary for a terminal: scores, calls, time, then whether it is ready. Pure. */
import type { Baseline, ReadinessState } from "../../contract/baseline.ts";
import { scoreBins } from "../histogram.ts";
import { counted, duration, oneDecimal, percent, whole } from "../numbers.ts";
import { beside, columns, cut, entry, plain, wrapped } from "../text.ts";
import { agentOf, checkTitle, epochText, headline, interval, notes, score } from "./words.ts";

/** Under this, tables have no room left. */
const NARROWEST = 60;
const INDENT = 10;
/** Bars of the histogram and of the items' strip. */
const BAR = 20;

/** @param options.width characters of a line; ASCII only, without an end of line at the end */
export function baselineText(baseline: Baseline, options: { width: number }): string {
  const width = Math.max(options.width, NARROWEST);
  const lines = [
    ...title(baseline, width),
    "",
    ...scores(baseline, width),
    "",
    ...beside(histogram(baseline), tools(baseline), width),
    "",
    ...behaviour(baseline, width),
    "",
    ...readiness(baseline, width),
  ];
  return lines.map((line) => cut(line, width)).join("\n");
}

function title(baseline: Baseline, width: number): string[] {
  const { manifest, rollouts } = baseline;
  const { environment, deployment, dataset, attempts } = manifest;
  return [
    ...wrapped(`Baseline of ${plain(agentOf(baseline))}: ${plain(environment)} at ${plain(deployment.url)}`, width),
    ...wrapped(
      `${counted(dataset.items, "item")} x ${counted(attempts, "attempt")}: ${whole(rollouts.graded)} graded, ${whole(rollouts.faulted)} faulted and ${whole(rollouts.agent_failed)} failed (left out), ${whole(rollouts.unattempted)} not played`,
      width,
    ),
  ];
}

function scores(baseline: Baseline, width: number): string[] {
  const { mean_score, best_of, always, items, forecast } = baseline;
  if (!mean_score) return ["No rollout was graded, so there is no score."];
  const table = columns([
    ["", "score", "95 % interval", "items"],
    ["mean score", score(mean_score.value), interval(mean_score), whole(items.length)],
    ...best_of.slice(1).map(({ k, items: of, best }) => [`best of ${k}`, score(best.value), interval(best), whole(of)]),
    ...best_of.map(({ k, items: of, pass }) => [`pass@${k}`, score(pass.value), interval(pass), whole(of)]),
  ]);
  const shares =
    always.items === 0
      ? "no item was graded twice"
      : `always 0 ${percent(always.zero, always.items)}, always 1 ${percent(always.one, always.items)}, alike at another score ${percent(always.same, always.items)}, in between ${percent(always.varied, always.items)}`;
  const groups = (forecast?.multipliers ?? []).map(
    ({ multiplier, copies, share }) =>
      `x${multiplier} (${copies} rollouts) ${percent(share.value)} [${percent(share.low)} to ${percent(share.high)}]`,
  );
  return [
    ...table,
    "",
    ...entry("items", shares, INDENT, width),
    ...(groups.length > 0
      ? entry("forecast", `groups that would teach, by compute multiplier: ${groups.join(", ")}`, INDENT, width)
      : []),
    ...(forecast ? entry("epoch", epochText(baseline), INDENT, width) : []),
  ];
}

function histogram({ scores: found }: Baseline): string[] {
  const bins = scoreBins(found);
  const most = Math.max(1, ...bins.map(({ rollouts }) => rollouts));
  const bar = (rollouts: number) => "#".repeat(Math.ceil((rollouts / most) * BAR));
  const rows = columns([["score", "rollouts"], ...bins.map(({ label, rollouts }) => [plain(label), whole(rollouts)])]);
  return rows.map((row, at) => (at === 0 ? row : `${row} ${bar(bins[at - 1]?.rollouts ?? 0)}`));
}

function tools({ calls }: Baseline): string[] {
  return columns([
    ["tool", "calls", "each", "mistakes", "p50, ms", "p95"],
    ...calls.tools.map(({ tool, calls: made, per_rollout, mistakes, milliseconds }) => [
      cut(plain(tool), 16),
      whole(made),
      oneDecimal(per_rollout),
      whole(mistakes),
      oneDecimal(milliseconds.p50),
      oneDecimal(milliseconds.p95),
    ]),
  ]);
}

function behaviour(
  { calls, milliseconds, tokens, answer_endings, failures, rollouts }: Baseline,
  width: number,
): string[] {
  const { spread, per_turn, repeats, sequences } = calls;
  const endings = Object.entries(answer_endings).map(
    ([ending, times]) => `${ending.replaceAll("_", " ")} ${whole(times)}`,
  );
  const reasons = failures.map(({ reason, rollouts: times }) => `${whole(times)} x ${plain(reason)}`);
  const common = sequences
    .slice(0, 3)
    .map(({ sequence, rollouts: times }) => `${percent(times, rollouts.graded)} ${plain(sequence)}`);
  const cost = tokens?.cost == null ? "" : `; cost of all ${tokens.cost.toFixed(2)} at the prices given`;
  const rows: [string, string][] = [
    [
      "calls",
      `${oneDecimal(spread.mean)} a rollout (p50 ${whole(spread.p50)}, p95 ${whole(spread.p95)}, most ${whole(spread.most)}), ${oneDecimal(per_turn)} at once, ${counted(repeats, "repeat")} of the tool before`,
    ],
    ["sequences", common.join("; ") || "none"],
    [
      "time",
      `to the answer p50 ${duration(milliseconds.answer.p50)}, p95 ${duration(milliseconds.answer.p95)}; of it, on average, model ${duration(milliseconds.model.mean)}, tools ${duration(milliseconds.tools.mean)}; grading ${duration(milliseconds.grading.mean)}`,
    ],
    ...(tokens
      ? [
          [
            "tokens",
            `a rollout: input ${whole(tokens.input.mean)} (cached ${whole(tokens.cached_input.mean)}), output ${whole(tokens.output.mean)} (reasoning ${whole(tokens.reasoning.mean)})${cost}`,
          ] satisfies [string, string],
        ]
      : []),
    ...(endings.length > 0 ? [["answers", endings.join(", ")] satisfies [string, string]] : []),
    ...(reasons.length > 0 ? [["left out", reasons.join("; ")] satisfies [string, string]] : []),
  ];
  return rows.flatMap(([name, text]) => entry(name, text, INDENT, width));
}

const MARKS: Readonly<Record<ReadinessState, string>> = { ready: "ok", not_yet: "NOT YET", unknown: "-" };

function readiness(baseline: Baseline, width: number): string[] {
  const checks = baseline.readiness.checks.flatMap((check) => {
    const advice = check.advice === null ? [] : wrapped(`> ${plain(check.advice)}`, width - 8);
    return [
      ...entry(MARKS[check.state], `${checkTitle(check)}: ${plain(check.finding)}`, 8, width),
      ...advice.map((line) => " ".repeat(8) + line),
    ];
  });
  return [
    ...checks,
    "",
    headline(baseline).toUpperCase(),
    ...notes(baseline).flatMap((note) => wrapped(plain(note), width)),
  ];
}

/** A rehearsal as a summary for a terminal: the promises, then what was sent and what came of it, the verdict last. Pure. */
import type { Rehearsal, RehearsalCheck } from "../contract/rehearsal.ts";
import { scoreBins } from "./histogram.ts";
import { counted, duration, oneDecimal, percent, probability, whole } from "./numbers.ts";
import { inWords, mostFirst } from "./rehearsal-words.ts";
import { beside, columns, cut, entry, plain, wrapped } from "./text.ts";
import { checkState, type CheckState, verdictOf } from "./verdict.ts";

/** Under this, a table of promises has no room left for them. */
const NARROWEST = 60;

/** @param options.width characters of a line; ASCII only, without an end of line at the end */
export function rehearsalText(rehearsal: Rehearsal, options: { width: number }): string {
  const width = Math.max(options.width, NARROWEST);
  const lines = [
    ...title(rehearsal, width),
    "",
    ...promises(rehearsal.checks, width),
    "",
    ...counts(rehearsal, width),
    "",
    ...beside(latencies(rehearsal), scores(rehearsal), width),
    "",
    ...discardBias(rehearsal, width),
    "",
    ...verdict(rehearsal, width),
  ];
  return lines.map((line) => cut(line, width)).join("\n");
}

function title(
  { environment, url, run, agent, seed, milliseconds, rollouts, steps }: Rehearsal,
  width: number,
): string[] {
  const played = `${counted(rollouts.planned, "rollout")} in ${counted(steps.length, "step")}, ${duration(milliseconds)}`;
  return [
    ...wrapped(`Rehearsal of ${plain(environment)} at ${plain(url)}, run ${plain(run)}`, width),
    ...wrapped(`${played}; ${plain(agent)} agent, seed ${plain(seed)}`, width),
  ];
}

const MARKS: Readonly<Record<CheckState, string>> = { kept: "ok", broken: "BROKEN", untried: "-" };
/** The longest mark and a gap. */
const MARK_WIDTH = 7;

function promises(checks: readonly RehearsalCheck[], width: number): string[] {
  const numbers = columns([["", "broken", "of"], ...checks.map(numbersOf)]);
  const numbersWidth = Math.max(...numbers.map((line) => line.length));
  const room = width - MARK_WIDTH - numbersWidth;
  const [head = "", ...rows] = numbers.map((line) => line.padStart(numbersWidth));
  return [
    `${"".padEnd(MARK_WIDTH)}${"promise".padEnd(room)}${head}`,
    "-".repeat(width),
    ...checks.flatMap((check, at) => promise(check, rows[at] ?? "", room, width)),
    "-".repeat(width),
  ];
}

function numbersOf(check: RehearsalCheck): string[] {
  return checkState(check) === "untried" ? ["", "not", "tried"] : ["", whole(check.violations), whole(check.occasions)];
}

function promise(check: RehearsalCheck, numbers: string, room: number, width: number): string[] {
  const [first = "", ...rest] = wrapped(plain(check.promise), room);
  const examples = check.examples
    .slice(0, MOST_EXAMPLES)
    .flatMap((example) => wrapped(`> ${plain(example)}`, width - MARK_WIDTH));
  return [
    MARKS[checkState(check)].padEnd(MARK_WIDTH) + first.padEnd(room) + numbers,
    ...[...rest, ...examples].map((line) => " ".repeat(MARK_WIDTH) + line),
  ];
}

/** Enough to look one up; the page and the file have more. */
const MOST_EXAMPLES = 3;

function counts(rehearsal: Rehearsal, width: number): string[] {
  const { rollouts, calls, statuses, chaos, requests_per_second, client_delay_milliseconds } = rehearsal;
  const answers = mostFirst(statuses).map(([status, times]) => `${whole(times)} x ${plain(status)}`);
  const trouble = mostFirst(chaos).map(([kind, times]) => `${plain(inWords(kind))} ${whole(times)}`);
  const discarded = `${whole(rollouts.discarded)} discarded (${percent(rollouts.discarded, rollouts.planned)})`;
  const facts: [string, string][] = [
    ["rollouts", `${whole(rollouts.graded)} graded, ${discarded}, ${whole(rollouts.unfinished)} unfinished`],
    [
      "calls",
      `${whole(calls.decided)} decided on, ${whole(calls.deliveries)} deliveries, ${whole(calls.executed)} in ledgers`,
    ],
    [
      "requests",
      `${answers.join(", ") || "none"}; ${oneDecimal(requests_per_second)}/s, client late by ${oneDecimal(client_delay_milliseconds)} ms (p99)`,
    ],
    ["trouble", trouble.join(", ") || "none was made: this shows good weather only"],
  ];
  return facts.flatMap(([name, text]) => entry(name, text, 10, width));
}

function latencies({ latencies: found }: Rehearsal): string[] {
  if (found.length === 0) return ["No request was answered."];
  const rows = found.map(({ kind, requests, p50, p95, p99, most }) => [
    cut(plain(kind), 12),
    whole(requests),
    ...[p50, p95, p99, most].map(oneDecimal),
  ]);
  return columns([["latency, ms", "requests", "p50", "p95", "p99", "most"], ...rows]);
}

/** Of the most frequent score; the others' are in proportion. */
const LONGEST_BAR = 9;

/** A grader with many different scores is shown by range, so there are never many lines. */
function scores({ scores: found }: Rehearsal): string[] {
  const bins = scoreBins(found);
  if (bins.length === 0) return ["No rollout was graded."];
  const most = Math.max(...bins.map(({ rollouts }) => rollouts));
  const lines = columns([
    ["score", "rollouts"],
    ...bins.map(({ label, rollouts }) => [cut(plain(label), 8), whole(rollouts)]),
  ]);
  return lines.map((line, at) =>
    `${line} ${"#".repeat(Math.ceil(((bins[at - 1]?.rollouts ?? 0) / most) * LONGEST_BAR))}`.trimEnd(),
  );
}

/** As many as fit on a screen with all the rest. */
const MOST_ITEMS = 5;

function discardBias({ rollouts, discard_bias: { share, items_tested, items } }: Rehearsal, width: number): string[] {
  const text = (words: string) => entry("discards", words, 10, width);
  if (rollouts.discarded === 0) return text("none, so no item was favoured");
  if (items_tested === 0) return text(`${percent(share)} of rollouts; no item had enough of them to be tested`);
  const tested = counted(items_tested, "item");
  if (items.length === 0) return text(`${percent(share)} of rollouts; none of ${tested} more often than by chance`);
  const more = items.length - MOST_ITEMS;
  return [
    ...text(`${percent(share)} of rollouts; ${whole(items.length)} of ${tested} MORE OFTEN THAN BY CHANCE`),
    ...items.slice(0, MOST_ITEMS).flatMap(({ item, rollouts: of, discarded, p_value }) => {
      return entry("", `${whole(discarded)} of ${whole(of)}, p ${probability(p_value)}: ${plain(item)}`, 10, width);
    }),
    ...(more > 0 ? entry("", `and ${whole(more)} more`, 10, width) : []),
  ];
}

function verdict(rehearsal: Rehearsal, width: number): string[] {
  const { headline, notes } = verdictOf(rehearsal);
  return [headline.toUpperCase(), ...notes.flatMap((note) => wrapped(plain(note), width))];
}

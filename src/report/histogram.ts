/** Scores, counted by their text, as the bars of a histogram. Pure. */
import { compact } from "./numbers.ts";

export interface ScoreBin {
  /** A score, or the lowest one of a range. */
  label: string;
  /** The score or the range in words. */
  range: string;
  rollouts: number;
}

/** More different scores than this are shown by range: a grader with a few sub-scores stays as it is. */
const MOST_SCORES = 11;
const RANGES = 10;

/** In the order of the scores. Counts under what is no number come last, each for itself. */
export function scoreBins(scores: Readonly<Record<string, number>>): ScoreBin[] {
  const entries = Object.entries(scores).map(([text, rollouts]) => ({ text, score: Number(text), rollouts }));
  const numbers = entries.filter(({ score }) => Number.isFinite(score)).toSorted((a, b) => a.score - b.score);
  const others = entries.filter(({ score }) => !Number.isFinite(score));
  const single = ({ text, rollouts }: { text: string; rollouts: number }) => ({ label: text, range: text, rollouts });
  const shown = numbers.length > MOST_SCORES ? ranges(numbers) : numbers.map(single);
  return [...shown, ...others.map(single)];
}

/** Ranges of a tenth where all scores are between 0 and 1, else as wide as it takes. */
function ranges(numbers: readonly { score: number; rollouts: number }[]): ScoreBin[] {
  const least = Math.min(0, ...numbers.map(({ score }) => score));
  const most = Math.max(1, ...numbers.map(({ score }) => score));
  const width = most / RANGES - least / RANGES;
  const rollouts = Array.from({ length: RANGES }, () => 0);
  for (const number of numbers) {
    const at = Math.min(Math.floor((number.score - least) / width + 1e-9), RANGES - 1);
    rollouts[at] = (rollouts[at] ?? 0) + number.rollouts;
  }
  return rollouts.map((count, at) => {
    const [from, to] = [compact(least + at * width), compact(least + (at + 1) * width)];
    return { label: from, range: at === RANGES - 1 ? `${from} to ${to}` : `${from} to under ${to}`, rollouts: count };
  });
}

/** A rehearsal's seconds, brought together to as many stretches of time as a chart can show. Pure. */
import type { Rehearsal } from "../contract/rehearsal.ts";

type Second = Rehearsal["seconds"][number];

export interface Stretch {
  /** In seconds from the start. */
  start: number;
  end: number;
  answersPerSecond: number;
  faultsPerSecond: number;
  /** The median of the seconds' medians, weighted by their answers, in milliseconds; null without an answer. */
  p50: number | null;
  /** Rollouts started and ended up to the end of the stretch. */
  started: number;
  ended: number;
}

/** More could not be told apart on the width of a chart. */
const MOST_STRETCHES = 240;

/** Equal stretches from the start to the last second, whole seconds long; seconds that are left out had nothing in them. */
export function timeline(seconds: readonly Second[]): Stretch[] {
  const span = seconds.reduce((most, { second }) => Math.max(most, second + 1), 0);
  const width = Math.max(1, Math.ceil(span / MOST_STRETCHES));
  const groups = Map.groupBy(seconds, ({ second }) => Math.floor(second / width));
  let [started, ended] = [0, 0];
  return Array.from({ length: Math.ceil(span / width) }, (_, at) => {
    const group = groups.get(at) ?? [];
    started += sum(group, "started");
    ended += sum(group, "ended");
    return {
      start: at * width,
      end: (at + 1) * width,
      answersPerSecond: sum(group, "answers") / width,
      faultsPerSecond: sum(group, "faults") / width,
      p50: medianOfMedians(group),
      started,
      ended,
    };
  });
}

function sum(seconds: readonly Second[], key: "answers" | "faults" | "started" | "ended"): number {
  return seconds.reduce((total, second) => total + second[key], 0);
}

function medianOfMedians(seconds: readonly Second[]): number | null {
  const answered = seconds.filter(({ answers }) => answers > 0).toSorted((a, b) => a.p50 - b.p50);
  let left = sum(answered, "answers") / 2;
  for (const { answers, p50 } of answered) {
    left -= answers;
    if (left <= 0) return p50;
  }
  return null;
}

/** The unit that a span of seconds is best marked in. */
export function timeUnit(seconds: number): { name: string; seconds: number } {
  if (seconds <= 300) return { name: "seconds", seconds: 1 };
  return seconds <= 3 * 3600 ? { name: "minutes", seconds: 60 } : { name: "hours", seconds: 3600 };
}

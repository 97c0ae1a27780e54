/** From values to positions on an axis, and the round numbers that mark it. Pure; every result is a finite number. */
import { compact } from "../numbers.ts";

export interface Tick {
  /** The position on the axis. */
  at: number;
  label: string;
}

export interface Scale {
  /** The position of a value; what lies beyond the axis stands at its end. */
  place: (value: number) => number;
  ticks: Tick[];
}

/** The positions between which an axis runs; `from` may be the larger one, as for a vertical axis. */
export interface Extent {
  from: number;
  to: number;
}

/** Values beyond these, which no chart shows in earnest, would overflow or vanish on the way to round numbers. */
const MOST = 1e290;
const LEAST = 1e-290;

/**
 * An axis from 0 to a round number at or above `most`, or to `most` itself where `exact`.
 * @param options.marks about how many marks there are
 * @param options.whole whether only whole numbers are marked, as for counts
 */
export function linearScale(
  most: number,
  { from, to }: Extent,
  options: { marks: number; whole?: boolean; exact?: boolean },
): Scale {
  const highest = most > 0 ? bounded(most) : 1;
  const step = Math.max(roundStep(highest / options.marks), options.whole ? 1 : 0);
  const end = options.exact ? highest : Math.ceil(highest / step - 1e-9) * step;
  const place = (value: number) => from + (to - from) * share(value / end);
  const marks = Array.from({ length: Math.floor(end / step + 1e-9) + 1 }, (_, index) => index * step);
  return { place, ticks: marks.map((value) => ({ at: place(value), label: compact(value) })) };
}

/**
 * An axis around the values from `least` to `most`, which may be negative, from a round number to a round number. Not from 0: for
 * lines, whose changes count, never for bars.
 * @param options.narrowest what the axis spans at least, so that what hardly changes looks so
 */
export function rangeScale(
  least: number,
  most: number,
  { from, to }: Extent,
  options: { marks: number; narrowest: number },
): Scale {
  const [low, high] = [clamped(Math.min(least, most)), clamped(Math.max(least, most))];
  const missing = Math.max(0, options.narrowest - (high - low)) / 2;
  const step = roundStep(Math.max(high - low + 2 * missing, LEAST) / options.marks);
  const first = Math.floor((low - missing) / step + 1e-9);
  const last = Math.max(Math.ceil((high + missing) / step - 1e-9), first + 1);
  const place = (value: number) => from + (to - from) * share((value / step - first) / (last - first));
  const marks = Array.from({ length: last - first + 1 }, (_, at) => (first + at) * step);
  return { place, ticks: marks.map((value) => ({ at: place(value), label: compact(value) })) };
}

const clamped = (value: number) => (Number.isNaN(value) ? 0 : Math.max(-MOST, Math.min(value, MOST)));

/**
 * A logarithmic axis around the positive values from `least` to `most`, marked at 1, 2, 5, 10, …; at powers of ten alone where
 * those would be too many.
 */
export function logScale(least: number, most: number, { from, to }: Extent): Scale {
  const low = least > 0 ? bounded(least) : 1;
  const high = Math.max(bounded(most), low);
  const start = Math.log10(roundDown(low));
  const end = Math.max(Math.log10(roundUp(high)), start + Math.log10(2));
  const place = (value: number) => from + (to - from) * share((Math.log10(value) - start) / (end - start));
  return { place, ticks: logMarks(start, end).map((value) => ({ at: place(value), label: compact(value) })) };
}

/** More marks than this run into each other on the width of a chart. */
const MOST_LOG_MARKS = 8;

function logMarks(start: number, end: number): number[] {
  const tens = Array.from({ length: Math.ceil(end) - Math.floor(start) + 1 }, (_, at) => Math.floor(start) + at);
  const within = (value: number) => Math.log10(value) >= start - 1e-9 && Math.log10(value) <= end + 1e-9;
  const all = tens.flatMap((power) => [1, 2, 5].map((digit) => digit * 10 ** power)).filter(within);
  if (all.length <= MOST_LOG_MARKS) return all;
  const powers = tens.map((power) => 10 ** power).filter(within);
  const every = Math.ceil(powers.length / MOST_LOG_MARKS);
  return powers.filter((_, at) => at % every === 0);
}

/** The next of …, 1, 2, 5, 10, … at or above a number. */
function roundStep(number: number): number {
  const power = 10 ** Math.floor(Math.log10(number));
  const digit = [1, 2, 5].find((candidate) => candidate * power >= number * (1 - 1e-9)) ?? 10;
  return digit * power;
}

const roundUp = roundStep;

function roundDown(number: number): number {
  const power = 10 ** Math.floor(Math.log10(number) + 1e-9);
  return ([5, 2].find((candidate) => candidate * power <= number * (1 + 1e-9)) ?? 1) * power;
}

const bounded = (number: number) => Math.max(Math.min(number, MOST), LEAST);

/** Keeps a share within the axis; what is no number stands at its start. */
const share = (number: number) => (number > 0 ? Math.min(number, 1) : 0);

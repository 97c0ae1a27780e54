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

/** An axis of differences: from -`reach` to `reach`, zero in the middle; marks have their sign. */
export function differenceScale(
  reach: number,
  { from, to }: Extent,
  options: { marks: number; exact?: boolean },
): Scale {
  const middle = (from + to) / 2;
  const { place: half, ticks } = linearScale(reach, { from: middle, to }, options);
  const place = (value: number) => (value < 0 ? 2 * middle - half(-value) : half(value));
  const [zero, ...positive] = ticks;
  const negative = positive.toReversed().map(({ at, label }) => ({ at: 2 * middle - at, label: `-${label}` }));
  return {
    place,
    ticks: [...negative, ...(zero ? [zero] : []), ...positive.map((tick) => ({ ...tick, label: `+${tick.label}` }))],
  };
}

/** An axis between round numbers around `least` and `most`: for places, not for lengths, as it need not begin at 0. */
export function spanScale(least: number, most: number, { from, to }: Extent, options: { marks: number }): Scale {
  const [low, high] = [clamped(Math.min(least, most)), clamped(Math.max(least, most))];
  // Of one value alone there is no span: then a part of it is.
  const width = Math.max(high - low, Math.abs(high) * 0.1, LEAST);
  const step = roundStep(width / options.marks);
  const start = Math.floor(low / step + 1e-9);
  const end = Math.max(Math.ceil(high / step - 1e-9), start + 1);
  const place = (value: number) => from + (to - from) * share((value / step - start) / (end - start));
  const marks = Array.from({ length: Math.min(end - start, 2 * options.marks) + 1 }, (_, at) => (start + at) * step);
  return { place, ticks: marks.map((value) => ({ at: place(value), label: compact(value) })) };
}

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

const clamped = (number: number) => Math.max(-MOST, Math.min(number, MOST)) || 0;
const bounded = (number: number) => Math.max(Math.min(number, MOST), LEAST);

/** Keeps a share within the axis; what is no number stands at its start. */
const share = (number: number) => (number > 0 ? Math.min(number, 1) : 0);

/** A series as one line of text: a character for each stretch of time, the higher the larger the value. Pure. */
import { countWithin, overlap, type Series } from "./series.ts";

/** From the lowest to the highest: blocks where the terminal can show them, else digits. */
export const BLOCKS = "▁▂▃▄▅▆▇█";
export const DIGITS = "0123456789";

export interface SparklineOptions {
  from: number;
  to: number;
  /** Characters of the line. */
  width: number;
  /** What the lowest and the highest character stand for. */
  least: number;
  most: number;
  levels: string;
}

/** A blank where there is no value. Of counts a character shows the sum of its time, of other values the mean. */
export function sparkline(series: Series, { levels, least, most, ...time }: SparklineOptions): string {
  const characters = Array.from(levels);
  const level = (value: number) => {
    const share = most > least ? (value - least) / (most - least) : 0;
    return characters[Math.min(characters.length - 1, Math.max(0, Math.floor(share * characters.length)))] ?? " ";
  };
  return sampled(series, time)
    .map((value) => (value === null ? " " : level(value)))
    .join("");
}

/** The series' value in each of so many equal parts of a time; null where it has none. */
export function sampled(
  { scale, stretches }: Series,
  { from, to, width }: { from: number; to: number; width: number },
): (number | null)[] {
  const part = (to - from) / width;
  return Array.from({ length: width }, (_, at) => {
    const [start, end] = [from + at * part, at === width - 1 ? to + 1 : from + (at + 1) * part];
    const touching = stretches.filter((stretch) => overlap(stretch, start, end) > 0);
    if (touching.length === 0) return null;
    if (scale === "count") return countWithin(touching, start, end);
    const weight = (stretch: (typeof touching)[number]) =>
      Math.max(Math.min(stretch.to, end) - Math.max(stretch.from, start), 1);
    const total = touching.reduce((sum, stretch) => sum + weight(stretch), 0);
    return touching.reduce((sum, stretch) => sum + stretch.value * weight(stretch), 0) / total;
  });
}

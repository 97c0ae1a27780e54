/** Numbers as people read them, the same in pages, charts and terminals. Pure; never NaN, whatever comes. */

const ENGLISH = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const ONE_DECIMAL = new Intl.NumberFormat("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const SIGNIFICANT = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });
const COMPACT = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });

/** Beyond this, digits are noise: 1.5e+12. */
const LARGE = 1e12;

/** 3,214 */
export function whole(number: number): string {
  return Math.abs(number) >= LARGE ? number.toExponential(1) : ENGLISH.format(number + 0);
}

/** 3,214.5, as for milliseconds: aligned below one another, the points are in one column. */
export function oneDecimal(number: number): string {
  return Math.abs(number) >= LARGE ? number.toExponential(1) : ONE_DECIMAL.format(number);
}

/** In charts, where room is scarce: 0.05, 14.5, 3,214, 20K, 1.5M */
export function compact(number: number): string {
  if (number === 0) return "0";
  const size = Math.abs(number);
  if (size >= LARGE || size < 1e-4) return number.toExponential(1).replace(".0e", "e");
  if (size >= 10_000) return COMPACT.format(number);
  return size >= 1000 ? ENGLISH.format(number) : SIGNIFICANT.format(number);
}

/** A share of `of` as "0.6 %"; a dash where there is nothing to take a share of. */
export function percent(part: number, of = 1): string {
  if (!(of > 0)) return "-";
  const share = Math.max(-LARGE, Math.min((part / of) * 100, LARGE));
  if (share === 0) return "0 %";
  if (share > 0 && share < 0.1) return "< 0.1 %";
  return `${oneDecimal(share)} %`;
}

/** 350 ms, 4.2 s, 1 min 12 s, 2 h 3 min */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 1) return `${whole(milliseconds)} ms`;
  if (Math.round(seconds) < 60) return `${oneDecimal(seconds)} s`;
  const minutes = Math.floor(Math.round(seconds) / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds) % 60} s`;
  return `${whole(Math.floor(minutes / 60))} h ${minutes % 60} min`;
}

/** The probability of a test: 0.03, < 0.001 */
export function probability(p: number): string {
  return p < 0.001 ? "< 0.001" : p.toPrecision(2);
}

/** 1 rollout, 3,214 rollouts */
export function counted(number: number, noun: string, nouns = `${noun}s`): string {
  return `${whole(number)} ${number === 1 ? noun : nouns}`;
}

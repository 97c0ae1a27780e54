/**
 * From how often items were solved in a few attempts to how often a group of more attempts would teach something. Model: an item
 * has a success rate of its own, the rates are spread over items as Beta(a, b), attempts are independent. The spread is fitted to
 * all items (maximum likelihood of the beta-binomial: J. G. Skellam, 1948; the rest is empirical Bayes: C. N. Morris, 1983).
 * Pure.
 */

/** What was seen of an item. */
export interface Trials {
  attempts: number;
  successes: number;
}

export interface Beta {
  a: number;
  b: number;
}

/**
 * Beside the items, one imagined item with one success in two attempts is counted, so that few items, all alike, do not
 * claim to be certain (as Laplace's rule of succession has it).
 */
const IMAGINED: Trials = { attempts: 2, successes: 1 };
/** Bounds of the search, by the logit of the mean and the logarithm of a + b: beyond, nothing changes that could be seen. */
const LOGIT_BOUND = 7;
const LOG_SIZE = { least: Math.log(0.02), most: Math.log(200) };
const FINEST_STEP = 0.005;

/**
 * The spread of success rates under which the trials are likeliest.
 * @param start where the search begins; without it at the best point of a grid
 */
export function fitBeta(trials: readonly Trials[], start?: Beta): Beta {
  const counted = countAlike([...trials, IMAGINED]);
  const likelihood = (point: Point) => logLikelihood(counted, betaAt(point));
  return betaAt(climb(start ? pointOf(start) : bestOfGrid(likelihood), likelihood));
}

/**
 * The probability that of `copies` attempts at this item some succeed and some fail, given what was seen of it: one minus
 * E[p^n] and E[(1 - p)^n] under its posterior Beta(a + successes, b + failures).
 */
export function mixedProbability({ a, b }: Beta, { attempts, successes }: Trials, copies: number): number {
  const [alpha, beta] = [a + successes, b + attempts - successes];
  const all = Math.exp(logRising(alpha, copies) - logRising(alpha + beta, copies));
  const none = Math.exp(logRising(beta, copies) - logRising(alpha + beta, copies));
  return Math.max(0, 1 - all - none);
}

interface Point {
  logit: number;
  logSize: number;
}

interface Counted extends Trials {
  items: number;
}

function countAlike(trials: readonly Trials[]): Counted[] {
  const groups = Map.groupBy(trials, ({ attempts, successes }) => `${successes}/${attempts}`);
  return [...groups.values()].flatMap(([first, ...rest]) => (first ? [{ ...first, items: rest.length + 1 }] : []));
}

function logLikelihood(counted: readonly Counted[], { a, b }: Beta): number {
  const of = ({ attempts, successes, items }: Counted) =>
    items * (logRising(a, successes) + logRising(b, attempts - successes) - logRising(a + b, attempts));
  return counted.reduce((sum, trials) => sum + of(trials), 0);
}

/** The logarithm of x (x + 1) … (x + n - 1). */
function logRising(x: number, n: number): number {
  let sum = 0;
  for (let at = 0; at < n; at++) sum += Math.log(x + at);
  return sum;
}

function bestOfGrid(likelihood: (point: Point) => number): Point {
  const logits = [-4, -2, -1, 0, 1, 2, 4];
  const sizes = [-3, -1.5, 0, 1.5, 3, 5];
  const points = logits.flatMap((logit) => sizes.map((logSize) => ({ logit, logSize })));
  return points.reduce((best, point) => (likelihood(point) > likelihood(best) ? point : best));
}

/** Compass search: a step in the best of four directions, a smaller one where none is better. */
function climb(start: Point, likelihood: (point: Point) => number): Point {
  let at = start;
  let height = likelihood(at);
  for (let step = 1; step > FINEST_STEP;) {
    const next = around(at, step)
      .map((point) => ({ point, height: likelihood(point) }))
      .reduce((best, candidate) => (candidate.height > best.height ? candidate : best));
    // A rise too small to matter would be followed for ever.
    if (next.height > height + 1e-9) ({ point: at, height } = next);
    else step /= 2;
  }
  return at;
}

function around({ logit, logSize }: Point, step: number): Point[] {
  const moves = [
    [step, 0],
    [-step, 0],
    [0, step],
    [0, -step],
  ] as const;
  return moves.map(([aside, up]) => ({
    logit: Math.max(-LOGIT_BOUND, Math.min(logit + aside, LOGIT_BOUND)),
    logSize: Math.max(LOG_SIZE.least, Math.min(logSize + up, LOG_SIZE.most)),
  }));
}

function betaAt({ logit, logSize }: Point): Beta {
  const size = Math.exp(logSize);
  const share = 1 / (1 + Math.exp(-logit));
  return { a: size * share, b: size * (1 - share) };
}

const pointOf = ({ a, b }: Beta): Point => ({ logit: Math.log(a / b), logSize: Math.log(a + b) });

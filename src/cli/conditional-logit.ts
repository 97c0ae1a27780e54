/**
 * Learns the weights of a linear ranking from choices: the conditional logit (McFadden, "Conditional logit analysis of
 * qualitative choice behavior", 1974), where the chance that an alternative is the right one grows with e to its score.
 * Newton's method on the penalised likelihood, which has one maximum. Deterministic.
 */

/** The alternatives of one question, a row of features each, and which is right. */
export interface Choice {
  features: Float64Array;
  right: number;
}

/** Pulls weights of standardised features to zero: keeps features that say the same from working against each other. */
const RIDGE = 1;
const STEPS = 30;
const CONVERGED = 1e-6;

/** The weights that make the right alternatives likeliest, by feature. */
export function learnWeights(choices: readonly Choice[], width: number): number[] {
  const scales = deviations(choices, width);
  const scaled = choices.map(({ features, right }) => ({
    right,
    features: features.map((value, at) => value / scales[at % width]!),
  }));
  let weights = new Float64Array(width);
  let likelihood = evaluate(scaled, weights).likelihood;
  for (let step = 0; step < STEPS; step++) {
    const { gradient, curvature } = evaluate(scaled, weights);
    const change = solve(curvature, gradient, width);
    const next = ascend(scaled, weights, change, likelihood);
    if (next.likelihood - likelihood < CONVERGED) break;
    ({ weights, likelihood } = next);
  }
  return Array.from(weights, (weight, at) => weight / scales[at]!);
}

/** A whole step, or half of it as often as it takes for the likelihood to rise. */
function ascend(
  choices: readonly Choice[],
  weights: Float64Array<ArrayBuffer>,
  change: Float64Array,
  likelihood: number,
) {
  for (let share = 1; share > 1e-6; share /= 2) {
    const next = weights.map((weight, at) => weight + share * change[at]!);
    const reached = evaluate(choices, next).likelihood;
    if (reached > likelihood) return { weights: next, likelihood: reached };
  }
  return { weights, likelihood };
}

/** The penalised log-likelihood, its gradient, and the negative of its second derivatives. */
function evaluate(choices: readonly Choice[], weights: Float64Array) {
  const width = weights.length;
  const gradient = weights.map((weight) => -RIDGE * weight);
  const curvature = new Float64Array(width * width);
  for (let at = 0; at < width; at++) curvature[at * width + at] = RIDGE;
  let likelihood = weights.reduce((sum, weight) => sum - (RIDGE / 2) * weight * weight, 0);
  for (const { features, right } of choices) {
    const chances = softmax(features, weights);
    likelihood += Math.log(Math.max(chances[right]!, Number.MIN_VALUE));
    const mean = new Float64Array(width);
    chances.forEach((chance, row) => {
      for (let at = 0; at < width; at++) mean[at]! += chance * features[row * width + at]!;
    });
    for (let at = 0; at < width; at++) gradient[at]! += features[right * width + at]! - mean[at]!;
    chances.forEach((chance, row) => {
      if (chance < 1e-9) return;
      for (let a = 0; a < width; a++) {
        const off = chance * (features[row * width + a]! - mean[a]!);
        for (let b = 0; b < width; b++) curvature[a * width + b]! += off * (features[row * width + b]! - mean[b]!);
      }
    });
  }
  return { likelihood, gradient, curvature };
}

function softmax(features: Float64Array, weights: Float64Array): Float64Array {
  const width = weights.length;
  const scores = new Float64Array(features.length / width);
  for (let row = 0; row < scores.length; row++) {
    for (let at = 0; at < width; at++) scores[row]! += weights[at]! * features[row * width + at]!;
  }
  const highest = scores.reduce((most, score) => Math.max(most, score), -Infinity);
  const powers = scores.map((score) => Math.exp(score - highest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** Standard deviations by feature; 1 for one that never varies. */
function deviations(choices: readonly Choice[], width: number): number[] {
  return Array.from({ length: width }, (_, feature) => {
    let [count, sum, squares] = [0, 0, 0];
    for (const { features } of choices) {
      for (let at = feature; at < features.length; at += width) {
        count++;
        sum += features[at]!;
        squares += features[at]! ** 2;
      }
    }
    return Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2)) || 1;
  });
}

/** Gaussian elimination with pivoting; the matrix is positive definite. */
function solve(matrix: Float64Array, right: Float64Array, size: number): Float64Array {
  const rows = Array.from({ length: size }, (_, row) => [...matrix.slice(row * size, (row + 1) * size), right[row]!]);
  for (let column = 0; column < size; column++) {
    const below = rows.slice(column).map((row) => Math.abs(row[column]!));
    const pivot = column + below.indexOf(Math.max(...below));
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    for (const row of rows.slice(column + 1)) {
      const factor = row[column]! / rows[column]![column]!;
      for (let at = column; at <= size; at++) row[at]! -= factor * rows[column]![at]!;
    }
  }
  const solution = new Float64Array(size);
  for (let row = size - 1; row >= 0; row--) {
    const known = rows[row]!.slice(row + 1, size).reduce((sum, value, at) => sum + value * solution[row + 1 + at]!, 0);
    solution[row] = (rows[row]![size]! - known) / rows[row]![row]!;
  }
  return solution;
}

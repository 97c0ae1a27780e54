/**
 * The policy's gradient: REINFORCE (Williams 1992) with the mean of the other rollouts of the same row as the baseline, and steps
 * by Adam (Kingma and Ba 2015). Pure but for the learner's own memory; draws nothing.
 */
import type { Policy } from "../policy/policy.ts";

/** What learning needs of a rollout. */
export interface Lesson {
  reward: number;
  /** Of each of its choices: the derivative of the logarithm of its probability by each weight. */
  gradients: readonly Readonly<Record<string, number>>[];
}

/** Memory of the gradient and of its square, as Adam's authors have it, but a job has few steps: the square forgets sooner. */
const FIRST_MOMENT = 0.8;
const SECOND_MOMENT = 0.95;
/** Gradients that are small in comparison to this are noise of rounding, and move nothing. */
const SMALLEST_SLOPE = 1e-4;

export class Learner {
  #policy: Policy;
  readonly #rate: number;
  readonly #first = new Map<string, number>();
  readonly #second = new Map<string, number>();
  #steps = 0;

  constructor(start: Policy, rate: number) {
    this.#policy = start;
    this.#rate = rate;
  }

  get policy(): Policy {
    return this.#policy;
  }

  /** One step along the gradient of the mean reward. @param groups the rollouts of a batch, by row */
  step(groups: readonly (readonly Lesson[])[]): void {
    this.#steps++;
    const gradient = gradientOf(groups);
    const weights: Record<string, number> = { ...this.#policy.weights };
    for (const name of new Set([...Object.keys(gradient), ...this.#first.keys()])) {
      weights[name] = (weights[name] ?? 0) + this.#rate * this.#direction(name, gradient[name] ?? 0);
    }
    this.#policy = { weights };
  }

  /** Adam's: the mean of the gradient in relation to its size, so that rare features move as far as frequent ones. */
  #direction(name: string, slope: number): number {
    const first = FIRST_MOMENT * (this.#first.get(name) ?? 0) + (1 - FIRST_MOMENT) * slope;
    const second = SECOND_MOMENT * (this.#second.get(name) ?? 0) + (1 - SECOND_MOMENT) * slope ** 2;
    this.#first.set(name, first);
    this.#second.set(name, second);
    const mean = first / (1 - FIRST_MOMENT ** this.#steps);
    const size = Math.sqrt(second / (1 - SECOND_MOMENT ** this.#steps));
    return mean / (size + SMALLEST_SLOPE);
  }
}

/**
 * The gradient of the mean reward, as the batch estimates it: each choice counts by how much better its rollout did than the
 * others of its row. A group of fewer than two has nothing to be compared with and teaches nothing.
 */
export function gradientOf(groups: readonly (readonly Lesson[])[]): Record<string, number> {
  const comparable = groups.filter((group) => group.length > 1);
  const lessons = comparable.reduce((sum, group) => sum + group.length, 0);
  const gradient: Record<string, number> = {};
  for (const group of comparable) {
    const total = group.reduce((sum, { reward }) => sum + reward, 0);
    for (const { reward, gradients } of group) {
      const advantage = reward - (total - reward) / (group.length - 1);
      if (advantage === 0) continue;
      for (const slopes of gradients)
        for (const [name, slope] of Object.entries(slopes))
          gradient[name] = (gradient[name] ?? 0) + (advantage * slope) / lessons;
    }
  }
  return gradient;
}

/** How a policy chooses its next turn: a draw from the softmax over what the practice offers. Pure: randomness is an argument. */
import type { Move, Practice } from "../../../environments/practice.ts";
import type { Random, Seen, Turn } from "../../../environments/rehearsal.ts";
import type { Policy } from "./policy.ts";

/** Characters of one token, about, of the JSON that a turn is written as. */
const CHARACTERS_PER_TOKEN = 4;

export interface Choice {
  turn: Turn;
  /**
   * What stands for thinking: the number of moves between which the choice wavered (the exponential of its entropy), less the one
   * that is made, each at the length of that one. 0 for a choice that is certain.
   */
  reasoningTokens: number;
  /** Of the turn as JSON. */
  outputTokens: number;
  /** The derivative of the logarithm of the choice's probability by each weight; features that would change nothing are left out. */
  gradient: Readonly<Record<string, number>>;
  /** Of the choice, in nats. */
  entropy: number;
}

/**
 * @param turns what was called so far and shown for it, turn by turn
 * @throws Error where the practice offers nothing
 */
export function choose(
  policy: Policy,
  practice: Practice,
  question: string,
  turns: readonly (readonly Seen[])[],
  random: Random,
): Choice {
  const moves = practice.moves(question, turns);
  const probabilities = probabilitiesOf(policy, moves);
  const move = moves[draw(probabilities, random)];
  if (!move) throw new Error("the practice offers no move");
  const entropy = -sum(probabilities.map((p) => (p > 0 ? p * Math.log(p) : 0)));
  const outputTokens = tokensOf(move.turn);
  return {
    turn: move.turn,
    reasoningTokens: Math.round((Math.exp(entropy) - 1) * outputTokens),
    outputTokens,
    gradient: gradientOf(move.turn, moves, probabilities),
    entropy,
  };
}

/** Softmax of the weighted features, each move counting for one of those of its kind. */
export function probabilitiesOf({ weights }: Policy, moves: readonly Move[]): number[] {
  const logits = moves.map(({ features, among }) => {
    const weighed = Object.entries(features).map(([name, value]) => (weights[name] ?? 0) * value);
    return sum(weighed) - Math.log(among);
  });
  const most = Math.max(...logits);
  const shares = logits.map((logit) => Math.exp(logit - most));
  const total = sum(shares);
  return shares.map((share) => share / total);
}

/**
 * Of a softmax over moves, several of which can be the same turn: two ways to the same answer are one choice. The features of
 * the ways to it, each by its share of them, less those that were to be expected of any move.
 */
function gradientOf(turn: Turn, moves: readonly Move[], probabilities: readonly number[]): Record<string, number> {
  const isSame = moves.map((move) => move.turn === turn || isDeepEqual(move.turn, turn));
  const same = sum(probabilities.filter((_, at) => isSame[at]));
  const gradient: Record<string, number> = {};
  for (const [at, { features }] of moves.entries()) {
    const probability = probabilities[at] ?? 0;
    const weight = (isSame[at] && same > 0 ? probability / same : 0) - probability;
    for (const [name, value] of Object.entries(features)) gradient[name] = (gradient[name] ?? 0) + weight * value;
  }
  return gradient;
}

function isDeepEqual(one: Turn, other: Turn): boolean {
  if (one.kind === "answer" || other.kind === "answer")
    return one.kind === other.kind && "text" in one && "text" in other && one.text === other.text;
  return JSON.stringify(one.calls) === JSON.stringify(other.calls);
}

function draw(probabilities: readonly number[], random: Random): number {
  let left = random();
  for (const [at, probability] of probabilities.entries()) {
    left -= probability;
    if (left < 0) return at;
  }
  return probabilities.length - 1;
}

function tokensOf(turn: Turn): number {
  const written = turn.kind === "answer" ? turn.text : JSON.stringify(turn.calls);
  return Math.max(1, Math.ceil(written.length / CHARACTERS_PER_TOKEN));
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

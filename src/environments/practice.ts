/**
 * What a small policy can choose from when it attempts an environment's items, so that training can be tried without a language
 * model: what `edgegym platform` lets its stand-in learn. Data and pure functions; never sees an item, only what a model would see.
 */
import type { Seen, Turn } from "./rehearsal.ts";

/** One thing that can be done next. */
export interface Move {
  turn: Turn;
  /**
   * What is known of it by name, which a policy weighs: 1 for what holds, or how much it holds, from 0 to about 1; what does not
   * hold is left out. Said of the environment and of what was shown, never of a particular item.
   */
  features: Readonly<Record<string, number>>;
  /**
   * How many moves of its kind there are: each counts for one of so many, or a hundred cells of a table would outweigh a search
   * by their number alone.
   */
  among: number;
}

export interface Practice {
  /**
   * What can be done next, at least one answer among it. Pure; never throws, whatever the outputs are.
   * @param turns what was called so far and shown for it, turn by turn
   */
  moves(question: string, turns: readonly (readonly Seen[])[]): Move[];
}

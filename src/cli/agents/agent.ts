/** What plays the model in a rollout. An agent decides; whoever runs the rollout makes its calls and grades its answer. */
import type { Random, Seen, Turn } from "../../environments/rehearsal.ts";
import type { JsonObject } from "../../contract/wire.ts";

/** A dataset row to attempt. */
export interface Item {
  /** Its id, or where it stands in its file. */
  name: string;
  question: string;
  /** The whole row, as a trainer sends it with each call: with the reference answer. */
  row: JsonObject;
}

/** One attempt at an item: its turns, one after the other. */
export interface Attempt {
  /**
   * The next turn. `shown` is what the calls of the turn before were answered, in their order; empty for the first turn.
   * @throws when the agent itself fails (a model's service that stays down): the rollout is then given up, not graded
   */
  next(shown: readonly Seen[]): Promise<Turn>;
  /** The score that its answer must get, where that is known before. */
  readonly expectedScore?: number;
  /** Set where its calls are well-formed and ask for what there is, so that none may be answered as a mistake. */
  readonly flawless?: true;
}

export interface Agent {
  name: string;
  /** @param random the attempt's own seeded sequence: the same sequence, the same attempt */
  begin(item: Item, random: Random): Attempt;
}

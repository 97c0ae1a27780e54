/**
 * How stand-ins for a model attempt an environment's items, so that endpoints can be rehearsed without one: what
 * `edgegym rehearse` plays. Data and pure functions; randomness is an argument.
 */
import type { JsonObject } from "../contract/wire.ts";

/** A number from 0 up to 1, of a seeded sequence. */
export type Random = () => number;

/** One call of a tool as an agent decides on it. */
export interface ToolUse {
  tool: string;
  /** An object, or the text that a model wrote, which need not be JSON. */
  arguments: JsonObject | string;
}

/** What an agent does next: calls that are made at once, or its final answer. */
export type Turn = { kind: "calls"; calls: ToolUse[] } | { kind: "answer"; text: string };

/** A call that was made and what the model was shown for it. */
export interface Seen extends ToolUse {
  output: string;
}

/** A final answer whose score is known before it is graded. */
export interface KnownAnswer {
  /** In which way it is right or wrong: `right`, `wrong_number`, `rounding`, `words_around`, `no_answer`, … */
  way: string;
  text: string;
  score: number;
}

export interface Rehearsal {
  /** The calls, turn by turn, of an agent that knows the row: a realistic path to its evidence. Well-formed and without mistakes. */
  solve(item: JsonObject, random: Random): ToolUse[][];
  /** The next turn of an agent that knows only the question and what its calls have shown it. Ends with an answer. */
  explore(question: string, seen: readonly Seen[]): Turn;
  /** Answers to the row with the score that each must get; the first is right. Empty for a row that cannot be graded. */
  answers(item: JsonObject, random: Random): KnownAnswer[];
  /** A call that does nothing but carry `text` to the server and have it shown again: a mistake that quotes it. */
  echo(text: string): ToolUse;
}

/** The agents that need no model: what an environment knows of how its items are attempted, played turn by turn. */
import type { Environment } from "../../environments/environment.ts";
import type { KnownAnswer, Random, Seen, Turn } from "../../environments/rehearsal.ts";
import { UserError } from "../user-error.ts";
import type { Agent } from "./agent.ts";

type Rehearsed = Pick<Environment, "rehearsal">;

/** Knows only the question and what its calls show it. Draws nothing: the same outputs, the same attempt. */
export function scriptedAgent({ rehearsal }: Rehearsed): Agent {
  return {
    name: "scripted",
    begin({ question }) {
      const seen: Seen[] = [];
      return {
        async next(shown) {
          seen.push(...shown);
          return rehearsal.explore(question, seen);
        },
      };
    },
  };
}

export interface OracleOptions {
  /** The share of attempts that end with a wrong answer, from 0 to 1. */
  errorRate: number;
  /** The ways to be wrong, each as likely as another; without them all that an item has. An item that has none is answered right. */
  ways?: readonly string[];
}

/** Knows the row: takes a realistic path to its evidence whatever it is shown, and the score of its answer is known before. */
export function oracleAgent({ rehearsal }: Rehearsed, options: OracleOptions): Agent {
  return {
    name: "oracle",
    /** @throws UserError for an item that cannot be graded, of which no score is known */
    begin({ name, row }, random) {
      const turns = rehearsal.solve(row, random).values();
      const answer = drawAnswer(rehearsal.answers(row, random), options, random);
      if (!answer)
        throw new UserError(
          `${name} cannot be graded, so that no answer to it has a known score; see edgegym check-grader.`,
        );
      return {
        expectedScore: answer.score,
        flawless: true,
        async next(): Promise<Turn> {
          const { done, value: calls } = turns.next();
          return done ? { kind: "answer", text: answer.text } : { kind: "calls", calls };
        },
      };
    },
  };
}

function drawAnswer(
  [right, ...wrong]: readonly KnownAnswer[],
  { errorRate, ways }: OracleOptions,
  random: Random,
): KnownAnswer | undefined {
  const possible = wrong.filter(({ way }) => ways === undefined || ways.includes(way));
  const errs = random() < errorRate;
  return (errs ? possible[Math.floor(random() * possible.length)] : undefined) ?? right;
}

/** Finds what the stand-in can choose from by the tools that it is given, as a model knows of nothing else. */
import { environments } from "../../../environments/index.ts";
import type { Practice } from "../../../environments/practice.ts";
import type { Turn } from "../../../environments/rehearsal.ts";

/**
 * The practice of the environment that has all these tools, without the moves that need others; undefined where no environment
 * has one.
 */
export function findPractice(toolNames: readonly string[]): Practice | undefined {
  const given = new Set(toolNames);
  const fits = (tools: readonly { name: string }[]) =>
    given.size > 0 && toolNames.every((name) => tools.some((tool) => tool.name === name));
  const practice = environments.find((environment) => environment.practice && fits(environment.tools))?.practice;
  if (!practice) return undefined;
  const isPossible = (turn: Turn) => turn.kind === "answer" || turn.calls.every(({ tool }) => given.has(tool));
  return { moves: (question, turns) => practice.moves(question, turns).filter(({ turn }) => isPossible(turn)) };
}

/** Finds what the stand-in can choose from by the tools that it is given, as a model knows of nothing else. */
import { environments } from "../../../environments/index.ts";
import type { Practice } from "../../../environments/practice.ts";

/** The practice of the environment that has all these tools; undefined where none has. */
export function findPractice(toolNames: readonly string[]): Practice | undefined {
  const fits = (tools: readonly { name: string }[]) =>
    toolNames.length > 0 && toolNames.every((name) => tools.some((tool) => tool.name === name));
  return environments.find(({ practice, tools }) => practice !== undefined && fits(tools))?.practice;
}

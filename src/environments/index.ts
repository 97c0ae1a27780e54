/** Every environment there is. Adding one is a folder and a line here. */
import { codePlanning } from "./code-planning/index.ts";
import type { Environment } from "./environment.ts";
import { finqa } from "./finqa/index.ts";

export const environments: readonly Environment[] = [finqa, codePlanning];

export function findEnvironment(name: string): Environment | undefined {
  return environments.find((environment) => environment.name === name);
}

/** Says so to whoever wrote the URL. */
export const NO_ENVIRONMENT = `There is no environment of this name; there is: ${environments.map(({ name }) => name).join(", ")}.`;

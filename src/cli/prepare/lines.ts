/** A row as the line of a trainer's file. Pure. */
import type { ChatTool, DatasetLine } from "../../contract/dataset.ts";
import { toolDefinitions } from "../../environments/definitions.ts";
import type { Environment } from "../../environments/environment.ts";
import type { Row } from "./rows.ts";

/** The bare question after the environment's prompt, and its tools. The row's own messages and tools, if it had any, are not kept. */
export function toLine({ question, item }: Row, environment: Environment): DatasetLine {
  return {
    messages: [
      { role: "developer", content: environment.prompt },
      { role: "user", content: question },
    ],
    tools: chatTools(environment),
    ...item,
  };
}

/** The tools as chat completions take them. */
export function chatTools(environment: Pick<Environment, "tools">): ChatTool[] {
  return toolDefinitions(environment).map(({ parameters, ...tool }) => ({
    type: "function",
    function: { ...tool, parameters: { ...parameters } },
  }));
}

/** JSON Lines, one row a line. */
export function toJsonLines(rows: readonly Row[], environment: Environment): string {
  return rows.map((row) => `${JSON.stringify(toLine(row, environment))}\n`).join("");
}

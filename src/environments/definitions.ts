/** The tools of an environment as a model is told of them: what every wire form of a tool is made from. Pure. */
import type { z } from "zod";
import { argumentsSchema } from "./arguments.ts";
import type { Environment } from "./environment.ts";

export interface ToolDefinition {
  name: string;
  description: string;
  /** JSON Schema, from the schema that the routes check arguments with. */
  parameters: z.core.JSONSchema.JSONSchema;
}

export function toolDefinitions({ tools }: Pick<Environment, "tools">): ToolDefinition[] {
  return tools.map((tool) => ({
    name: tool.name,
    description: tool.description,
    parameters: argumentsSchema(tool),
  }));
}

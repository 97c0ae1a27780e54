/**
 * Checks a tool's arguments as the model wrote them, and says what is wrong in words that help it to do better. Pure.
 */
import * as z from "zod";
import { limits } from "../contract/limits.ts";
import type { Tool } from "./environment.ts";

export type Checked<Arguments> = { ok: true; arguments: Arguments } | { ok: false; message: string };

/** The tool's JSON Schema, as a dataset's `tools` and the OpenAPI document show it. */
export function argumentsSchema(tool: Tool): z.core.JSONSchema.JSONSchema {
  const { $schema: _, ...schema } = z.toJSONSchema(tool.arguments, { io: "input" });
  return schema;
}

/** `parsed` is what the model's JSON text held, or undefined where it was no JSON object. */
export function checkArguments<Arguments extends z.ZodObject>(
  tool: Tool<Arguments>,
  parsed: unknown,
): Checked<z.output<Arguments>> {
  if (parsed === undefined) return { ok: false, message: `The arguments are not a JSON object. ${usage(tool)}` };
  const result = tool.arguments.safeParse(parsed);
  if (result.success) return { ok: true, arguments: result.data };
  const problems = result.error.issues.slice(0, 3).map(describeIssue);
  return { ok: false, message: `${problems.join(" ")} ${usage(tool)}` };
}

/** A quotation of the model's own text that stays short and on one line. */
export function quote(text: string): string {
  const start = text.slice(0, limits.quotedCharacters).toWellFormed();
  return JSON.stringify(text.length > start.length ? `${start}…` : start);
}

function describeIssue(issue: z.core.$ZodIssue): string {
  if (issue.code === "unrecognized_keys") return `Unknown argument: ${issue.keys.slice(0, 3).map(quote).join(", ")}.`;
  return `Argument ${quote(issue.path.map(String).join("."))}: ${issue.message}.`;
}

function usage(tool: Tool): string {
  const { properties = {}, required = [] } = argumentsSchema(tool);
  const fields = Object.entries(properties).map(([name, schema]) => {
    const described = typeof schema === "object" ? schema.description : undefined;
    return `"${name}"${required.includes(name) ? "" : "?"}: ${described ?? "any"}`;
  });
  return `${tool.name} takes {${fields.join("; ")}}.`;
}

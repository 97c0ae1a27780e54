/**
 * An answer in the form that a request asks for. The stand-in answers with a text; where a JSON schema is asked for, the text stands in
 * every place for one, and what else the schema needs is filled in as plainly as it goes. Pure.
 */
import * as z from "zod";
import type { ResponsesRequest } from "./rules.ts";

type Format = NonNullable<ResponsesRequest["text"]>["format"];

/** What is read of a schema; anything else of it is passed over. */
interface Schema {
  type?: string | string[] | undefined;
  enum?: unknown[] | undefined;
  const?: unknown;
  properties?: Record<string, Schema> | undefined;
}
const Schema: z.ZodType<Schema> = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.unknown()).min(1).optional(),
  const: z.unknown().optional(),
  properties: z
    .record(
      z.string(),
      z.lazy(() => Schema),
    )
    .optional(),
});

/** @param format `text.format` of a request; any text without it */
export function formatted(text: string, format: Format | undefined): string {
  if (format === undefined || format.type === "text") return text;
  if (format.type === "json_object") return JSON.stringify({ answer: text });
  const schema = Schema.safeParse(format["schema"]);
  return JSON.stringify(schema.success ? filled(schema.data, text) : { answer: text });
}

function filled(schema: Schema, text: string): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum.includes(text) ? text : schema.enum[0];
  const [type = "string"] = [schema.type ?? []].flat();
  switch (type) {
    case "object":
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([name, property]) => [name, filled(property, text)]),
      );
    case "number":
    case "integer":
      return numberIn(text, type);
    case "boolean":
      return /^yes\b|^true\b/i.test(text.trim());
    case "array":
      return [];
    case "null":
      return null;
    default:
      return text;
  }
}

function numberIn(text: string, type: "number" | "integer"): number {
  const number = Number.parseFloat(text.replaceAll(",", ""));
  if (!Number.isFinite(number)) return 0;
  return type === "integer" ? Math.round(number) : number;
}

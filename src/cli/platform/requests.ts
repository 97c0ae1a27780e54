/** What a request to the platform holds, read once and by its schema. Never logs or quotes it. */
import type { Context } from "hono";
import type { HttpBindings } from "@hono/node-server";
import type * as z from "zod";
import { badRequest, invalid } from "./errors.ts";

export type PlatformContext = Context<{ Bindings: HttpBindings }>;

/** @throws ApiError for what is no JSON, or of another shape */
export async function readBody<Schema extends z.ZodType>(
  c: PlatformContext,
  schema: Schema,
): Promise<z.output<Schema>> {
  const text = await c.req.text();
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw badRequest("We could not parse the JSON body of your request.");
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw invalid(parsed.error);
}

/** @throws ApiError */
export function readQuery<Schema extends z.ZodType>(c: PlatformContext, schema: Schema): z.output<Schema> {
  const parsed = schema.safeParse(c.req.query());
  if (parsed.success) return parsed.data;
  throw invalid(parsed.error);
}

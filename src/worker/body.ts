/**
 * Reads what a request says: its JSON, declared size and content type before content, shape last; or its query. Each refusal
 * names the field.
 */
import type * as z from "zod";
import { Fault, type Refusal } from "../contract/failure.ts";
import { limits } from "../contract/limits.ts";

export type Parsed<T> = { ok: true; value: T } | { ok: false; refusal: Refusal };

/** @throws Fault("network") for a body that ends before it is whole: its client has gone */
export async function parseBody<Schema extends z.ZodType>(
  request: Request,
  schema: Schema,
): Promise<Parsed<z.output<Schema>>> {
  const declared = request.headers.get("Content-Length");
  if (Number(declared) > limits.bodyBytes) return refused({ kind: "too_large" });
  const type = request.headers.get("Content-Type") ?? "";
  if (!/^application\/(\S+\+)?json\s*(;|$)/i.test(type)) {
    return invalid("Content-Type", "The content type has to be application/json.");
  }
  const text = await readText(request, declared);
  if (text === undefined) return refused({ kind: "too_large" });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return invalid("body", "The body is not valid JSON.");
  }
  return parseShape(json, schema, "body");
}

/** The parameters behind a URL's question mark; of one that is there twice, the last. */
export function parseQuery<Schema extends z.ZodType>(request: Request, schema: Schema): Parsed<z.output<Schema>> {
  return parseShape(Object.fromEntries(new URL(request.url).searchParams), schema, "query");
}

function parseShape<Schema extends z.ZodType>(
  value: unknown,
  schema: Schema,
  whole: "body" | "query",
): Parsed<z.output<Schema>> {
  const result = schema.safeParse(value);
  if (result.success) return { ok: true, value: result.data };
  const [issue] = result.error.issues;
  const field = issue?.path.map(String).join(".") || whole;
  return invalid(field, `${field}: ${issue?.message ?? "not as expected"}.`);
}

async function readText(request: Request, declared: string | null): Promise<string | undefined> {
  try {
    return await (declared === null ? readUndeclared(request) : request.text());
  } catch {
    throw new Fault("network", "the client was gone before its body was whole");
  }
}

/**
 * A body that did not declare its length, as text, or undefined when it is over the limit. Then more of it is read, and
 * dropped: a client that is cut off while it sends does not get to read the refusal.
 */
async function readUndeclared(request: Request): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes <= limits.bodyBytes) chunks.push(chunk);
    if (bytes > limits.refusedBodyBytes) break;
  }
  return bytes <= limits.bodyBytes ? new Blob(chunks).text() : undefined;
}

const refused = (refusal: Refusal): Parsed<never> => ({ ok: false, refusal });
const invalid = (field: string, message: string) => refused({ kind: "invalid", field, message });

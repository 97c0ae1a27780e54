/** Reads a call's arguments as the model wrote them, and tells whether two deliveries are the same call. */
import { limits } from "../contract/limits.ts";
import { JsonObject } from "../contract/wire.ts";

/** A call's arguments as the model wrote them, and parsed where that is a JSON object. */
export interface CallArguments {
  written: string | JsonObject;
  parsed: JsonObject | undefined;
}

/** Some models send an empty text for a call without arguments: that reads as an empty object. */
export function readArguments(written: string | JsonObject): CallArguments {
  return { written, parsed: typeof written === "string" ? parseObject(written) : written };
}

/** One text that is equal for equal arguments. */
export function argumentsText({ written, parsed }: CallArguments): string {
  return (parsed && canonicalJson(parsed)) ?? (typeof written === "string" ? written : "");
}

/** Short texts stand for themselves, which costs nothing on the way of a call; long ones by their SHA-256. */
export async function fingerprint(parts: readonly string[]): Promise<string> {
  const text = JSON.stringify(parts);
  if (text.length <= limits.fingerprintCharacters) return text;
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `sha256:${new Uint8Array(digest).toHex()}`;
}

function parseObject(text: string): JsonObject | undefined {
  if (text.trim() === "") return {};
  try {
    return JsonObject.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** With the fields sorted. Undefined for a value that is nested too deeply to be written out. */
function canonicalJson(value: JsonObject): string | undefined {
  try {
    return JSON.stringify(Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))));
  } catch {
    return undefined;
  }
}

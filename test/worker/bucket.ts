/** Real faults of the bucket: objects that are gone or spoilt, until they are mended. */
import { env } from "cloudflare:workers";
import { onTestFinished } from "vitest";

/** What becomes of an object's bytes; null for an object that is gone. */
export type Spoil = (bytes: Uint8Array) => string | Uint8Array | null;

export const gone: Spoil = () => null;

export const wrongBit: Spoil = (bytes) => bytes.with(bytes.length - 1, (bytes.at(-1) ?? 0) ^ 1);

/** Spoils an object of the bucket. What was there is put back by the returned function, or after the test. */
export async function spoil(key: string, change: Spoil): Promise<() => Promise<void>> {
  const object = await env.BUCKET.get(key);
  if (object === null) throw new Error(`the bucket has no ${key} to spoil`);
  const bytes = await object.bytes();
  const changed = change(bytes);
  await (changed === null ? env.BUCKET.delete(key) : env.BUCKET.put(key, changed));
  const mend = async () => void (await env.BUCKET.put(key, bytes));
  onTestFinished(mend);
  return mend;
}

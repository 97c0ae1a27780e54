/** A bucket whose reads fail, come late, or bring a body that is not what was stored. Writes are left alone. */
import type { FaultDraws } from "../environments/fault-draws.ts";
import { standIn } from "./stand-in.ts";

export function faultyBucket(bucket: R2Bucket, draws: FaultDraws): R2Bucket {
  const get = async (key: string): Promise<R2ObjectBody | null> => {
    if (draws.hits("r2_slow")) await new Promise((resolve) => setTimeout(resolve, draws.settings.pause_milliseconds));
    if (draws.hits("r2_fail")) throw new Error("get: We encountered an internal error. Please try again. (10001)");
    const object = await bucket.get(key);
    return object !== null && draws.hits("r2_broken") ? broken(object, draws) : object;
  };
  return standIn(bucket, { get });
}

/** The object with a body that is cut short, or of the same length with one byte changed. */
function broken(object: R2ObjectBody, draws: FaultDraws): R2ObjectBody {
  const damaged = async () => damage(new Uint8Array(await object.arrayBuffer()), draws.random("r2_broken"));
  return standIn(object, {
    arrayBuffer: async () => (await damaged()).slice().buffer,
    text: async () => new TextDecoder().decode(await damaged()),
  });
}

function damage(bytes: Uint8Array, random: () => number): Uint8Array {
  const at = Math.floor(random() * bytes.length);
  // The small objects are JSON without a checksum: changed letters could make sense, and R2 does not change letters.
  if (isJson(bytes) || random() < 0.5) return bytes.subarray(0, at);
  bytes[at] = (bytes[at] ?? 0) ^ 0xff;
  return bytes;
}

const isJson = (bytes: Uint8Array) => bytes[0] === "{".charCodeAt(0);

/**
 * The corpora of this isolate: each loaded from R2 once, with the first request that needs it; requests that come meanwhile
 * wait for the same load. A cache only: a load that fails is forgotten, and the next request tries again.
 */
import * as z from "zod";
import { Fault } from "../contract/failure.ts";
import { Manifest } from "../contract/manifest.ts";
import type { Corpus } from "../corpus/corpus.ts";
import kernel from "../corpus/kernel/scan.wasm";
import { openCorpus } from "../corpus/open.ts";
import type { Bindings } from "./bindings.ts";
import { queryEmbedder } from "./query-embedder.ts";
import { withRetries } from "./retry.ts";
import { keepGoing, waitFor } from "./shared.ts";

/** Names the version that is served; written last by an upload. */
const Current = z.object({ version: z.string().regex(/^[0-9a-f]{64}$/) });

const loaded = new Map<string, Corpus>();
const loads = new Map<string, Promise<Corpus>>();

/** @throws Fault("storage") when R2 fails, Fault("index") when there is no index that this worker can read */
export async function loadCorpus(bindings: Bindings, name: string): Promise<Corpus> {
  const corpus = loaded.get(name);
  if (corpus) return corpus;
  const load = loads.get(name) ?? startLoad(bindings, name);
  return waitFor(load, "storage", () => forget(name, load));
}

/** Whether an index was ever uploaded, usable or not. @throws Fault("storage") when R2 fails */
export async function hasCorpus({ BUCKET }: Bindings, name: string): Promise<boolean> {
  return (await withRetries("storage", () => BUCKET.head(currentKey(name)))) !== null;
}

const currentKey = (name: string) => `corpora/${name}/current.json`;

function startLoad(bindings: Bindings, name: string): Promise<Corpus> {
  const load = openFromBucket(bindings, name);
  loads.set(name, load);
  const settled = load.then((corpus) => void loaded.set(name, corpus)).finally(() => forget(name, load));
  keepGoing(settled);
  return load;
}

function forget(name: string, load: Promise<Corpus>): void {
  if (loads.get(name) === load) loads.delete(name);
}

async function openFromBucket(bindings: Bindings, name: string): Promise<Corpus> {
  const { BUCKET } = bindings;
  const { version } = parse(Current, await readJson(BUCKET, currentKey(name)), "current.json");
  const folder = `corpora/${name}/${version}`;
  const manifest = parse(Manifest, await readJson(BUCKET, `${folder}/manifest.json`), "manifest.json");
  const read = (file: string) => readShared(BUCKET, `${folder}/${file}`);
  const embedQuery = queryEmbedder(manifest.embedder, bindings);
  const wait = <T>(shared: Promise<T>, onExpiry: () => void) => waitFor(shared, "storage", onExpiry);
  return openCorpus({ manifest, kernel, read, wait, ...(embedQuery && { embedQuery }) });
}

/** A read that requests share, so that it too outlives the one that started it. */
function readShared(bucket: R2Bucket, key: string): Promise<ArrayBuffer> {
  const reading = readObject(bucket, key);
  keepGoing(reading);
  return reading;
}

async function readJson(bucket: R2Bucket, key: string): Promise<unknown> {
  const text = new TextDecoder().decode(await readObject(bucket, key));
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Fault("index", `${key} is not JSON`, { cause: error });
  }
}

function readObject(bucket: R2Bucket, key: string): Promise<ArrayBuffer> {
  return withRetries("storage", async () => {
    const object = await bucket.get(key);
    if (object === null) throw new Fault("index", `the bucket has no ${key}: build and upload the index`);
    return object.arrayBuffer();
  });
}

function parse<Schema extends z.ZodType>(schema: Schema, json: unknown, file: string): z.output<Schema> {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  throw new Fault(
    "index",
    `${file} of the index is not readable by this worker: build the index again. ${z.prettifyError(result.error)}`,
  );
}

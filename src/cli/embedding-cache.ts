/** Vectors that were paid for, one JSON line each, so that a build that broke off pays for the rest only. */
import { appendFile, mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import * as z from "zod";
import type { EmbeddingCache } from "../corpus/embedder.ts";

const Line = z.object({ key: z.string(), vector: z.base64() });

/** A line that was cut off when a build broke off is passed over. */
export async function openEmbeddingCache(file: string): Promise<EmbeddingCache> {
  const vectors = new Map<string, Float32Array>();
  for (const text of (await readFile(file, "utf8").catch(() => "")).split("\n")) {
    const line = parseLine(text);
    if (line) vectors.set(line.key, decode(line.vector));
  }
  return {
    get: async (key) => vectors.get(key),
    put: async (key, vector) => {
      vectors.set(key, vector);
      await mkdir(dirname(file), { recursive: true });
      // The line break comes first: it ends a line that an interrupted build may have left unfinished.
      await appendFile(file, `\n${JSON.stringify({ key, vector: encode(vector) })}`);
    },
  };
}

function parseLine(text: string): z.infer<typeof Line> | undefined {
  try {
    return Line.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

const encode = ({ buffer, byteOffset, byteLength }: Float32Array) =>
  Buffer.from(buffer, byteOffset, byteLength).toString("base64");
const decode = (text: string) => new Float32Array(new Uint8Array(Buffer.from(text, "base64")).buffer);

/**
 * Vectors for an index: by the corpus's own word table, or by a service, whose answers are paid for once. Never reads a query.
 */
import type { CutDocument } from "./build.ts";
import { CorpusError } from "./document.ts";
import { EMBEDDING_BATCH, type Embedder, type EmbeddingCache } from "./embedder.ts";
import { unitVector, WordTable } from "./embedded/words.ts";
import type { NamedSection, Sections } from "./format.ts";
import { sha256 } from "./hash.ts";
import type { PassageTerms } from "./lexical/build.ts";
import { runsByPage, runStart } from "./vector-runs.ts";
import { exactDot, quantise } from "./vectors.ts";

export interface EmbeddedPages {
  sections: NamedSection[];
  count: number;
}

type OnDone = (done: number, total: number) => void;

/** Vectors that are the sums of their words'. */
export function embedWithWords(
  terms: PassageTerms,
  rarity: Float32Array,
  words: Pick<Sections, "get" | "getIds">,
  dimensions: number,
  onDone: OnDone,
): EmbeddedPages {
  const { passageFirst, tokenFirst, tokens } = terms;
  const pages = passageFirst.length - 1;
  const runs = runsByPage(
    Array.from({ length: pages }, (_, page) => passageFirst[page + 1]! - passageFirst[page]!),
    dimensions,
  );
  const table = new WordTable(words);
  const vectors: (Float32Array | undefined)[] = [];
  runs.forEach((count, page) => {
    const [first, all] = [passageFirst[page]!, passageFirst[page + 1]! - passageFirst[page]!];
    for (let run = 0; run < count; run++) {
      const start = tokenFirst[first + runStart(run, count, all)]!;
      const end = tokenFirst[first + runStart(run + 1, count, all)]!;
      vectors.push(table.embed(tokens.subarray(start, end), (at) => rarity[tokens[start + at]!]!));
    }
    onDone(page + 1, pages);
  });
  return vectorSections(vectors, runs, dimensions);
}

/**
 * Vectors of a service, asked for in batches in the order of the documents; those in the cache are not asked for again.
 * @throws what the service throws; what was answered until then is in the cache
 */
export async function embedWithService(
  documents: readonly CutDocument[],
  embedder: Embedder,
  cache: EmbeddingCache | undefined,
  onDone: OnDone,
): Promise<EmbeddedPages> {
  const runs = runsByPage(
    documents.map(({ passages }) => passages.length),
    embedder.dimensions,
  );
  const texts = documents.flatMap((document, page) => runTexts(document, runs[page]!));
  const { kind, model, dimensions } = embedder;
  const keys: string[] = [];
  for (const text of texts) keys.push(await sha256(JSON.stringify([kind, model, dimensions, text])));
  const known = new Map<string, Float32Array>();
  for (const key of keys) {
    const vector = await cache?.get(key);
    if (vector !== undefined) known.set(key, vector);
  }
  const wanted = [...new Map(keys.map((key, at) => [key, texts[at]!]))].filter(([key]) => !known.has(key));
  for (let at = 0; at < wanted.length; at += EMBEDDING_BATCH) {
    onDone(at, wanted.length);
    const batch = wanted.slice(at, at + EMBEDDING_BATCH);
    const vectors = await embedder.embed(batch.map(([, text]) => text));
    for (const [place, [key]] of batch.entries()) {
      const vector = checkVector(vectors[place], dimensions);
      known.set(key, vector);
      await cache?.put(key, vector);
    }
  }
  onDone(wanted.length, wanted.length);
  return vectorSections(
    keys.map((key) => unitVector(known.get(key)!)),
    runs,
    dimensions,
  );
}

/** Each run's passages as they are shown. A service refuses an empty text: a page without text is embedded by its path. */
function runTexts({ path, text, passages }: CutDocument, runs: number): string[] {
  const shown = passages.map(({ start, end, header }) =>
    header === undefined
      ? text.slice(start, end)
      : `${text.slice(header.start, header.end)}\n${text.slice(start, end)}`,
  );
  return Array.from({ length: runs }, (_, run) => {
    const joined = shown.slice(runStart(run, runs, shown.length), runStart(run + 1, runs, shown.length)).join("\n");
    return joined.trim() === "" ? path : joined;
  });
}

function checkVector(vector: Float32Array | undefined, dimensions: number): Float32Array {
  if (vector?.length === dimensions && vector.every(Number.isFinite)) return vector;
  throw new CorpusError(`the embedder did not answer with a vector of ${dimensions} numbers for every text`);
}

function vectorSections(
  vectors: readonly (Float32Array | undefined)[],
  runs: readonly number[],
  dimensions: number,
): EmbeddedPages {
  const exact = new Float32Array(vectors.length * dimensions);
  vectors.forEach((vector, at) => vector && exact.set(vector, at * dimensions));
  const { codes, scales } = quantise(exact, dimensions);
  const first = new Uint32Array(runs.length + 1);
  runs.forEach((count, page) => (first[page + 1] = first[page]! + count));
  return {
    count: vectors.length,
    sections: [
      ["vectors.first", first],
      ["vectors.spread", spread(exact, dimensions)],
      ["vectors.exact", exact],
      ["vectors.codes", codes],
      ["vectors.scales", scales],
    ],
  };
}

/** Vectors that are compared with each other for the spread of their cosines. */
const SAMPLE = 500;

/** Mean and standard deviation of the cosines of vectors with each other: of a sample that is spread evenly over all. */
function spread(vectors: Float32Array, dimensions: number): Float32Array {
  const count = vectors.length / dimensions;
  const size = Math.min(SAMPLE, count);
  const rows = Array.from({ length: size }, (_, at) => Math.floor((at * count) / size));
  const cosines: number[] = [];
  rows.forEach((row, at) => {
    const query = vectors.subarray(row * dimensions, (row + 1) * dimensions);
    for (const other of rows.slice(at + 1)) cosines.push(exactDot(vectors, other, dimensions, query));
  });
  const mean = cosines.reduce((sum, cosine) => sum + cosine, 0) / Math.max(1, cosines.length);
  const squares = cosines.reduce((sum, cosine) => sum + (cosine - mean) ** 2, 0);
  return Float32Array.of(mean, Math.sqrt(squares / Math.max(1, cosines.length)) || 1);
}

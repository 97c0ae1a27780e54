/** A small corpus with what the tools have to cope with, and how an index gets into the bucket: as an upload does it. */
import { env } from "cloudflare:workers";
import type { Manifest } from "../../src/contract/manifest.ts";
import { type BuiltIndex, buildIndex } from "../../src/corpus/build.ts";
import type { EmbedderChoice } from "../../src/corpus/embedder.ts";
import type { Document } from "../../src/corpus/document.ts";

/** Two companies whose names share a start, each page about one thing. */
export const reports: readonly Document[] = [
  {
    path: "AA/2012/page_7.pdf",
    text: "alumina segment .\n\n| | 2012 |\n| --- | --- |\n| shipments of alumina | 9295 |",
  },
  { path: "AAL/2010/page_72.pdf", text: "aircraft fuel expense of american airlines rose to $ 6400 million ." },
  { path: "AAL/2010/page_9.pdf", text: "the airline leases gates and hangars at dallas airport ." },
  { path: "AAL/2011/page_3.pdf", text: "pension contributions of the airline were $ 520 million ." },
  { path: "ÆON/2013/side 1.pdf", text: "omsætning i danske kroner 😀" },
];

/** A page of several outputs: lines of text and emoji, then one line that alone is longer than an output. */
export const LONG_PAGE = "LNG/2015/page_1.pdf";
const longText = [
  ...Array.from(
    { length: 300 },
    (_, line) => `line ${line} : net revenue 😀 of the gas segment was ${line * 17} million`,
  ),
  "😀".repeat(6_000),
  "the last line",
].join("\n");

/** A directory whose listing needs several outputs. */
export const LARGE_DIRECTORY = "MANY/2016";
const many = Array.from({ length: 900 }, (_, page) => ({
  path: `${LARGE_DIRECTORY}/page_${page}.pdf`,
  text: `note ${page}`,
}));

/** Pages whose passages are so long that a search for "tariffs" needs several outputs. */
const wide = Array.from({ length: 10 }, (_, page) => {
  const line = `tariffs of zone ${page} : ${"kilowatthours".repeat(9)}`;
  return { path: `WIDE/2017/page_${page}.pdf`, text: Array(60).fill(line).join("\n") };
});

export const documents: readonly Document[] = [...reports, { path: LONG_PAGE, text: longText }, ...many, ...wide];

export function textOf(path: string): string {
  return documents.find((document) => document.path === path)?.text ?? "";
}

/** The children of a directory as a file system has them, worked out from the paths alone. */
export function childrenOf(directory: string): string[] {
  const prefix = directory === "" ? "" : `${directory}/`;
  const below = documents.filter(({ path }) => path.startsWith(prefix)).map(({ path }) => path.slice(prefix.length));
  const children = below.map((path) => (path.includes("/") ? path.slice(0, path.indexOf("/") + 1) : path));
  const rank = (child: string) => (child.endsWith("/") ? `0${child}` : `1${child}`);
  return [...new Set(children)].toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

/** Builds and uploads the index of `documents`. */
export async function serveCorpus(
  of: readonly Document[] = documents,
  embedder: EmbedderChoice = "embedded",
): Promise<Manifest> {
  const built = await buildIndex(of, embedder);
  await uploadFiles(built);
  await makeCurrent(built.manifest);
  return built.manifest;
}

export const objectKey = ({ version }: Manifest, file: string) => `corpora/finqa/${version}/${file}`;

/** The files under their version's own name, the manifest after them. */
async function uploadFiles({ manifest, files }: BuiltIndex): Promise<void> {
  for (const [name, content] of files) await env.BUCKET.put(objectKey(manifest, name), content);
  await env.BUCKET.put(objectKey(manifest, "manifest.json"), JSON.stringify(manifest));
}

/** From here on, a worker that starts serves this index. */
export async function makeCurrent({ version }: Pick<Manifest, "version">): Promise<void> {
  await env.BUCKET.put("corpora/finqa/current.json", JSON.stringify({ version }));
}

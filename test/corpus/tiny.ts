/** A corpus of a few invented report pages, and any corpus built and opened in memory. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildIndex, type BuiltIndex } from "../../src/corpus/build.ts";
import type { Corpus } from "../../src/corpus/corpus.ts";
import type { Document } from "../../src/corpus/document.ts";
import { type CorpusFiles, openCorpus } from "../../src/corpus/open.ts";

export const kernel = new WebAssembly.Module(
  readFileSync(fileURLToPath(new URL("../../src/corpus/kernel/scan.wasm", import.meta.url))),
);

const workforce = `|  | mainline | regional | total |
| --- | --- | --- | --- |
| pilots | 7900 | 3400 | 11300 |
| flight attendants | 15000 | 2100 | 17100 |
| maintenance personnel | 11300 | 1700 | 13000 |`;

export const tiny: readonly Document[] = [
  {
    path: "SKY/2012/page_4.pdf",
    text: `full-time employees as of december 31 , 2012 .\n\n${workforce}\n\nno strikes .`,
  },
  {
    path: "SKY/2013/page_4.pdf",
    text: `full-time employees as of december 31 , 2013 .\n\n${workforce}\n\nno strikes .`,
  },
  { path: "SKY/2013/page_9.pdf", text: "aircraft fuel expense rose to $ 6400 million in 2013 on higher prices ." },
  {
    path: "GAS/2012/page_2.pdf",
    text: "net revenue of the gas segment was $ 231 million in 2012 , volume and weather .",
  },
  { path: "GAS/2012/page_7.pdf", text: "minimum rental commitments under operating leases : 2013 $ 135 million ." },
  { path: "OIL/2013/page_1.pdf", text: "heavy fuel oil sales in thousands of barrels per day : 2013 , 2012 , 2011 ." },
];

/** A read function as storage would have it. */
export function readFrom({ files }: Pick<BuiltIndex, "files">): CorpusFiles["read"] {
  return async (name) => {
    const content = files.get(name);
    if (content === undefined) throw new Error(`nothing is stored as ${name}`);
    return content.slice().buffer;
  };
}

export function open(index: BuiltIndex): Promise<Corpus> {
  return openCorpus({ manifest: index.manifest, read: readFrom(index), kernel });
}

export async function corpusOf(documents: readonly Document[]): Promise<Corpus> {
  return open(await buildIndex(documents, "embedded"));
}

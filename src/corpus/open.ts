/**
 * The files of an index → a corpus that answers. The first-load file is read and checked once; texts are read on demand.
 * Never knows where the files are: a read function is given.
 */
import { Fault } from "../contract/failure.ts";
import { limits } from "../contract/limits.ts";
import { INDEX_SCHEMA, Manifest, type IndexFile } from "../contract/manifest.ts";
import { INDEX_FILE } from "./build.ts";
import type { Corpus, Hit } from "./corpus.ts";
import { Sections } from "./format.ts";
import { sha256 } from "./hash.ts";
import { Ranker, type RankedPage } from "./lexical/rank.ts";
import { decodeText, packName, PackReader } from "./packs.ts";
import { PathTree } from "./tree.ts";

export interface CorpusFiles {
  /** The manifest's JSON, parsed and unchecked. */
  manifest: unknown;
  /** The whole of a file that the manifest names. @throws Fault("storage") */
  read(file: string): Promise<ArrayBuffer>;
  /** `kernel/scan.wasm`, compiled. */
  kernel: WebAssembly.Module;
  /** Embeds a query as the corpus was embedded; needed when the manifest's embedder is a service. @throws Fault("embedder") */
  embedQuery?: (query: string) => Promise<Float32Array>;
}

/**
 * Loads an index. @throws Fault("index") when manifest or files are unreadable, of another schema, or not as the manifest says;
 * what `read` throws
 */
export async function openCorpus(files: CorpusFiles): Promise<Corpus> {
  const manifest = readManifest(files.manifest);
  const read = async (name: string): Promise<ArrayBuffer> => {
    const described = manifest.files.find((file) => file.name === name);
    if (described === undefined) throw new Fault("index", `the manifest names no file ${name}`);
    return checked(described, await files.read(name));
  };
  const sections = new Sections(await read(INDEX_FILE));
  return new OpenCorpus(manifest, sections, read);
}

function readManifest(content: unknown): Manifest {
  const schema: unknown = typeof content === "object" && content !== null && "schema" in content ? content.schema : undefined;
  if (schema !== INDEX_SCHEMA) {
    throw new Fault("index", `the index has schema ${JSON.stringify(schema) ?? "unknown"}, and this worker reads ${INDEX_SCHEMA}: build it again`);
  }
  const parsed = Manifest.safeParse(content);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Fault("index", `the manifest is not readable: ${issue?.path.join(".")}: ${issue?.message}`);
}

async function checked(described: IndexFile, content: ArrayBuffer): Promise<ArrayBuffer> {
  const { name, bytes } = described;
  if (content.byteLength !== bytes) throw new Fault("index", `${name} has ${content.byteLength} bytes, and the manifest says ${bytes}`);
  if ((await sha256(content)) !== described.sha256) throw new Fault("index", `${name} is not the file that the manifest describes`);
  return content;
}

/** Passages shown of a page. */
const PASSAGES_SHOWN = 2;

class OpenCorpus implements Corpus {
  readonly version: string;
  readonly documents: number;
  readonly #paths: string[];
  readonly #pages: Map<string, number>;
  readonly #tree: PathTree;
  readonly #ranker: Ranker;
  readonly #packs: PackReader;
  readonly #text: { pack: Uint16Array; offset: Uint32Array; bytes: Uint32Array };
  readonly #passage: { start: Uint32Array; bytes: Uint32Array; headerStart: Uint32Array; headerBytes: Uint32Array };

  constructor(manifest: Manifest, sections: Sections, read: (name: string) => Promise<ArrayBuffer>) {
    this.version = manifest.version;
    this.documents = manifest.counts.documents;
    this.#paths = new TextDecoder().decode(sections.get("paths", "uint8")).split("\n");
    if (this.#paths.length !== this.documents) throw new Fault("index", `${this.#paths.length} paths for ${this.documents} documents`);
    this.#pages = new Map(this.#paths.map((path, page) => [path, page]));
    this.#tree = new PathTree(this.#paths);
    this.#ranker = new Ranker(sections);
    this.#packs = new PackReader((pack) => read(packName(pack)), limits.textsKeptBytes);
    this.#text = {
      pack: sections.get("text.pack", "uint16"),
      offset: sections.get("text.offset", "uint32"),
      bytes: sections.get("text.bytes", "uint32"),
    };
    this.#passage = {
      start: sections.get("passage.start", "uint32"),
      bytes: sections.get("passage.bytes", "uint32"),
      headerStart: sections.get("passage.headerStart", "uint32"),
      headerBytes: sections.get("passage.headerBytes", "uint32"),
    };
  }

  async search(query: string, topK: number): Promise<Hit[]> {
    const ranked = this.#ranker.rank(query.slice(0, limits.queryCharacters), topK);
    return Promise.all(ranked.map((page) => this.#hit(page)));
  }

  list(path: string): readonly string[] | undefined {
    return this.#tree.list(path);
  }

  has(path: string): boolean {
    return this.#pages.has(path);
  }

  async read(path: string): Promise<string | undefined> {
    const page = this.#pages.get(path);
    if (page === undefined) return undefined;
    const pack = await this.#packs.get(this.#text.pack[page]!);
    return decodeText(pack, this.#text.offset[page]!, this.#text.bytes[page]!);
  }

  nearest(path: string, count: number): string[] {
    return this.#tree.nearest(path, count);
  }

  async #hit({ page, score, passages }: RankedPage): Promise<Hit> {
    const pack = await this.#packs.get(this.#text.pack[page]!);
    const shown = passages.slice(0, PASSAGES_SHOWN).toSorted((a, b) => a - b);
    return { path: this.#paths[page]!, score, passages: shown.map((passage) => this.#passageText(pack, page, passage)) };
  }

  #passageText(pack: Uint8Array, page: number, passage: number): string {
    const from = this.#text.offset[page]!;
    const { start, bytes, headerStart, headerBytes } = this.#passage;
    const text = decodeText(pack, from + start[passage]!, bytes[passage]!);
    if (headerBytes[passage] === 0) return text;
    return `${decodeText(pack, from + headerStart[passage]!, headerBytes[passage]!)}\n${text}`;
  }
}

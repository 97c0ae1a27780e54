/**
 * The files of an index → a corpus that answers. The first-load file is read and checked once; texts are read on demand.
 * Never knows where the files are: a read function is given.
 */
import { Fault } from "../contract/failure.ts";
import { limits } from "../contract/limits.ts";
import { INDEX_FILE, INDEX_SCHEMA, Manifest, type IndexFile } from "../contract/manifest.ts";
import type { Corpus, Hit, Listing } from "./corpus.ts";
import { Sections } from "./format.ts";
import { sha256 } from "./hash.ts";
import { type EmbedQuery, Searcher } from "./search.ts";
import { Texts } from "./texts.ts";
import type { WaitForRead } from "./kept-reads.ts";
import { PathTree } from "./tree.ts";

export interface CorpusFiles {
  /** The manifest's JSON, parsed and unchecked. */
  manifest: unknown;
  /** The whole of a file that the manifest names. @throws Fault("storage") */
  read(file: string): Promise<ArrayBuffer>;
  /** How a caller waits for a read that another may have started; without it, for as long as the read takes. */
  wait?: WaitForRead;
  /** `kernel/scan.wasm`, compiled. */
  kernel: WebAssembly.Module;
  /** Embeds a query as the corpus was embedded; needed when the manifest's embedder is a service. @throws Fault("embedder") */
  embedQuery?: EmbedQuery;
}

/**
 * Loads an index. @throws Fault("index") when manifest or files are unreadable, of another schema, or not as the manifest says;
 * Fault("configuration") when the embedder is a service and `embedQuery` is missing; what `read` throws
 */
export async function openCorpus(files: CorpusFiles): Promise<Corpus> {
  const manifest = readManifest(files.manifest);
  const read = async (name: string): Promise<ArrayBuffer> => {
    const described = manifest.files.find((file) => file.name === name);
    if (described === undefined) throw new Fault("index", `the manifest names no file ${name}`);
    return checked(described, await files.read(name));
  };
  const sections = new Sections(await read(INDEX_FILE));
  const searcher = new Searcher(sections, manifest.embedder, files.kernel, files.embedQuery);
  return new OpenCorpus(manifest, sections, new Texts(sections, read, files.wait), searcher);
}

function readManifest(content: unknown): Manifest {
  const schema: unknown =
    typeof content === "object" && content !== null && "schema" in content ? content.schema : undefined;
  if (schema !== INDEX_SCHEMA) {
    throw new Fault(
      "index",
      `the index has schema ${JSON.stringify(schema) ?? "unknown"}, and this worker reads ${INDEX_SCHEMA}: build it again`,
    );
  }
  const parsed = Manifest.safeParse(content);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Fault("index", `the manifest is not readable: ${issue?.path.join(".")}: ${issue?.message}`);
}

async function checked(described: IndexFile, content: ArrayBuffer): Promise<ArrayBuffer> {
  const { name, bytes } = described;
  if (content.byteLength !== bytes)
    throw new Fault("index", `${name} has ${content.byteLength} bytes, and the manifest says ${bytes}`);
  if ((await sha256(content)) !== described.sha256)
    throw new Fault("index", `${name} is not the file that the manifest describes`);
  return content;
}

class OpenCorpus implements Corpus {
  readonly version: string;
  readonly documents: number;
  readonly #paths: string[];
  readonly #pages: Map<string, number>;
  readonly #tree: PathTree;
  readonly #texts: Texts;
  readonly #searcher: Searcher;

  constructor({ version, counts }: Manifest, sections: Sections, texts: Texts, searcher: Searcher) {
    this.version = version;
    this.documents = counts.documents;
    this.#paths = new TextDecoder().decode(sections.get("paths", "uint8")).split("\n");
    if (this.#paths.length !== this.documents) {
      throw new Fault("index", `index file: ${this.#paths.length} paths for ${this.documents} documents`);
    }
    this.#pages = new Map(this.#paths.map((path, page) => [path, page]));
    this.#tree = new PathTree(this.#paths);
    this.#texts = texts;
    this.#searcher = searcher;
  }

  async search(query: string, topK: number): Promise<Hit[]> {
    const ranked = await this.#searcher.search(query.slice(0, limits.queryCharacters), topK);
    return Promise.all(
      ranked.map(async ({ page, score, passages }) => ({
        path: this.#paths[page]!,
        score,
        passages: await this.#texts.passages(page, passages),
      })),
    );
  }

  list(path: string): Listing | undefined {
    return this.#tree.list(path);
  }

  has(path: string): boolean {
    return this.#pages.has(path);
  }

  async read(path: string): Promise<string | undefined> {
    const page = this.#pages.get(path);
    return page === undefined ? undefined : this.#texts.read(page);
  }

  nearest(path: string, count: number): string[] {
    return this.#tree.nearest(path, count);
  }
}

/** Where things are in this project, and the names it uses on disk. */
import { fileURLToPath } from "node:url";
import { dirname, join, relative } from "node:path";

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const inProject = (...segments: string[]) => join(root, ...segments);

/** The bundled corpus in FinQA's format, and where its index is built. */
export const sampleSource = inProject("corpus-index", "sample");
export const sampleIndex = inProject("corpus-index", "sample-index");
/** The bundled repositories with their items, and where they are built. */
export const sampleRepositories = inProject("corpus-index", "sample-repositories");
export const sampleStore = inProject("corpus-index", "sample-repositories-index");
export const defaultIndex = (source: string) => inProject("corpus-index", source);

/** The bucket as wrangler.toml names it. */
export const BUCKET = "edgegym";
export const secretsFile = inProject(".dev.vars");

/** A path as a person in the current directory would write it. */
export const shown = (path: string) => relative(process.cwd(), path) || ".";

/**
 * A folder of plain documents: .md and .txt are taken as they are, .json is laid out for reading. Never reads a file:
 * the caller brings each file's path and content.
 */
import { CorpusError, type Document } from "../document.ts";

/** The endings of files that can be indexed. */
const documentEndings = [".md", ".txt", ".json"] as const;

/** Whether a file of this path is a document of a folder. */
export function isDocumentPath(path: string): boolean {
  return documentEndings.some((ending) => path.toLowerCase().endsWith(ending));
}

/**
 * A file of a folder as a document; line ends become "\n".
 * @param path relative to the folder, with "/" between segments
 * @throws CorpusError when a .json file is not JSON
 */
export function folderDocument(path: string, content: string): Document {
  const text = path.toLowerCase().endsWith(".json") ? layOutJson(path, content) : content;
  return { path, text: text.replace(/^\uFEFF/, "").replaceAll(/\r\n?/g, "\n") };
}

function layOutJson(path: string, content: string): string {
  try {
    return JSON.stringify(JSON.parse(content.replace(/^\uFEFF/, "")), null, 2);
  } catch (error) {
    throw new CorpusError(`${path}: not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

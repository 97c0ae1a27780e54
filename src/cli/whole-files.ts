/** Files that are there whole or not at all: one that is read while it is written would look damaged. */
import { randomUUID } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** @param contents by the files' names; @returns the names */
export async function writeWhole(
  folder: string,
  contents: Readonly<Record<string, string | Uint8Array>>,
): Promise<string[]> {
  for (const [name, content] of Object.entries(contents)) {
    // A draft of its own: another writer of the same file at the same time does not write into it.
    const draft = join(folder, `.${name}-${randomUUID()}`);
    try {
      await writeFile(draft, content);
      await rename(draft, join(folder, name));
    } finally {
      await rm(draft, { force: true });
    }
  }
  return Object.keys(contents);
}

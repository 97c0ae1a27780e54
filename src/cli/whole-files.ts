/** Files that are there whole or not at all: one that is read while it is written would look damaged. */
import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** @param contents by the files' names; @returns the names */
export async function writeWhole(
  folder: string,
  contents: Readonly<Record<string, string | Uint8Array>>,
): Promise<string[]> {
  for (const [name, content] of Object.entries(contents)) {
    // Two commands that write the same file at once do not write into each other's.
    const draft = join(folder, `.${name}-${process.pid}`);
    try {
      await writeFile(draft, content);
      await rename(draft, join(folder, name));
    } finally {
      await rm(draft, { force: true });
    }
  }
  return Object.keys(contents);
}

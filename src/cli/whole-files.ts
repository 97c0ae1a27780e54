/** Files that are there whole or not at all: one that is read while it is written would look damaged. */
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** @param contents by the files' names; @returns the names */
export async function writeWhole(
  folder: string,
  contents: Readonly<Record<string, string | Uint8Array>>,
): Promise<string[]> {
  for (const [name, content] of Object.entries(contents)) {
    await writeFile(join(folder, `.${name}`), content);
    await rename(join(folder, `.${name}`), join(folder, name));
  }
  return Object.keys(contents);
}

/** Repositories as they are gathered from somewhere, for tests. */
import { type BuiltRepository, buildRepository } from "../../../src/corpus/repository/build.ts";
import { type Gathered, Gathering } from "../../../src/corpus/repository/source.ts";

const utf8 = new TextEncoder();

/** Texts by path; a link is `-> target`. */
export function gather(files: Record<string, string>): Gathered {
  const gathering = new Gathering();
  for (const [path, text] of Object.entries(files)) {
    if (text.startsWith("-> ")) gathering.add({ kind: "link", path, target: text.slice(3) });
    else
      gathering.add({
        kind: "file",
        path,
        content: new Uint8Array(utf8.encode(text)),
        executable: path.endsWith(".sh"),
      });
  }
  return gathering.finish();
}

export function build(
  files: Record<string, string>,
  name = "owner/name",
  commit = "a".repeat(40),
): Promise<BuiltRepository> {
  return buildRepository(gather(files), name, commit);
}

/** A repository of several packs: directories of files, each with lines of its own. */
export function manyFiles(directories: number, filesOfEach: number, lines = 100): Record<string, string> {
  const files: Record<string, string> = {};
  for (let directory = 0; directory < directories; directory++)
    for (let file = 0; file < filesOfEach; file++)
      files[`src/part-${directory}/file-${file}.ts`] = Array.from(
        { length: lines },
        (_, line) => `export const value_${directory}_${file}_${line} = ${directory * file + line};\n`,
      ).join("");
  return files;
}

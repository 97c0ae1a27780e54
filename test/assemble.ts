/** Compiles AssemblyScript in memory. Never writes a file. */
import asc from "assemblyscript/asc";

/**
 * The binary that `asc --config` would write.
 * @param config the path of an asconfig.json
 * @throws Error with the compiler's diagnostics
 */
export async function assemble(config: string): Promise<Uint8Array<ArrayBuffer>> {
  const messages: string[] = [];
  const binaries: Uint8Array<ArrayBuffer>[] = [];
  const { error } = await asc.main(["--config", config], {
    stderr: { write: (message: string) => messages.push(message) },
    writeFile: (_path, contents) => {
      if (typeof contents !== "string") binaries.push(new Uint8Array(contents));
    },
  });
  const [binary] = binaries;
  if (error || !binary) throw new Error(`${config} does not compile:\n${messages.join("")}`, { cause: error });
  return binary;
}

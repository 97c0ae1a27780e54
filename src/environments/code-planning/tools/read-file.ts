/** Shows a file of the rollout's copy of the repository, or some of its lines, with their numbers. */
import * as z from "zod";
import { limits } from "../../../contract/limits.ts";
import { quote } from "../../arguments.ts";
import { type Answer, mistake, type RolloutTool } from "../../environment.ts";
import { nameOf, parentOf, REPOSITORY_ROOT, resolvePath } from "../../workspace/paths.ts";
import { PosixError } from "../../workspace/posix-error.ts";
import { decodeAs } from "../../workspace/bytes.ts";
import type { RolloutFiles } from "../../workspace/files.ts";

const line = z.int().min(1).optional();

const Arguments = z.strictObject({
  path: z.string().describe(`text: a file, as "src/index.ts"; relative to the repository's root, ${REPOSITORY_ROOT}`),
  start: line.describe("whole number, 1 or more, default 1: the first line to show"),
  end: line.describe("whole number, 1 or more, default the last line: the last line to show"),
});

export const readFile: RolloutTool<typeof Arguments> = {
  name: "read_file",
  description: "Show a file of your copy of the repository, whole or from line start to line end, with line numbers.",
  arguments: Arguments,
  keeps: "files",
  async run({ path, start = 1, end = Infinity }, { files }) {
    if (start > end) return mistake("bad_lines", `Argument "start": ${start} is after "end", which is ${end}.`);
    const absolute = resolvePath(REPOSITORY_ROOT, path);
    const read = await readText(files, absolute, path);
    if (typeof read !== "string") return read;
    if (read === "") return { outcome: "ok", text: "[the file is empty]" };
    const lines = read.replace(/\n$/, "").split("\n");
    if (start > lines.length)
      return mistake("past_the_end", `Argument "start": ${start} is past the end; the file has ${lines.length} lines.`);
    return numbered(lines.slice(start - 1, end), { path, start, ...(end < Infinity && { end }) });
  },
};

async function readText(files: RolloutFiles, absolute: string, written: string): Promise<string | Answer> {
  try {
    if (await files.isDirectory(absolute)) {
      const command = JSON.stringify({ command: `ls -la ${absolute}` });
      return mistake("not_a_file", `${quote(written)} is a directory. See what is in it with shell ${command}.`);
    }
    const bytes = await files.readFileBuffer(absolute);
    if (bytes.subarray(0, limits.toldByBytes).includes(0))
      return mistake("binary_file", `${quote(written)} is a binary file of ${bytes.length} bytes.`);
    return decodeAs(bytes);
  } catch (error) {
    if (!(error instanceof PosixError)) throw error;
    const near = await namesakes(files, absolute);
    const hint = near.length > 0 ? `There is: ${near.join(", ")}` : "Find files with shell and find or rg --files";
    return mistake("unknown_path", `There is no file ${quote(written)}. ${hint}.`);
  }
}

/** Paths of the workspace that end in the same name, a few. */
async function namesakes(files: RolloutFiles, absolute: string): Promise<string[]> {
  const name = nameOf(absolute).toLowerCase();
  const paths = files.getAllPaths().filter((path) => nameOf(path).toLowerCase() === name && parentOf(path) !== "/bin");
  return paths.filter((path) => path.startsWith(`${REPOSITORY_ROOT}/`)).slice(0, 5);
}

function numbered(lines: readonly string[], args: { path: string; start: number; end?: number }): Answer {
  const shown = lines.map((text, at) => `${args.start + at}\t${shortened(text)}`);
  const text = shown.join("\n");
  /** Each line begins with its number, and a line's start is where the text is cut. */
  const continuation = (from: number) => {
    const next = text.slice(text.lastIndexOf("\n", from - 1) + 1).split("\t", 1)[0];
    return `read_file ${JSON.stringify({ ...args, start: Number(next) })}`;
  };
  return { outcome: "ok", text, continuation };
}

function shortened(text: string): string {
  if (text.length <= limits.readLineCharacters) return text;
  return `${text.slice(0, limits.readLineCharacters).toWellFormed()}… [${text.length} characters; see more with cut -c]`;
}

/** Runs a command line in the rollout's copy of the repository. */
import * as z from "zod";
import { limits } from "../../../contract/limits.ts";
import { quote } from "../../arguments.ts";
import { mistake, type Output, type RolloutTool } from "../../environment.ts";
import { REPOSITORY_ROOT, resolvePath } from "../../workspace/paths.ts";
import { runShell } from "../../workspace/shell.ts";

const Arguments = z.strictObject({
  command: z
    .string()
    .max(limits.shell.maxSourceBytes)
    .describe('text: a bash command line, as "grep -rn parseDate src | head -20"'),
  cwd: z
    .string()
    .default(REPOSITORY_ROOT)
    .describe(
      `text, default "${REPOSITORY_ROOT}" (the repository's root): the directory to run it in; relative paths start there`,
    ),
});

export const shell: RolloutTool<typeof Arguments> = {
  name: "shell",
  description: `Run a bash command line in your own copy of the repository, at ${REPOSITORY_ROOT}. Returns what it prints and, unless it is 0, its exit code. Files that it writes stay for your later calls; variables and cd do not. There are pipes, redirections and the usual tools (grep, rg, find, ls, cat, head, tail, sed, awk, sort, uniq, wc, xargs, diff, jq, tree, …); no network, no git, no interpreters.`,
  arguments: Arguments,
  keeps: "files",
  async run({ command, cwd }, { files }) {
    if (command.trim() === "")
      return mistake("empty_command", 'Argument "command" is empty. Say what to run, as "ls -la".');
    const directory = resolvePath(REPOSITORY_ROOT, cwd);
    if (!(await files.isDirectory(directory)))
      return mistake(
        "unknown_path",
        `Argument "cwd": there is no directory ${quote(directory)}. See what there is with ls.`,
      );
    const result = await runShell(files, command, directory);
    if (result.kind === "ended") return shown(result);
    if (result.kind === "full")
      return mistake(
        "workspace_full",
        `The command was stopped (no space left on device) and nothing that it changed was kept. Your files may have ${limits.workspaceBytes.toLocaleString("en")} bytes beside the repository's own; delete some or write less.`,
      );
    return mistake(
      "command_limit",
      `The command was stopped (${result.reason}) and nothing that it changed was kept. Look at less at a time: name directories and file types, use simpler patterns, or add | head.`,
    );
  },
};

/** What a terminal would show: the output, then the errors, then the exit code where it is not 0. */
function shown({ stdout, stderr, exitCode }: { stdout: string; stderr: string; exitCode: number }): Output {
  const errors = clip(stderr.trimEnd());
  const notes = [errors, exitCode === 0 ? "" : `[exit code ${exitCode}]`].filter(Boolean);
  const text = stdout.trimEnd();
  if (text === "" && notes.length === 0) return { outcome: "ok", text: "[no output]" };
  const ending = notes.join("\n");
  return {
    outcome: "ok",
    text,
    ending: text !== "" && ending !== "" ? `\n${ending}` : ending,
    continuation: (from) => `the same command with its output piped into: sed -n '${lineAt(text, from)},$p'`,
  };
}

/** Long errors are the same one again and again: their start and end tell enough. */
function clip(errors: string): string {
  const half = limits.shellErrorCharacters / 2;
  if (errors.length <= limits.shellErrorCharacters) return errors;
  return `${errors.slice(0, half).toWellFormed()}\n[…]\n${errors.slice(-half).toWellFormed()}`;
}

/** The line, from 1, that a character is in. */
function lineAt(text: string, character: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < character; at = text.indexOf("\n", at + 1)) line++;
  return line;
}

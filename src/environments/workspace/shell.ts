/**
 * Runs one command line over a rollout's files, as a shell does. No network, no other programs than the shell's own, nothing
 * that waits: sleeping takes no time. All work is limited by counting steps and bytes, never by a clock.
 */
import type { Bash, CommandName, CustomCommand } from "just-bash/browser";
import { limits } from "../../contract/limits.ts";
import { lengthOf } from "./bytes.ts";
import { COMMANDS } from "./commands.ts";
import type { RolloutFiles } from "./files.ts";
import { type Meter, WorkExceeded } from "./meter.ts";
import { PosixError } from "./posix-error.ts";
import { respell } from "./spellings.ts";

export type ShellResult =
  | { kind: "ended"; stdout: string; stderr: string; exitCode: number }
  /** It went past a limit, in the shell's own words, and nothing of it is to be kept. */
  | { kind: "stopped"; reason: string }
  /** It wrote more than a rollout may, and nothing of it is to be kept. */
  | { kind: "full" };

/** `cwd` is an absolute path of a directory. @throws Fault that reading the repository met */
export async function runShell(files: RolloutFiles, command: string, cwd: string): Promise<ShellResult> {
  const shell = await openShell(files, cwd);
  try {
    const { stdout, stderr, exitCode } = await shell.exec(command);
    files.throwFault();
    if (files.meter.isExhausted) throw new WorkExceeded();
    const reason = exitCode === LIMIT_EXIT_CODE ? limitOf(stderr) : undefined;
    if (reason !== undefined) return { kind: "stopped", reason };
    return { kind: "ended", stdout, stderr: inBashsWords(stderr), exitCode };
  } catch (thrown) {
    files.throwFault();
    if (files.meter.isExhausted) return { kind: "stopped", reason: "too much work for one command" };
    // A redirection has no command that could tell of the error.
    if (thrown instanceof PosixError)
      return thrown.code === "ENOSPC" ? { kind: "full" } : { kind: "stopped", reason: thrown.message };
    throw thrown;
  }
}

/** The shell is large, and most isolates never run a command: it is loaded with the first one. */
async function openShell(files: RolloutFiles, cwd: string): Promise<Bash> {
  const { Bash } = await import("just-bash/browser");
  return new Bash({
    fs: files,
    cwd,
    commands: [...COMMANDS],
    customCommands: COMMANDS.map((name) => metered(name, files.meter)),
    // Its interpreters of bash, awk, sed and jq report each step here.
    coverage: { hit: () => files.meter.spend(limits.work.step) },
    env: { HOME: "/home/user", USER: "user", LANG: "C.UTF-8", PWD: cwd },
    executionLimits: limits.shell,
    // It would change the globals of the whole isolate while a command runs.
    defenseInDepth: false,
    sleep: async () => {},
  });
}

/** A command that pays for its start and for the bytes that it handles, before it does what it always does. */
function metered(name: CommandName, meter: Meter): CustomCommand {
  return {
    name,
    execute: (args, { origCommand, stdin, fs }) => {
      if (!origCommand) throw new Error(`the shell has no command ${name}`);
      return meter.atPrice(pricePerByte(name, args), async () => {
        meter.spend(limits.work.command);
        // What comes by a pipe or from `<(…)` is not read from the files, where it would be paid for.
        meter.spendOnBytes(lengthOf(stdin));
        for (const path of args.filter((arg) => arg.startsWith("/dev/fd/")))
          if (await fs.exists(path)) meter.spendOnBytes((await fs.readFile(path)).length);
        await meter.rest();
        return origCommand(respell(name, args));
      });
    },
  };
}

/** What a command does with a byte. A repetition in a pattern, as `{0,80}`, makes matching so many times as slow. */
function pricePerByte(name: CommandName, args: readonly string[]): number {
  if (name === "diff") return limits.work.byteCompared;
  const numbers = [...args.join(" ").matchAll(/\{(\d*),?(\d*)\}/g)].flatMap(([, from, to]) => [
    Number(from),
    Number(to),
  ]);
  const repetitions = numbers.reduce((sum, number) => sum + number, 0);
  return repetitions * limits.work.byteAndRepetition * (name === "sed" ? limits.work.sedFactor : 1);
}

/** To the model, a command that just-bash has for Node alone is one that does not exist. */
function inBashsWords(errors: string): string {
  return errors.replaceAll(/: command not available in browser environments\..*/g, ": command not found");
}

const LIMIT_EXIT_CODE = 126;

/** The limit that a command line went past: what the shell says last, without its advice to whoever configures it. */
function limitOf(stderr: string): string | undefined {
  const last = stderr.trimEnd().split("\n").at(-1) ?? "";
  if (!/ exceeded\b| too many /.test(last)) return undefined;
  return last.replace(/^bash: /, "").replace(/, increase executionLimits.*/, "");
}

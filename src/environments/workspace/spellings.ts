/**
 * Ways to write a command's arguments that bash's own programs know and the shell's do not, put in a way that it does. Silence
 * would be worse than an error: of several `-e`, its grep takes the last one only. Pure.
 */
import type { CommandName } from "just-bash/browser";

/** The same arguments as the shell's own command understands them. */
export function respell(name: CommandName, args: readonly string[]): string[] {
  if (name === "xargs") return respellXargs(args);
  return name === "grep" || name === "egrep" || name === "fgrep" ? respellGrep(name, args) : [...args];
}

/** `-n2` and `-I{}` as two arguments each, up to the command that xargs is to run. */
function respellXargs(args: readonly string[]): string[] {
  const command = args.findIndex((arg, at) => !arg.startsWith("-") && !/^-[nIPLds]$/.test(args[at - 1] ?? ""));
  const options = command === -1 ? args : args.slice(0, command);
  const split = options.flatMap((option) => {
    const [, letter, value] = /^-([nIPLds])(.+)$/.exec(option) ?? [];
    return letter === undefined || value === undefined ? [option] : [`-${letter}`, value];
  });
  return [...split, ...args.slice(options.length)];
}

/** Letters of grep's options whose value follows. */
const WITH_VALUE = /[ABCefm]/;

/** And such options by their long names. */
const LONG_WITH_VALUE = /^--(?:include|exclude|exclude-dir|regexp|max-count|(?:after-|before-)?context)$/;

interface GrepArguments {
  options: string[];
  patterns: string[];
  operands: string[];
}

/** The patterns as one extended pattern; without the options that change nothing here; the file's name where -H asks for it. */
function respellGrep(name: string, args: readonly string[]): string[] {
  const { options, patterns, operands } = readGrep(args);
  const letters = new Set(
    options.filter((option) => /^-[a-zA-Z]/.test(option)).flatMap((option) => option.slice(1).split("")),
  );
  if (letters.has("P") || letters.has("f") || options.includes("--")) return [...args];
  const [first] = operands;
  const given = patterns.length > 0 ? patterns : first === undefined ? [] : [first];
  if (given.length === 0) return [...args];
  const files = patterns.length > 0 ? operands : operands.slice(1);
  const isFixed = name === "fgrep" || letters.has("F");
  const isExtended = name === "egrep" || letters.has("E");
  if (isFixed && given.length === 1)
    return [...without(options, /[HIs]/g), "-F", "-e", given[0] ?? "", ...named(letters, files)];
  const extended = given.map((pattern) => (isFixed ? escaped(pattern) : isExtended ? pattern : extendedOf(pattern)));
  const pattern = extended.length === 1 ? (extended[0] ?? "") : extended.map((one) => `(${one})`).join("|");
  return [...without(options, /[EFGHIs]/g), "-E", "-e", pattern, ...named(letters, files)];
}

function readGrep(args: readonly string[]): GrepArguments {
  const read: GrepArguments = { options: [], patterns: [], operands: [] };
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? "";
    const isCluster = /^-[a-zA-Z]/.test(arg);
    const valued = isCluster ? arg.slice(1).search(WITH_VALUE) + 1 : 0;
    if (LONG_WITH_VALUE.test(arg))
      args = [...args.slice(0, at + 1), `${arg}=${args[at + 1] ?? ""}`, ...args.slice(at + 2)];
    else if (/^-\d+$/.test(arg)) read.options.push("-C", arg.slice(1));
    else if (arg.startsWith("--regexp=")) read.patterns.push(arg.slice("--regexp=".length));
    else if (valued > 0) {
      const value = arg.slice(valued + 1) || (args[++at] ?? "");
      if (valued > 1) read.options.push(arg.slice(0, valued));
      if (arg[valued] === "e") read.patterns.push(value);
      else read.options.push(`-${arg[valued]}`, value);
    } else if (arg.startsWith("-") && arg.length > 1) read.options.push(arg);
    else read.operands.push(arg);
  }
  return read;
}

/** Options without some letters; values of options, which do not begin with one dash and a letter, as they are. */
function without(options: readonly string[], letters: RegExp): string[] {
  const cleaned = options.map((option) => (/^-[a-zA-Z]/.test(option) ? option.replaceAll(letters, "") : option));
  return cleaned.filter((option) => option !== "-");
}

/** A second file, and an empty one, makes grep show names; a count would show it too. */
function named(letters: ReadonlySet<string>, files: readonly string[]): readonly string[] {
  const wantsName = letters.has("H") && !["c", "L", "r", "R"].some((letter) => letters.has(letter));
  return wantsName ? [...files, "/dev/null"] : files;
}

const escaped = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");

/** A basic pattern as an extended one: what has a meaning with a backslash in the one has it without in the other. */
function extendedOf(basic: string): string {
  const parts = basic.match(/\\.|\[\^?\]?(?:\[:\w+:\]|[^\]])*\]|[^]/gu) ?? [];
  return parts
    .map((part, at) => {
      if (/^\\[+?|(){}]$/.test(part)) return part.slice(1);
      if (/^[+?|(){}]$/.test(part)) return `\\${part}`;
      return part === "*" && (at === 0 || parts[at - 1] === "\\(" || parts[at - 1] === "\\|") ? "\\*" : part;
    })
    .join("");
}

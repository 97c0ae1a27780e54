/** Which files a unified diff changes, as git writes one. Never looks at what is changed in them. Pure, linear, never throws. */

export interface PatchFiles {
  /** Files that existed before and are edited, deleted or renamed; a renamed one by its old path. Each once, in their order. */
  edited: string[];
  /** Files that did not exist before: new ones, and copies. */
  created: string[];
}

interface Header {
  /** The paths before and after; null for `/dev/null`. */
  before: string | null;
  after: string | null;
}

/** Undefined for a text without any file in it. */
export function filesOfPatch(patch: string): PatchFiles | undefined {
  const edited = new Set<string>();
  const created = new Set<string>();
  for (const { before, after } of headersOf(patch.split("\n"))) {
    if (before !== null) edited.add(before);
    else if (after !== null) created.add(after);
  }
  if (edited.size + created.size === 0) return undefined;
  return { edited: [...edited], created: [...created] };
}

const hunk = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/;

/** One header a file. The lines of hunks are counted off, since a removed "-- a" looks like a header. */
function* headersOf(lines: readonly string[]): Generator<Header> {
  let header: Header | undefined;
  let hasHunks = false;
  let [old, fresh] = [0, 0];
  for (const line of lines) {
    if (old > 0 || fresh > 0) {
      if (!line.startsWith("+") && !line.startsWith("\\")) old--;
      if (!line.startsWith("-") && !line.startsWith("\\")) fresh--;
      continue;
    }
    const [isHunk, before = "1", after = "1"] = hunk.exec(line) ?? [];
    if (isHunk !== undefined) [hasHunks, old, fresh] = [true, Number(before), Number(after)];
    // Other programs than git begin a file with the path before; after hunks, so does the next one.
    else if (line.startsWith("diff --git ") || (line.startsWith("--- ") && (!header || hasHunks))) {
      if (header) yield header;
      hasHunks = false;
      header = started(line);
    } else if (header) header = read(line, header);
  }
  if (header) yield header;
}

function started(line: string): Header {
  if (line.startsWith("--- ")) return { before: pathIn(line, "--- ", "a/"), after: null };
  return bothPaths(line.slice("diff --git ".length));
}

/** What a line of a file's header says, beside what is known. */
function read(line: string, header: Header): Header {
  if (line.startsWith("new file mode")) return { ...header, before: null };
  if (line.startsWith("copy to ")) return { before: null, after: unquoted(line.slice("copy to ".length)) };
  if (line.startsWith("deleted file mode")) return { ...header, after: null };
  if (line.startsWith("rename from ")) return { ...header, before: unquoted(line.slice("rename from ".length)) };
  if (line.startsWith("rename to ")) return { ...header, after: unquoted(line.slice("rename to ".length)) };
  if (line.startsWith("--- ")) return { ...header, before: pathIn(line, "--- ", "a/") };
  return line.startsWith("+++ ") ? { ...header, after: pathIn(line, "+++ ", "b/") } : header;
}

/** The path of `--- a/src/x.ts`, without the time that some programs write after a tab. */
function pathIn(line: string, mark: string, prefix: string): string | null {
  const path = unquoted(line.slice(mark.length).replace(/\t.*$/, "").trimEnd());
  if (path === "/dev/null") return null;
  return path.startsWith(prefix) ? path.slice(prefix.length) : path;
}

/** Of `a/x y b/x y`: both halves say the same path, save for a rename, whose own lines follow. */
function bothPaths(paths: string): Header {
  const [, quotedBefore, quotedAfter] = /^("(?:[^"\\]|\\.)*") ("(?:[^"\\]|\\.)*")$/.exec(paths) ?? [];
  if (quotedBefore !== undefined && quotedAfter !== undefined)
    return { before: unquoted(quotedBefore).slice(2), after: unquoted(quotedAfter).slice(2) };
  const path = paths.slice(2, (paths.length - 1) / 2);
  return { before: path, after: path };
}

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", a: "\x07", b: "\b", f: "\f", v: "\v" };

/** Git quotes a path with unusual characters as C does: bytes of UTF-8 as three octal digits. */
function unquoted(path: string): string {
  if (!/^".*"$/.test(path)) return path;
  const bytes = path.slice(1, -1).replaceAll(/\\([0-7]{3}|.)/g, (_, escaped: string) => {
    return /^[0-7]{3}$/.test(escaped)
      ? String.fromCharCode(Number.parseInt(escaped, 8))
      : (escapes[escaped] ?? escaped);
  });
  const codes = Array.from(bytes, (character) => character.codePointAt(0) ?? 0);
  return codes.every((code) => code < 256) ? new TextDecoder().decode(Uint8Array.from(codes)) : bytes;
}

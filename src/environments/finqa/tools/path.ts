/** How the tools read a path that a model wrote. */
import type { Corpus } from "../../../corpus/corpus.ts";
import { quote } from "../../arguments.ts";

/** Drops what a file system would ignore: a leading "/" or "./", a trailing "/". Nothing else is repaired. */
export function plainPath(written: string): string {
  const path = written.trim().replace(/^(\.?\/)+|^\.$/, "");
  // Counted from the end: a pattern would start anew at each slash of a long run, which takes the square of its length.
  let end = path.length;
  while (path[end - 1] === "/") end--;
  return path.slice(0, end);
}

/** Says that nothing has this path, and which paths come nearest. */
export function unknownPath(written: string, corpus: Corpus): string {
  const nearest = corpus.nearest(written, 5);
  const hint = nearest.length > 0 ? `Nearest: ${nearest.join(", ")}` : 'See what there is with list {"path":""}';
  return `Nothing has the path ${quote(written)}. ${hint}.`;
}

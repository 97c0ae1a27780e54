/** How a path of a repository is written in different ways. Pure; never looks whether there is such a file. */
import { limits } from "../contract/limits.ts";

/**
 * The path from the repository's root, in the one spelling that repositories themselves use: no "./", no "//", no "/" in front.
 * Case stays, so do "..", "\" and a "/" at the end, which no path of a file has: what is written with them names none.
 * @param roots what may stand in front of it, each ending in "/"; one of them is dropped
 */
export function repositoryPath(written: string, roots: readonly string[] = []): string {
  const path = written.trim();
  const root = roots.find((prefix) => path.startsWith(prefix)) ?? "";
  const names = path.slice(root.length).split("/");
  const last = names.pop() ?? "";
  const kept = names.filter((name) => name !== "" && name !== ".");
  return [...kept, last].join("/");
}

/** Whether a text is the path of a file in that one spelling. */
export function isRepositoryPath(text: string): boolean {
  if (text === "" || text.length > limits.pathCharacters || /\p{Cc}/u.test(text)) return false;
  return text === text.trim() && text.split("/").every((name) => name !== "" && name !== "." && name !== "..");
}

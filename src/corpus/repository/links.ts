/** Where the links of a repository lead. Pure: knows only paths. */

/** As many links as Linux follows for one path; what needs more leads nowhere. */
const MOST_FOLLOWED = 40;

/**
 * Whether following the path leaves the repository at any step, as an absolute target or one ".." too many does: links on the way
 * are followed as a system does it, so that `a/up -> ..` and then `b -> a/up/..` is found out too.
 * @param links targets by the links' paths
 */
export function leadsOut(path: string, links: ReadonlyMap<string, string>): boolean {
  const left = path.split("/").toReversed();
  const reached: string[] = [];
  let followed = 0;
  for (let name = left.pop(); name !== undefined; name = left.pop()) {
    if (name === "" || name === ".") continue;
    if (name === "..") {
      if (reached.pop() === undefined) return true;
      continue;
    }
    const target = links.get([...reached, name].join("/"));
    if (target === undefined) {
      reached.push(name);
      continue;
    }
    if (target.startsWith("/")) return true;
    if (++followed > MOST_FOLLOWED) return false;
    left.push(...target.split("/").toReversed());
  }
  return false;
}

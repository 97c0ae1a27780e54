/** Absolute paths of a workspace, as texts. Pure; knows nothing of what stands at them. */

/** Where the item's repository stands: commands start here. */
export const REPOSITORY_ROOT = "/repo";

/** `path` seen from `base`, absolute, without ".", ".." and doubled slashes. What leads above the root stays there. */
export function resolvePath(base: string, path: string): string {
  return `/${namesOf(path.startsWith("/") ? path : `${base}/${path}`).join("/")}`;
}

/** The names between the slashes, with "." and ".." worked out. */
export function namesOf(path: string): string[] {
  const names: string[] = [];
  for (const name of path.split("/")) {
    if (name === "..") names.pop();
    else if (name !== "" && name !== ".") names.push(name);
  }
  return names;
}

export function parentOf(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf("/")));
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

export const childOf = (directory: string, name: string) => (directory === "/" ? `/${name}` : `${directory}/${name}`);

/** Whether `path` is `directory` or below it. */
export function isWithin(path: string, directory: string): boolean {
  return path === directory || directory === "/" || path.startsWith(`${directory}/`);
}

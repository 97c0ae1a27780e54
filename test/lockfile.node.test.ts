/** The lock file serves every platform: `npm ci` fails where a package names a platform's binary that the file leaves out. */
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import * as z from "zod";

const Packages = z.record(z.string(), z.object({ optionalDependencies: z.record(z.string(), z.string()).optional() }));
const Lock = z.object({ packages: Packages });

test("every optional dependency that a package names is locked", async () => {
  const file = new URL("../package-lock.json", import.meta.url);
  const { packages } = Lock.parse(JSON.parse(await readFile(file, "utf8")));
  const named = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).map((name) => ({ path, name })),
  );
  const gaps = named.filter(
    ({ path, name }) => !(`${path}/node_modules/${name}` in packages || `node_modules/${name}` in packages),
  );
  expect(named.some(({ name }) => name === "@cloudflare/workerd-darwin-64")).toBe(true);
  expect(gaps).toEqual([]);
});

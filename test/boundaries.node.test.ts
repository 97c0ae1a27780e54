import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "..");

/**
 * What each folder may import of the others, types included. Everything below points one way, from the contract up; the
 * command line reaches the worker only over HTTP, as a trainer does.
 */
const allowed: Record<string, readonly string[]> = {
  contract: [],
  grading: ["contract"],
  corpus: ["contract"],
  report: ["contract"],
  environments: ["contract", "grading", "corpus", "report"],
  worker: ["contract", "grading", "corpus", "report", "environments"],
  cli: ["contract", "grading", "corpus", "report", "environments"],
  // The worker of a rehearsal, which fails on purpose. It stands in no other folder's list: nothing that is deployed reaches it.
  chaos: ["contract", "grading", "corpus", "report", "environments", "worker"],
};
/** The folders that run in workerd, and those without any input or output. */
const inWorkerd = ["contract", "grading", "corpus", "report", "environments", "worker", "chaos"];
const pure = ["contract", "grading", "corpus", "report", "environments"];

interface Import {
  file: string;
  folder: string;
  specifier: string;
}

/** Every static, dynamic and re-exporting import of the source, without comments. */
const imports: Import[] = globSync("src/**/*.{ts,js}", { cwd: root, exclude: ["src/**/assembly/**"] }).flatMap(
  (file) => {
    const text = readFileSync(join(root, file), "utf8").replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
    const specifiers = text.matchAll(/\b(?:from|import)\s*\(?\s*["']([^"']+)["']/g);
    return [...specifiers].map(([, specifier = ""]) => ({ file, folder: folderOf(file), specifier }));
  },
);

function folderOf(file: string): string {
  return normalize(file).split("/")[1] ?? "";
}

/** The folder of the source that an import leads to; undefined for packages and modules of a platform. */
function target({ file, specifier }: Import): string | undefined {
  if (!specifier.startsWith(".")) return undefined;
  return folderOf(relative(root, join(root, dirname(file), specifier)));
}

const shown = (found: Import[]) => found.map(({ file, specifier }) => `${file} imports ${specifier}`);

test("the imports are found", () => {
  expect(imports.length).toBeGreaterThan(100);
  expect(new Set(imports.map(({ folder }) => folder)).size).toBeGreaterThanOrEqual(6);
});

test("every folder of the source has its rule", () => {
  expect([...new Set(imports.map(({ folder }) => folder))].filter((folder) => !(folder in allowed))).toEqual([]);
});

describe.each(Object.entries(allowed))("%s", (folder, others) => {
  const own = imports.filter((found) => found.folder === folder);

  test(`imports only from ${["itself", ...others].join(", ")}`, () => {
    const strays = own.filter((found) => {
      const to = target(found);
      return to !== undefined && to !== folder && !others.includes(to);
    });
    expect(shown(strays)).toEqual([]);
  });
});

test("what runs in workerd touches no module of Node", () => {
  const strays = imports.filter(({ folder, specifier }) => inWorkerd.includes(folder) && specifier.startsWith("node:"));
  expect(shown(strays)).toEqual([]);
});

test("nothing imports what fails on purpose", () => {
  expect(shown(imports.filter((found) => found.folder !== "chaos" && target(found) === "chaos"))).toEqual([]);
  expect(readFileSync(join(root, "wrangler.toml"), "utf8")).not.toMatch(/chaos|FAULT_CONTROL/);
});

test("what is pure and the command line touch no module of Cloudflare", () => {
  const strays = imports.filter(
    ({ folder, specifier }) => [...pure, "cli"].includes(folder) && specifier.startsWith("cloudflare:"),
  );
  expect(shown(strays)).toEqual([]);
});

/** What the README shows is so: its paths, scripts, routes, limits and commands. `npm start` itself is test/conformance's. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { environments } from "../src/environments/index.ts";
import { git } from "./cli/repository/folders.ts";
import { openApiDocument } from "../src/worker/docs/openapi.ts";

const root = new URL("..", import.meta.url).pathname;
const readme = await readFile(join(root, "README.md"), "utf8");
const scripts: Record<string, string> = JSON.parse(await readFile(join(root, "package.json"), "utf8")).scripts;
const shellLines = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = ""]) => block.trim().split("\n"));

test("every path it names exists", () => {
  const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, path = ""]) => path);
  const code = [...readme.matchAll(/`((?:src|test|corpus-index)\/[\w./-]+)`/g)].map(([, path = ""]) => path);
  const missing = [...links, ...code, ...treePaths()].filter((path) => !existsSync(join(root, path)));
  expect(missing).toEqual([]);
  expect(links.length * code.length * treePaths().length).toBeGreaterThan(0);
});

test("every npm script it names exists", () => {
  const named = [...readme.matchAll(/npm run ([\w:-]+)/g)].map(([, name = ""]) => name);
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});

const ofEnvironment = new RegExp(`^/(?:${environments.map(({ name }) => name).join("|")})/`);

test("its routes are those that the service describes", () => {
  const shown = [...readme.matchAll(/`(GET|POST) (\/[^`]*)`/g)].map(
    ([, method = "", path = ""]) => `${method} ${path}`,
  );
  const described = Object.entries(openApiDocument(environments).paths).flatMap(([path, methods]) =>
    Object.keys(methods).map(
      (method) =>
        `${method.toUpperCase()} ${path.replace(ofEnvironment, "/{environment}/").replace(/tools\/\w+$/, "tools/{tool}")}`,
    ),
  );
  const table = shown.filter((route) => !route.includes("/finqa/"));
  expect(new Set(table)).toEqual(new Set(described));
});

describe("its commands run", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "edgegym-readme-"));
    await cp(join(root, "corpus-index/sample"), join(folder, "FinQA/dataset"), { recursive: true });
    await cp(join(root, "corpus-index/sample"), join(folder, "reports"), { recursive: true });
    await writeFile(join(folder, "reports", "notes.md"), "# Notes\n\nNet revenue rose to $ 12 million.\n");
    const rows = await Promise.all(["owner/name", "owner/other"].map(makeClone));
    await writeFile(join(folder, "instances.jsonl"), rows.map((row) => JSON.stringify(row)).join("\n"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** With a history that makes a row; returns a row of SWE-bench's form. */
  async function makeClone(repo: string) {
    const clone = join(folder, "clones", repo);
    await mkdir(clone, { recursive: true });
    git(clone, "init", "--quiet", "--initial-branch=main");
    for (const state of ["first", "second"]) {
      await writeFile(join(clone, "notes.md"), `The ${state} state of ${repo}.\n`);
      git(clone, "add", "--all");
      git(clone, "commit", "--quiet", "--message", `Tell in the notes about the ${state} state of ${repo}`);
    }
    git(clone, "tag", "v1.2");
    const base_commit = git(clone, "rev-parse", "HEAD");
    return { instance_id: repo, repo, base_commit, problem_statement: `Mend ${repo}.`, gold_files: ["notes.md"] };
  }

  const commands = shellLines.filter((line) => line.startsWith("npm run edgegym --"));
  test.each(commands)("%s", { timeout: 60_000 }, async (command) => {
    const args = command
      .replace("npm run edgegym -- ", "")
      .replace("../FinQA", join(folder, "FinQA"))
      .replace("../reports", join(folder, "reports"))
      .replaceAll(/\.\.\/(?=clones|instances)/g, `${folder}/`)
      .replace(/--out (\S+)/, (_, out: string) => `--out ${join(folder, "out", basename(out))}`)
      .replace(/ --(upload|local)$/, "")
      .split(" ");
    const { stdout } = await promisify(execFile)("node", ["src/cli/launch.js", "node", "src/cli/main.ts", ...args], {
      cwd: root,
    });
    expect(stdout).toMatch(/documents, \d+ passages|files and \d+ links|score 1|^BILL$|^NOTHING IS LEFT|\d rows of/m);
  });
});

/** The paths of the annotated tree, whole. */
function treePaths(): string[] {
  const [, tree = ""] = /## Tree\n\n```\n([\s\S]*?)```/.exec(readme) ?? [];
  const folders: string[] = [];
  return tree
    .trimEnd()
    .split("\n")
    .map((line) => {
      const depth = (/^ */.exec(line)?.[0].length ?? 0) / 2;
      const [name = ""] = line.trim().split(/\s/);
      folders.splice(depth, folders.length, name.replace(/\/$/, ""));
      return folders.join("/");
    });
}

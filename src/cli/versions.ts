/**
 * Versions of what decides a score, so that results that are compared can be seen to rest on the same: hashes of the prompt, the
 * tools and the grader. Two versions of the project with the same hash behave alike there; a changed comment changes it too.
 */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { posix, sep } from "node:path";
import { toolDefinitions } from "../environments/definitions.ts";
import type { Environment } from "../environments/environment.ts";
import { inProject } from "./project.ts";

export interface Versions {
  /** With the form that answers are asked for in. */
  prompt: string;
  /** Of what a model is told of the tools, and of the code that runs and finds. */
  tools: string;
  grader: string;
}

/** An environment's code is in the folder of its name: the grader in `grader.ts`, a tool in a file of its own in `tools`. */
export async function versionsOf(environment: Environment): Promise<Versions> {
  const folder = `src/environments/${environment.name}`;
  const workspace = environment.workspace === undefined ? [] : ["src/environments/workspace"];
  const tools = await reached(
    await filesUnder(`${folder}/tools`, ...workspace, "src/environments/output.ts", "src/corpus"),
  );
  const grader = await reached([`${folder}/grader.ts`]);
  return {
    prompt: hashOf(environment.prompt, environment.answerFormat ?? null),
    tools: hashOf(toolDefinitions(environment), environment.callsPerRollout, environment.outputCharacters, tools),
    grader: hashOf(grader),
  };
}

/**
 * Paths and contents of these files of the project and of all that they import from it, in order. Not of types, nor of the
 * contract: shapes and limits are not what tells two graders apart, and change with every command that is added.
 */
export async function reached(entries: readonly string[]): Promise<[path: string, content: string][]> {
  const found = new Map<string, string>();
  const waiting = [...entries];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (found.has(path)) continue;
    const content = await readFile(inProject(path), "base64");
    found.set(path, content);
    if (path.endsWith(".ts")) waiting.push(...importsOf(path, Buffer.from(content, "base64").toString("utf8")));
  }
  return [...found].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** Whole lines that begin with `import type` name types alone. */
function importsOf(path: string, code: string): string[] {
  const specifiers = code.matchAll(/^(?:import|export)(?! type )[^;]*? from "(\.[^"]+)"/gm);
  const paths = [...specifiers].map(([, specifier = ""]) => posix.join(posix.dirname(path), specifier));
  return paths.filter((imported) => !imported.startsWith("src/contract/"));
}

/** Learnt weights are JSON. */
const isSource = (name: string) => /\.(ts|json|wasm)$/.test(name);

async function filesUnder(...paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    paths.map(async (path) => {
      if (isSource(path)) return [path];
      const names = await readdir(inProject(path), { recursive: true });
      return names.filter(isSource).map((name) => posix.join(path, name.split(sep).join("/")));
    }),
  );
  return found.flat();
}

function hashOf(...values: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(values)).digest("hex");
}

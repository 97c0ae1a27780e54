/**
 * Versions of what decides a score, so that results that are compared can be seen to rest on the same: hashes of the prompt, the
 * tools and the grader. Two versions of the project with the same hash behave alike there; a changed comment changes it too.
 */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, sep } from "node:path";
import { toolDefinitions } from "../environments/definitions.ts";
import type { Environment } from "../environments/environment.ts";
import { inProject } from "./project.ts";

export interface Versions {
  prompt: string;
  /** Of what a model is told of the tools, and of the code that runs and finds. */
  tools: string;
  grader: string;
}

/** An environment's code is in the folder of its name. */
export async function versionsOf(environment: Environment): Promise<Versions> {
  const folder = `src/environments/${environment.name}`;
  const toolCode = await sources(`${folder}/tools`, "src/environments/output.ts", "src/corpus");
  const graderCode = await sources(folder, "src/grading");
  return {
    prompt: hashOf(environment.prompt),
    tools: hashOf(toolDefinitions(environment), environment.callsPerRollout, environment.outputCharacters, toolCode),
    grader: hashOf(graderCode.filter(([path]) => !path.startsWith(`${folder}/tools/`))),
  };
}

/** Learnt weights are JSON. */
const isSource = (name: string) => /\.(ts|json|wasm)$/.test(name);

/** Paths and contents of the code under these paths of the project, in order. */
async function sources(...paths: readonly string[]): Promise<[path: string, content: string][]> {
  const found = await Promise.all(paths.map(filesUnder));
  const files = found.flat().toSorted();
  return Promise.all(
    files.map(async (path): Promise<[string, string]> => [path, await readFile(inProject(path), "base64")]),
  );
}

async function filesUnder(path: string): Promise<string[]> {
  if (isSource(path)) return [path];
  const names = await readdir(inProject(path), { recursive: true });
  return names.filter(isSource).map((name) => join(path, name).split(sep).join("/"));
}

function hashOf(...values: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(values)).digest("hex");
}

/** A repository in the bucket, as an upload puts it there, and an environment whose tools work in it. */
import { env } from "cloudflare:workers";
import * as z from "zod";
import { buildRepository } from "../../../src/corpus/repository/build.ts";
import { Gathering } from "../../../src/corpus/repository/source.ts";
import { readFile } from "../../../src/environments/code-planning/tools/read-file.ts";
import { shell } from "../../../src/environments/code-planning/tools/shell.ts";
import type { Environment } from "../../../src/environments/environment.ts";
import { finqa } from "../../../src/environments/finqa/index.ts";
import { environments } from "../../../src/environments/index.ts";
import { Workspace } from "../../../src/environments/workspace/workspace.ts";
import { outputOf, TestRollout } from "../world.ts";

export const BUDGET = 30;

/** Shell and read_file over the repository that an item names, graded as anything. */
export const workshop: Environment = {
  ...finqa,
  name: "workshop",
  callsPerRollout: BUDGET,
  options: z.object({}),
  tools: [shell, readFile],
  workspace: (item) => Workspace.parse({ repository: item["repo"], commit: item["base_commit"] }),
  grade: () => ({ score: 1, value: null, answer: "", explanation: "", sub_scores: {} }),
};
(environments as Environment[]).push(workshop);

export const files: Readonly<Record<string, string>> = {
  "README.md": "# Tidy\n\nA small repository.\n",
  "src/index.ts": 'export { wrap } from "./wrap.ts";\n',
  "src/wrap.ts": "// TODO: wrap long lines\nexport const wrap = (text: string) => text;\n",
  "test/wrap.test.ts": 'import { wrap } from "../src/wrap.ts";\n',
};

/** Builds and uploads a repository. */
export async function serveRepository(
  of: Readonly<Record<string, string>> = files,
  name = "sample/tidy",
  commit = "c0ffee",
): Promise<void> {
  const gathering = new Gathering();
  for (const [path, text] of Object.entries(of))
    gathering.add({ kind: "file", path, content: new Uint8Array(new TextEncoder().encode(text)), executable: false });
  const { objects } = await buildRepository(gathering.finish(), name, commit);
  for (const [key, bytes] of objects) await env.BUCKET.put(key, bytes);
}

/** A rollout of an item of the repository. */
export class WorkspaceRollout extends TestRollout {
  readonly item: Readonly<Record<string, string>>;

  constructor(
    item: Readonly<Record<string, string>> = { repo: "sample/tidy", base_commit: "c0ffee", edited_files: "secret" },
  ) {
    super(undefined, {}, workshop.name);
    this.item = item;
  }

  override call(tool: string, args: unknown, fields: Record<string, unknown> = {}): Promise<Response> {
    return super.call(tool, args, { item: this.item, ...fields });
  }

  /** What a command shows. */
  shell(command: string, fields: Record<string, unknown> = {}): Promise<string> {
    return outputOf(this.call("shell", { command }, fields));
  }
}

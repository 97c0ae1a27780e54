/**
 * The worker of the repositories' benchmark: the real one, and beside its routes one that does with a repository what a rollout's
 * shell does, and says how much it read. Test-only: imported by nothing, and part of no deployment.
 */
import * as z from "zod";
import { standIn } from "../../../src/chaos/stand-in.ts";
import type { Repository } from "../../../src/corpus/repository/repository.ts";
import type { Bindings } from "../../../src/worker/bindings.ts";
import worker from "../../../src/worker/index.ts";
import { openRepository } from "../../../src/worker/repositories.ts";

export * from "../../../src/worker/index.ts";

const Task = z.object({
  name: z.string(),
  commit: z.string(),
  /** Open it; list every directory; read files after a prefetch: of one directory, or all. */
  task: z.enum(["open", "list", "directory", "all"]),
});

/** R2 reads of this process so far. */
let reads = 0;

const utf8 = new TextDecoder();

export default {
  ...worker,
  async fetch(request: Request, bindings: Bindings, context: ExecutionContext): Promise<Response> {
    const url = new URL(request.url);
    if (url.pathname !== "/bench") return worker.fetch(request, bindings, context);
    const { name, commit, task } = Task.parse(Object.fromEntries(url.searchParams));
    const get = (key: string) => {
      reads++;
      return bindings.BUCKET.get(key);
    };
    const repository = await openRepository(standIn(bindings.BUCKET, { get }), name, commit);
    const done = await perform(repository, task);
    return Response.json({ paths: repository.entries.length, ...done, reads });
  },
};

async function perform(repository: Repository, task: z.infer<typeof Task>["task"]) {
  switch (task) {
    case "open":
      return { bytes: 0 };
    case "list":
      return { bytes: list(repository, "") };
    case "directory":
      return read(
        repository,
        repository.entries.slice(0, 50).map(({ path }) => path),
      );
    case "all":
      return read(
        repository,
        repository.entries.map(({ path }) => path),
      );
  }
}

/** The sizes of all files, as `find -ls` shows them. */
function list(repository: Repository, directory: string): number {
  let bytes = 0;
  for (const { name, kind } of repository.list(directory) ?? []) {
    const path = directory === "" ? name : `${directory}/${name}`;
    bytes += kind === "directory" ? list(repository, path) : (repository.find(path)?.size ?? 0);
  }
  return bytes;
}

/** Reads as `grep` does: each file as a text, in which something is looked for. */
async function read(repository: Repository, paths: readonly string[]) {
  await repository.prefetch(paths);
  let bytes = 0;
  let found = 0;
  for (const path of paths) {
    if (repository.find(path)?.kind !== "file") continue;
    const content = await repository.read(path);
    bytes += content.length;
    if (utf8.decode(content).includes("a text that is nowhere")) found++;
  }
  return { bytes, found };
}

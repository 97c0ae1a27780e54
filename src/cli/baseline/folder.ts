/**
 * The folder of a baseline: its manifest, and its results as one line each, written when their rollout ends, so that whatever ends
 * the command loses none that had ended.
 */
import { type FileHandle, open, readFile, rm, truncate } from "node:fs/promises";
import { join } from "node:path";
import { ResultsManifest, RolloutResult } from "../../contract/results.ts";
import { lockFolder } from "../folder-lock.ts";
import { parse } from "../rollouts/wire.ts";
import { shown } from "../project.ts";
import { UserError } from "../user-error.ts";
import { writeWhole } from "../whole-files.ts";
import { differences } from "./manifest.ts";

export class ResultsFolder {
  readonly path: string;
  readonly #results: string;
  #file: FileHandle | undefined;
  #writing: Promise<void> = Promise.resolve();
  readonly #unlock: () => Promise<void>;

  private constructor(path: string, unlock: () => Promise<void>) {
    this.path = path;
    this.#unlock = unlock;
    this.#results = join(path, "results.jsonl");
  }

  /**
   * Opens the folder for these results, with what is in it already.
   * @param options.fresh whether what is there gives way
   * @throws UserError when other results are there, or what is there is damaged, or another command is writing them
   */
  static async open(
    path: string,
    manifest: ResultsManifest,
    { fresh }: { fresh: boolean },
  ): Promise<{ folder: ResultsFolder; manifest: ResultsManifest; results: RolloutResult[] }> {
    const folder = new ResultsFolder(path, await lockFolder(path));
    try {
      if (fresh) await folder.#clear();
      const before = await folder.#manifest(manifest);
      const results = before ? await folder.#read() : [];
      if (!before) await folder.write({ "manifest.json": `${JSON.stringify(manifest, null, 1)}\n` });
      folder.#file = await open(folder.#results, "a");
      return { folder, manifest: before ?? manifest, results };
    } catch (error) {
      await folder.close();
      throw error;
    }
  }

  /** Lines are written one after the other. */
  append(result: RolloutResult): Promise<void> {
    this.#writing = this.#writing.then(() => this.#file?.appendFile(`${JSON.stringify(result)}\n`));
    return this.#writing;
  }

  /** Files by their names. */
  write(contents: Readonly<Record<string, string | Uint8Array>>): Promise<string[]> {
    return writeWhole(this.path, contents);
  }

  async close(): Promise<void> {
    await this.#writing.catch(() => undefined);
    await this.#file?.close();
    await this.#unlock();
  }

  /** The manifest last: without it the results are nobody's. */
  async #clear(): Promise<void> {
    for (const name of ["manifest.json", "results.jsonl"]) await rm(join(this.path, name), { force: true });
  }

  async #manifest(wanted: ResultsManifest): Promise<ResultsManifest | undefined> {
    const text = await readFile(join(this.path, "manifest.json"), "utf8").catch(() => undefined);
    const results = await readFile(this.#results).catch(() => undefined);
    if (text === undefined && !results?.length) return undefined;
    const found = parse(text ?? "", ResultsManifest);
    const advice = "Give another --name, or --fresh to begin anew and lose them.";
    if (!found) throw new UserError(`${shown(this.path)} holds results without a manifest that can be read. ${advice}`);
    const changed = differences(found, wanted);
    if (changed.length === 0) return found;
    throw new UserError(`${shown(this.path)} holds results of another baseline: ${changed.join("; ")}. ${advice}`);
  }

  /** A last line that was cut is no result: its rollout is played again. */
  async #read(): Promise<RolloutResult[]> {
    const bytes = await readFile(this.#results).catch(() => Buffer.alloc(0));
    const end = bytes.lastIndexOf("\n") + 1;
    if (end < bytes.length) await truncate(this.#results, end);
    const lines = bytes.subarray(0, end).toString("utf8").split("\n").slice(0, -1);
    return lines.map((line, at) => {
      const result = parse(line, RolloutResult);
      if (result) return withoutOutputs(result);
      throw new UserError(
        `${shown(this.#results)}, line ${at + 1}: not a result. Take the line out, or begin anew with --fresh.`,
      );
    });
  }
}

/** Outputs are most of a result, and no figure is made of them. */
export function withoutOutputs(result: RolloutResult): RolloutResult {
  const turns = result.turns.map(({ calls }) => ({ calls: calls.map((call) => ({ ...call, output: null })) }));
  return { ...result, turns };
}

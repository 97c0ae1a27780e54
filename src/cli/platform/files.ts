/**
 * The files that a client uploads, in memory: each is looked at a little after it came, and then can be used for a job, or says
 * what is wrong with it. Never quotes a row.
 */
import { limits } from "../../contract/limits.ts";
import type { TrainingRow } from "../../contract/fine-tuning.ts";
import { ApiError, badRequest } from "./errors.ts";
import { readRows } from "./training-rows.ts";

export interface StoredFile {
  readonly id: string;
  readonly filename: string;
  readonly content: Buffer;
  /** Seconds. */
  readonly createdAt: number;
  /** Undefined until it was looked at. */
  checked: { rows: TrainingRow[] } | { problem: string } | undefined;
}

export class Files {
  readonly #files = new Map<string, StoredFile>();
  readonly #timers = new Set<NodeJS.Timeout>();

  /** @throws ApiError where the platform holds as much as it may */
  add(file: { id: string; filename: string; content: Buffer; createdAt: number }): StoredFile {
    const kept = [...this.#files.values()].reduce((sum, { content }) => sum + content.length, 0);
    if (this.#files.size >= limits.platformFiles || kept + file.content.length > limits.platformFilesBytes)
      throw badRequest("The platform holds as many files as it may: delete some.", "file", "storage_limit");
    const stored: StoredFile = { ...file, checked: undefined };
    this.#files.set(file.id, stored);
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      stored.checked = readRows(stored.content);
    }, limits.platformCheckMilliseconds);
    this.#timers.add(timer);
    return stored;
  }

  /** @throws ApiError 404 */
  get(id: string): StoredFile {
    const file = this.#files.get(id);
    if (!file) throw new ApiError(404, `No such File object: ${id}`, { param: "id" });
    return file;
  }

  /** Newest first. */
  all(): StoredFile[] {
    return [...this.#files.values()].toReversed();
  }

  /** @throws ApiError 404 */
  delete(id: string): void {
    this.get(id);
    this.#files.delete(id);
  }

  /** The rows of a file that a job names. @throws ApiError where it is none, or none that can be used */
  rowsFor(param: "training_file" | "validation_file", id: string): TrainingRow[] {
    const file = this.#files.get(id);
    if (!file) throw badRequest(`There is no file ${id}.`, param, "file_not_found");
    if (file.checked === undefined)
      throw badRequest(`The file ${id} is not processed yet: wait until it is.`, param, "file_not_ready");
    if ("problem" in file.checked) throw badRequest(`The file ${id} cannot be used.`, param, "invalid_file");
    return file.checked.rows;
  }

  close(): void {
    this.#timers.forEach(clearTimeout);
  }
}

/** A file as the API tells of it; `pending` is Foundry's word for one that is not looked at yet. */
export function fileObject({ id, filename, content, createdAt, checked }: StoredFile) {
  const problem = checked !== undefined && "problem" in checked ? checked.problem : undefined;
  const looked = problem === undefined ? "processed" : "error";
  return {
    id,
    object: "file",
    bytes: content.length,
    created_at: createdAt,
    filename,
    purpose: "fine-tune",
    status: checked === undefined ? "pending" : looked,
    status_details: problem ?? null,
  };
}

/**
 * Brings the files of a job to the service, each content once: what was sent before is asked for and used again. Interrupted, it
 * has kept what was sent (runs/uploads.json).
 */
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { UploadedFile } from "../../contract/fine-tuning.ts";
import { Uploads } from "../../contract/job.ts";
import { limits } from "../../contract/limits.ts";
import { plain } from "../agents/model-failure.ts";
import type { TrainerService } from "../jobs/service.ts";
import { ServiceRefused } from "../jobs/service-failure.ts";
import { parse } from "../rollouts/wire.ts";
import { Interrupted, UserError } from "../user-error.ts";
import { writeWhole } from "../whole-files.ts";
import type { JobFile } from "./dataset.ts";

const FILE = "uploads.json";

export interface UploadOptions {
  service: TrainerService;
  /** The folder of `uploads.json`. */
  runs: string;
  signal: AbortSignal;
  say: (line: string) => void;
}

/** @returns the file's id at the service, where it can be used. @throws UserError for a file that the service cannot use */
export async function bringFile(file: JobFile, options: UploadOptions): Promise<string> {
  const { service, say } = options;
  const before = await uploadedBefore(file, options);
  if (before) {
    say(`${file.name}: the service has it already, as ${before.id}`);
    return (await untilUsable(before, file, options)).id;
  }
  say(`${file.name}: sending ${file.content.byteLength} bytes`);
  const uploaded = await service.upload(file.name, file.content);
  await remember(file, uploaded.id, options);
  return (await untilUsable(uploaded, file, options)).id;
}

/** The service's own word decides: files are deleted there, and a key may be of another account. */
async function uploadedBefore(file: JobFile, { service, runs }: UploadOptions): Promise<UploadedFile | undefined> {
  const { files } = await readUploads(runs);
  const known = files.find(({ base_url, sha256 }) => base_url === service.baseUrl && sha256 === file.sha256);
  if (!known) return undefined;
  try {
    const found = await service.file(known.file_id);
    return hasFailed(found) || (found.bytes ?? known.bytes) !== known.bytes ? undefined : found;
  } catch (error) {
    if (error instanceof ServiceRefused && [403, 404].includes(error.status)) return undefined;
    throw error;
  }
}

async function untilUsable(uploaded: UploadedFile, { name }: JobFile, options: UploadOptions): Promise<UploadedFile> {
  const { service, signal, say } = options;
  const giveUpAt = performance.now() + limits.fileProcessingMilliseconds;
  let file = uploaded;
  let told = "";
  for (;;) {
    if (hasFailed(file))
      throw new UserError(
        `The service cannot use ${name} (${file.id}): ${plain(file.status)}. Why is told in its own list of files; it may quote rows, and is not shown here.`,
      );
    // A service that says nothing of a status has none to wait for.
    if (file.status == null || file.status === "processed") return file;
    if (performance.now() > giveUpAt)
      throw new UserError(
        `The service is still not done with ${name} (${file.id}). Start again later: it is not sent again.`,
      );
    if (file.status !== told) say(`${name}: ${plain(file.status) || "not ready"} at the service`);
    told = file.status;
    await sleep(limits.pollMilliseconds, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) throw new Interrupted("Interrupted.");
    file = await service.file(file.id);
  }
}

const hasFailed = ({ status }: UploadedFile) => ["error", "failed", "deleted", "cancelled"].includes(status ?? "");

async function remember(file: JobFile, id: string, { service, runs }: UploadOptions): Promise<void> {
  const { files } = await readUploads(runs);
  const others = files.filter(({ base_url, sha256 }) => base_url !== service.baseUrl || sha256 !== file.sha256);
  const entry = { base_url: service.baseUrl, sha256: file.sha256, bytes: file.content.byteLength, file_id: id };
  const uploads: Uploads = { schema: 1, files: [...others, entry] };
  await mkdir(runs, { recursive: true });
  await writeWhole(runs, { [FILE]: `${JSON.stringify(uploads, null, 1)}\n` });
}

/** What cannot be read is as good as nothing: files are sent again. */
async function readUploads(runs: string): Promise<Uploads> {
  const text = await readFile(join(runs, FILE), "utf8").catch(() => "");
  return parse(text, Uploads) ?? { schema: 1, files: [] };
}

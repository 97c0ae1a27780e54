/**
 * The file that a run's ledgers are exported to: JSON Lines, a ledger a line, to which only whole lines are added. What an
 * interruption cut off at its end is removed before the next line. Never touches a file that holds anything else.
 */
import { type FileHandle, mkdir, open, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type * as z from "zod";
import { Ledger } from "../contract/ledger.ts";
import { type Line, linesOf } from "./lines.ts";
import { Semaphore } from "./semaphore.ts";
import { UserError } from "./user-error.ts";

/** How each line begins, since a ledger's first field is its trace id. */
const BEGINNING = '{"trace_id":';

/** What finds a ledger again. */
const Head = Ledger.pick({ trace_id: true, run: true });

export class LedgerOutput {
  readonly #path: string;
  /** Trace ids of the ledgers in the file. */
  readonly #traceIds: Set<string>;
  /** Bytes of the file that are whole lines, the last perhaps without its end. */
  #end: number;
  readonly #lacksLineEnd: boolean;
  /** Opened by the first ledger, so that a file without any does not come into being. */
  #file: FileHandle | undefined;
  /** Lines are written one after the other. */
  readonly #turn = new Semaphore(1);

  private constructor(path: string, { traceIds, end, lacksLineEnd }: Existing) {
    this.#path = path;
    this.#traceIds = traceIds;
    this.#end = end;
    this.#lacksLineEnd = lacksLineEnd;
  }

  /** @throws UserError for a path that is not for ledgers of this run: by its name, or by what is there */
  static async open(path: string, run: string): Promise<LedgerOutput> {
    if (!path.endsWith(".jsonl")) throw new UserError(`--out ${path}: its name has to end with .jsonl.`);
    return new LedgerOutput(path, await readExisting(path, run));
  }

  get ledgers(): number {
    return this.#traceIds.size;
  }

  has(traceId: string): boolean {
    return this.#traceIds.has(traceId);
  }

  /** Adds a ledger, whole or not at all. @throws the system's error, as when the disk is full */
  append(ledger: Ledger): Promise<void> {
    return this.#turn.run(async () => {
      this.#file ??= await this.#open();
      await this.#write(this.#file, `${JSON.stringify(ledger)}\n`);
      this.#traceIds.add(ledger.trace_id);
    });
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }

  async #open(): Promise<FileHandle> {
    await mkdir(dirname(this.#path), { recursive: true });
    const file = await open(this.#path, "a");
    await file.truncate(this.#end);
    if (this.#lacksLineEnd) await this.#write(file, "\n");
    return file;
  }

  async #write(file: FileHandle, text: string): Promise<void> {
    const bytes = Buffer.from(text);
    try {
      await file.appendFile(bytes);
    } catch (error) {
      await file.truncate(this.#end).catch(() => undefined);
      throw error;
    }
    this.#end += bytes.length;
  }
}

interface Existing {
  traceIds: Set<string>;
  end: number;
  lacksLineEnd: boolean;
}

async function readExisting(path: string, run: string): Promise<Existing> {
  const existing: Existing = { traceIds: new Set(), end: 0, lacksLineEnd: false };
  const entry = await stat(path).catch(() => undefined);
  if (!entry) return existing;
  if (!entry.isFile()) throw new UserError(`--out ${path}: that is no file.`);
  for await (const line of linesOf(path)) {
    if (isCutLedger(line)) break;
    const traceId = traceIdOf(line, path, run);
    if (traceId !== undefined) existing.traceIds.add(traceId);
    existing.end = line.end;
    existing.lacksLineEnd = !line.whole;
  }
  return existing;
}

/** Whether it is a line of ours that an interruption cut off. A person's text without a last line end is none. */
function isCutLedger({ text, whole }: Line): boolean {
  if (whole || !(text.startsWith(BEGINNING) || BEGINNING.startsWith(text))) return false;
  return parse(text) === undefined;
}

/** Undefined for an empty line. */
function traceIdOf({ text, number }: Line, path: string, run: string): string | undefined {
  if (text.trim() === "") return undefined;
  const head = parse(text);
  const place = `--out ${path}, line ${number}`;
  if (!head) throw new UserError(`${place}: no ledger. Choose another file.`);
  if (head.run !== run) throw new UserError(`${place}: a ledger of the run ${head.run}. Choose another file.`);
  return head.trace_id;
}

function parse(text: string): z.infer<typeof Head> | undefined {
  try {
    return Head.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/**
 * Reads recorded ledgers from disk: archives as they lie in the bucket, a ledger a `.json` file in folders of any depth, or JSON
 * Lines with a ledger a line. What is wrong with a file is named without quoting it, since a ledger holds outputs.
 */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { Ledger } from "../contract/ledger.ts";
import { linesOf } from "./lines.ts";
import { isSystemError, messageOf, UserError } from "./user-error.ts";

export interface LedgerFiles {
  ledgers: Ledger[];
  /** Files and lines that hold no ledger, and why. */
  problems: { place: string; problem: string }[];
}

/**
 * The ledgers of a file or folder, in the order of their paths.
 * @throws UserError when the path is not there, or has no .json or .jsonl file
 */
export async function readLedgers(path: string): Promise<LedgerFiles> {
  const found: LedgerFiles = { ledgers: [], problems: [] };
  for (const file of await ledgerFiles(path)) {
    for await (const { place, text } of textsOf(file, found)) {
      const ledger = parseLedger(text);
      if (typeof ledger === "string") found.problems.push({ place, problem: ledger });
      else found.ledgers.push(ledger);
    }
  }
  return found;
}

async function ledgerFiles(path: string): Promise<string[]> {
  const entry = await stat(path).catch(() => undefined);
  if (entry?.isFile()) return [path];
  if (!entry?.isDirectory()) throw new UserError(`--ledgers ${path}: there is no such file or folder.`);
  const names = await readdir(path, { recursive: true });
  const files = names.filter((name) => /\.jsonl?$/.test(name)).toSorted();
  if (files.length > 0) return files.map((name) => join(path, name));
  throw new UserError(`--ledgers ${path}: no .json or .jsonl file in it.`);
}

/** The texts of a file that should each be a ledger. A file that cannot be read is a problem of its own. */
async function* textsOf(file: string, { problems }: LedgerFiles): AsyncGenerator<{ place: string; text: string }> {
  try {
    if (!file.endsWith(".jsonl")) return yield { place: file, text: await readFile(file, "utf8") };
    for await (const { number, text } of linesOf(file)) {
      if (text.trim() !== "") yield { place: `${file}, line ${number}`, text };
    }
  } catch (error) {
    if (!isSystemError(error)) throw error;
    problems.push({ place: file, problem: messageOf(error) });
  }
}

/** The ledger, or what is wrong with the text. */
function parseLedger(text: string): Ledger | string {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return "is not JSON";
  }
  const parsed = Ledger.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return `is not a ledger: ${issue?.path.map(String).join(".") || "the whole"}: ${issue?.message}`;
}

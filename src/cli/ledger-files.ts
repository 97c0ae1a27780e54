/**
 * Reads recorded ledgers from disk: archives as they lie in the bucket, a ledger a `.json` file in folders of any depth, or JSON
 * Lines with a ledger a line. What is wrong with a file is named without quoting it, since a ledger holds outputs.
 */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { Ledger } from "../contract/ledger.ts";
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
    for (const { place, text } of await textsOf(file, found)) {
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

/** The texts of a file that should each be a ledger. */
async function textsOf(file: string, { problems }: LedgerFiles): Promise<{ place: string; text: string }[]> {
  try {
    const content = await readFile(file, "utf8");
    if (!file.endsWith(".jsonl")) return [{ place: file, text: content }];
    const lines = content.split("\n").map((text, at) => ({ place: `${file}, line ${at + 1}`, text }));
    return lines.filter(({ text }) => text.trim() !== "");
  } catch (error) {
    if (!isSystemError(error)) throw error;
    problems.push({ place: file, problem: messageOf(error) });
    return [];
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

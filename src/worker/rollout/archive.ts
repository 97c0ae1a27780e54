/** Ledgers in R2: where they are, and how one is read after its object has forgotten it. */
import { Fault } from "../../contract/failure.ts";
import { Ledger } from "../../contract/ledger.ts";
import { limits } from "../../contract/limits.ts";
import { withRetries } from "../retry.ts";

/** Both parts are printable ASCII and bounded (contract), so that the key stays under R2's 1,024 bytes. */
const archiveKey = (run: string, traceId: string) => `ledgers/${run}/${encodeURIComponent(traceId)}.json`;

/** Writes the ledger over an earlier archive of the same rollout. @throws Fault("storage") */
export async function writeArchive(bucket: R2Bucket, ledger: Ledger): Promise<void> {
  const key = archiveKey(ledger.run, ledger.trace_id);
  const options = { httpMetadata: { contentType: "application/json" } };
  await withRetries("storage", () => bucket.put(key, JSON.stringify(ledger), options));
}

/** The archived ledger, or null. @throws Fault("storage") when R2 fails or the archive is no ledger */
export async function readArchive(bucket: R2Bucket, run: string, traceId: string): Promise<Ledger | null> {
  const text = await readText(bucket, archiveKey(run, traceId));
  if (text === undefined) return null;
  const ledger = parseLedger(text);
  if (ledger) return ledger;
  throw new Fault("storage", "the archived ledger is not readable");
}

/** A part of a run's archive: what was taken of the ledgers that could be read, and where to go on. */
export interface ArchivePart<T> {
  taken: T[];
  unreadable: number;
  /** Null at the end. */
  cursor: string | null;
}

/**
 * The next ledgers of a run, in the order of their keys, at most `limits.rebuildLedgers`. Of each, only what is taken stays in
 * memory. @throws Fault("storage") when R2 fails
 */
export async function readArchivePart<T>(
  bucket: R2Bucket,
  run: string,
  cursor: string | null,
  take: (ledger: Ledger) => T,
): Promise<ArchivePart<T>> {
  const options = { prefix: `ledgers/${run}/`, limit: limits.rebuildLedgers, ...(cursor !== null && { cursor }) };
  const listed = await withRetries("storage", () => bucket.list(options));
  const part: ArchivePart<T> = { taken: [], unreadable: 0, cursor: listed.truncated ? listed.cursor : null };
  for (let at = 0; at < listed.objects.length; at += limits.rebuildReads) {
    const reading = listed.objects.slice(at, at + limits.rebuildReads).map(({ key }) => readText(bucket, key));
    for (const text of await Promise.all(reading)) {
      const ledger = text === undefined ? undefined : parseLedger(text);
      if (ledger) part.taken.push(take(ledger));
      else part.unreadable++;
    }
  }
  return part;
}

function readText(bucket: R2Bucket, key: string): Promise<string | undefined> {
  return withRetries("storage", async () => (await bucket.get(key))?.text());
}

/** Undefined for what is no ledger. The parser's own message would quote the archive, and so an output. */
function parseLedger(text: string): Ledger | undefined {
  try {
    return Ledger.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

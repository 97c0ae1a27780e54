/** Ledgers in R2: where they are, and how one is read after its object has forgotten it. */
import { Fault } from "../../contract/failure.ts";
import { Ledger } from "../../contract/ledger.ts";
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
  const text = await withRetries("storage", async () => (await bucket.get(archiveKey(run, traceId)))?.text());
  return text === undefined ? null : parseLedger(text);
}

/** The parser's own message would quote the archive, and so an output. */
function parseLedger(text: string): Ledger {
  try {
    return Ledger.parse(JSON.parse(text));
  } catch {
    throw new Fault("storage", "the archived ledger is not readable");
  }
}

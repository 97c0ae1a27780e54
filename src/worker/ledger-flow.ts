/** Shows one rollout's ledger to its owner. */
import { authenticate } from "./auth.ts";
import type { Bindings } from "./bindings.ts";
import { type Flow, refuse, reply } from "./exit.ts";
import type { RequestLog } from "./log.ts";
import { readArchive } from "./rollout/archive.ts";
import { readLedger } from "./rollout/client.ts";
import { isRunName } from "../contract/run-name.ts";

/**
 * The ledger from the rollout's object; with `?run=NAME` also from the archive, once the object has forgotten it.
 * Sequence: authenticate → read object → else read archive → reply. @throws Fault when either cannot be read
 */
export async function ledgerFlow(
  request: Request,
  traceId: string,
  bindings: Bindings,
  log: RequestLog,
): Promise<Flow> {
  const refused = authenticate(request, "ADMIN_TOKEN", bindings);
  if (refused) return refuse(refused);
  log.trace_id = traceId;
  const ledger = (await readLedger(bindings, traceId)) ?? (await archived(request, traceId, bindings));
  if (ledger) return reply(ledger);
  return refuse({
    kind: "not_found",
    message: "Nothing is recorded under this trace id. An archived ledger needs ?run=NAME.",
  });
}

async function archived(request: Request, traceId: string, bindings: Bindings) {
  const run = new URL(request.url).searchParams.get("run");
  if (run === null || !isRunName(run)) return null;
  return readArchive(bindings.BUCKET, run, traceId);
}

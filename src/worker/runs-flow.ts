/** Shows runs and their rollouts to their owner, and rebuilds one from its archived ledgers. */
import { isRunName } from "../contract/run-name.ts";
import { type RebuildReply, RebuildRequest, RolloutsQuery } from "../contract/run.ts";
import { authenticate } from "./auth.ts";
import type { Bindings } from "./bindings.ts";
import { parseBody, parseQuery } from "./body.ts";
import { type Flow, refuse, reply } from "./exit.ts";
import type { RequestLog } from "./log.ts";
import { readArchivePart } from "./rollout/archive.ts";
import { readDirectory, readReport, readRollouts, tellRun } from "./run/client.ts";
import { parseCursor } from "./run/listing.ts";
import { summarise } from "./run/summary.ts";

const NO_RUN: Flow = refuse({ kind: "not_found", message: "Nothing is recorded under this run. See GET /runs." });
const WRONG_CURSOR: Flow = refuse({
  kind: "invalid",
  field: "cursor",
  message: "cursor: none that a page has answered. Begin again without it.",
});

/** The latest runs. @throws Fault("monitor") */
export async function runsFlow(request: Request, bindings: Bindings): Promise<Flow> {
  const refused = authenticate(request, "ADMIN_TOKEN", bindings);
  if (refused) return refuse(refused);
  return reply(await readDirectory(bindings));
}

/** One run with its counts and alarms. @throws Fault("monitor") */
export async function runFlow(request: Request, run: string, bindings: Bindings, log: RequestLog): Promise<Flow> {
  const refused = authenticate(request, "ADMIN_TOKEN", bindings);
  if (refused) return refuse(refused);
  if (!isRunName(run)) return NO_RUN;
  log.run = run;
  const report = await readReport(bindings, run);
  return report ? reply(report) : NO_RUN;
}

/**
 * A page of a run's rollouts.
 * Sequence: authenticate → parse → read page → reply. @throws Fault("monitor")
 */
export async function rolloutsFlow(request: Request, run: string, bindings: Bindings, log: RequestLog): Promise<Flow> {
  const refused = authenticate(request, "ADMIN_TOKEN", bindings);
  if (refused) return refuse(refused);
  const query = parseQuery(request, RolloutsQuery);
  if (!query.ok) return refuse(query.refusal);
  const { status, limit, cursor } = query.value;
  const after = parseCursor(cursor);
  if (after === undefined) return WRONG_CURSOR;
  if (!isRunName(run)) return NO_RUN;
  log.run = run;
  const page = await readRollouts(bindings, run, { status, after, limit });
  return page ? reply(page) : NO_RUN;
}

/**
 * One step of a rebuild: reads the next archived ledgers of the run and tells the run what they sum up to, as their rollouts
 * did. Safe to repeat and to break off: what the run knows better stands.
 * Sequence: authenticate → parse → read archive → tell run → reply. @throws Fault when the archive or the run is out of reach
 */
export async function rebuildFlow(request: Request, run: string, bindings: Bindings, log: RequestLog): Promise<Flow> {
  const refused = authenticate(request, "ADMIN_TOKEN", bindings);
  if (refused) return refuse(refused);
  const body = await parseBody(request, RebuildRequest);
  if (!body.ok) return refuse(body.refusal);
  if (!isRunName(run)) return NO_RUN;
  log.run = run;
  const { taken, unreadable, cursor } = await readArchivePart(
    bindings.BUCKET,
    run,
    body.value.cursor ?? null,
    summarise,
  );
  const restored = taken.length === 0 ? 0 : await tellRun(bindings, run, taken);
  return reply({ read: taken.length, restored, unreadable, cursor } satisfies RebuildReply);
}

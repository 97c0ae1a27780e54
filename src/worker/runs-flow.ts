/** Shows runs to their owner, and rebuilds one from its archived ledgers. */
import { isRunName } from "../contract/run-name.ts";
import { type RebuildReply, RebuildRequest } from "../contract/run.ts";
import { authenticate } from "./auth.ts";
import type { Bindings } from "./bindings.ts";
import { parseBody } from "./body.ts";
import { type Flow, refuse, reply } from "./exit.ts";
import type { RequestLog } from "./log.ts";
import { readArchivePart } from "./rollout/archive.ts";
import { readDirectory, readReport, tellRun } from "./run/client.ts";
import { summarise } from "./run/summary.ts";

const NO_RUN: Flow = refuse({ kind: "not_found", message: "Nothing is recorded under this run. See GET /runs." });

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

/** Runs as their owner sees them, and what tests do to a run's object. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { vi } from "vitest";
import { RunList, RunReport } from "../../../src/contract/run.ts";
import { ADMIN, request } from "../world.ts";

/** A run that nothing was told yet. */
export const newRun = () => `run-${crypto.randomUUID()}`;

/** The run as its owner is shown it; undefined for one that there is not. */
export async function shownRun(run: string): Promise<RunReport | undefined> {
  const response = await request(`/runs/${run}`, { headers: ADMIN });
  const body = await response.json();
  return response.status === 404 ? undefined : RunReport.parse(body);
}

/** The run once its report is as asked: messages arrive after the answers. */
export function runOnce(run: string, holds: (report: RunReport) => boolean): Promise<RunReport> {
  return vi.waitUntil(
    async () => {
      const report = await shownRun(run);
      return report && holds(report) ? report : undefined;
    },
    { timeout: 20_000, interval: 50 },
  );
}

export async function shownRuns(): Promise<RunList> {
  return RunList.parse(await (await request("/runs", { headers: ADMIN })).json());
}

/** Looks into a run's object. */
export const inRun = <T>(run: string, look: (storage: DurableObjectStorage) => T | Promise<T>): Promise<T> =>
  runInDurableObject(env.RUN.getByName(run), (_, { storage }) => look(storage));

/** Makes a run's object throw whenever it is told something. The returned function mends it. */
export async function breakRun(run: string): Promise<() => Promise<void>> {
  await inRun(run, ({ sql }) => {
    sql.exec("CREATE TABLE IF NOT EXISTS run (name TEXT NOT NULL, first_at INTEGER, is_full INTEGER NOT NULL)");
    sql.exec("CREATE TABLE rollouts (empty INTEGER)");
  });
  return () => inRun(run, (storage) => storage.deleteAll());
}

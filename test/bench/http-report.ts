/** The HTTP benchmark's results as tables for a terminal. Pure. */
import { type Burst, HEALTH, type HttpResult, type Measurement, recorded } from "./http.ts";
import { table } from "./measure.ts";

export function report(result: HttpResult): string {
  const { documents, storage, ceiling, measurements, bursts } = result;
  const byConnections = Map.groupBy(measurements, ({ connections }) => connections);
  return [
    `The worker on bare workerd, ${documents.toLocaleString("en")} pages, storage ${storage.inMemory ? "in memory" : "on disk"} (${storage.folder})`,
    "Ratios are to /healthz in the same round. Worker µs: processor time of workerd per request; busy: of one processor.",
    `The load generator shares the processors with the worker; by itself it reaches ${whole(ceiling)} requests/s.`,
    ...[...byConnections].map(([connections, rows]) => `\n${connections} connections\n${measured(rows)}`),
    `\nThe first searches of ${bursts[0]?.rollouts} rollouts at once, connecting included; cold: a fresh process, nothing loaded`,
    burstTable(bursts),
    `\n${targets(measurements, bursts)}`,
  ].join("\n");
}

function measured(rows: readonly Measurement[]): string {
  const head = ["", "requests/s", "of /healthz", "p50 ms", "p99 ms", "worker µs", "busy", "errors"];
  const cells = rows.map((row) => [
    row.name,
    whole(row.requestsPerSecond),
    percent(row.ratio),
    row.p50.toFixed(2),
    row.p99.toFixed(2),
    row.workerCpu.toFixed(0),
    percent(row.workerBusy),
    errors(row.errors),
  ]);
  return table([head, ...cells]);
}

function burstTable(bursts: readonly Burst[]): string {
  const cells = bursts.map((burst) => [
    burst.name,
    whole(burst.milliseconds),
    whole(burst.p50),
    whole(burst.p99),
    errors(burst.errors),
  ]);
  return table([["", "all answered, ms", "p50 ms", "p99 ms", "errors"], ...cells]);
}

/** The figures that the project sets itself, next to what was measured. */
function targets(measurements: readonly Measurement[], bursts: readonly Burst[]): string {
  const at = (name: string, connections: number) =>
    measurements.find((found) => found.name === name && found.connections === connections);
  const ratio = (name: string, least: number) => {
    const value = at(name, 64)?.ratio ?? Number.NaN;
    return [`${name}, 64 connections, of ${HEALTH}`, percent(value), `≥ ${percent(least)}`, verdict(value >= least)];
  };
  const p50 = at(recorded("search"), 1)?.p50 ?? Number.NaN;
  const failed = bursts.flatMap((burst) => Object.values(burst.errors)).reduce((sum, n) => sum + n, 0);
  return table([
    ["target", "measured", "wanted", ""],
    ratio("search", 0.15),
    ratio(recorded("search"), 0.1),
    ratio("cat", 0.6),
    ratio("list", 0.6),
    [`${recorded("search")}, 1 connection, p50 ms`, p50.toFixed(2), "≤ 1", verdict(p50 <= 1)],
    ["errors in the bursts", String(failed), "0", verdict(failed === 0)],
  ]);
}

const verdict = (met: boolean) => (met ? "met" : "missed");
const whole = (number: number) => Math.round(number).toLocaleString("en");
const percent = (ratio: number) => `${(ratio * 100).toFixed(1)} %`;
const errors = (counts: Record<string, number>) =>
  Object.entries(counts)
    .map(([kind, n]) => `${n} × ${kind}`)
    .join(", ") || "0";

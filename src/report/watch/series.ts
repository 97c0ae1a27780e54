/**
 * The job's figures and the monitor's as values over stretches of one time, so that a reward that falls and a burst of faults stand
 * above one another. Pure.
 */
import type { RunTrendPoint } from "../../contract/run.ts";
import type { WatchSnapshot, WatchStep } from "../../contract/watch.ts";

/** A value, and the time that it is of, in milliseconds since 1970. */
export interface Stretch {
  from: number;
  to: number;
  value: number;
  /** The job's step; undefined for the monitor's. */
  step?: number;
}

export interface Series {
  name: string;
  source: "job" | "monitor";
  /** Series of one scale are drawn against each other. */
  scale: "reward" | "tokens" | "calls" | "mistakes" | "seconds" | "share" | "count";
  stretches: readonly Stretch[];
}

/** Every series that has a value, in the order in which they are shown. */
export function seriesOf(snapshot: WatchSnapshot): Series[] {
  const all = [
    ...rewards(snapshot),
    ...tokens(snapshot),
    ...calls(snapshot),
    ...times(snapshot),
    ...troubles(snapshot),
  ];
  return all.filter(({ scale, stretches }) => stretches.some(({ value }) => value !== 0 || scale !== "share"));
}

type Value<Of> = (of: Of) => number | null;

function rewards(snapshot: WatchSnapshot): Series[] {
  return [
    job(snapshot, "train reward", "reward", (step) => step.train_reward),
    job(snapshot, "validation reward", "reward", (step) => step.valid_reward),
    monitor(snapshot, "score, monitor", "reward", (point) => point.score_mean),
  ];
}

function tokens(snapshot: WatchSnapshot): Series[] {
  return [
    job(snapshot, "reasoning tokens", "tokens", (step) => step.reasoning_tokens),
    job(snapshot, "completion tokens", "tokens", (step) => step.completion_tokens),
  ];
}

/** By tool as the monitor has counted them, which is exact; as the service tells them where there is no monitor. */
function calls(snapshot: WatchSnapshot): Series[] {
  const counted = (snapshot.run?.tools ?? []).map(({ tool }) => tool);
  const ofMonitor = counted.map((tool) =>
    monitor(snapshot, tool, "calls", (point) => perRollout(point, point.calls_by_tool[tool] ?? 0)),
  );
  const ofJob = toolNames(snapshot).map((tool) => job(snapshot, tool, "calls", toolValue(tool, "calls")));
  return [job(snapshot, "tool calls", "calls", (step) => step.tool_calls), ...(counted.length > 0 ? ofMonitor : ofJob)];
}

function times(snapshot: WatchSnapshot): Series[] {
  return toolNames(snapshot).map((tool) =>
    job(snapshot, `${tool}, seconds`, "seconds", toolValue(tool, "latency_seconds")),
  );
}

function troubles(snapshot: WatchSnapshot): Series[] {
  return [
    job(snapshot, "tool errors", "count", toolErrors),
    job(snapshot, "grader errors", "count", (step) => step.grader_errors),
    job(snapshot, "nothing to grade", "share", (step) => step.unresponsive_rewards),
    monitor(snapshot, "mistakes", "mistakes", (point) => perRollout(point, point.mistakes)),
    monitor(snapshot, "faults", "count", (point) => point.faults),
    monitor(snapshot, "rollouts", "count", (point) => point.rollouts),
  ];
}

const toolNames = ({ steps }: WatchSnapshot) =>
  [...new Set(steps.flatMap(({ tools }) => tools.map(({ tool }) => tool)))].toSorted();

const toolValue =
  (name: string, kind: "calls" | "latency_seconds"): Value<WatchStep> =>
  ({ tools }) =>
    tools.find(({ tool }) => tool === name)?.[kind] ?? null;

function toolErrors({ tools }: WatchStep): number | null {
  const told = tools.flatMap(({ errors }) => errors ?? []);
  return told.length === 0 ? null : told.reduce((sum, errors) => sum + errors, 0);
}

const perRollout = ({ rollouts }: RunTrendPoint, count: number) => (rollouts > 0 ? count / rollouts : null);

function job(snapshot: WatchSnapshot, name: string, scale: Series["scale"], value: Value<WatchStep>): Series {
  const stretches = stepTimes(snapshot).flatMap(({ step, from, to }): Stretch[] => {
    const found = value(step);
    return found === null ? [] : [{ from, to, value: found, step: step.step }];
  });
  return { name, source: "job", scale, stretches };
}

function monitor({ run }: WatchSnapshot, name: string, scale: Series["scale"], value: Value<RunTrendPoint>): Series {
  const { points, point_milliseconds } = run?.trend ?? { points: [], point_milliseconds: 0 };
  const stretches = points.flatMap((point): Stretch[] => {
    const found = value(point);
    const from = Date.parse(point.from);
    return found === null ? [] : [{ from, to: from + point_milliseconds, value: found }];
  });
  return { name, source: "monitor", scale, stretches };
}

/**
 * When each step's rollouts were played: up to its event, from the event of the step before it, or for as long as the service says
 * that the step took where that is less, as after a pause.
 */
export function stepTimes({
  steps,
  job: { created_at },
}: WatchSnapshot): { step: WatchStep; from: number; to: number }[] {
  return steps.map((step, at) => {
    const to = Date.parse(step.at);
    const before = Math.min(to, Date.parse(steps[at - 1]?.at ?? created_at));
    const took = step.seconds.full_iteration;
    const from = took !== null && took > 0 ? Math.max(before, to - took * 1000) : before;
    return { step, from, to };
  });
}

/** From the first to the last moment of any series; at least a second. */
export function timeSpan(series: readonly Series[]): { from: number; to: number } {
  const all = series.flatMap(({ stretches }) => stretches);
  const from = all.reduce((least, stretch) => Math.min(least, stretch.from), Infinity);
  const to = all.reduce((most, stretch) => Math.max(most, stretch.to), -Infinity);
  return all.length === 0 ? { from: 0, to: 1000 } : { from, to: Math.max(to, from + 1000) };
}

/** How much of a stretch's time is in this one; a stretch without duration is in it wholly or not at all. */
export function overlap(stretch: Stretch, from: number, to: number): number {
  if (stretch.to <= stretch.from) return stretch.from >= from && stretch.from < to ? 1 : 0;
  const common = Math.min(stretch.to, to) - Math.max(stretch.from, from);
  return common <= 0 ? 0 : common / (stretch.to - stretch.from);
}

/** What stretches of counts sum up to within a time; those that lie in it in part count in part. */
export function countWithin(stretches: readonly Stretch[], from: number, to: number): number {
  return stretches.reduce((sum, stretch) => sum + stretch.value * overlap(stretch, from, to), 0);
}

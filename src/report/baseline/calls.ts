/** What tools a baseline's rollouts called: how often, in which order, with what success. Pure. */
import type { Baseline, ToolFigures } from "../../contract/baseline.ts";
import type { ResultCall, ResultTurn } from "../../contract/results.ts";
import { mean, spread, tally } from "../statistics/describe.ts";
import type { Graded } from "./scores.ts";

/** More sequences than this are rare ones. */
const SEQUENCES = 8;
/** Models may call tools by any text: of more names, those called least are left out. */
const TOOLS = 12;

export function callFigures(graded: readonly Graded[]): Baseline["calls"] {
  const byRollout = graded.map(({ turns }) => turns.flatMap(({ calls }) => calls));
  const counts = byRollout.map((calls) => calls.length);
  const turns = graded.flatMap((rollout) => rollout.turns).filter(({ calls }) => calls.length > 0);
  const repeats = tally(byRollout.flatMap(repeatedTools));
  return {
    spread: spread(counts),
    histogram: tally(counts.map(String)),
    per_turn: mean(turns.map(({ calls }) => calls.length)),
    tools: toolFigures(byRollout.flat(), new Map(Object.entries(repeats)), graded.length),
    sequences: sequences(graded),
    repeats: Object.values(repeats).reduce((sum, count) => sum + count, 0),
  };
}

/** The tools of all calls but the first that follow a call of the same one, by the order in which the model wrote them. */
function repeatedTools(calls: readonly ResultCall[]): string[] {
  return calls.flatMap(({ tool }, at) => (at > 0 && calls[at - 1]?.tool === tool ? [tool] : []));
}

function toolFigures(
  calls: readonly ResultCall[],
  repeats: ReadonlyMap<string, number>,
  rollouts: number,
): ToolFigures[] {
  const groups = [...Map.groupBy(calls, ({ tool }) => tool)];
  const figures = groups.map(([tool, group]): ToolFigures => {
    const count = (holds: (call: ResultCall) => boolean) => group.filter(holds).length;
    return {
      tool,
      calls: group.length,
      per_rollout: group.length / rollouts,
      mistakes: count(({ outcome }) => outcome === "mistake"),
      over_budget: count(({ outcome }) => outcome === "over_budget"),
      refused: count(({ status }) => status !== null && status >= 400),
      healed_faults: group.reduce((sum, { faults }) => sum + faults, 0),
      repeats: repeats.get(tool) ?? 0,
      milliseconds: spread(group.map(({ milliseconds }) => milliseconds)),
    };
  });
  return figures.toSorted((a, b) => b.calls - a.calls || (a.tool < b.tool ? -1 : 1)).slice(0, TOOLS);
}

function sequences(graded: readonly Graded[]): Baseline["calls"]["sequences"] {
  return [...Map.groupBy(graded, ({ turns }) => sequenceOf(turns))]
    .map(([sequence, group]) => ({
      sequence,
      rollouts: group.length,
      mean_score: mean(group.map(({ score }) => score)),
    }))
    .toSorted((a, b) => b.rollouts - a.rollouts || (a.sequence < b.sequence ? -1 : 1))
    .slice(0, SEQUENCES);
}

/** Turns in their order, calls made at once joined by +, a turn like the one before counted: `search x2 > cat + list`. */
export function sequenceOf(turns: readonly ResultTurn[]): string {
  const names = turns.map(({ calls }) => calls.map(({ tool }) => tool).join(" + "));
  const runs: { name: string; times: number }[] = [];
  for (const name of names) {
    const last = runs.at(-1);
    if (last?.name === name) last.times++;
    else runs.push({ name, times: 1 });
  }
  if (runs.length === 0) return "no call";
  return runs.map(({ name, times }) => (times === 1 ? name : `${name} x${times}`)).join(" > ");
}

/** The figures of a rehearsal: how often, how long, when. Pure. */
import type { Ledger } from "../../contract/ledger.ts";
import type { Rehearsal } from "../../contract/rehearsal.ts";
import { quantile } from "../../report/statistics/describe.ts";
import { discardBias } from "./discard-bias.ts";
import type { Delivery, PlayedRollout } from "./observations.ts";

type Figures = Pick<
  Rehearsal,
  | "rollouts"
  | "calls"
  | "statuses"
  | "latencies"
  | "requests_per_second"
  | "scores"
  | "seconds"
  | "steps"
  | "discard_bias"
>;

interface Sent extends Delivery {
  kind: string;
}

/**
 * @param planned rollouts that there were to be
 * @param executed calls that stand in the ledgers
 * @param milliseconds from the first request to the last answer
 */
export function figures(
  played: readonly PlayedRollout[],
  { planned, executed, milliseconds }: { planned: number; executed: number; milliseconds: number },
): Figures {
  const sent = played.flatMap(requestsOf);
  const ended = played.filter(({ ending }) => ending !== "unfinished");
  const graded = played.filter(({ ending }) => ending === "graded");
  return {
    rollouts: {
      planned,
      graded: graded.length,
      discarded: ended.length - graded.length,
      unfinished: planned - ended.length,
    },
    calls: {
      decided: played.reduce((sum, { calls }) => sum + calls.length, 0),
      deliveries: sent.filter(({ kind }) => kind !== "grade").length,
      executed,
    },
    statuses: countBy(sent, statusOf),
    latencies: latencies(sent),
    requests_per_second: milliseconds > 0 ? sent.length / (milliseconds / 1000) : 0,
    scores: countBy(graded, ({ score }) => String(score)),
    seconds: bySecond(sent, played),
    steps: bySteps(played),
    discard_bias: discardBias(
      ended.map(({ planned: { item }, ending }) => ({ item: item.name, discarded: ending === "discarded" })),
    ),
  };
}

/** Calls that a ledger holds, each once. Two with other arguments are two, also under one id. */
export const executedCalls = (ledger: Ledger | null | undefined) =>
  new Set(ledger?.calls.map(({ call_id, arguments: args }) => `${call_id} ${args}`)).size;

function requestsOf({ calls, gradings }: PlayedRollout): Sent[] {
  const ofCalls = calls.flatMap(({ tool, deliveries }) => deliveries.map((delivery) => ({ ...delivery, kind: tool })));
  const ofGradings = gradings.flatMap(({ deliveries }) =>
    deliveries.map((delivery) => ({ ...delivery, kind: "grade" })),
  );
  return [...ofCalls, ...ofGradings];
}

/** What was cut or lost on purpose is told from what had no answer. */
function statusOf({ status, abandoned }: Delivery): string {
  if (status !== "none") return String(status);
  return abandoned ? "abandoned on purpose" : "no answer";
}

/** Of requests that were answered 200: a refusal or a fault says little about how long work takes. */
function latencies(sent: readonly Sent[]): Figures["latencies"] {
  const answered = sent.filter(({ status }) => status === 200);
  return [...Map.groupBy(answered, ({ kind }) => kind)]
    .map(([kind, group]) => {
      const times = group.map(({ milliseconds }) => milliseconds).toSorted((a, b) => a - b);
      const at = (share: number) => quantile(times, share);
      return { kind, requests: times.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), most: at(1) };
    })
    .toSorted((a, b) => a.kind.localeCompare(b.kind));
}

function bySecond(sent: readonly Sent[], played: readonly PlayedRollout[]): Figures["seconds"] {
  const secondOf = (milliseconds: number) => Math.floor(milliseconds / 1000);
  const answers = Map.groupBy(sent, ({ at, milliseconds }) => secondOf(at + milliseconds));
  const started = Map.groupBy(played, (rollout) => secondOf(rollout.started));
  const ended = Map.groupBy(played, (rollout) => secondOf(rollout.ended));
  const last = [...answers.keys(), ...ended.keys()].reduce((most, second) => Math.max(most, second), -1);
  return Array.from({ length: last + 1 }, (_, second) => {
    const here = answers.get(second) ?? [];
    const times = here.filter(({ status }) => status === 200).map(({ milliseconds }) => milliseconds);
    return {
      second,
      answers: here.length,
      faults: here.filter(isFault).length,
      p50: quantile(
        times.toSorted((a, b) => a - b),
        0.5,
      ),
      started: started.get(second)?.length ?? 0,
      ended: ended.get(second)?.length ?? 0,
    };
  });
}

const isFault = ({ status, abandoned }: Delivery) => (status === "none" ? !abandoned : status >= 500);

function bySteps(played: readonly PlayedRollout[]): Figures["steps"] {
  return [...Map.groupBy(played, ({ planned }) => planned.step)].map(([step, group]) => ({
    step: step + 1,
    rollouts: group.length,
    discarded: group.filter(({ ending }) => ending === "discarded").length,
    milliseconds: latest(group) - group.reduce((first, { started }) => Math.min(first, started), Infinity),
  }));
}

const latest = (group: readonly PlayedRollout[]) => group.reduce((last, { ended }) => Math.max(last, ended), 0);

function countBy<T>(values: readonly T[], key: (value: T) => string): Record<string, number> {
  const counts = [...Map.groupBy(values, key)].map(([name, group]): [string, number] => [name, group.length]);
  return Object.fromEntries(counts.toSorted(([a], [b]) => a.localeCompare(b)));
}

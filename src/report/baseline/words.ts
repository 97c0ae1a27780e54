/** Readings of a baseline that its page and its terminal summary share. Pure. */
import type { Baseline, Estimate, ReadinessCheck, ReadinessState } from "../../contract/baseline.ts";
import { counted, percent, whole } from "../numbers.ts";

export const score = (number: number) => number.toFixed(3);
export const interval = ({ low, high }: Estimate) => `${score(low)} to ${score(high)}`;

/** What the checks look at. */
const TITLES: Readonly<Record<string, string>> = {
  model: "What played",
  coverage: "How much was tried",
  baseline: "Mean score",
  variance: "Items that differ",
  best_of_k: "Best of k",
  signal: "Learning signal",
  labels: "Labels",
  grader: "Grader",
  faults: "Faults",
  latency: "Latency",
};
export const checkTitle = ({ name }: ReadinessCheck) => TITLES[name] ?? name;

export const stateWords: Readonly<Record<ReadinessState, string>> = {
  ready: "ready",
  not_yet: "not yet",
  unknown: "not known",
};

export function headline({ readiness: { ready, checks } }: Baseline): string {
  const count = (state: ReadinessState) => checks.filter((check) => check.state === state).length;
  if (!ready) return `Not yet: ${counted(count("not_yet"), "thing")} to do first`;
  return count("unknown") > 0 ? `Ready, with ${counted(count("unknown"), "thing")} not known` : "Ready";
}

/**
 * What an epoch over as many items as the baseline's comes to, by compute multiplier; its price where prices were given. A job also
 * pays for what its service asks beside the tokens, which nothing here knows.
 */
export function epochText({ forecast, tokens }: Baseline): string {
  const each = tokens?.cost_per_rollout ?? null;
  const epochs = (forecast?.multipliers ?? []).map(({ multiplier, epoch_rollouts }) => {
    const price = each === null ? "" : `, ${(epoch_rollouts * each).toFixed(2)} for tokens`;
    return `x${multiplier} ${whole(epoch_rollouts)} rollouts${price}`;
  });
  return epochs.join("; ");
}

/** What limits the figures, as sentences. */
export function notes({ interrupted, stopped, rollouts }: Baseline): string[] {
  const left = rollouts.faulted + rollouts.agent_failed;
  return [
    ...(stopped === null ? [] : [`Stopped: ${stopped}`]),
    ...(interrupted ? ["Interrupted: this is what was known by then."] : []),
    ...(rollouts.unattempted > 0
      ? [`${counted(rollouts.unattempted, "rollout")} not played yet: the same command goes on where it was.`]
      : []),
    ...(left > 0
      ? [
          `${whole(rollouts.faulted)} faulted and ${whole(rollouts.agent_failed)} failed rollouts (${percent(left, rollouts.planned)}) are left out of every score; the same command tries them again.`,
        ]
      : []),
  ];
}

export function agentOf({ manifest: { agent } }: Baseline): string {
  if (agent.model === null) return `${agent.kind} agent`;
  return agent.reasoning_effort === null ? agent.model : `${agent.model}, ${agent.reasoning_effort} effort`;
}

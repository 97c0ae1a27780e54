/**
 * Whether training is worth its price by what a baseline found. The advice is that of OpenAI's public Build Hour on agent RFT
 * (github.com/openai/build-hours, 20-agent-rft): a baseline above zero, items that are sometimes solved, scores that rise with the
 * best of k, clean labels, a grader without holes, endpoints that do not fail. What was not shown is said to be unknown, never
 * taken for granted. Pure.
 */
import type { AttackResult } from "../../contract/attack.ts";
import type { Baseline, Estimate, ReadinessCheck } from "../../contract/baseline.ts";
import { limits } from "../../contract/limits.ts";
import { counted, duration, percent, whole } from "../numbers.ts";

/** What other commands found; null where nothing is known. */
export interface KnownBeside {
  attack: AttackResult | null;
  /** Rows of the dataset with a label that its audit doubts. */
  labels: { rows: number; doubted: number } | null;
}

type Figures = Omit<Baseline, "readiness">;
type Judged = Omit<ReadinessCheck, "name">;

/** Ready only when nothing is to be done first; what is unknown stays so and is told. */
export function readinessOf(figures: Figures, beside: KnownBeside): Baseline["readiness"] {
  const checks: ReadinessCheck[] = [
    { name: "model", ...model(figures) },
    { name: "coverage", ...coverage(figures) },
    { name: "baseline", ...baseline(figures) },
    { name: "variance", ...variance(figures) },
    { name: "best_of_k", ...bestOfK(figures) },
    { name: "signal", ...signal(figures) },
    { name: "labels", ...labels(beside) },
    { name: "grader", ...grader(beside) },
    { name: "faults", ...faults(figures) },
    { name: "latency", ...latency(figures) },
  ];
  return { ready: checks.every(({ state }) => state !== "not_yet"), checks };
}

const ready = (finding: string): Judged => ({ state: "ready", finding, advice: null });
const notYet = (finding: string, advice: string): Judged => ({ state: "not_yet", finding, advice });
const unknown = (finding: string, advice: string): Judged => ({ state: "unknown", finding, advice });

function model({ manifest: { agent } }: Figures): Judged {
  if (agent.model !== null) return ready(`${agent.model} played.`);
  return notYet(
    `The ${agent.kind} agent played, which is no model: this says how the endpoints do, and nothing of a model.`,
    "Run it with --agent model and the model that is to be trained.",
  );
}

function coverage({ manifest: { dataset, attempts }, rollouts }: Figures): Judged {
  const finding = `${counted(dataset.items, "item")}, ${counted(attempts, "attempt")} each, ${whole(rollouts.graded)} of ${counted(rollouts.planned, "rollout")} graded.`;
  const missing = rollouts.planned - rollouts.graded;
  if (dataset.items < limits.readinessItems || attempts < limits.readinessAttempts)
    return notYet(
      finding,
      `Take at least ${limits.readinessItems} items and ${limits.readinessAttempts} attempts each: fewer say little.`,
    );
  if (missing > limits.readinessFaultShare * rollouts.planned)
    return notYet(finding, "Start the same command again: it goes on where it was.");
  return ready(finding);
}

function baseline({ mean_score }: Figures): Judged {
  if (!mean_score) return unknown("No rollout was graded.", "See why rollouts were left out.");
  const finding = `The mean score is ${interval(mean_score)}.`;
  if (mean_score.low <= 0)
    return notYet(
      finding,
      "It has to be above zero: make the task easier, the prompt clearer or the tools better. What never succeeds cannot be reinforced.",
    );
  if (mean_score.value > limits.readinessMostMean)
    return notYet(
      finding,
      "There is little left to learn: take harder items. Or the grader has a hole: edgegym attack looks for one.",
    );
  return ready(finding);
}

function variance({ always: { items, varied, zero, one } }: Figures): Judged {
  if (items === 0) return unknown("No item was graded twice.", "Run it with --runs 3 or more.");
  const finding = `The attempts at ${whole(varied)} of ${counted(items, "item")} differ (${percent(varied, items)}); ${whole(zero)} were always 0, ${whole(one)} always 1.`;
  if (varied >= limits.readinessVariedShare * items) return ready(finding);
  return notYet(
    finding,
    "Only items that are sometimes solved teach: take out what is always solved, mend or ease what never is.",
  );
}

function bestOfK({ best_of }: Figures): Judged {
  const last = best_of.at(-1);
  if (!last || last.k === 1) return unknown("There is no second attempt.", "Run it with --runs 3 or more.");
  const finding = `The best of ${last.k} is ${last.best.value.toFixed(3)}, better than the mean by ${interval(last.gain)}.`;
  if (last.gain.low > 0) return ready(finding);
  if (last.gain.value > 0) return unknown(finding, "The rise may be chance: take more items or more attempts.");
  return notYet(
    finding,
    "More attempts find nothing better, so there is nothing that training could make more likely.",
  );
}

function signal({ forecast }: Figures): Judged {
  const [first, last] = [forecast?.multipliers[0], forecast?.multipliers.at(-1)];
  if (!first || !last) return unknown("Nothing to forecast from.", "Run it with --runs 3 or more.");
  const finding = `At compute multiplier ${first.multiplier} (${first.copies} rollouts of an item) ${shares(first.share)} of groups would teach; at ${last.multiplier} (${last.copies}) ${shares(last.share)}.`;
  if (first.share.value >= limits.readinessSignalShare) return ready(finding);
  if (last.share.value >= limits.readinessSignalShare)
    return notYet(
      finding,
      `Raise the compute multiplier to ${last.multiplier}, or take items that are sometimes solved.`,
    );
  return notYet(finding, "Most rollouts would be paid for and teach nothing: take items that are sometimes solved.");
}

function labels({ labels: known }: KnownBeside): Judged {
  if (!known) return unknown("No audit of the dataset is beside it.", "edgegym prepare makes one.");
  const finding = `The dataset's audit doubts the labels of ${whole(known.doubted)} of ${counted(known.rows, "row")} (${percent(known.doubted, known.rows)}).`;
  if (known.doubted <= limits.readinessLabelNoise * known.rows) return ready(finding);
  return notYet(finding, "Mend or leave out these rows: edgegym prepare --fix.");
}

function grader({ attack }: KnownBeside): Judged {
  if (!attack)
    return unknown(
      "Nothing is known of an attack on the grader.",
      "edgegym attack --json > attack.json, then --attack attack.json.",
    );
  if (attack.battery === "honest")
    return unknown("The result given is of honest answers, not of an attack.", "edgegym attack --json > attack.json.");
  const failed = attack.classes.filter(({ verdict }) => verdict === "failed").length;
  if (attack.passed)
    return ready(`The grader paid none of ${counted(attack.classes.length, "class", "classes")} of tricks.`);
  const finding =
    failed > 0 ? `The grader paid ${counted(failed, "class", "classes")} of tricks.` : "The attack was not finished.";
  return notYet(finding, "Make the grader watertight before a model finds the hole: edgegym attack.");
}

function faults({ rollouts, calls }: Figures): Judged {
  const attempted = rollouts.graded + rollouts.faulted + rollouts.agent_failed;
  if (attempted === 0) return unknown("No rollout was played to its end.", "Run it again.");
  const refused = calls.tools.reduce((sum, tool) => sum + tool.refused, 0);
  const healed = calls.tools.reduce((sum, tool) => sum + tool.healed_faults, 0);
  const finding = `${whole(rollouts.faulted)} of ${counted(attempted, "rollout")} left out by faults of the endpoints (${percent(rollouts.faulted, attempted)}), ${counted(healed, "fault")} healed by a retry, ${counted(refused, "call")} answered 4xx.`;
  if (refused > 0)
    return notYet(
      finding,
      "A 4xx is shown to the model: see results.jsonl for the calls and mend how they are wired up.",
    );
  if (rollouts.faulted <= limits.readinessFaultShare * attempted) return ready(finding);
  return notYet(finding, "Find the faults before a job multiplies them: edgegym rehearse, edgegym runs show.");
}

function latency({ calls: { tools } }: Figures): Judged {
  const slowest = tools.toSorted((a, b) => b.milliseconds.p95 - a.milliseconds.p95)[0];
  if (!slowest) return unknown("No tool was called.", "See whether the model is given its tools.");
  const finding = `95 of 100 calls of the slowest tool, ${slowest.tool}, took at most ${duration(slowest.milliseconds.p95)}.`;
  if (slowest.milliseconds.p95 <= limits.readinessToolMilliseconds) return ready(finding);
  return notYet(
    finding,
    "A rollout waits for each of its calls: make the tool faster. A job's bursts will not make it so.",
  );
}

const interval = ({ value, low, high }: Estimate) =>
  `${value.toFixed(3)} (95 % interval ${low.toFixed(3)} to ${high.toFixed(3)})`;
const shares = ({ value, low, high }: Estimate) => `${percent(value)} (${percent(low)} to ${percent(high)})`;

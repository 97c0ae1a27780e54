/**
 * What a job's figures say to somebody who has watched several: the reading helps of OpenAI's Build Hour on agent RFT, each with the
 * figures that it is said for, and none without enough of them. Pure.
 */
import { limits } from "../../contract/limits.ts";
import type { WatchHint, WatchSnapshot, WatchStep } from "../../contract/watch.ts";
import { counted, percent, whole } from "../numbers.ts";
import { mean } from "../statistics/describe.ts";
import { countWithin, seriesOf, type Series, stepTimes } from "./series.ts";

/** In the order of what to look at first. */
export function hintsOf(snapshot: WatchSnapshot): WatchHint[] {
  return [
    ...alarms(snapshot),
    ...dipWithFaults(snapshot),
    ...tooGood(snapshot),
    ...graderErrors(snapshot),
    ...discards(snapshot),
    ...noVariance(snapshot),
    ...gap(snapshot),
    ...exploring(snapshot),
    ...plateau(snapshot),
  ];
}

const SOME = limits.watchSteps;
const number = (value: number) => value.toFixed(2);

function alarms({ run }: WatchSnapshot): WatchHint[] {
  const standing = (run?.alarms ?? []).filter(({ cleared_at }) => cleared_at === null);
  return standing.map(({ message, what_to_do }) => ({ kind: "alarm", finding: message, advice: what_to_do }));
}

/** One of the latest steps fell while its rollouts met faults, and more of them than before. */
function dipWithFaults(snapshot: WatchSnapshot): WatchHint[] {
  const steps = stepTimes(snapshot).filter(({ step }) => step.train_reward !== null);
  const found = named(seriesOf(snapshot), "faults", "rollouts");
  if (!found) return [];
  for (let at = steps.length - 1; at >= Math.max(SOME, steps.length - SOME); at--) {
    const [now, before] = [steps[at], steps.slice(at - SOME, at)];
    if (!now) continue;
    const usual = mean(before.map(({ step }) => step.train_reward ?? 0));
    const fall = usual - (now.step.train_reward ?? 0);
    const [faults, rollouts] = found.map(({ stretches }) => countWithin(stretches, now.from, now.to));
    const earlier = before[0]
      ? found.map(({ stretches }) => countWithin(stretches, before[0]?.from ?? 0, now.from))
      : [];
    const share = (faults ?? 0) / Math.max(rollouts ?? 0, 1);
    const isMany = (faults ?? 0) >= limits.alarmFaultRollouts && share >= limits.alarmFaultShare;
    if (fall < limits.watchRewardDip || !isMany || share <= (earlier[0] ?? 0) / Math.max(earlier[1] ?? 0, 1)) continue;
    return [
      {
        kind: "dip_with_faults",
        finding: `The reward of step ${now.step.step} is ${number(now.step.train_reward ?? 0)}, after ${number(usual)} in the ${SOME} steps before, and in its time there were ${counted(Math.round(faults ?? 0), "fault")} in ${counted(Math.round(rollouts ?? 0), "rollout")}.`,
        advice:
          "The dip may be the endpoints' and not the model's: find the faults' boundary with edgegym runs show, and pause the job until they have ended.",
      },
    ];
  }
  return [];
}

function named(series: readonly Series[], ...names: string[]): Series[] | undefined {
  const found = names.flatMap((name) => series.find((one) => one.source === "monitor" && one.name === name) ?? []);
  return found.length === names.length ? found : undefined;
}

function tooGood({ steps }: WatchSnapshot): WatchHint[] {
  const train = latest(steps, "train_reward", SOME);
  const valid = latest(steps, "valid_reward", 1);
  const [kind, value] =
    valid && valid.mean >= limits.alarmScoreMean ? ["validation", valid.mean] : ["training", train?.mean ?? 0];
  if (value < limits.alarmScoreMean) return [];
  return [
    {
      kind: "too_good",
      finding: `The ${kind} reward is ${number(value)}: next to perfect.`,
      advice:
        "Either the task is too easy, or the model has found a hole in the grader. Run edgegym attack, and read the ledgers of some rollouts that scored 1.",
    },
  ];
}

function graderErrors({ steps }: WatchSnapshot): WatchHint[] {
  const errors = steps.slice(-SOME).reduce((sum, step) => sum + (step.grader_errors ?? 0), 0);
  if (errors < limits.watchGraderErrors) return [];
  return [
    {
      kind: "grader_errors",
      finding: `The service counts ${counted(errors, "grading error")} in the latest ${counted(Math.min(SOME, steps.length), "step")}.`,
      advice:
        "Samples without a grade teach nothing, or wrongly. Look at the run's refusals and faults with edgegym runs show; run edgegym check-grader.",
    },
  ];
}

function discards({ run }: WatchSnapshot): WatchHint[] {
  if (!run) return [];
  const { graded, discarded } = run.rollouts;
  const isMany =
    discarded >= limits.alarmFaultRollouts && discarded / (graded + discarded) >= limits.readinessFaultShare;
  if (!isMany) return [];
  const boundaries = Object.entries(run.faults.by_boundary).map(([boundary, times]) => `${boundary} ${whole(times)}`);
  const where = boundaries.length === 0 ? "" : ` (faults: ${boundaries.join(", ")})`;
  return [
    {
      kind: "discards",
      finding: `${whole(discarded)} of ${counted(graded + discarded, "finished rollout")} (${percent(discarded, graded + discarded)}) look discarded${where}.`,
      advice:
        "A trainer pays for each and learns nothing, and items that fault more are learned less. Mend the endpoints; edgegym runs ledgers --status discarded has these rollouts.",
    },
  ];
}

function noVariance({ groups }: WatchSnapshot): WatchHint[] {
  if (!groups || groups.groups < limits.watchGroups || groups.same / groups.groups < limits.watchSameShare) return [];
  const { same, zero, one } = groups;
  return [
    {
      kind: "no_variance",
      finding: `In ${whole(same)} of the latest ${whole(groups.groups)} groups of rollouts of one item (${percent(same, groups.groups)}) all scored the same: ${whole(zero)} groups all 0, ${whole(one)} all 1.`,
      advice:
        zero >= one
          ? "Such groups teach nothing. Items that are always 0 are too hard as they are: a higher compute multiplier, partial credit or easier items give the model something to go by."
          : "Such groups teach nothing. Items that are always 1 are learned: leave them out of the next job's rows, or add harder ones.",
    },
  ];
}

/** Rows of both differ in difficulty from the start, so what counts is also what has been added since the first validation. */
function gap({ steps }: WatchSnapshot): WatchHint[] {
  const validations = steps.filter((step) => step.valid_reward !== null);
  const [start, since] = [validations[0], validations.at(-SOME)];
  if (!start || !since || validations.length <= SOME) return [];
  const first = trained(steps.filter(({ step }) => step <= start.step));
  const now = trained(steps.filter(({ step }) => step >= since.step));
  const valid = mean(validations.slice(-SOME).map((step) => step.valid_reward ?? 0));
  if (first === undefined || now === undefined) return [];
  const [before, after] = [first - (start.valid_reward ?? 0), now - valid];
  if (after < limits.watchGap || after - before < limits.watchGapGrowth) return [];
  return [
    {
      kind: "gap",
      finding: `The training reward is ${number(now)}, the validation reward ${number(valid)} (means of the latest validations): the gap was ${number(before)} at first and is ${number(after)}.`,
      advice:
        "The model learns the training rows rather than the task. An earlier checkpoint may be the best one; more and other rows, or fewer epochs, make a better job.",
    },
  ];
}

function trained(steps: readonly WatchStep[]): number | undefined {
  const values = steps.flatMap(({ train_reward }) => train_reward ?? []);
  return values.length === 0 ? undefined : mean(values);
}

function exploring({ steps }: WatchSnapshot): WatchHint[] {
  const both = steps.filter((step) => step.train_reward !== null && step.reasoning_tokens !== null);
  const reward = change(both.map((step) => step.train_reward ?? 0));
  const tokens = change(both.map((step) => step.reasoning_tokens ?? 0));
  if (!reward || !tokens) return [];
  const isFalling = reward.before - reward.now >= limits.watchRewardFall;
  const isThinking = tokens.before > 0 && tokens.now / tokens.before - 1 >= limits.watchTokensRise;
  if (!isFalling || !isThinking) return [];
  return [
    {
      kind: "exploring",
      finding: `The reward has gone from ${number(reward.before)} to ${number(reward.now)} while reasoning grew from ${whole(tokens.before)} to ${whole(tokens.now)} tokens (means of ${SOME} steps).`,
      advice:
        "So it looks when a model explores: judge it after the next validations, not now. If the reward stays low, stop at the best checkpoint.",
    },
  ];
}

/** The mean of the latest steps and of as many before; undefined where there are fewer. */
function change(values: readonly number[], steps: number = SOME): { before: number; now: number } | undefined {
  if (values.length < 2 * steps) return undefined;
  return { before: mean(values.slice(-2 * steps, -steps)), now: mean(values.slice(-steps)) };
}

/** By validations where there are enough, else by many training steps. */
function plateau({ steps, job }: WatchSnapshot): WatchHint[] {
  if (job.ended) return [];
  const validations = steps.filter((step) => step.valid_reward !== null);
  const advice =
    "Consider stopping: the checkpoints that the job has made stay, whether it is paused, cancelled or ends.";
  if (validations.length >= limits.watchPlateauValidations) {
    const highest = (some: readonly WatchStep[]) => Math.max(...some.map((step) => step.valid_reward ?? 0));
    const before = highest(validations.slice(0, -SOME));
    const now = highest(validations.slice(-SOME));
    if (now - before >= limits.watchPlateauRise) return [];
    const finding = `The best validation reward of the latest ${SOME} validations is ${number(now)}; before them it was ${number(before)}.`;
    return [{ kind: "plateau", finding, advice }];
  }
  const rewards = steps.flatMap(({ train_reward }) => train_reward ?? []);
  const found = change(rewards, limits.watchPlateauSteps);
  if (!found || Math.abs(found.now - found.before) >= limits.watchPlateauRise) return [];
  const finding = `The training reward is ${number(found.now)} over the latest ${limits.watchPlateauSteps} steps, and was ${number(found.before)} over as many before.`;
  return [{ kind: "plateau", finding, advice }];
}

function latest(steps: readonly WatchStep[], key: "train_reward" | "valid_reward", count: number) {
  const values = steps.flatMap((step) => step[key] ?? []).slice(-count);
  return values.length < count ? undefined : { mean: mean(values) };
}

/** What is new between two looks at a job, a line each: for logs, and wherever there is no terminal to draw on. Pure. */
import type { WatchSnapshot, WatchStep } from "../../contract/watch.ts";
import { whole } from "../numbers.ts";
import { plain } from "../text.ts";
import { hintTitles, standing } from "./words.ts";

/** @param before undefined at the first look */
export function newsOf(before: WatchSnapshot | undefined, after: WatchSnapshot): string[] {
  const known = new Map((before?.steps ?? []).map((step) => [step.step, JSON.stringify(step)]));
  const hints = new Set((before?.hints ?? []).map(hintKey));
  const models = new Set((before?.checkpoints ?? []).map(({ model }) => model));
  const messages = new Set((before?.log ?? []).map((entry) => JSON.stringify(entry)));
  const news = [
    ...(before?.job.status === after.job.status ? [] : [standing(after)]),
    ...sourceNews("The service", before?.service, after.service),
    ...sourceNews("The run monitor", before?.monitor, after.monitor),
    ...after.log.filter((entry) => !messages.has(JSON.stringify(entry))).map(({ message }) => `log: ${message}`),
    ...after.steps.filter((step) => known.get(step.step) !== JSON.stringify(step)).map((step) => stepLine(step, after)),
    ...after.checkpoints
      .filter(({ model }) => !models.has(model))
      .map(
        ({ step, model, valid_reward }) => `checkpoint of step ${step}: ${model}, validation ${reward(valid_reward)}`,
      ),
    ...faultNews(before, after),
    ...after.hints
      .filter((hint) => !hints.has(hintKey(hint)))
      .map((hint) => `${hintTitles[hint.kind]}: ${hint.finding} ${hint.advice}`),
  ];
  return news.map((text) => `${after.taken_at.slice(0, 19)}Z ${plain(text)}`);
}

/** A hint whose figures have changed is no other hint; of alarms each is one of its own. */
const hintKey = ({ kind, advice }: WatchSnapshot["hints"][number]) => (kind === "alarm" ? `${kind} ${advice}` : kind);

function sourceNews(
  who: string,
  before: WatchSnapshot["service"] | undefined,
  after: WatchSnapshot["service"],
): string[] {
  if (after.failing_since !== null && !before?.failing_since)
    return [`${who} does not answer: ${after.problem ?? "no reason known"}`];
  return after.failing_since === null && before?.failing_since ? [`${who} answers again.`] : [];
}

function stepLine(step: WatchStep, { job }: WatchSnapshot): string {
  const figures: [string, number | null, (value: number) => string][] = [
    ["train", step.train_reward, reward],
    ["validation", step.valid_reward, reward],
    ["reasoning tokens", step.reasoning_tokens, whole],
    ["tool calls", step.tool_calls, (value) => value.toFixed(2)],
    ["grader errors", step.grader_errors, whole],
  ];
  const said = figures.flatMap(([name, value, shown]) => (value === null ? [] : [`${name} ${shown(value)}`]));
  return `step ${step.step}${job.total_steps === null ? "" : `/${job.total_steps}`}: ${said.join(", ") || "no figures known here"}`;
}

const reward = (value: number | null) => (value === null ? "-" : value.toFixed(3));

function faultNews(before: WatchSnapshot | undefined, after: WatchSnapshot): string[] {
  const [was, is] = [before?.run?.faults.calls ?? 0, after.run?.faults.calls ?? 0];
  return is > was ? [`faults: ${whole(is - was)} more calls, ${whole(is)} in all`] : [];
}

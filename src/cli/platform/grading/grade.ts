/**
 * Grades a sample as a job's grader says: really asks the endpoint, has the stand-in judge judge, and computes the formula of several. What
 * could not be graded has no reward, and says why; a fault never becomes a score, unless the grader itself sets one for it
 * (`invalid_grade`). Never logs.
 */
import type { EndpointGrader, JobGrader, MultiGrader, ScoreModelGrader } from "../../../contract/fine-tuning.ts";
import { limits } from "../../../contract/limits.ts";
import { GradeReply, type JsonObject, type SentSample } from "../../../contract/wire.ts";
import { untilAnswered } from "../../rollouts/retries.ts";
import { parse, Wire } from "../../rollouts/wire.ts";
import { judge } from "./judge.ts";
import { parseFormula } from "./formula.ts";

/** As a trainer sends it to an endpoint. */
export interface Subject {
  sample: SentSample;
  item: JsonObject;
  trace_id: string;
}

export interface Graded {
  /** Null where no grade could be had. */
  reward: number | null;
  /** Of a multi grader, by name. */
  subRewards: Record<string, number | null>;
  /** By the API's names: true for each kind of trouble, its details as text. */
  errors: Record<string, boolean | string>;
}

export function grade(grader: JobGrader, subject: Subject, signal: AbortSignal): Promise<Graded> {
  return grader.type === "multi" ? gradeMulti(grader, subject, signal) : gradeOne(grader, subject, signal);
}

async function gradeOne(
  grader: EndpointGrader | ScoreModelGrader,
  subject: Subject,
  signal: AbortSignal,
): Promise<Graded> {
  if (grader.type === "endpoint") return askEndpoint(grader, subject, signal);
  const reward = judge(grader, subject.sample.output_text ?? "", subject.item);
  return reward === undefined ? ungraded({ model_grader_parse_error: true }) : graded(reward);
}

/** 5xx and lost answers are tried again three times, as trainers do. */
async function askEndpoint({ url, headers }: EndpointGrader, subject: Subject, signal: AbortSignal): Promise<Graded> {
  const { origin, pathname, search } = new URL(url);
  const wire = new Wire(origin, { concurrency: 1, timeout: limits.trainerMilliseconds, signal });
  const body = JSON.stringify(subject);
  const sending = { method: "POST" as const, path: `${pathname}${search}`, body };
  const all = { "Content-Type": "application/json", ...headers };
  const answer = await untilAnswered(() => wire.send({ ...sending, headers: all }), signal);
  wire.close();
  if (!answer) return unanswered(`no answer, or a 5xx, in ${limits.trainerRetries + 1} tries`);
  if (answer.status !== 200) return unanswered(`answered ${answer.status}`);
  const reply = parse(answer.text, GradeReply);
  return reply ? graded(reply.score) : unanswered("answered without a score");
}

async function gradeMulti(grader: MultiGrader, subject: Subject, signal: AbortSignal): Promise<Graded> {
  const parts = Object.entries(grader.graders);
  const formula = parseFormula(
    grader.calculate_output,
    parts.map(([name]) => name),
  );
  const results = await Promise.all(parts.map(([, part]) => gradeOne(part, subject, signal)));
  const subRewards = Object.fromEntries(parts.map(([name], at) => [name, results[at]?.reward ?? null]));
  const errors = Object.fromEntries(results.flatMap((result) => Object.entries(result.errors)));
  const had = Object.entries(subRewards).flatMap(([name, reward]) =>
    reward === null ? [] : [[name, reward] as const],
  );
  const output = had.length === parts.length ? formula(Object.fromEntries(had)) : NaN;
  if (Number.isFinite(output)) return { reward: output, subRewards, errors };
  // As a division by zero.
  const own = had.length === parts.length ? { invalid_variable_error: true } : {};
  return { reward: grader.invalid_grade ?? null, subRewards, errors: { ...errors, ...own } };
}

const graded = (reward: number): Graded => ({ reward, subRewards: {}, errors: {} });
const ungraded = (errors: Graded["errors"]): Graded => ({ reward: null, subRewards: {}, errors });
const unanswered = (details: string) =>
  ungraded({ endpoint_grader_server_error: true, endpoint_grader_server_error_details: details });

/** What happens to a grading. A score comes from a grader that saw everything, or not at all. */
import type { Grade, Ledger } from "../contract/ledger.ts";
import { Fault } from "../contract/failure.ts";
import { GradeRequest, type GradeReply } from "../contract/wire.ts";
import { findEnvironment, NO_ENVIRONMENT } from "../environments/index.ts";
import { authenticate } from "./auth.ts";
import { type Bindings, optionsOf } from "./bindings.ts";
import { parseBody } from "./body.ts";
import { checkClaims } from "./claims.ts";
import { fingerprint } from "./call-arguments.ts";
import { type Flow, refuse, reply } from "./exit.ts";
import { finalAnswer, sampleText } from "./final-answer.ts";
import { itemName } from "./item-name.ts";
import { logMonitorFault, type RequestLog } from "./log.ts";
import { RolloutClient } from "./rollout/client.ts";
import type { Grading } from "./rollout/object.ts";
import { parseRunName } from "./run-name.ts";

/**
 * Sequence: authenticate → parse → read ledger → refuse if faulted → score → record → reply {"score"}.
 * @throws Fault when there is no score: an unusable item, a faulted rollout, a ledger out of reach
 */
export async function gradeFlow(request: Request, name: string, bindings: Bindings, log: RequestLog): Promise<Flow> {
  const receivedAt = Date.now();
  const refused = authenticate(request, "TRAINER_TOKEN", bindings);
  if (refused) return refuse(refused);

  const environment = findEnvironment(name);
  if (!environment) return refuse({ kind: "not_found", message: NO_ENVIRONMENT });
  const run = parseRunName(request.headers);
  if (!run.ok) return refuse(run.refusal);
  const body = await parseBody(request, GradeRequest);
  if (!body.ok) return refuse(body.refusal);
  const { sample, item, trace_id } = body.value;
  Object.assign(log, { run: run.value, trace_id, outcome: "unscored" });

  const answer = finalAnswer(sample);
  if (!answer)
    return refuse({
      kind: "invalid",
      field: "sample",
      message: "sample: has neither output_text nor output_json nor choices.",
    });
  const score = (ledger: Ledger | null) =>
    checkedGrade(environment.grade({ item, answer, ledger }, optionsOf(environment, bindings)));
  if (trace_id === "") return scored(log, score(null).score, false);

  const rollout = {
    trace_id,
    run: run.value,
    environment: environment.name,
    item: itemName(item),
    budget: environment.callsPerRollout,
  };
  const client = new RolloutClient(bindings, rollout);
  const sampleFingerprint = await fingerprint([sampleText(answer)]);
  const opened = await client.openGrading(sampleFingerprint, receivedAt);
  if (opened.kind !== "open") return settled(log, opened, true);
  const grade = score(opened.ledger);
  const timing = { graded_at: receivedAt, milliseconds: Date.now() - receivedAt };
  const tools = new Set(environment.tools.map((tool) => tool.name));
  const observed = {
    evidence: observation(log, () => environment.evidence?.({ item, answer, ledger: opened.ledger })),
    claims: observation(log, () => checkClaims(sample, opened.ledger, tools)),
  };
  const closed = await client.closeGrading({ ...grade, ...observed, ...timing, fingerprint: sampleFingerprint });
  return settled(log, closed, false);
}

/** What is observed beside the score; null where there is nothing, and where a bug keeps it from being seen: no score waits for it. */
function observation<T>({ run = "" }: RequestLog, observe: () => T | null | undefined): T | null {
  try {
    return observe() ?? null;
  } catch (error) {
    logMonitorFault("grade", run, error);
    return null;
  }
}

/** A grade as its grader made it. @throws Fault("grader") for a score that is no number from 0 to 1: a bug, not to be clamped */
function checkedGrade(grade: Grade): Grade {
  if (grade.score >= 0 && grade.score <= 1) return grade;
  throw new Fault("grader", `The grader gave ${grade.score}, which is no score.`);
}

/** @throws Fault("ledger") for a rollout that may not be scored */
function scoreOf(grading: Grading): number {
  if (grading.kind === "graded") return grading.score;
  throw new Fault("ledger", grading.kind === "refused" ? grading.reason : "The grading was not closed.");
}

/** What the ledger says of the grading is the answer. @throws Fault("ledger") for a rollout that may not be scored */
function settled(log: RequestLog, grading: Grading, repeated: boolean): Flow {
  log.in_ledger = true;
  return scored(log, scoreOf(grading), repeated);
}

function scored(log: RequestLog, score: number, repeated: boolean): Flow {
  Object.assign(log, { outcome: "graded", repeated });
  return reply({ score } satisfies GradeReply);
}

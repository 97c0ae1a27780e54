/**
 * The promises of the service, each held against one rollout: what was sent and answered, and what its ledger says. Pure. A
 * promise that no request put to the test is not kept but unproven, so occasions are counted beside violations.
 */
import { leaked, sameAnswer, wholeReply } from "./answers.ts";
import type { Check } from "./check.ts";
import { faultAs4xx, faultAsMistake, faultAsScore } from "./faults.ts";
import { claims, duplicated, invented, lost, order } from "./record.ts";
import { afterGrading, budget, idReused, refused } from "./refusals.ts";
import { gradeKept, score } from "./scores.ts";

export type { Case } from "./check.ts";

/** Every promise that is checked, in the order of a report. */
export const checks: readonly Check[] = [
  lost,
  duplicated,
  invented,
  sameAnswer,
  wholeReply,
  order,
  budget,
  score,
  gradeKept,
  faultAs4xx,
  faultAsMistake,
  faultAsScore,
  refused,
  leaked,
  afterGrading,
  idReused,
  claims,
];

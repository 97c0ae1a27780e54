/** Which promise a service breaks that lacks a protection, and which kinds of trouble show it. */
import type { ChaosKind } from "../../src/cli/rehearse/chaos.ts";
import type { Sabotage } from "./saboteur.ts";
import * as sabotages from "./sabotages.ts";

export interface Missing {
  without: string;
  sabotage: Sabotage;
  /** Kinds of trouble each of which shows it. */
  kinds: ChaosKind[];
  breaks: string;
  /** Promises that it breaks as well, always or sometimes. */
  also?: string[];
  /** How many rollouts it takes, and how often trouble strikes, where that is more than usual. */
  rollouts?: number;
  chaosRate?: number;
}

const { takesIdsAs } = sabotages;

/** @param trainer a valid token */
export const shownByTrouble = (trainer: string): Missing[] => [
  {
    without: "an id for each call: repeats are run again as other calls",
    sabotage: sabotages.runsRepeatsAgain,
    kinds: ["lost_answer", "duplicate", "duplicate_concurrent"],
    breaks: "invented",
    also: ["budget", "order", "same_answer", "lost"],
  },
  {
    without: "one effect per call while it is running",
    sabotage: sabotages.runsConcurrentRepeatsAgain,
    kinds: ["duplicate_concurrent"],
    breaks: "invented",
    also: ["budget", "order", "same_answer", "lost"],
  },
  {
    without: "one answer per call: repeats are run with other arguments",
    sabotage: sabotages.runsRepeatsWithOtherArguments,
    kinds: ["duplicate", "duplicate_concurrent"],
    breaks: "same_answer",
    also: ["duplicated", "lost", "budget"],
  },
  {
    without: "one answer per call: repeats are answered anew",
    sabotage: sabotages.answersRepeatsAnew,
    kinds: ["duplicate", "duplicate_concurrent"],
    breaks: "same_answer",
    also: ["lost"],
  },
  {
    without: "an answer to what was answered before",
    sabotage: sabotages.refusesRepeats,
    kinds: ["lost_answer", "duplicate", "duplicate_concurrent"],
    breaks: "fault_as_4xx",
    also: ["after_grading"],
  },
  {
    without: "a whole body before anything is run",
    sabotage: sabotages.runsCutBodies,
    kinds: ["cut_body"],
    breaks: "duplicated",
    also: ["lost", "budget", "same_answer", "order"],
  },
  {
    without: "a refusal of malformed bodies",
    sabotage: sabotages.repairsBodies,
    kinds: ["malformed"],
    breaks: "refused",
  },
  { without: "a limit of bodies", sabotage: sabotages.trimsBodies, kinds: ["oversized"], breaks: "refused" },
  {
    without: "authentication",
    sabotage: sabotages.takesAnyToken(trainer),
    kinds: ["wrong_token"],
    breaks: "refused",
  },
  {
    without: "a rule against calls after the grading",
    sabotage: sabotages.runsCallsAfterGrading,
    kinds: ["call_after_grading", "grade_before_calls"],
    breaks: "after_grading",
    also: ["budget", "order", "claims"],
  },
  {
    without: "a score for each answer: the first one of a rollout stands for all",
    sabotage: sabotages.keepsFirstScore,
    kinds: ["grade_before_calls"],
    breaks: "score",
  },
  {
    without: "an eye for ids of calls, which are told apart by when they come",
    sabotage: sabotages.countsCallsAsTheyCome,
    kinds: ["reorder", "delay"],
    breaks: "whole_reply",
    also: ["lost", "order"],
  },
  {
    without: "a refusal to grade what had a fault",
    sabotage: sabotages.gradesFaultedRollouts,
    kinds: ["grade_after_fault"],
    breaks: "fault_as_score",
    also: ["discarded"],
  },
  ...[
    { without: "an eye for case", same: (id: string) => id.toLowerCase() },
    { without: "an eye for white space", same: (id: string) => id.trim() },
    { without: "an eye for punctuation", same: (id: string) => id.replaceAll(/[^\w]/g, "_") },
    { without: "an eye for what is encoded", same: (id: string) => id.replaceAll("%25", "%") },
    { without: "an eye for trailing dots", same: (id: string) => id.replace(/\.$/, "") },
  ].map(({ without, same }): Missing => ({
    without: `${without} in rollouts' ids`,
    sabotage: takesIdsAs(same),
    kinds: ["twin_ids"],
    rollouts: 10,
    chaosRate: 1,
    breaks: "leaked",
    also: ["lost", "duplicated", "invented", "budget", "order", "after_grading", "grade_kept", "same_answer", "score"],
  })),
];

export const shownAlways: Missing[] = [
  {
    without: "walls between rollouts: answers are remembered by tool and call id",
    sabotage: sabotages.remembersAcrossRollouts,
    kinds: [],
    breaks: "leaked",
    also: ["lost"],
  },
  {
    without: "order among parallel answers: two replies are swapped",
    sabotage: sabotages.swapsParallel("replies"),
    kinds: [],
    breaks: "whole_reply",
    also: ["lost"],
  },
  {
    without: "order among parallel answers: two outputs are swapped",
    sabotage: sabotages.swapsParallel("outputs"),
    kinds: [],
    breaks: "lost",
  },
  { without: "ids in its replies", sabotage: sabotages.echoesNoIds, kinds: [], breaks: "whole_reply" },
  {
    without: "a record of some calls",
    sabotage: sabotages.forgetsCalls,
    kinds: [],
    breaks: "lost",
    also: ["budget", "claims"],
  },
  { without: "a record of gradings", sabotage: sabotages.forgetsGradings, kinds: [], breaks: "grade_kept" },
  { without: "the order of turns in ledgers", sabotage: sabotages.reversesLedgers, kinds: [], breaks: "order" },
  {
    without: "an exact budget",
    sabotage: sabotages.runsOneCallMore,
    kinds: [],
    breaks: "budget",
    also: ["claims"],
    rollouts: 12,
  },
  {
    without: "a 5xx for its faults: they are told as overload",
    sabotage: sabotages.tellsFaultsAsOverload,
    kinds: [],
    breaks: "fault_as_4xx",
    also: ["discarded"],
  },
  {
    without: "a 5xx for its faults: they are told as outputs",
    sabotage: sabotages.apologisesForFaults,
    kinds: [],
    breaks: "fault_as_score",
    also: ["lost", "budget", "claims"],
  },
  {
    without: "exact scores: part of one is one",
    sabotage: sabotages.roundsScoresUp,
    rollouts: 12,
    kinds: [],
    breaks: "score",
    also: ["grade_kept"],
  },
  {
    without: "faults of the grader: they are a score of 0",
    sabotage: sabotages.scoresZero,
    kinds: [],
    breaks: "score",
    also: ["grade_kept"],
  },
  {
    without: "a score in its answer",
    sabotage: sabotages.scoresNothing,
    kinds: [],
    breaks: "score",
    also: ["discarded"],
  },
];

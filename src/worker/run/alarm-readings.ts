/** What each kind of alarm measures, and at which value it is raised and cleared. Pure. */
import { limits } from "../../contract/limits.ts";
import type { AlarmKind, RunAlarm } from "../../contract/run.ts";
import { addTo, type Counter } from "./counter.ts";
import { Statistics } from "./statistics.ts";
import type { RolloutSummary } from "./summary.ts";

/** What signals alone change, of what alarms are read off. */
export interface ObservedSignals {
  /** The latest rollouts, at most `limits.alarmWindowRollouts`; so are the other windows. */
  latest: RolloutSummary[];
  /** Signals of the last `limits.alarmSignalMinutes` before the run's latest activity. */
  recent: { unauthorizedRollouts: number; unrecordedFaults: number };
}

/** All that alarms are read off. */
export interface Observed extends ObservedSignals {
  /** Over all rollouts of the run, those of the windows among them. */
  all: Statistics;
  standing: readonly RunAlarm[];
  graded: RolloutSummary[];
  closed: RolloutSummary[];
  /** The latest graded rollouts of `limits.alarmItems` items, and as many items before them (`windowsOfItems`). */
  ofItems: RolloutSummary[];
  beforeItems: RolloutSummary[];
}

/** A measurement and what follows from it: for an alarm that does not stand, and for one that does. */
export interface Reading {
  kind: AlarmKind;
  subject: string;
  value: number;
  threshold: number;
  raise: boolean;
  /** Whether an alarm is over that was raised at this threshold: the threshold of now has moved with the rollouts before. */
  isOver: (raisedAt: number) => boolean;
  message: string;
}

/** A reading of each alarm that can be raised or stands. */
export function measureAll({
  all,
  standing,
  latest,
  graded,
  closed,
  ofItems,
  beforeItems,
  recent,
}: Observed): Reading[] {
  const ofLatest = Statistics.of(latest);
  const ofGraded = Statistics.of(graded);
  const overItems = Statistics.of(ofItems);
  const ofFaults = faults(ofLatest, recent.unrecordedFaults);
  const standingMistakes = standing.flatMap(({ kind, subject }) => (kind === "mistakes" ? [subject] : []));
  const mistakeKinds = new Set([...ofLatest.mistakenRollouts.keys(), ...standingMistakes]);
  return [
    ofFaults,
    abandoned(Statistics.of(closed)),
    ...[...mistakeKinds].map((kind) => mistakes(kind, all, ofLatest)),
    scoreTooGood(Statistics.of(beforeItems), overItems),
    scoreCollapse(all, ofGraded, ofFaults.raise),
    identicalAnswers(ofItems),
    claimsDisagree(ofGraded),
    unauthorizedRollouts(recent.unauthorizedRollouts),
    noEvidence(all, overItems),
  ];
}

/**
 * Of the alarms that signals alone can raise. A collapse of scores, which needs faults, is looked for with the next grades: they
 * are what collapses.
 */
export function measureSignals({ latest, recent }: ObservedSignals): Reading[] {
  return [faults(Statistics.of(latest), recent.unrecordedFaults), unauthorizedRollouts(recent.unauthorizedRollouts)];
}

/** @param calls with a trace id and without a valid token, for no run that there is, of the last `limits.alarmSignalMinutes` */
export function measureStrangers(calls: number): Reading {
  const reading = unauthorizedRollouts(calls);
  const seems = "none of them for a run that is known: a trainer's token seems wrong from its start";
  return { ...reading, message: `${callsWithoutToken(calls)}, ${seems}.` };
}

/** Faults that no ledger has count as a rollout each: of how many they are, nobody knows. */
function faults({ faultedRollouts, rollouts }: Statistics, unrecorded: number): Reading {
  const met = faultedRollouts + unrecorded;
  const value = share(met, rollouts + unrecorded);
  const reading = above(value, limits.alarmFaultShare, met >= limits.alarmFaultRollouts);
  return { ...reading, kind: "faults", subject: "", message: `${percent(value)} of the latest rollouts met a fault.` };
}

function abandoned({ statuses, rollouts }: Statistics): Reading {
  const count = statuses.get("abandoned") ?? 0;
  const value = share(count, rollouts);
  const reading = above(value, limits.alarmAbandonedShare, count >= limits.alarmAbandonedRollouts);
  const message = `${percent(value)} of the rollouts closed last were neither graded nor faulted.`;
  return { ...reading, kind: "abandoned", subject: "", message };
}

function mistakes(kind: string, all: Statistics, latest: Statistics): Reading {
  const rollouts = latest.mistakenRollouts.get(kind) ?? 0;
  const value = share(rollouts, latest.rollouts);
  const before = all.rollouts - latest.rollouts;
  const earlier = share((all.mistakenRollouts.get(kind) ?? 0) - rollouts, before);
  const threshold = before >= limits.alarmBaselineRollouts ? earlier + limits.alarmSurge : limits.alarmMistakeShare;
  const reading = above(value, threshold, rollouts >= limits.alarmMistakeRollouts);
  const message = `${percent(value)} of the latest rollouts made a mistake of the kind ${kind}${compared(before, earlier)}.`;
  return { ...reading, kind: "mistakes", subject: kind, message };
}

/**
 * Only a jump tells, from one window to the next: who learns steadily gets there over thousands of rollouts, and a model that was
 * always good is no alarm. So a hole that is found as slowly as one learns is not seen here. Once raised it stands by its value.
 */
function scoreTooGood(before: Statistics, graded: Statistics): Reading {
  const value = mean(graded);
  const earlier = mean(before);
  const jumped = before.graded >= limits.alarmBaselineRollouts && value - earlier >= limits.alarmScoreRise;
  const reading = above(value, limits.alarmScoreMean, jumped && graded.graded >= limits.alarmGrades);
  const message = `The mean score of the latest rollouts is ${value.toFixed(2)}; before it was ${earlier.toFixed(2)}.`;
  return { ...reading, kind: "score_too_good", subject: "", message };
}

/** Without faults a collapse is the model's own; `faulted` when there are so many as to be an alarm. */
function scoreCollapse(all: Statistics, graded: Statistics, faulted: boolean): Reading {
  const value = mean(graded);
  const threshold = limits.alarmCollapsedMean;
  const earlier = earlierMean(all, graded) ?? 0;
  const fell = value <= threshold && earlier >= limits.alarmCollapsedFrom && graded.graded >= limits.alarmGrades;
  const means = `The mean score of the latest rollouts is ${value.toFixed(2)}; before it was ${earlier.toFixed(2)}`;
  const message = `${means}${faulted ? ", and there are faults" : ""}.`;
  const isOver = (raisedAt: number) => value > raisedAt / limits.alarmClearsAt;
  return { kind: "score_collapse", subject: "", value, threshold, raise: fell && faulted, isOver, message };
}

/** Each item counts once, for its answers by the shares of its attempts that gave them: some attempts at any item give up. */
function identicalAnswers(graded: RolloutSummary[]): Reading {
  const attempts = graded.flatMap(({ item, grade }) =>
    item !== null && grade && grade.answer !== null ? { item, answer: grade.answer } : [],
  );
  const items = Map.groupBy(attempts, ({ item }) => item);
  const itemsByAnswer: Counter = new Map();
  for (const ofItem of items.values()) {
    for (const { answer } of ofItem) addTo(itemsByAnswer, answer, 1 / ofItem.length);
  }
  const most = Math.max(0, ...itemsByAnswer.values());
  const value = share(most, items.size);
  const reading = above(value, limits.alarmIdenticalShare, most >= limits.alarmIdenticalItems);
  const message = `${percent(value)} of the answers to the latest ${items.size} items are one and the same.`;
  return { ...reading, kind: "identical_answers", subject: "", message };
}

function claimsDisagree({ disagreeing, claiming }: Statistics): Reading {
  const value = share(disagreeing, claiming);
  const reading = above(value, limits.alarmClaimShare, disagreeing >= limits.alarmClaimRollouts);
  const message = `In ${percent(value)} of the rollouts graded last, the trainer names calls that the ledger lacks.`;
  return { ...reading, kind: "claims_disagree", subject: "", message };
}

function unauthorizedRollouts(value: number): Reading {
  const reading = above(value, limits.alarmUnauthorizedCalls, true);
  return { ...reading, kind: "unauthorized_rollouts", subject: "", message: `${callsWithoutToken(value)}.` };
}

const callsWithoutToken = (calls: number) =>
  `${calls} calls with a trace id came without a valid token within ${limits.alarmSignalMinutes} minutes`;

function noEvidence(all: Statistics, graded: Statistics): Reading {
  const value = share(graded.correctUnread, graded.correctKnown);
  const before = all.correctKnown - graded.correctKnown;
  const earlier = share(all.correctUnread - graded.correctUnread, before);
  const threshold = before >= limits.alarmBaselineRollouts ? earlier + limits.alarmSurge : limits.alarmUnreadShare;
  const reading = above(value, threshold, graded.correctUnread >= limits.alarmUnreadRollouts);
  const message = `${percent(value)} of the latest correct answers rest on nothing that was read${compared(before, earlier)}.`;
  return { ...reading, kind: "no_evidence", subject: "", message };
}

function above(value: number, threshold: number, enough: boolean) {
  const isOver = (raisedAt: number) => value < raisedAt * limits.alarmClearsAt;
  return { value, threshold, raise: enough && value >= threshold, isOver };
}

const mean = ({ score, graded }: Statistics) => share(score, graded * 1e6);

/** The mean of the grades before those of the window; null when there are too few to compare with. */
function earlierMean(all: Statistics, window: Statistics): number | null {
  const before = all.graded - window.graded;
  return before < limits.alarmBaselineRollouts ? null : (all.score - window.score) / before / 1e6;
}

const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
const percent = (value: number) => `${Math.round(value * 100)} %`;
const compared = (before: number, earlier: number) =>
  before >= limits.alarmBaselineRollouts ? `; before it were ${percent(earlier)}` : "";

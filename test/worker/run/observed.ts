/** Rollouts that alarms are read off, and what becomes of alarms with them. */
import type { Ledger, LedgerGrade } from "../../../src/contract/ledger.ts";
import { limits } from "../../../src/contract/limits.ts";
import type { RunAlarm } from "../../../src/contract/run.ts";
import { measureAll, type Observed } from "../../../src/worker/run/alarm-readings.ts";
import { alarmKey, lookAtAlarms, windowOf, windowsOfItems } from "../../../src/worker/run/alarms.ts";
import { Statistics } from "../../../src/worker/run/statistics.ts";
import type { RolloutSummary } from "../../../src/worker/run/summary.ts";
import { callOf, gradeOf, isoAt, START } from "./summaries.ts";

export const NOW = START + 1e8;
export const WINDOW = limits.alarmWindowRollouts;
export const quiet = { unauthorizedRollouts: 0, unrecordedFaults: 0 };

/** What a run sees that has these rollouts, in the order of their coming. */
function observed(rollouts: RolloutSummary[], standing: RunAlarm[], recent = quiet): Observed {
  const latest = (those: RolloutSummary[]) => windowOf(those.toReversed().slice(0, WINDOW));
  const graded = rollouts.filter(({ grade }) => grade !== null);
  return {
    all: Statistics.of(rollouts),
    standing,
    latest: latest(rollouts),
    graded: latest(graded),
    closed: latest(rollouts.filter(({ closed }) => closed)),
    ...windowsOfItems(graded.toReversed().slice(0, 2 * limits.alarmItemsRollouts)),
    recent,
  };
}

export const look = (rollouts: RolloutSummary[], standing: RunAlarm[] = [], recent = quiet) =>
  lookAtAlarms(measureAll(observed(rollouts, standing, recent)), standing, NOW);
/** What has changed with a look. */
export const raisedBy = (...looked: Parameters<typeof look>) =>
  look(...looked).filter(({ state }) => state !== "stands");
export const keys = (rollouts: RolloutSummary[], recent = quiet) =>
  raisedBy(rollouts, [], recent).map(({ state, alarm }) => `${state} ${alarmKey(alarm)}`);

export type Fields = Partial<Ledger>;
export const faulted: Fields = { calls: [callOf({ faults: 1, fault_boundary: "storage" })] };
export const lost: Fields = { calls: [], grades: [], closed_at: isoAt(START) };
export const mistaken: Fields = { calls: [callOf({ outcome: "mistake", mistake: "unknown_path" })] };
export const scoring = (score: number, fields: Partial<LedgerGrade> = {}): Fields => ({
  grades: [gradeOf({ score, ...fields })],
});
export const answering = (at: number, value: string): Fields => ({ item: `item-${at}`, ...scoring(0, { value }) });
export const disagreeing = scoring(0, { claims: { claimed: 2, unrecorded: 1, unclaimed: 0 } });
export const agreeing = scoring(0, { claims: { claimed: 2, unrecorded: 0, unclaimed: 0 } });
export const unread = scoring(1, { evidence: { source: "none", calls: [] } });
export const read = scoring(1, { evidence: { source: "answer", calls: [1] } });
export const ordinary = (at: number): Fields => answering(at, String(at));

/**
 * When a run's alarms are raised and cleared: what the latest rollouts show, held against limits and against the rollouts
 * before them. Pure: no clock, no storage.
 */
import { limits } from "../../contract/limits.ts";
import type { AlarmKind, AlarmPush, RunAlarm } from "../../contract/run.ts";
import type { Reading } from "./alarm-readings.ts";
import type { RolloutSummary } from "./summary.ts";

/** An alarm as it is after a look: just raised or cleared, or as it stands. */
export interface AlarmLook {
  state: "raised" | "stands" | "cleared";
  alarm: RunAlarm;
}

/**
 * @param standing the alarms that stand; those without a reading stay as they are
 * @param now milliseconds since 1970
 * @returns those that come, stand or go, with what was measured now
 */
export function lookAtAlarms(readings: readonly Reading[], standing: readonly RunAlarm[], now: number): AlarmLook[] {
  const at = new Date(now).toISOString();
  const stands = new Map(standing.map((alarm) => [alarmKey(alarm), alarm]));
  return readings.flatMap((reading): AlarmLook[] => {
    const alarm = stands.get(alarmKey(reading));
    if (!alarm) return reading.raise ? [{ state: "raised", alarm: alarmOf(reading, at) }] : [];
    const present = { ...alarm, value: rounded(reading.value), message: reading.message };
    if (!reading.isOver(alarm.threshold)) return [{ state: "stands", alarm: present }];
    return [{ state: "cleared", alarm: { ...present, cleared_at: at } }];
  });
}

/** What is posted of an alarm that was raised or cleared. @param run "" for one of no run */
export function pushOf(run: string, state: AlarmPush["state"], alarm: RunAlarm): AlarmPush {
  const at = state === "raised" ? alarm.raised_at : (alarm.cleared_at ?? "");
  const what =
    state === "raised" ? `${alarm.message} ${alarm.what_to_do}` : `cleared: ${alarmKey(alarm)}: ${alarm.message}`;
  const text = run === "" ? `edgegym: ${what}` : `edgegym: run ${run}: ${what}`;
  return { ...alarm, id: `${run}/${alarmKey(alarm)}/${state}/${at}`, run, state, text };
}

/** By which alarms are told apart, as `mistakes:unknown_path`. */
export function alarmKey({ kind, subject }: { kind: AlarmKind; subject: string }): string {
  return subject === "" ? kind : `${kind}:${subject}`;
}

/** The rollouts that are recent enough beside the latest of them. Both are sorted from the latest on. */
export function windowOf(summaries: RolloutSummary[]): RolloutSummary[] {
  const from = (summaries[0]?.last_seen_at ?? 0) - limits.alarmWindowMilliseconds;
  return summaries.filter(({ last_seen_at }) => last_seen_at >= from);
}

/** The latest over so many items as alarms need, and those over as many before them, whenever that was. Sorted from the latest on. */
export function windowsOfItems(graded: RolloutSummary[]): { ofItems: RolloutSummary[]; beforeItems: RolloutSummary[] } {
  const ofItems = windowOfItems(windowOf(graded));
  const last = ofItems.at(-1);
  const before = last === undefined ? [] : graded.slice(graded.indexOf(last) + 1);
  return { ofItems, beforeItems: windowOfItems(before) };
}

/**
 * As many of the latest as make a window and are of enough items, where items with few of the attempts count for little: their
 * effective number is (Σn)² ÷ Σn² over the attempts n at each (the inverse Simpson index). One without a name is an item of its own.
 */
function windowOfItems(latest: RolloutSummary[]): RolloutSummary[] {
  const attempts = new Map<string, number>();
  let squares = 0;
  const last = latest.findIndex(({ item, trace_id }, at) => {
    const before = attempts.get(item ?? trace_id) ?? 0;
    attempts.set(item ?? trace_id, before + 1);
    squares += 2 * before + 1;
    return at + 1 >= limits.alarmWindowRollouts && (at + 1) ** 2 >= limits.alarmItems * squares;
  });
  return latest.slice(0, last === -1 ? limits.alarmItemsRollouts : last + 1);
}

function alarmOf({ kind, subject, value, threshold, message }: Reading, raised_at: string): RunAlarm {
  return {
    kind,
    subject,
    raised_at,
    cleared_at: null,
    raised_value: rounded(value),
    value: rounded(value),
    threshold: rounded(threshold),
    message,
    what_to_do: WHAT_TO_DO[kind],
  };
}

/** No more digits than a few hundred rollouts can tell. */
const rounded = (value: number) => Number(value.toPrecision(3));

const WHAT_TO_DO: Record<AlarmKind, string> = {
  faults:
    "Look at faults.by_boundary, at signals.faults (those that no ledger has) and at the worker's log: it names the boundary and its cause. Pause the job if it goes on; discards shift what is trained on.",
  abandoned:
    "The trainer gave these rollouts up without a fault of ours. Look at its events for timeouts, at latency per tool, and whether the grader's URL is right.",
  mistakes:
    "Read some of these calls in their ledgers. If a tool's answer led the model there, or an index or prompt has changed, mend that before going on.",
  score_too_good:
    "Read answers of the latest rollouts before believing it: a hole in the grader looks like this. Run edgegym attack, and see evidence.correct_never_read.",
  score_collapse:
    "Pause the job: when infrastructure fails, the model is paid nothing through no fault of its own, and training collapses. Mend the faults, then resume from a checkpoint of before.",
  identical_answers:
    "One answer to different questions is no answer. Read these rollouts: the model may have found an answer that the grader pays for, or given up.",
  claims_disagree:
    "Calls are answered to the model that did not reach this service. Check the tools' URLs and that trace_id and call_id come with each call.",
  unauthorized_rollouts:
    "A trainer calls with a wrong token, and shows the refusal to the model. Pause the job and mend its headers, or put the token it uses into TRAINER_TOKEN. (Whoever knows the URL can raise this alarm.)",
  no_evidence:
    "Right answers whose figures no call has shown: memorised, leaked into prompt or tools, or guessed. Read the examples; hold out items that the model cannot know.",
};

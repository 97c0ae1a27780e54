/**
 * The Durable Object that knows which runs there are: the list of `GET /runs`, told by the runs themselves. What comes without a
 * valid token is passed on only to a run that is known here, else counted here, so that a stranger creates nothing. A job whose
 * token is wrong from its start never makes a run known: what it sends raises an alarm of the directory's own.
 */
import { DurableObject } from "cloudflare:workers";
import { limits } from "../../contract/limits.ts";
import { isRehearsal } from "../../contract/run-name.ts";
import type { RunAlarm, RunEntry, RunList } from "../../contract/run.ts";
import type { Bindings } from "../bindings.ts";
import { logMonitorFault } from "../log.ts";
import { measureStrangers } from "./alarm-readings.ts";
import { AlarmStore } from "./alarm-store.ts";
import { lookAtAlarms, pushOf } from "./alarms.ts";
import { signalRun } from "./client.ts";
import { DirectoryStore } from "./directory-store.ts";
import { Outbox } from "./outbox.ts";
import { type SignalCounts, signalsOf } from "./signal-counts.ts";
import { LONG_PAST, SignalStore } from "./signal-store.ts";

/** What came without a valid token under a run's name; null where the name was none, or one of too many. */
export interface StrangerSignals {
  run: string | null;
  counts: SignalCounts;
}

/** The run of alarms that are of no run. */
const NO_RUN = "";

export class RunDirectory extends DurableObject<Bindings> {
  readonly #store: DirectoryStore;
  readonly #signals: SignalStore;
  readonly #alarms: AlarmStore;
  readonly #outbox: Outbox;

  constructor(state: DurableObjectState, bindings: Bindings) {
    super(state, bindings);
    const { sql } = state.storage;
    this.#store = new DirectoryStore(sql);
    this.#signals = new SignalStore(sql);
    this.#alarms = new AlarmStore(sql);
    this.#outbox = new Outbox(sql);
  }

  /** A run as it stands now, in the place of what it told before. */
  put(entry: RunEntry): void {
    this.#store.put(entry);
  }

  async list(): Promise<RunList> {
    await this.#lookAtAlarm();
    return {
      runs: this.#store.list(limits.directoryListed),
      alarms: this.#alarms.all(),
      elsewhere: signalsOf(this.#signals.since(LONG_PAST)),
    };
  }

  /** Passes on what concerns a known run, at most once, and counts the rest. */
  async strangers(signals: StrangerSignals[]): Promise<void> {
    const passing = signals.flatMap(({ run, counts }) => {
      if (run !== null && this.#store.has(run)) return [signalRun(this.env, run, counts)];
      // A rehearsal's wrong tokens are made. Where no time is kept, no alarm sees them.
      this.#signals.add(counts, run !== null && isRehearsal(run) ? LONG_PAST : minuteOf(Date.now()));
      return [];
    });
    await this.#lookAtAlarm();
    await Promise.allSettled(passing);
  }

  /** Clears the alarm when it is over, and posts what is due. Never throws, since an alarm that does is given up. */
  override async alarm(): Promise<void> {
    try {
      await this.#lookAtAlarm();
      const due = await this.#outbox.post(this.env.ALERT_WEBHOOK_URL, NO_RUN);
      if (due !== undefined) await this.#wakeBy(due);
    } catch (error) {
      logMonitorFault("directory", NO_RUN, error);
      await this.#wakeBy(Date.now() + limits.tellAgainAtMostMilliseconds);
    }
  }

  async #lookAtAlarm(): Promise<void> {
    const now = Date.now();
    const recent = this.#signals.since(minuteOf(now) - limits.alarmSignalMinutes + 1);
    const reading = measureStrangers(recent["unauthorized_with_trace_id"] ?? 0);
    for (const { state, alarm } of lookAtAlarms([reading], this.#alarms.standing(), now)) {
      this.#alarms.put(alarm);
      if (state === "raised") await this.#postHourly(alarm, now);
    }
    if (this.#alarms.standing().length > 0) await this.#wakeBy(now + limits.alarmSignalMinutes * 60_000);
  }

  /**
   * Whoever knows the URL can raise this alarm, again and again: it is posted once in an hour, and its clearing not at all. One
   * that comes too early waits for its hour, so that a stranger's does not hide a trainer's.
   */
  async #postHourly(alarm: RunAlarm, now: number): Promise<void> {
    const last = this.#store.postedAt();
    if (!this.env.ALERT_WEBHOOK_URL || last > now) return;
    const due = Math.max(now, last + limits.strangersPostMilliseconds);
    this.#store.setPostedAt(due);
    this.#outbox.add(pushOf(NO_RUN, "raised", alarm), due);
    await this.#wakeBy(due);
  }

  /** Sees to it that the alarm rings by then; one that rings earlier stays. */
  async #wakeBy(at: number): Promise<void> {
    const set = await this.ctx.storage.getAlarm();
    if (set === null || set > at) await this.ctx.storage.setAlarm(at);
  }
}

const minuteOf = (milliseconds: number) => Math.floor(milliseconds / 60_000);

/**
 * The Durable Object of one run: what its rollouts have told of themselves, counted. What it is told is durable before it is
 * acknowledged; the counts are the sum of what is stored, made anew whenever the object wakes. Never on the way of a call's
 * answer: rollouts tell it afterwards, and nothing waits for it.
 */
import { DurableObject } from "cloudflare:workers";
import { limits } from "../../contract/limits.ts";
import { isRehearsal } from "../../contract/run-name.ts";
import { type RolloutPage, RolloutStatus, type RunAlarm, type RunEntry, type RunReport } from "../../contract/run.ts";
import type { Bindings } from "../bindings.ts";
import { logMonitorFault } from "../log.ts";
import { measureAll, measureSignals, type Observed, type ObservedSignals } from "./alarm-readings.ts";
import { AlarmStore } from "./alarm-store.ts";
import { alarmKey, lookAtAlarms, pushOf, windowOf, windowsOfItems } from "./alarms.ts";
import { tellDirectory } from "./client.ts";
import { latestOpenedFirst, pageOf, type Place } from "./listing.ts";
import { Outbox } from "./outbox.ts";
import { reportOf, rolloutCounts, scoreMean } from "./report.ts";
import { faultsAmong, type SignalCounts, signalsOf } from "./signal-counts.ts";
import { LONG_PAST, SignalStore } from "./signal-store.ts";
import { Statistics } from "./statistics.ts";
import { RunStore, type StoredRun } from "./store.ts";
import { isNewer, type RolloutSummary } from "./summary.ts";

export class Run extends DurableObject<Bindings> {
  readonly #store: RunStore;
  readonly #signals: SignalStore;
  readonly #alarms: AlarmStore;
  readonly #outbox: Outbox;
  /** The sum of the stored summaries; undefined until it is first needed. */
  #statistics: Statistics | undefined;
  /** How often there was news of rollouts since the object woke. */
  #news = 0;

  constructor(state: DurableObjectState, bindings: Bindings) {
    super(state, bindings);
    const { sql } = state.storage;
    this.#store = new RunStore(sql);
    this.#signals = new SignalStore(sql);
    this.#alarms = new AlarmStore(sql);
    this.#outbox = new Outbox(sql);
  }

  /** Takes what rollouts tell of themselves; of each, the newest stands. Safe to repeat, in any order. Says how many were news. */
  async tell(run: string, summaries: RolloutSummary[]): Promise<number> {
    const began = this.#store.open(run);
    const news = summaries.filter((summary) => this.#take(summary)).length;
    if (news > 0) this.#noteNews();
    // Without news, too: who tells it again may have been cut off after it was stored, and before the alarm was set.
    if (summaries.length > 0) await this.#wakeBy(Date.now() + (began ? 0 : limits.runTickMilliseconds));
    return news;
  }

  /** Adds what no ledger has. Counts twice what is sent twice, so it is sent once. */
  async signal(run: string, counts: SignalCounts): Promise<void> {
    this.#store.open(run);
    this.#signals.add(counts, Math.floor(Date.now() / 60_000));
    await this.#wakeBy(Date.now() + limits.runTickMilliseconds);
  }

  /** The run as it stands, with its alarms looked at anew; null when nothing was ever told. */
  async report(): Promise<RunReport | null> {
    const run = this.#store.run();
    if (run === undefined) return null;
    await this.#lookAtAlarms(run.name, "all");
    const examples = (which: "unread" | "disagreeing") =>
      this.#store.latest(which, limits.runExamples).map(({ trace_id }) => trace_id);
    return reportOf(this.#counts(), {
      run: run.name,
      full: run.full,
      firstActivity: run.firstActivity,
      lastActivity: this.#store.lastActivity(),
      unread: examples("unread"),
      disagreeing: examples("disagreeing"),
      signals: signalsOf(this.#signals.since(LONG_PAST)),
      alarms: this.#alarms.all().toSorted(standingFirst),
    });
  }

  /** A page of the run's rollouts, of all or of those of one status; null when nothing was ever told. */
  page(status: RolloutStatus | undefined, after: Place, limit: number): RolloutPage | null {
    if (this.#store.run() === undefined) return null;
    const statuses = status === undefined ? RolloutStatus.options : [status];
    // One more than asked for tells whether there is a next page.
    const found = statuses.flatMap((one) => this.#store.listed(one, after, limit + 1));
    return pageOf(found.toSorted(latestOpenedFirst), limit);
  }

  /** Looks at the alarms, tells the directory, posts what is due. Rings again for what failed; never throws, since that is given up. */
  override async alarm(): Promise<void> {
    const run = this.#store.run();
    if (run === undefined) return;
    await this.#orAgain(run.name, () => this.#tick(run));
    await this.#orAgain(run.name, async () => {
      const due = await this.#outbox.post(this.env.ALERT_WEBHOOK_URL, run.name);
      if (due !== undefined) await this.#wakeBy(due);
    });
  }

  /** What came since the last time. A stranger makes signals, so where these are all that came, no more is read than they need. */
  async #tick(run: StoredRun): Promise<void> {
    const before = this.#news;
    const told = this.#store.entry();
    const rolloutsToo = this.#store.hasNews() || told === undefined;
    await this.#lookAtAlarms(run.name, rolloutsToo ? "all" : "signals");
    const entry = rolloutsToo ? this.#entry(run) : { ...told, ...this.#entryOfNow() };
    if (!rolloutsToo && JSON.stringify(entry) === JSON.stringify(told)) return;
    await tellDirectory(this.env, entry);
    this.#store.putEntry(entry);
    if (this.#news === before) this.#store.endNews();
  }

  /** What fails is done again after a minute, then after twice as long, and so on, up to an hour; or with the next news. */
  async #orAgain(run: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      logMonitorFault("run", run, error);
      const now = Date.now();
      const pause = Math.max(limits.tellAgainMilliseconds, now - this.#noteNews());
      await this.#wakeBy(now + Math.min(pause, limits.tellAgainAtMostMilliseconds));
    }
  }

  #noteNews(): number {
    this.#news++;
    return this.#store.noteNews(Date.now());
  }

  #take(summary: RolloutSummary): boolean {
    const kept = this.#store.find(summary.trace_id);
    if (kept && !isNewer(summary, kept)) return false;
    if (!kept && this.#store.countRollouts() >= limits.runRollouts) {
      this.#store.setFull();
      return false;
    }
    this.#store.put(summary, kept === undefined);
    if (kept) this.#statistics?.fold(kept, -1);
    this.#statistics?.fold(summary, 1);
    return true;
  }

  #counts(): Statistics {
    this.#statistics ??= Statistics.of(this.#store.all());
    return this.#statistics;
  }

  /** At all of them, or at those that signals alone can raise or clear. */
  async #lookAtAlarms(run: string, which: "all" | "signals"): Promise<void> {
    const now = Date.now();
    const readings = which === "all" ? measureAll(this.#observed()) : measureSignals(this.#observedSignals());
    let changed = false;
    for (const { state, alarm } of lookAtAlarms(readings, this.#alarms.standing(), now)) {
      this.#alarms.put(alarm);
      if (state === "stands") continue;
      changed = true;
      if (this.env.ALERT_WEBHOOK_URL && !isRehearsal(run)) this.#outbox.add(pushOf(run, state, alarm), now);
    }
    if (changed) await this.#wakeBy(now);
  }

  #observed(): Observed {
    const graded = this.#store.latest("graded", 2 * limits.alarmItemsRollouts);
    return {
      ...this.#observedSignals(),
      all: this.#counts(),
      standing: this.#alarms.standing(),
      graded: windowOf(graded.slice(0, limits.alarmWindowRollouts)),
      closed: this.#window("closed"),
      ...windowsOfItems(graded),
    };
  }

  #observedSignals(): ObservedSignals {
    const newest = Math.max(this.#signals.latest(), Math.floor((this.#store.lastActivity() ?? 0) / 60_000));
    const recent = this.#signals.since(newest - limits.alarmSignalMinutes + 1);
    return {
      latest: this.#window("latest"),
      recent: {
        unauthorizedRollouts: recent["unauthorized_with_trace_id"] ?? 0,
        unrecordedFaults: faultsAmong(recent),
      },
    };
  }

  #window(which: "latest" | "closed"): RolloutSummary[] {
    return windowOf(this.#store.latest(which, limits.alarmWindowRollouts));
  }

  #entry({ name, firstActivity }: StoredRun): RunEntry {
    const counts = this.#counts();
    return {
      run: name,
      first_activity_at: isoOrNull(firstActivity),
      rollouts: rolloutCounts(counts),
      score_mean: scoreMean(counts),
      calls: counts.calls,
      ...this.#entryOfNow(),
    };
  }

  /** What of it changes with signals, too. A run without rollouts is as recent as its latest signal. */
  #entryOfNow(): Pick<RunEntry, "last_activity_at" | "alarms"> {
    const latest = this.#store.lastActivity() ?? this.#signals.latest() * 60_000;
    return { last_activity_at: isoOrNull(latest), alarms: this.#alarms.standing().map(alarmKey) };
  }

  /** Sees to it that the alarm rings by then; one that rings earlier stays. */
  async #wakeBy(at: number): Promise<void> {
    const set = await this.ctx.storage.getAlarm();
    if (set === null || set > at) await this.ctx.storage.setAlarm(at);
  }
}

function standingFirst(a: RunAlarm, b: RunAlarm): number {
  if ((a.cleared_at === null) !== (b.cleared_at === null)) return a.cleared_at === null ? -1 : 1;
  return b.raised_at.localeCompare(a.raised_at);
}

const isoOrNull = (milliseconds: number | null) =>
  milliseconds === null ? null : new Date(milliseconds).toISOString();

/**
 * The Durable Object of one run: what its rollouts have told of themselves, counted. What it is told is durable before it is
 * acknowledged; the counts are the sum of what is stored, made anew whenever the object wakes. Never on the way of a call's
 * answer: rollouts tell it afterwards, and nothing waits for it.
 */
import { DurableObject } from "cloudflare:workers";
import { limits } from "../../contract/limits.ts";
import { isRehearsal } from "../../contract/run-name.ts";
import type { AlarmPush, RunAlarm, RunEntry, RunReport } from "../../contract/run.ts";
import type { Bindings } from "../bindings.ts";
import { logMonitorFault } from "../log.ts";
import { type AlarmChange, alarmChanges, alarmKey, windowOf, windowOfItems } from "./alarms.ts";
import { tellDirectory } from "./client.ts";
import { reportOf, rolloutCounts, scoreMean } from "./report.ts";
import { faultsAmong, type SignalCounts, signalsOf } from "./signal-counts.ts";
import { Statistics } from "./statistics.ts";
import { RunStore, type StoredRun } from "./store.ts";
import { isNewer, type RolloutSummary } from "./summary.ts";
import { pushAlarm } from "./webhook.ts";

export class Run extends DurableObject<Bindings> {
  readonly #store: RunStore;
  /** The sum of the stored summaries; undefined until it is first needed. */
  #statistics: Statistics | undefined;
  /** One round of pushes at a time, so that none is sent twice. */
  #pushing: Promise<void> | undefined;

  constructor(state: DurableObjectState, bindings: Bindings) {
    super(state, bindings);
    this.#store = new RunStore(state.storage.sql);
  }

  /** Takes what rollouts tell of themselves; of each, the newest stands. Safe to repeat, in any order. Says how many were news. */
  async tell(run: string, summaries: RolloutSummary[]): Promise<number> {
    const began = this.#store.open(run);
    const news = summaries.filter((summary) => this.#take(summary)).length;
    if (news > 0) await this.#wakeBy(Date.now() + (began ? 0 : limits.runTickMilliseconds));
    return news;
  }

  /** Adds what no ledger has. Counts twice what is sent twice, so it is sent once. */
  async signal(run: string, counts: SignalCounts): Promise<void> {
    this.#store.open(run);
    this.#store.addSignals(counts, Date.now());
    await this.#wakeBy(Date.now() + limits.runTickMilliseconds);
  }

  /** The run as it stands, with its alarms looked at anew; null when nothing was ever told. */
  async report(): Promise<RunReport | null> {
    const run = this.#store.run();
    if (run === undefined) return null;
    await this.#lookAtAlarms(run.name);
    const examples = (which: "unread" | "disagreeing") =>
      this.#store.latest(which, limits.runExamples).map(({ trace_id }) => trace_id);
    return reportOf(this.#counts(), {
      run: run.name,
      full: run.full,
      firstActivity: run.firstActivity,
      lastActivity: this.#store.lastActivity(),
      unread: examples("unread"),
      disagreeing: examples("disagreeing"),
      signals: signalsOf(this.#store.signals(0)),
      alarms: this.#store.alarms().toSorted(standingFirst),
    });
  }

  /** Looks at the alarms, tells the directory, pushes what is due. Rings again for what failed; never throws, since that is given up. */
  override async alarm(): Promise<void> {
    const run = this.#store.run();
    if (run === undefined) return;
    try {
      await this.#lookAtAlarms(run.name);
      await tellDirectory(this.env, this.#entry(run));
    } catch (error) {
      logMonitorFault("run", run.name, error);
      await this.#wakeBy(Date.now() + limits.tellAgainMilliseconds);
    }
    this.#pushing ??= this.#pushDue(run.name).finally(() => (this.#pushing = undefined));
    await this.#pushing;
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

  async #lookAtAlarms(run: string): Promise<void> {
    const window = (which: "latest" | "graded" | "closed", count: number = limits.alarmWindowRollouts) =>
      windowOf(this.#store.latest(which, count));
    const graded = window("graded", limits.alarmItemsRollouts);
    const newest = Math.max(this.#store.latestSignal(), Math.floor((this.#store.lastActivity() ?? 0) / 60_000));
    const recent = this.#store.signals(newest - limits.alarmSignalMinutes + 1);
    const observed = {
      all: this.#counts(),
      latest: window("latest"),
      graded: graded.slice(0, limits.alarmWindowRollouts),
      closed: window("closed"),
      ofItems: windowOfItems(graded),
      recent: {
        unauthorizedRollouts: recent["unauthorized_with_trace_id"] ?? 0,
        unrecordedFaults: faultsAmong(recent),
      },
    };
    const now = Date.now();
    const changes = alarmChanges(observed, this.#standing(), now);
    for (const change of changes) {
      this.#store.putAlarm(change.alarm);
      if (this.env.ALERT_WEBHOOK_URL && !isRehearsal(run)) this.#store.addPush(pushOf(run, change), now);
    }
    if (changes.length > 0) await this.#wakeBy(now);
  }

  #standing(): RunAlarm[] {
    return this.#store.alarms().filter(({ cleared_at }) => cleared_at === null);
  }

  #entry({ name, firstActivity }: StoredRun): RunEntry {
    const counts = this.#counts();
    return {
      run: name,
      first_activity_at: isoOrNull(firstActivity),
      last_activity_at: isoOrNull(this.#store.lastActivity()),
      rollouts: rolloutCounts(counts),
      score_mean: scoreMean(counts),
      calls: counts.calls,
      alarms: this.#standing().map(alarmKey),
    };
  }

  /** In the order of their raising, so that the receiver never sees a clear before its raise. The first failure ends the round. */
  async #pushDue(run: string): Promise<void> {
    const url = this.env.ALERT_WEBHOOK_URL;
    for (const { number, push, attempts, due_at } of this.#store.pushes()) {
      if (due_at > Date.now()) return this.#wakeBy(due_at);
      const failure = url ? await pushAlarm(url, push) : undefined;
      if (failure === undefined) this.#store.setPush(number, undefined);
      else {
        logMonitorFault("webhook", run, failure);
        const due = Date.now() + limits.webhookRetryMilliseconds * 2 ** attempts;
        const givenUp = attempts + 1 >= limits.webhookAttempts;
        this.#store.setPush(number, givenUp ? undefined : { attempts: attempts + 1, due_at: due });
        return this.#wakeBy(givenUp ? Date.now() : due);
      }
    }
  }

  /** Sees to it that the alarm rings by then; one that rings earlier stays. */
  async #wakeBy(at: number): Promise<void> {
    const set = await this.ctx.storage.getAlarm();
    if (set === null || set > at) await this.ctx.storage.setAlarm(at);
  }
}

function pushOf(run: string, { state, alarm }: AlarmChange): AlarmPush {
  const at = state === "raised" ? alarm.raised_at : (alarm.cleared_at ?? "");
  const text =
    state === "raised"
      ? `edgegym: run ${run}: ${alarm.message} ${alarm.what_to_do}`
      : `edgegym: run ${run}: cleared: ${alarmKey(alarm)}`;
  return { ...alarm, id: `${run}/${alarmKey(alarm)}/${state}/${at}`, run, state, text };
}

function standingFirst(a: RunAlarm, b: RunAlarm): number {
  if ((a.cleared_at === null) !== (b.cleared_at === null)) return a.cleared_at === null ? -1 : 1;
  return b.raised_at.localeCompare(a.raised_at);
}

const isoOrNull = (milliseconds: number | null) =>
  milliseconds === null ? null : new Date(milliseconds).toISOString();

/**
 * All SQL of a run's object. Never decides anything.
 *
 *   run        one row: whose counts these are, when its first rollout was opened, and whether there are as many as can be counted
 *   rollouts   one row per rollout, its latest summary: the truth of which the statistics are the sum; beside it what it is found by
 *   signals    what no ledger has, by kind and minute since 1970; minute 0 is the sum of all that is long past
 *   alarms     the latest raise of each alarm
 *   pushes     what is to be posted to the webhook
 *
 * The tables come into being with the first write, so that looking at an unknown run stores nothing.
 */
import { limits } from "../../contract/limits.ts";
import { AlarmPush, type RolloutStatus, RunAlarm } from "../../contract/run.ts";
import { alarmKey } from "./alarms.ts";
import type { Place } from "./listing.ts";
import { isDisagreeing, isUnread, RolloutSummary, statusOf } from "./summary.ts";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS run (name TEXT NOT NULL, first_at INTEGER, is_full INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS rollouts (
    trace_id TEXT PRIMARY KEY, last_seen_at INTEGER NOT NULL, graded_at INTEGER, closed INTEGER NOT NULL, unread INTEGER NOT NULL, disagreeing INTEGER NOT NULL, summary TEXT NOT NULL,
    opened_at INTEGER NOT NULL, status TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS rollouts_listed ON rollouts (status, opened_at);
  CREATE INDEX IF NOT EXISTS rollouts_latest ON rollouts (last_seen_at);
  CREATE INDEX IF NOT EXISTS rollouts_graded ON rollouts (graded_at) WHERE graded_at IS NOT NULL;
  CREATE INDEX IF NOT EXISTS rollouts_closed ON rollouts (last_seen_at) WHERE closed = 1;
  CREATE INDEX IF NOT EXISTS rollouts_unread ON rollouts (last_seen_at) WHERE unread = 1;
  CREATE INDEX IF NOT EXISTS rollouts_disagreeing ON rollouts (last_seen_at) WHERE disagreeing = 1;
  CREATE TABLE IF NOT EXISTS signals (
    kind TEXT NOT NULL, minute INTEGER NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (kind, minute)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS alarms (alarm_key TEXT PRIMARY KEY, alarm TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS pushes (
    number INTEGER PRIMARY KEY, push TEXT NOT NULL, attempts INTEGER NOT NULL, due_at INTEGER NOT NULL
  );
`;

/** Which rollouts alarms and examples look at; each has its index. */
const LATEST = {
  latest: "SELECT summary FROM rollouts ORDER BY last_seen_at DESC LIMIT ?",
  graded: "SELECT summary FROM rollouts WHERE graded_at IS NOT NULL ORDER BY graded_at DESC LIMIT ?",
  closed: "SELECT summary FROM rollouts WHERE closed = 1 ORDER BY last_seen_at DESC LIMIT ?",
  unread: "SELECT summary FROM rollouts WHERE unread = 1 ORDER BY last_seen_at DESC LIMIT ?",
  disagreeing: "SELECT summary FROM rollouts WHERE disagreeing = 1 ORDER BY last_seen_at DESC LIMIT ?",
} as const;

/** In the order of the index, to which the primary key belongs. */
const LISTED = `
  SELECT summary FROM rollouts WHERE status = ? AND (opened_at, trace_id) < (?, ?)
  ORDER BY opened_at DESC, trace_id DESC LIMIT ?
`;

/** Times are milliseconds since 1970. */
export type StoredRun = { name: string; firstActivity: number | null; full: boolean };

export type PendingPush = { number: number; push: AlarmPush; attempts: number; due_at: number };

type SummaryRow = { summary: string };

export class RunStore {
  readonly #sql: SqlStorage;
  #exists: boolean;
  /** Rollouts kept; counted when it is first asked for. */
  #kept: number | undefined;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.#exists = this.#rows("SELECT 1 FROM sqlite_master WHERE name = 'run'").length > 0;
    if (this.#exists) this.#addListing();
  }

  /** Whose counts these are; undefined before anything was told. */
  run(): StoredRun | undefined {
    if (!this.#exists) return undefined;
    const [row] = this.#rows<{ name: string; first_at: number | null; is_full: number }>("SELECT * FROM run");
    return row && { name: row.name, firstActivity: row.first_at, full: row.is_full === 1 };
  }

  /** Begins the counts, and says whether it did. */
  open(name: string): boolean {
    if (this.#exists) return false;
    this.#sql.exec(SCHEMA);
    this.#sql.exec("INSERT INTO run VALUES (?, NULL, 0)", name);
    this.#exists = true;
    return true;
  }

  setFull(): void {
    this.#sql.exec("UPDATE run SET is_full = 1");
  }

  countRollouts(): number {
    this.#kept ??= this.#sql.exec<{ n: number }>("SELECT count(*) AS n FROM rollouts").one().n;
    return this.#kept;
  }

  find(traceId: string): RolloutSummary | undefined {
    return this.#rows<SummaryRow>("SELECT summary FROM rollouts WHERE trace_id = ?", traceId).map(parsed)[0];
  }

  /** Takes the place of an earlier summary of the rollout. */
  put(summary: RolloutSummary, isNew: boolean): void {
    const { trace_id, opened_at, last_seen_at, grade, closed } = summary;
    if (isNew) {
      this.#kept = this.countRollouts() + 1;
      this.#sql.exec("UPDATE run SET first_at = ?1 WHERE first_at IS NULL OR first_at > ?1", opened_at);
    }
    this.#sql.exec(
      "INSERT OR REPLACE INTO rollouts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      trace_id,
      last_seen_at,
      grade?.graded_at ?? null,
      closed ? 1 : 0,
      isUnread(summary) ? 1 : 0,
      isDisagreeing(summary) ? 1 : 0,
      JSON.stringify(summary),
      opened_at,
      statusOf(summary),
    );
  }

  /** One at a time: all of them need not fit into memory. */
  *all(): Generator<RolloutSummary> {
    for (const row of this.#sql.exec<SummaryRow>("SELECT summary FROM rollouts")) yield parsed(row);
  }

  /** From the latest on. */
  latest(which: keyof typeof LATEST, count: number): RolloutSummary[] {
    return this.#rows<SummaryRow>(LATEST[which], count).map(parsed);
  }

  /** Rollouts that stand there, from the latest opened on, after a place in that order. */
  listed(status: RolloutStatus, after: Place, count: number): RolloutSummary[] {
    return this.#rows<SummaryRow>(LISTED, status, after.opened_at, after.trace_id, count).map(parsed);
  }

  /** When the latest rollout was last seen; null without any. */
  lastActivity(): number | null {
    return this.#sql.exec<{ t: number | null }>("SELECT max(last_seen_at) AS t FROM rollouts").one().t;
  }

  addSignals(counts: Record<string, number>, now: number): void {
    const minute = Math.floor(now / 60_000);
    const add = `INSERT INTO signals VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET count = count + ?3`;
    for (const [kind, count] of Object.entries(counts)) this.#sql.exec(add, kind, minute, count);
    const past = minute - limits.signalKeptMinutes;
    const old = "SELECT kind, sum(count) AS count FROM signals WHERE minute BETWEEN 1 AND ? GROUP BY kind";
    for (const { kind, count } of this.#rows<{ kind: string; count: number }>(old, past)) {
      this.#sql.exec(add, kind, 0, count);
    }
    this.#sql.exec("DELETE FROM signals WHERE minute BETWEEN 1 AND ?", past);
  }

  /** Sums by kind since a minute; since 0 for all. */
  signals(sinceMinute: number): Record<string, number> {
    const sums = "SELECT kind, sum(count) AS count FROM signals WHERE minute >= ? GROUP BY kind ORDER BY kind";
    const rows = this.#rows<{ kind: string; count: number }>(sums, sinceMinute);
    return Object.fromEntries(rows.map(({ kind, count }) => [kind, count]));
  }

  /** The minute of the latest signal. */
  latestSignal(): number {
    return this.#sql.exec<{ t: number | null }>("SELECT max(minute) AS t FROM signals").one().t ?? 0;
  }

  alarms(): RunAlarm[] {
    const rows = this.#rows<{ alarm: string }>("SELECT alarm FROM alarms ORDER BY alarm_key");
    return rows.map(({ alarm }) => RunAlarm.parse(JSON.parse(alarm)));
  }

  putAlarm(alarm: RunAlarm): void {
    this.#sql.exec("INSERT OR REPLACE INTO alarms VALUES (?, ?)", alarmKey(alarm), JSON.stringify(alarm));
  }

  /** What waits for its next try is due with it: its pause would hold the new one up, for hours after a long silence. */
  addPush(push: AlarmPush, now: number): void {
    this.#sql.exec("UPDATE pushes SET due_at = ?1 WHERE due_at > ?1", now);
    this.#sql.exec("INSERT INTO pushes (push, attempts, due_at) VALUES (?, 0, ?)", JSON.stringify(push), now);
    this.#sql.exec(
      "DELETE FROM pushes WHERE number <= (SELECT number FROM pushes ORDER BY number DESC LIMIT 1 OFFSET ?)",
      limits.webhooksKept,
    );
  }

  pushes(): PendingPush[] {
    if (!this.#exists) return [];
    const rows = this.#rows<Omit<PendingPush, "push"> & { push: string }>("SELECT * FROM pushes ORDER BY number");
    return rows.map((row) => ({ ...row, push: AlarmPush.parse(JSON.parse(row.push)) }));
  }

  /** Puts a push off; undefined ends it, done or given up. */
  setPush(number: number, next: { attempts: number; due_at: number } | undefined): void {
    if (next === undefined) this.#sql.exec("DELETE FROM pushes WHERE number = ?", number);
    else
      this.#sql.exec("UPDATE pushes SET attempts = ?, due_at = ? WHERE number = ?", next.attempts, next.due_at, number);
  }

  /** Rollouts of before have their time of opening and their status in their summaries only, by which no list finds them. */
  #addListing(): void {
    const before = "name = 'rollouts' AND sql LIKE '%summary%' AND sql NOT LIKE '%status%'";
    if (this.#rows(`SELECT 1 FROM sqlite_master WHERE ${before}`).length === 0) return;
    this.#sql.exec("ALTER TABLE rollouts ADD COLUMN opened_at INTEGER NOT NULL DEFAULT 0");
    this.#sql.exec("ALTER TABLE rollouts ADD COLUMN status TEXT NOT NULL DEFAULT ''");
    this.#sql.exec(SCHEMA);
    for (const { trace_id } of this.#rows<{ trace_id: string }>("SELECT trace_id FROM rollouts")) {
      const summary = this.find(trace_id);
      if (summary) this.put(summary, false);
    }
  }

  #rows<Row extends Record<string, SqlStorageValue>>(statement: string, ...bindings: SqlStorageValue[]): Row[] {
    return this.#sql.exec<Row>(statement, ...bindings).toArray();
  }
}

const parsed = ({ summary }: SummaryRow) => RolloutSummary.parse(JSON.parse(summary));

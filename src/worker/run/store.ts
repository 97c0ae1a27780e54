/**
 * All SQL of a run's object. Never decides anything.
 *
 *   run        one row: whose counts these are, when its first rollout was opened, and whether there are as many as can be counted
 *   looks      one row: since when there is news of rollouts that alarms and directory have not seen, and what the directory was
 *              told last, so that a look at signals alone reads no rollouts
 *   rollouts   one row per rollout, its latest summary: the truth of which the statistics are the sum; beside it what it is found by
 *
 * and the tables of signal-store.ts, alarm-store.ts and outbox.ts.
 *
 * The tables come into being with the first write, so that looking at an unknown run stores nothing.
 */
import { type RolloutStatus, RunEntry } from "../../contract/run.ts";
import { ALARMS_SCHEMA } from "./alarm-store.ts";
import type { Place } from "./listing.ts";
import { PUSHES_SCHEMA } from "./outbox.ts";
import { SIGNALS_SCHEMA } from "./signal-store.ts";
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
  ${ALARMS_SCHEMA}
  ${SIGNALS_SCHEMA}
  ${PUSHES_SCHEMA}
`;

const LOOKS_SCHEMA = `
  CREATE TABLE IF NOT EXISTS looks (news_at INTEGER, entry TEXT);
  INSERT INTO looks SELECT NULL, NULL WHERE NOT EXISTS (SELECT 1 FROM looks);
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
    // A run that began under an earlier version of this code has no such row.
    if (this.#exists) sql.exec(LOOKS_SCHEMA);
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
    this.#sql.exec(SCHEMA + LOOKS_SCHEMA);
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

  /** That there is news of rollouts; says since when. Milliseconds since 1970. */
  noteNews(now: number): number {
    const [news] = this.#rows<{ news_at: number }>("SELECT news_at FROM looks WHERE news_at IS NOT NULL");
    // Of the many that come between two looks, only the first is written down.
    if (news === undefined) this.#sql.exec("UPDATE looks SET news_at = ?", now);
    return news?.news_at ?? now;
  }

  hasNews(): boolean {
    return this.#rows("SELECT 1 FROM looks WHERE news_at IS NOT NULL").length > 0;
  }

  endNews(): void {
    this.#sql.exec("UPDATE looks SET news_at = NULL");
  }

  /** What the directory was told last. */
  entry(): RunEntry | undefined {
    const [row] = this.#rows<{ entry: string | null }>("SELECT entry FROM looks");
    return row?.entry ? RunEntry.safeParse(JSON.parse(row.entry)).data : undefined;
  }

  putEntry(entry: RunEntry): void {
    this.#sql.exec("UPDATE looks SET entry = ?", JSON.stringify(entry));
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

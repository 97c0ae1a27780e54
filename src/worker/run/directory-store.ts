/**
 * All SQL of the directory of runs. Never decides anything.
 *
 *   runs        one row per run, the latest `limits.directoryRuns`: what the list shows of it
 *   strangers   requests without a valid token for no known run, by kind; the kinds are few
 */
import { limits } from "../../contract/limits.ts";
import { RunEntry } from "../../contract/run.ts";
import type { SignalCounts } from "./signal-counts.ts";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS runs (run TEXT PRIMARY KEY, last_activity_at TEXT NOT NULL, entry TEXT NOT NULL) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS runs_latest ON runs (last_activity_at);
  CREATE TABLE IF NOT EXISTS strangers (kind TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
`;

export class DirectoryStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(SCHEMA);
  }

  put(entry: RunEntry): void {
    const { run, last_activity_at } = entry;
    this.#sql.exec("INSERT OR REPLACE INTO runs VALUES (?, ?, ?)", run, last_activity_at ?? "", JSON.stringify(entry));
    this.#sql.exec(
      "DELETE FROM runs WHERE run IN (SELECT run FROM runs ORDER BY last_activity_at DESC LIMIT -1 OFFSET ?)",
      limits.directoryRuns,
    );
  }

  has(run: string): boolean {
    return this.#sql.exec("SELECT 1 FROM runs WHERE run = ?", run).toArray().length > 0;
  }

  /** From the latest on. */
  list(count: number): RunEntry[] {
    const latest = "SELECT entry FROM runs ORDER BY last_activity_at DESC LIMIT ?";
    const rows = this.#sql.exec<{ entry: string }>(latest, count).toArray();
    return rows.map(({ entry }) => RunEntry.parse(JSON.parse(entry)));
  }

  addStrangers(counts: SignalCounts): void {
    const add = "INSERT INTO strangers VALUES (?1, ?2) ON CONFLICT DO UPDATE SET count = count + ?2";
    for (const [kind, count] of Object.entries(counts)) this.#sql.exec(add, kind, count);
  }

  /** By kind. */
  strangers(): Record<string, number> {
    const rows = this.#sql.exec<{ kind: string; count: number }>("SELECT * FROM strangers ORDER BY kind").toArray();
    return Object.fromEntries(rows.map(({ kind, count }) => [kind, count]));
  }
}

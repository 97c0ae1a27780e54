/**
 * All SQL of the directory of runs but that of signal-store.ts, alarm-store.ts and outbox.ts. Never decides anything.
 *
 *   runs     one row per run, the latest `limits.directoryRuns`: what the list shows of it
 *   posted   one row: when the alarm about strangers was or will be posted last
 */
import { limits } from "../../contract/limits.ts";
import { RunEntry } from "../../contract/run.ts";
import { ALARMS_SCHEMA } from "./alarm-store.ts";
import { PUSHES_SCHEMA } from "./outbox.ts";
import { SIGNALS_SCHEMA } from "./signal-store.ts";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS runs (run TEXT PRIMARY KEY, last_activity_at TEXT NOT NULL, entry TEXT NOT NULL) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS runs_latest ON runs (last_activity_at);
  CREATE TABLE IF NOT EXISTS posted (at INTEGER NOT NULL);
  INSERT INTO posted SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM posted);
  ${SIGNALS_SCHEMA}
  ${ALARMS_SCHEMA}
  ${PUSHES_SCHEMA}
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

  /** Milliseconds since 1970; 0 for never. */
  postedAt(): number {
    return this.#sql.exec<{ at: number }>("SELECT at FROM posted").one().at;
  }

  setPostedAt(at: number): void {
    this.#sql.exec("UPDATE posted SET at = ?", at);
  }
}

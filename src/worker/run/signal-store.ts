/**
 * The SQL of signals, for the objects that keep some. Never decides anything.
 *
 *   signals    what no ledger has, by kind and minute since 1970; minute 0 is the sum of all that is long past
 */
import { limits } from "../../contract/limits.ts";

export const SIGNALS_SCHEMA = `
  CREATE TABLE IF NOT EXISTS signals (
    kind TEXT NOT NULL, minute INTEGER NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (kind, minute)
  ) WITHOUT ROWID;
`;

/** The minute of what has no time of its own, or has long lost it. */
export const LONG_PAST = 0;

type KindRow = { kind: string; count: number };

export class SignalStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** @param minute since 1970 */
  add(counts: Record<string, number>, minute: number): void {
    const add = `INSERT INTO signals VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET count = count + ?3`;
    for (const [kind, count] of Object.entries(counts)) this.#sql.exec(add, kind, minute, count);
    const past = minute - limits.signalKeptMinutes;
    const old = "SELECT kind, sum(count) AS count FROM signals WHERE minute BETWEEN 1 AND ? GROUP BY kind";
    for (const { kind, count } of this.#sql.exec<KindRow>(old, past).toArray()) {
      this.#sql.exec(add, kind, LONG_PAST, count);
    }
    this.#sql.exec("DELETE FROM signals WHERE minute BETWEEN 1 AND ?", past);
  }

  /** Sums by kind since a minute; since `LONG_PAST` for all. */
  since(minute: number): Record<string, number> {
    const sums = "SELECT kind, sum(count) AS count FROM signals WHERE minute >= ? GROUP BY kind ORDER BY kind";
    const rows = this.#sql.exec<KindRow>(sums, minute).toArray();
    return Object.fromEntries(rows.map(({ kind, count }) => [kind, count]));
  }

  /** The minute of the latest signal; `LONG_PAST` without any. */
  latest(): number {
    return this.#sql.exec<{ t: number | null }>("SELECT max(minute) AS t FROM signals").one().t ?? LONG_PAST;
  }
}

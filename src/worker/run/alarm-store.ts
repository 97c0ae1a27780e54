/**
 * The SQL of alarms, for the objects that raise some. Never decides anything.
 *
 *   alarms    the latest raise of each alarm, by `alarmKey`
 */
import { RunAlarm } from "../../contract/run.ts";
import { alarmKey } from "./alarms.ts";

export const ALARMS_SCHEMA = `
  CREATE TABLE IF NOT EXISTS alarms (alarm_key TEXT PRIMARY KEY, alarm TEXT NOT NULL) WITHOUT ROWID;
`;

export class AlarmStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  all(): RunAlarm[] {
    const rows = this.#sql.exec<{ alarm: string }>("SELECT alarm FROM alarms ORDER BY alarm_key").toArray();
    return rows.map(({ alarm }) => RunAlarm.parse(JSON.parse(alarm)));
  }

  standing(): RunAlarm[] {
    return this.all().filter(({ cleared_at }) => cleared_at === null);
  }

  put(alarm: RunAlarm): void {
    // Most looks find what the one before found, and then nothing is written.
    const put = `INSERT INTO alarms VALUES (?1, ?2) ON CONFLICT DO UPDATE SET alarm = ?2 WHERE alarm <> ?2`;
    this.#sql.exec(put, alarmKey(alarm), JSON.stringify(alarm));
  }
}

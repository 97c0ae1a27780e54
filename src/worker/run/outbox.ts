/**
 * What an object is to post to the webhook: kept until it was taken or is given up. Its SQL and its rounds. Never decides what
 * is posted, never sets an alarm: it says when the next round is due.
 *
 *   pushes   one row per post that is to be made, in the order of the alarms' changes
 */
import { limits } from "../../contract/limits.ts";
import { AlarmPush } from "../../contract/run.ts";
import { logMonitorFault } from "../log.ts";
import { pushAlarm } from "./webhook.ts";

export const PUSHES_SCHEMA = `
  CREATE TABLE IF NOT EXISTS pushes (
    number INTEGER PRIMARY KEY, push TEXT NOT NULL, attempts INTEGER NOT NULL, due_at INTEGER NOT NULL
  );
`;

type PushRow = { number: number; push: string; attempts: number; due_at: number };

export class Outbox {
  readonly #sql: SqlStorage;
  /** One round at a time, so that nothing is sent twice. */
  #round: Promise<number | undefined> | undefined;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /**
   * What waits for its next try is due with the new one: its pause would hold that up, for hours after a long silence.
   * @param dueAt milliseconds since 1970
   */
  add(push: AlarmPush, dueAt: number): void {
    this.#sql.exec("UPDATE pushes SET due_at = ?1 WHERE due_at > ?1", dueAt);
    this.#sql.exec("INSERT INTO pushes (push, attempts, due_at) VALUES (?, 0, ?)", JSON.stringify(push), dueAt);
    this.#sql.exec(
      "DELETE FROM pushes WHERE number <= (SELECT number FROM pushes ORDER BY number DESC LIMIT 1 OFFSET ?)",
      limits.webhooksKept,
    );
  }

  /** Posts what is due, and says when the next is; undefined when nothing waits. Without a URL nothing is kept. */
  post(url: string | undefined, run: string): Promise<number | undefined> {
    this.#round ??= this.#postDue(url, run).finally(() => (this.#round = undefined));
    return this.#round;
  }

  /** In the order of their coming, so that the receiver never sees a clear before its raise. The first failure ends the round. */
  async #postDue(url: string | undefined, run: string): Promise<number | undefined> {
    const rows = this.#sql.exec<PushRow>("SELECT * FROM pushes ORDER BY number").toArray();
    for (const { number, push, attempts, due_at } of rows) {
      if (due_at > Date.now()) return due_at;
      const failure = url ? await post(url, push) : undefined;
      if (failure === undefined) {
        this.#remove(number);
        continue;
      }
      logMonitorFault("webhook", run, failure);
      const due = Date.now() + limits.webhookRetryMilliseconds * 2 ** attempts;
      const givenUp = attempts + 1 >= limits.webhookAttempts || failure instanceof Unreadable;
      if (givenUp) this.#remove(number);
      else this.#sql.exec("UPDATE pushes SET attempts = ?, due_at = ? WHERE number = ?", attempts + 1, due, number);
      return givenUp ? Date.now() : due;
    }
    return undefined;
  }

  #remove(number: number): void {
    this.#sql.exec("DELETE FROM pushes WHERE number = ?", number);
  }
}

/** A stored push of another version of this code. */
class Unreadable extends Error {
  override name = "Unreadable";
}

function post(url: string, stored: string): Promise<Error | undefined> {
  let push: AlarmPush;
  try {
    push = AlarmPush.parse(JSON.parse(stored));
  } catch {
    return Promise.resolve(new Unreadable());
  }
  return pushAlarm(url, push);
}

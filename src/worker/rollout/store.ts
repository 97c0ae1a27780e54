/**
 * All SQL of a rollout's object. Never decides anything: rules.ts does.
 *
 *   rollout   one row: whose ledger this is and when it was opened, closed, archived
 *   calls     one row per (call_id, fingerprint), in the order of arrival; a healed fault keeps its row
 *   grades    one row per distinct sample; the first verdict stands
 *   refusals  gradings refused, with the reason
 *
 * The tables come into being with the first write, so that looking at an unknown rollout stores nothing.
 */
import {
  Claims,
  Evidence,
  Grade,
  type LedgerCall,
  type LedgerGrade,
  type Outcome,
  type Refusal,
} from "../../contract/ledger.ts";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS rollout (
    trace_id TEXT NOT NULL, run TEXT NOT NULL, environment TEXT NOT NULL, budget INTEGER NOT NULL,
    opened_at INTEGER NOT NULL, closed_at INTEGER, item TEXT, archived INTEGER
  );
  CREATE TABLE IF NOT EXISTS calls (
    sequence INTEGER PRIMARY KEY, call_id TEXT NOT NULL, fingerprint TEXT NOT NULL, tool TEXT NOT NULL,
    arguments TEXT NOT NULL, outcome TEXT NOT NULL, output TEXT NOT NULL, cut INTEGER NOT NULL,
    faults INTEGER NOT NULL, fault_boundary TEXT, received_at INTEGER NOT NULL, milliseconds REAL NOT NULL,
    mistake TEXT, UNIQUE (call_id, fingerprint)
  );
  CREATE TABLE IF NOT EXISTS grades (
    fingerprint TEXT PRIMARY KEY, score REAL NOT NULL, value TEXT, answer TEXT NOT NULL, explanation TEXT NOT NULL,
    sub_scores TEXT NOT NULL, graded_at INTEGER NOT NULL, milliseconds REAL NOT NULL, evidence TEXT, claims TEXT
  );
  CREATE TABLE IF NOT EXISTS refusals (reason TEXT NOT NULL, refused_at INTEGER NOT NULL);
`;

/** What ledgers of before lack: each column that has come since, added to a table that is there. */
const ADDED_COLUMNS = [
  ["rollout", "item", "TEXT"],
  ["rollout", "archived", "INTEGER"],
  ["calls", "mistake", "TEXT"],
  ["grades", "evidence", "TEXT"],
  ["grades", "claims", "TEXT"],
] as const;

const HISTORY = `
  SELECT count(*) AS kept, count(*) FILTER (WHERE outcome <> 'over_budget') AS counted,
    count(*) FILTER (WHERE call_id = ?1) AS same_id, count(*) FILTER (WHERE faults > 0) AS faulted,
    max(sequence) FILTER (WHERE call_id = ?1 AND fingerprint = ?2) AS sequence,
    (SELECT count(*) FROM grades) AS grades
  FROM calls
`;

/** Whose ledger it is; the first call or grade of a rollout says so. Times are milliseconds since 1970. */
export type Opening = {
  trace_id: string;
  run: string;
  environment: string;
  /** The name of the dataset row, where the trainer sends one. */
  item: string | null;
  budget: number;
};

export type Header = Opening & {
  opened_at: number;
  closed_at: number | null;
  /** 1 when the archive has the ledger as it was closed. */
  archived: number | null;
};

export type StoredAnswer = {
  outcome: Outcome;
  output: string;
};

/** What a ledger knows that matters to a call. */
export type CallHistory = {
  /** The place of the same call (id, tool and arguments); null for one that is new. */
  sequence: number | null;
  /** Calls kept, those of them that count against the budget, and those that have the call's id. */
  kept: number;
  counted: number;
  same_id: number;
  /** Calls that have faulted, healed or not. */
  faulted: number;
  grades: number;
};

/** A call as it is to be stored, before its place in the order is known. */
export type NewCall = Omit<LedgerCall, "sequence" | "faults" | "received_at"> & {
  fingerprint: string;
  received_at: number;
};

/** A timed verdict as it is to be stored. */
export type NewGrade = Omit<LedgerGrade, "graded_at"> & { fingerprint: string; graded_at: number };

export class LedgerStore {
  readonly #sql: SqlStorage;
  #exists: boolean;
  /** Mirrors whether the header has a time of closing, so that no call has to ask. */
  #closed: boolean;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.#exists = this.#rows("SELECT 1 FROM sqlite_master WHERE name = 'rollout'").length > 0;
    if (this.#exists) this.#addColumns();
    this.#closed = this.header()?.closed_at != null;
  }

  /** Whether there is a ledger that takes writes. */
  get isOpen(): boolean {
    return this.#exists && !this.#closed;
  }

  header(): Header | undefined {
    if (!this.#exists) return undefined;
    return this.#rows<Header>("SELECT * FROM rollout")[0];
  }

  /** Begins the ledger, or opens it again after it was closed. */
  open(opening: Opening, now: number): void {
    if (this.#exists) return this.setClosed(null);
    this.#sql.exec(SCHEMA);
    const { trace_id, run, environment, budget, item } = opening;
    this.#sql.exec(
      "INSERT INTO rollout (trace_id, run, environment, budget, opened_at, item) VALUES (?, ?, ?, ?, ?, ?)",
      trace_id,
      run,
      environment,
      budget,
      now,
      item,
    );
    this.#exists = true;
  }

  /** Names the dataset row, where no call has. */
  nameItem(item: string | null): void {
    if (item !== null) this.#sql.exec("UPDATE rollout SET item = ? WHERE item IS NULL", item);
  }

  /** Sets when the rollout was closed; null opens it again. What is archived of it is then out of date. */
  setClosed(at: number | null): void {
    this.#sql.exec("UPDATE rollout SET closed_at = ?, archived = 0", at);
    this.#closed = at !== null;
  }

  setArchived(): void {
    this.#sql.exec("UPDATE rollout SET archived = 1");
  }

  /** When the latest new call, grade or refusal came. */
  lastSeen(): number {
    const times = `
      SELECT max(t) AS t FROM (SELECT max(opened_at) AS t FROM rollout UNION ALL SELECT max(received_at) FROM calls
      UNION ALL SELECT max(graded_at) FROM grades UNION ALL SELECT max(refused_at) FROM refusals)`;
    return this.#rows<{ t: number | null }>(times)[0]?.t ?? 0;
  }

  /** One query, since it is asked for every call. */
  historyOf(callId: string, fingerprint: string): CallHistory {
    if (!this.#exists) return { sequence: null, kept: 0, counted: 0, same_id: 0, faulted: 0, grades: 0 };
    return this.#sql.exec<CallHistory>(HISTORY, callId, fingerprint).one();
  }

  /** The answer of the call at a place. */
  answerAt(sequence: number): StoredAnswer {
    return this.#sql.exec<StoredAnswer>("SELECT outcome, output FROM calls WHERE sequence = ?", sequence).one();
  }

  /** Calls kept, and those of them that count against the budget. */
  countCalls(): { kept: number; counted: number } {
    const counts = "SELECT count(*) AS kept, count(*) FILTER (WHERE outcome <> 'over_budget') AS counted FROM calls";
    return this.#rows<{ kept: number; counted: number }>(counts)[0] ?? { kept: 0, counted: 0 };
  }

  insertCall(call: NewCall): void {
    this.#sql.exec(
      `INSERT INTO calls (call_id, fingerprint, tool, arguments, outcome, mistake, output, cut, faults, fault_boundary,
        received_at, milliseconds) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      call.call_id,
      call.fingerprint,
      call.tool,
      call.arguments,
      call.outcome,
      call.mistake,
      call.output,
      call.cut ? 1 : 0,
      call.outcome === "fault" ? 1 : 0,
      call.fault_boundary,
      call.received_at,
      call.milliseconds,
    );
  }

  /** Counts one more fault of a call that has no answer yet. */
  countFault(call: NewCall): void {
    this.#sql.exec(
      "UPDATE calls SET faults = faults + 1, fault_boundary = ? WHERE call_id = ? AND fingerprint = ?",
      call.fault_boundary,
      call.call_id,
      call.fingerprint,
    );
  }

  /** Gives a faulted call its answer, in its old place. */
  healCall(call: NewCall): void {
    this.#sql.exec(
      `UPDATE calls SET outcome = ?, mistake = ?, output = ?, cut = ?, milliseconds = ?
        WHERE call_id = ? AND fingerprint = ?`,
      call.outcome,
      call.mistake,
      call.output,
      call.cut ? 1 : 0,
      call.milliseconds,
      call.call_id,
      call.fingerprint,
    );
  }

  /** Calls that ended in a fault which no later delivery healed. */
  unhealed(): { call_id: string; tool: string; fault_boundary: string }[] {
    if (!this.#exists) return [];
    return this.#rows("SELECT call_id, tool, fault_boundary FROM calls WHERE outcome = 'fault' ORDER BY sequence");
  }

  findScore(fingerprint: string): number | undefined {
    if (!this.#exists) return undefined;
    return this.#rows<{ score: number }>("SELECT score FROM grades WHERE fingerprint = ?", fingerprint)[0]?.score;
  }

  countGrades(): number {
    if (!this.#exists) return 0;
    return this.#rows<{ n: number }>("SELECT count(*) AS n FROM grades")[0]?.n ?? 0;
  }

  insertGrade(grade: NewGrade): void {
    this.#sql.exec(
      `INSERT INTO grades (fingerprint, score, value, answer, explanation, sub_scores, evidence, claims, graded_at,
        milliseconds) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      grade.fingerprint,
      grade.score,
      grade.value,
      grade.answer,
      grade.explanation,
      JSON.stringify(grade.sub_scores),
      grade.evidence && JSON.stringify(grade.evidence),
      grade.claims && JSON.stringify(grade.claims),
      grade.graded_at,
      grade.milliseconds,
    );
  }

  insertRefusal(reason: string, now: number): void {
    this.#sql.exec("INSERT INTO refusals VALUES (?, ?)", reason, now);
  }

  calls(): LedgerCall[] {
    type Row = Omit<LedgerCall, "cut" | "received_at"> & { cut: number; received_at: number };
    const columns =
      "sequence, call_id, tool, arguments, outcome, mistake, output, cut, faults, fault_boundary, received_at, milliseconds";
    return this.#rows<Row>(`SELECT ${columns} FROM calls ORDER BY sequence`).map((row) => ({
      ...row,
      cut: row.cut === 1,
      received_at: isoTime(row.received_at),
    }));
  }

  grades(): LedgerGrade[] {
    type Parsed = "sub_scores" | "evidence" | "claims" | "graded_at";
    type Row = Omit<LedgerGrade, Parsed> & {
      sub_scores: string;
      evidence: string | null;
      claims: string | null;
      graded_at: number;
    };
    const columns = "score, value, answer, explanation, sub_scores, evidence, claims, graded_at, milliseconds";
    return this.#rows<Row>(`SELECT ${columns} FROM grades ORDER BY graded_at, rowid`).map((row) => ({
      ...row,
      sub_scores: Grade.shape.sub_scores.parse(JSON.parse(row.sub_scores)),
      evidence: row.evidence === null ? null : Evidence.parse(JSON.parse(row.evidence)),
      claims: row.claims === null ? null : Claims.parse(JSON.parse(row.claims)),
      graded_at: isoTime(row.graded_at),
    }));
  }

  refusals(): Refusal[] {
    const rows = this.#rows<{ reason: string; refused_at: number }>("SELECT * FROM refusals ORDER BY rowid");
    return rows.map((row) => ({ reason: row.reason, refused_at: isoTime(row.refused_at) }));
  }

  #addColumns(): void {
    const present = this.#rows<{ name: string; sql: string }>(
      "SELECT name, sql FROM sqlite_master WHERE type = 'table'",
    );
    for (const [table, column, type] of ADDED_COLUMNS) {
      const has = present.some(({ name, sql }) => name === table && new RegExp(`\\b${column}\\b`).test(sql));
      if (!has) this.#sql.exec(`ALTER TABLE ${table} ADD COLUMN ${column} ${type}`);
    }
  }

  #rows<Row extends Record<string, SqlStorageValue>>(statement: string, ...bindings: SqlStorageValue[]): Row[] {
    return this.#sql.exec<Row>(statement, ...bindings).toArray();
  }
}

export const isoTime = (milliseconds: number) => new Date(milliseconds).toISOString();

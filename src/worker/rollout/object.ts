/**
 * The Durable Object of one rollout: its ledger, the files that it has changed, and the only truth about both. Every method
 * is one RPC; what it answers is durable, since the platform holds an answer back until the writes before it are on disk.
 * Never runs a stateless tool, and calls out only to read a repository, to archive and, after its answer, to tell the run of itself.
 */
import { DurableObject } from "cloudflare:workers";
import { type Boundary, Fault } from "../../contract/failure.ts";
import type { Ledger } from "../../contract/ledger.ts";
import { limits } from "../../contract/limits.ts";
import type { Bindings } from "../bindings.ts";
import { logArchiveFault, logMonitorFault } from "../log.ts";
import { findEnvironment } from "../../environments/index.ts";
import type { RolloutTool, Tool } from "../../environments/environment.ts";
import type { Workspace } from "../../environments/workspace/workspace.ts";
import type { CallResult } from "../answer-call.ts";
import { readArguments } from "../call-arguments.ts";
import { withTimeLimit } from "../retry.ts";
import { summarise } from "../run/summary.ts";
import { Teller } from "../run/teller.ts";
import { answerInWorkspace, type FileChanges } from "../workspace-call.ts";
import { writeArchive } from "./archive.ts";
import { FilesStore } from "./files-store.ts";
import { Queue } from "./queue.ts";
import { decide, type Situation } from "./rules.ts";
import {
  type CallHistory,
  isoTime,
  LedgerStore,
  type NewCall,
  type NewGrade,
  type Opening,
  type StoredAnswer,
} from "./store.ts";

/** What a call is to be answered: as it came out, or otherwise, and whether an earlier delivery of it decided that. */
export type Recorded = { kind: "as_it_came" } | ({ kind: "otherwise"; repeated: boolean } & StoredAnswer);

/** A call that has yet to be run, in a workspace. */
export type NewRun = Pick<NewCall, "call_id" | "fingerprint" | "arguments" | "received_at"> & {
  tool: string;
  /** The arguments whole, as they were written; the ledger keeps those above, which may be cut. */
  written: string;
  workspace: Workspace;
};

/** What a call that was run, or had been before, is answered; a fault with where it arose. */
export type Ran = StoredAnswer & { repeated: boolean; fault?: { boundary: Boundary; message: string } };

/** Whether a sample may be scored: it was before; or our own fault forbids it; or here is the trajectory to score it with. */
export type Grading =
  | { kind: "graded"; score: number }
  | { kind: "refused"; reason: string }
  | { kind: "open"; ledger: Ledger | null };

export class Rollout extends DurableObject<Bindings> {
  #store: LedgerStore;
  readonly #files: FilesStore;
  readonly #queue = new Queue();
  readonly #teller = new Teller({
    send: () => this.#sendSummary(),
    pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    random: Math.random,
    gaveUp: (error) => logMonitorFault("rollout", this.#store.header()?.run ?? "", error),
  });

  constructor(state: DurableObjectState, bindings: Bindings) {
    super(state, bindings);
    this.#store = new LedgerStore(state.storage.sql);
    this.#files = new FilesStore(state.storage.sql);
  }

  /**
   * Runs a call in the rollout's workspace, after those that came before it, unless the ledger has its answer or refuses it.
   * What it has changed and its entry in the ledger are kept together, or neither. Safe to repeat.
   */
  run(opening: Opening, call: NewRun): Promise<Ran> {
    return this.#queue.add(async () => {
      const refused = this.#before(opening, call);
      if (refused) return refused;
      const { result, changes } = await this.#answer(opening, call);
      return this.#keep(opening, call, result, changes);
    });
  }

  /** Records a call that has been run and says what to answer. Safe to repeat. One batched write at most. */
  record(opening: Opening, call: NewCall): Recorded {
    const history = this.#store.historyOf(call.call_id, call.fingerprint);
    const earlier = history.sequence === null ? undefined : this.#store.answerAt(history.sequence);
    if (earlier !== undefined && earlier.outcome !== "fault") return { kind: "otherwise", repeated: true, ...earlier };
    const opened = this.#open(opening, call.received_at);
    if (opened || call.outcome === "fault" || history.faulted + history.grades > 0) this.#tellSoon();
    const decision = decide(situation(opening, history), call.outcome);
    switch (decision.kind) {
      case "count_fault":
        this.#store.countFault(call);
        break;
      case "heal":
        this.#store.healCall(call);
        break;
      case "accept":
        this.#store.insertCall(call);
        break;
      case "refuse": {
        const { outcome, mistake, output, store } = decision;
        // There is no end to the calls past a budget, so little is kept of each.
        const written = outcome === "over_budget" ? call.arguments.slice(0, limits.quotedCharacters) : call.arguments;
        const refused = { ...call, arguments: written, outcome, mistake, output, cut: false, fault_boundary: null };
        if (store) this.#store.insertCall(refused);
        return { kind: "otherwise", repeated: false, outcome, output };
      }
    }
    return { kind: "as_it_came" };
  }

  /** The first half of a grading: the verdict on the same sample, or a refusal (which is kept), or the ledger to score with. */
  openGrading(opening: Opening, fingerprint: string, now: number): Grading {
    const score = this.#store.findScore(fingerprint);
    if (score !== undefined) return { kind: "graded", score };
    const reason = this.#unhealedReason();
    if (reason === undefined) return { kind: "open", ledger: this.ledger() };
    return this.#refuse(opening, reason, now);
  }

  /** The second half: keeps the verdict and says which one stands, the first. A fault since the first half refuses it. */
  closeGrading(opening: Opening, grade: NewGrade): Grading {
    const score = this.#store.findScore(grade.fingerprint);
    if (score !== undefined) return { kind: "graded", score };
    const reason = this.#unhealedReason() ?? this.#tooManyGrades();
    if (reason !== undefined) return this.#refuse(opening, reason, grade.graded_at);
    this.#open(opening, grade.graded_at);
    this.#store.nameItem(opening.item);
    this.#store.insertGrade(grade);
    this.#tellSoon();
    return { kind: "graded", score: grade.score };
  }

  /** The whole ledger, or null when nothing was ever recorded here. */
  ledger(): Ledger | null {
    const header = this.#store.header();
    if (header === undefined) return null;
    const { trace_id, run, environment, item, budget, opened_at, closed_at } = header;
    return {
      trace_id,
      run,
      environment,
      item,
      opened_at: isoTime(opened_at),
      closed_at: closed_at === null ? null : isoTime(closed_at),
      calls_counted: this.#store.countCalls().counted,
      budget,
      calls: this.#store.calls(),
      grades: this.#store.grades(),
      refusals: this.#store.refusals(),
    };
  }

  /** Closes and archives a rollout that has been idle; forgets one that was closed long enough ago. At least once: safe to repeat. */
  override async alarm(): Promise<void> {
    const header = this.#store.header();
    if (header === undefined) return;
    const now = Date.now();
    const forgetAt = header.closed_at === null ? Infinity : header.closed_at + limits.rolloutKeptMilliseconds;
    const idleUntil = this.#store.lastSeen() + limits.rolloutIdleMilliseconds;
    if (now < idleUntil) await this.ctx.storage.setAlarm(idleUntil);
    else if (header.archived !== 1) await this.#archive(header.closed_at ?? now, now);
    else if (now >= forgetAt) return this.#forget();
    else await this.ctx.storage.setAlarm(forgetAt);
    await this.#tell();
  }

  /** What is answered without running the call: what it was answered before, or that it may not be run. */
  #before(opening: Opening, call: NewRun): Ran | undefined {
    const { sequence, ...history } = this.#store.historyOf(call.call_id, call.fingerprint);
    const earlier = sequence === null ? undefined : this.#store.answerAt(sequence);
    if (earlier !== undefined && earlier.outcome !== "fault") return { ...earlier, repeated: true };
    const decision = decide(situation(opening, { sequence, ...history }), "ok");
    if (decision.kind !== "refuse") return undefined;
    const { outcome, mistake, output } = decision;
    return this.#keep(opening, call, { outcome, mistake, output, cut: false }, new Map());
  }

  #answer(opening: Opening, call: NewRun): Promise<{ result: CallResult; changes: FileChanges }> {
    const { environment, tool } = findRolloutTool(opening.environment, call.tool);
    const { workspace, received_at: receivedAt } = call;
    const args = readArguments(call.written);
    return answerInWorkspace(
      { environment, tool, args, workspace, receivedAt },
      () => this.#files.kept(workspace),
      this.env,
    );
  }

  /** All of it or nothing: what the call has changed is kept only where the ledger takes its answer. */
  #keep(opening: Opening, run: NewRun, result: CallResult, changes: FileChanges): Ran {
    const { written: _, workspace, ...call } = run;
    const { fault, ...came } = result;
    const milliseconds = Math.max(0, Date.now() - call.received_at);
    const entry = { ...call, ...came, fault_boundary: fault?.boundary ?? null, milliseconds };
    const recorded = this.#transaction(() => {
      const decided = this.record(opening, entry);
      if (decided.kind === "as_it_came" && result.outcome === "ok") this.#files.keep(workspace, changes);
      return decided;
    });
    const { outcome, output, repeated } = recorded.kind === "otherwise" ? recorded : { ...came, repeated: false };
    const told = outcome === "fault" && fault ? { fault: { boundary: fault.boundary, message: fault.message } } : {};
    return { outcome, output, repeated, ...told };
  }

  #transaction<T>(work: () => T): T {
    try {
      return this.ctx.storage.transactionSync(work);
    } catch (error) {
      // The store remembers whether it has tables; they may be gone again.
      this.#store = new LedgerStore(this.ctx.storage.sql);
      throw error;
    }
  }

  /** What cannot be archived is tried again after another idle time, for as long as it takes: an alarm that throws is given up. */
  async #archive(closedAt: number, now: number): Promise<void> {
    this.#store.setClosed(closedAt);
    const ledger = this.ledger();
    if (ledger === null) return;
    await this.ctx.storage.setAlarm(now + limits.rolloutIdleMilliseconds);
    try {
      await writeArchive(this.env.BUCKET, ledger);
    } catch (error) {
      return logArchiveFault(ledger, error);
    }
    // A call may have come while the archive was written; its alarm, set above, is then to archive again.
    if (this.#store.header()?.closed_at !== closedAt) return;
    this.#store.setArchived();
    await this.ctx.storage.setAlarm(closedAt + limits.rolloutKeptMilliseconds);
  }

  /** After the answer; nothing waits for it. */
  #tellSoon(): void {
    this.ctx.waitUntil(this.#tell());
  }

  /**
   * Tells the run of this rollout as it stands. What could not be told is told again by an earlier alarm: a minute after the
   * latest event or the closing, then after twice as long, and so on, until the rollout is forgotten.
   */
  async #tell(): Promise<void> {
    if (await this.#teller.tell()) return;
    const header = this.#store.header();
    if (header === undefined) return;
    const now = Date.now();
    const at = now + Math.max(limits.tellAgainMilliseconds, now - (header.closed_at ?? this.#store.lastSeen()));
    const alarm = await this.ctx.storage.getAlarm();
    if (alarm === null || at < alarm) await this.ctx.storage.setAlarm(at);
  }

  async #sendSummary(): Promise<void> {
    const ledger = this.ledger();
    if (ledger === null) return;
    const run = this.env.RUN.getByName(ledger.run);
    await withTimeLimit(run.tell(ledger.run, [summarise(ledger)]));
  }

  async #forget(): Promise<void> {
    await this.ctx.storage.deleteAll();
    this.#store = new LedgerStore(this.ctx.storage.sql);
  }

  /**
   * Opens the ledger with its first write, or again after it was closed, and says whether it did. The alarm finds out itself how
   * long it has been idle.
   */
  #open(opening: Opening, now: number): boolean {
    if (this.#store.isOpen) return false;
    this.#store.open(opening, now);
    void this.ctx.storage.setAlarm(now + limits.rolloutIdleMilliseconds);
    return true;
  }

  #refuse(opening: Opening, reason: string, now: number): Grading {
    this.#open(opening, now);
    this.#store.insertRefusal(reason, now);
    this.#tellSoon();
    return { kind: "refused", reason };
  }

  #unhealedReason(): string | undefined {
    const faulted = this.#store.unhealed();
    const [first] = faulted;
    if (first === undefined) return undefined;
    const more = faulted.length > 1 ? ` and ${faulted.length - 1} more` : "";
    return `Call ${first.call_id} (${first.tool})${more} ended in a fault of ours (${first.fault_boundary}) that no later delivery healed.`;
  }

  #tooManyGrades(): string | undefined {
    if (this.#store.countGrades() < limits.ledgerGrades) return undefined;
    return `More than ${limits.ledgerGrades} different samples were sent for this rollout.`;
  }
}

function findRolloutTool(environmentName: string, toolName: string) {
  const environment = findEnvironment(environmentName);
  const isMeant = (tool: Tool): tool is RolloutTool => tool.keeps === "files" && tool.name === toolName;
  const tool = environment?.tools.find(isMeant);
  if (environment && tool) return { environment, tool };
  throw new Fault("worker", "a rollout was asked for a tool that its environment does not have");
}

/** Of a call that has no answer yet: it is new, or all its deliveries so far have faulted. */
function situation({ budget }: Opening, { sequence, same_id, grades, kept, counted }: CallHistory): Situation {
  const keptAtMost = limits.ledgerCalls;
  return { faulted: sequence !== null, idUsed: same_id > 0, graded: grades > 0, kept, keptAtMost, counted, budget };
}

/**
 * Repeats recorded ledgers call by call: `edgegym rehearse --agent replay`. The calls are those of then, whatever they are shown
 * now. Pure but for the count of attempts.
 */
import type { Ledger, LedgerCall } from "../../contract/ledger.ts";
import { limits } from "../../contract/limits.ts";
import type { JsonObject } from "../../contract/wire.ts";
import type { Environment } from "../../environments/environment.ts";
import type { ToolUse, Turn } from "../../environments/rehearsal.ts";
import { hasCanary } from "../rehearse/observations.ts";
import { UserError } from "../user-error.ts";
import type { Agent, Attempt, Item } from "./agent.ts";

/** Which ledgers can be repeated, at which items. */
export interface ReplayPlan {
  ledgers: Ledger[];
  /** The item of each ledger, in the same order: one attempt at each repeats every ledger once. */
  items: Item[];
  /** Ledgers that cannot be repeated, by trace id, and why. */
  leftOut: Remark[];
  /** Ledgers whose repetition has no known score, by trace id, and why. */
  unscored: Remark[];
}

interface Remark {
  trace_id: string;
  reason: string;
}

/** Finds each ledger's item by the row's `id`: a ledger holds no row. */
export function planReplay(
  environment: Pick<Environment, "name">,
  ledgers: readonly Ledger[],
  dataset: readonly Item[],
): ReplayPlan {
  const items = new Map(dataset.map((item) => [idOf(item.row), item] as const));
  const plan: ReplayPlan = { ledgers: [], items: [], leftOut: [], unscored: [] };
  for (const ledger of ledgers) {
    const { trace_id } = ledger;
    const item = ledger.item === null ? undefined : items.get(ledger.item);
    if (ledger.environment !== environment.name)
      plan.leftOut.push({ trace_id, reason: `is of the environment ${ledger.environment}` });
    else if (item === undefined) plan.leftOut.push({ trace_id, reason: `${nameOf(ledger)} is not in the dataset` });
    else {
      plan.ledgers.push(ledger);
      plan.items.push(item);
      const { unscored } = repetition(ledger);
      if (unscored !== undefined) plan.unscored.push({ trace_id, reason: unscored });
    }
  }
  return plan;
}

const nameOf = ({ item }: Ledger) => (item === null ? "its item, which it does not name," : `its item ${item}`);

/** The name by which a ledger knows a row. */
const idOf = ({ id }: JsonObject) => (typeof id === "string" || typeof id === "number" ? String(id) : null);

/**
 * An attempt at an item repeats the item's next ledger, after the last one the first again: the ledgers' order decides, and
 * nothing is drawn.
 */
export function replayAgent(ledgers: readonly Ledger[]): Agent {
  const recordings = Map.groupBy(ledgers, ({ item }) => item);
  const begun = new Map<string | null, number>();
  return {
    name: "replay",
    /** @throws UserError for an item of which there is no ledger */
    begin({ name, row }) {
      const id = idOf(row);
      const recorded = (id === null ? undefined : recordings.get(id)) ?? [];
      const count = begun.get(id) ?? 0;
      const ledger = recorded[count % recorded.length];
      if (!ledger) throw new UserError(`There is no ledger of an attempt at ${name}.`);
      begun.set(id, count + 1);
      return attempt(repetition(ledger));
    },
  };
}

function attempt({ turns, answer, score }: Repetition): Attempt {
  const left = turns.values();
  return {
    ...(score !== undefined && { expectedScore: score }),
    async next(): Promise<Turn> {
      const { done, value: calls } = left.next();
      return done ? { kind: "answer", text: answer } : { kind: "calls", calls };
    },
  };
}

interface Repetition {
  turns: ToolUse[][];
  answer: string;
  /** The recorded score; undefined where the answer of then is not known, and `unscored` says why. */
  score?: number;
  unscored?: string;
}

/**
 * What an attempt repeats: every call before the grading, those that were over budget or faulted included, and the first answer
 * that was graded. Calls after the grading came too late to have a turn; those that a rehearsal made for itself were not the model's.
 */
function repetition({ calls, grades: [grade] }: Ledger): Repetition {
  const own = calls.filter((call) => call.mistake !== "after_grading" && !hasCanary(call.arguments));
  const turns = turnsOf(own);
  if (!grade) return { turns, answer: "", unscored: "was not graded, so that its answer is not known" };
  if (isCut(grade.answer)) return { turns, answer: grade.answer, unscored: "keeps only the start of its answer" };
  return { turns, answer: grade.answer, score: grade.score };
}

/** A grade quotes this much of an answer, and says so by "…"; a surrogate pair at the end is left out whole. */
const isCut = (answer: string) => answer.length >= limits.quotedCharacters && answer.endsWith("…");

/**
 * The calls in the order in which they reached the ledger, in turns: a call belongs to the turn before it when it arrived while
 * one of that turn's calls was not yet answered, since a model waits for all of them. The worker's clock counts whole
 * milliseconds, so that one that arrives in the very millisecond of an answer arrived before it. What was repeated by the trainer
 * stands once, at its first delivery.
 */
export function turnsOf(calls: readonly LedgerCall[]): ToolUse[][] {
  const turns: ToolUse[][] = [];
  let end = -Infinity;
  for (const call of calls.toSorted((a, b) => a.sequence - b.sequence)) {
    const received = Date.parse(call.received_at);
    if (received > end) turns.push([]);
    turns.at(-1)?.push({ tool: call.tool, arguments: call.arguments });
    end = Math.max(end, received + call.milliseconds);
  }
  return turns;
}

/** What a rehearsal keeps of a rollout: each request and what came of it, without any content. Data only. */
import { createHash } from "node:crypto";
import type { ToolUse } from "../../environments/rehearsal.ts";
import type { PlannedRollout } from "./schedule.ts";

/** One request for a call or a grading. */
export interface Delivery {
  /** Milliseconds from the rehearsal's start to when it was sent. */
  at: number;
  milliseconds: number;
  /** `none` where no answer came, for whatever reason. */
  status: number | "none";
  /** What a service that keeps its promises answers: a reply, or the refusal of a request that was spoilt on purpose. */
  expected: "reply" | 400 | 401 | 413;
  /** Whether it was cut, its answer lost or the rehearsal ended while it was under way, so that `none` is no sign of trouble. */
  abandoned: boolean;
}

/** A delivery of a call; `answered` is a digest of its output, where it was answered with a whole reply. */
export interface CallDelivery extends Delivery {
  answered?: string;
  /** Of a 200: whether it is a reply with the call's own ids. */
  wellFormed?: boolean;
}

export interface GradeDelivery extends Delivery {
  score?: number;
}

export interface PlayedCall extends ToolUse {
  callId: string;
  /** The turn it was made in, from 0. */
  turn: number;
  /** What the ledger has to say of it. */
  expects: "any" | "after_grading";
  deliveries: CallDelivery[];
  /** Digest of the output that the agent was shown; undefined where every try failed, or a 4xx was shown in its place. */
  shown?: string;
}

export interface PlayedGrading {
  /** The score that it must get, where that is known. */
  expectedScore: number | undefined;
  deliveries: GradeDelivery[];
}

/** `discarded`: a call or the grading had no answer after all tries. `unfinished`: the rehearsal ended, or the agent failed, before. */
type Ending = "graded" | "discarded" | "unfinished";

export interface PlayedRollout {
  planned: PlannedRollout;
  calls: PlayedCall[];
  /** By what was graded; the last is the final answer. */
  gradings: PlayedGrading[];
  ending: Ending;
  /** What the trainer makes of the rollout: the score of its final answer. */
  score: number | undefined;
  /** Why the agent gave up, where it did. */
  failure: string | undefined;
  /** Canaries of other rollouts that this one was shown. */
  foreignCanaries: Set<string>;
  /** Milliseconds from the rehearsal's start. */
  started: number;
  ended: number;
}

/** A short text that is equal for equal texts and, but for a chance of 1 in 2^64, for no others. */
export const digest = (text: string) => createHash("sha256").update(text).digest("base64url").slice(0, 11);

const CANARY = /canary-[0-9a-f]{16}/;

/** Whether a text is of a call that a rehearsal made for itself, this one or an earlier. */
export const hasCanary = (text: string) => CANARY.test(text);

/** All canaries in a text but the rollout's own. */
export function foreignCanaries(text: string, own: string): string[] {
  return Array.from(text.matchAll(new RegExp(CANARY, "g")), ([canary]) => canary).filter((canary) => canary !== own);
}

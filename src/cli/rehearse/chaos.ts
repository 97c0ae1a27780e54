/** The kinds of trouble that a rehearsal makes on its own side of the wire, and where each strikes. Pure and seeded. */
import { seededRandom } from "../../environments/random.ts";

/** In the order in which they strike one request. */
export const chaosNames = [
  "twin_ids",
  "grade_before_calls",
  "reorder",
  "delay",
  "wrong_token",
  "malformed",
  "oversized",
  "cut_body",
  "lost_answer",
  "duplicate_concurrent",
  "duplicate",
  "reused_id",
  "call_after_grading",
  "grade_after_fault",
] as const;
export type ChaosKind = (typeof chaosNames)[number];

/** What is done to the traffic. */
export const chaosKinds: Record<ChaosKind, string> = {
  twin_ids: "two rollouts whose ids differ by one character",
  grade_before_calls: "the grading comes before the calls",
  reorder: "parallel calls arrive in another order",
  delay: "a request is sent late",
  wrong_token: "a turn is first sent with a wrong token",
  malformed: "a request is first sent with a body that is no JSON",
  oversized: "a request is first sent with a body over the limit",
  cut_body: "the connection is first cut in the middle of the body",
  lost_answer: "the answer is first lost after the work was done",
  duplicate_concurrent: "a request is sent three times at once",
  duplicate: "a request is sent again after its answer",
  reused_id: "a call comes under an id that was used before, with other arguments",
  call_after_grading: "a call comes after the grading",
  grade_after_fault: "a rollout that was given up over a fault is graded all the same",
};

/** Whether a kind of trouble strikes at a place: drawn anew for each kind and place. */
export function happens(kind: ChaosKind, rate: number, seed: string, ...place: readonly (string | number)[]): boolean {
  return seededRandom(seed, kind, ...place)() < rate;
}

/** What strikes one rollout's requests. */
export class RolloutChaos {
  readonly #kinds: ReadonlySet<ChaosKind>;
  readonly #rate: number;
  readonly #seed: string;
  readonly #index: number;
  readonly #count: (kind: ChaosKind) => void;

  /** @param count is told of each trouble that is made */
  constructor(
    { chaos, chaosRate, seed }: { chaos: ReadonlySet<ChaosKind>; chaosRate: number; seed: string },
    index: number,
    count: (kind: ChaosKind) => void,
  ) {
    this.#kinds = chaos;
    this.#rate = chaosRate;
    this.#seed = seed;
    this.#index = index;
    this.#count = count;
  }

  /** Whether a kind strikes at a place of the rollout, as `call_3` or `grade`; if so, it is counted. */
  strikes(kind: ChaosKind, place: string): boolean {
    if (!this.#kinds.has(kind) || !happens(kind, this.#rate, this.#seed, this.#index, place)) return false;
    this.#count(kind);
    return true;
  }

  /** Whether a kind that strikes wherever it can is to strike now; if so, it is counted. */
  makes(kind: ChaosKind): boolean {
    if (!this.#kinds.has(kind)) return false;
    this.#count(kind);
    return true;
  }

  /** Random numbers for what a trouble needs: how late, cut where. */
  random(place: string): () => number {
    return seededRandom(this.#seed, "chaos", this.#index, place);
  }
}

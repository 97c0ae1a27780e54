/** Gathers what the checks find over all rollouts. Pure. */
import type { Rehearsal, RehearsalCheck } from "../../contract/rehearsal.ts";
import { type Case, checks } from "./checks.ts";

/** Violations that are named in full; of more, the number. */
const EXAMPLES = 5;

export class Verdict {
  readonly #found = new Map<string, RehearsalCheck>();

  /** Each promise is named from the start: one that nothing was held against is not kept but unproven. */
  constructor() {
    for (const { name, promise } of checks) this.note(name, promise, 0, []);
  }

  /** Holds every promise against one rollout, or those that are of the wire alone where its ledger could not be read. */
  add({ ledger, ...found }: Omit<Case, "ledger"> & { ledger: Case["ledger"] | undefined }): void {
    for (const { name, promise, needsLedger, examine } of checks) {
      if (ledger === undefined && needsLedger) continue;
      const { occasions, violations } = examine({ ...found, ledger: ledger ?? null });
      this.note(
        name,
        promise,
        occasions,
        violations.map((violation) => `${found.rollout.planned.traceId}: ${violation}`),
      );
    }
  }

  /** Adds occasions and violations of one promise, which may be one that no single rollout shows. */
  note(name: string, promise: string, occasions: number, violations: readonly string[]): void {
    const before = this.#found.get(name) ?? { name, promise, occasions: 0, violations: 0, examples: [] };
    this.#found.set(name, {
      ...before,
      occasions: before.occasions + occasions,
      violations: before.violations + violations.length,
      examples: [...before.examples, ...violations].slice(0, EXAMPLES),
    });
  }

  checks(): RehearsalCheck[] {
    return [...this.#found.values()];
  }
}

/** Whether no job may go ahead on it: a promise was broken, or nothing was graded, whoever's doing that is, so that nothing was shown. */
export const hasFailed = ({ checks: found, rollouts }: Pick<Rehearsal, "checks" | "rollouts">) =>
  rollouts.graded === 0 || found.some(({ violations }) => violations > 0);

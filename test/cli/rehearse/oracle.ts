/** Rehearsals for tests: an agent that knows each item's answer and errs in known ways, and all that a rehearsal needs. */
import { randomUUID } from "node:crypto";
import { readItems } from "../../../src/cli/items.ts";
import type { Agent } from "../../../src/cli/agents/agent.ts";
import { Progress } from "../../../src/cli/progress.ts";
import { sampleSource } from "../../../src/cli/project.ts";
import type { Rehearsing } from "../../../src/cli/rehearse/rehearse.ts";
import { finqa } from "../../../src/environments/finqa/index.ts";

const { items } = await readItems([sampleSource]);

/** Two of five answers are wrong, each in one of the environment's ways. */
export const oracle: Agent = {
  name: "oracle",
  begin({ row }, random) {
    const turns = finqa.rehearsal.solve(row, random);
    const answers = finqa.rehearsal.answers(row, random);
    const wrong = answers.slice(1);
    const answer = (random() < 0.4 ? wrong[Math.floor(random() * wrong.length)] : answers[0]) ?? { text: "", score: 0 };
    return {
      expectedScore: answer.score,
      next: async () => {
        const calls = turns.shift();
        return calls ? { kind: "calls", calls } : { kind: "answer", text: answer.text };
      },
    };
  },
};

class Silent extends Progress {
  override update(): void {}
}

/** A small rehearsal of the oracle without any trouble, but for what is said. */
export function rehearsing(
  url: string,
  { tokens = { TRAINER_TOKEN: "trainer", ADMIN_TOKEN: "admin" }, ...said }: Partial<Rehearsing> & Tokens = {},
): Rehearsing {
  return {
    deployment: { url, tokens },
    environment: finqa,
    items,
    agent: oracle,
    command: ["edgegym", "rehearse"],
    indexVersion: null,
    // Its own, so that no other rehearsal's rollouts are counted with it.
    run: `rehearsal-${randomUUID()}`,
    rollouts: 12,
    copies: 4,
    steps: 1,
    concurrency: 100,
    timeout: 30_000,
    monitorPatience: 4_000,
    // Of this seed's twelve rollouts two overdraw their budget, two answer with a rounding, and two earn nothing.
    seed: "36",
    chaos: new Set(),
    chaosRate: 0,
    progress: new Silent(),
    signal: new AbortController().signal,
    ...said,
  };
}

interface Tokens {
  tokens?: Rehearsing["deployment"]["tokens"];
}

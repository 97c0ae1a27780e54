/** Comparisons of results by what is said of them. Test material. */
import type { RolloutResult } from "../../../src/contract/results.ts";
import { seededRandom } from "../../../src/environments/random.ts";
import { attemptOf } from "../../../src/report/comparison/attempt.ts";
import { compare, type Comparing } from "../../../src/report/comparison/compare.ts";
import { manifest, rollout } from "../baseline/results.ts";

/** The first result, then the others, under the names a, b, c, …. */
export function compared(results: readonly (readonly RolloutResult[])[], said: Partial<Comparing> = {}) {
  return compare({
    command: ["npm", "run", "edgegym", "--", "compare", "a", "b"],
    results: results.map((lines, at) => ({
      label: "abcd"[at] ?? "",
      manifest: manifest({ items: new Set(lines.map(({ item }) => item)).size }),
      attempts: lines.map(attemptOf),
      cut: false,
    })),
    different: [],
    kindOf: undefined,
    randoms: (name) => seededRandom("test", name),
    ...said,
  });
}

/** One attempt at each of so many items, with these scores in turn. */
export const items = (count: number, ...scores: number[]) =>
  Array.from({ length: count }, (_, at) =>
    rollout(`item ${at}`, 1, { score: scores[at % scores.length] ?? 0, question: `question ${at}?` }),
  );

export const figure = (comparison: ReturnType<typeof compared>, name: string, tool: string | null = null) => {
  const found = comparison.figures.find((one) => one.name === name && one.tool === tool);
  if (!found) throw new Error(`no figure ${name}`);
  return found;
};

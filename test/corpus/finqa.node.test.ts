/** The ranking on FinQA's own pages and questions, which are not part of the project: skipped where they are not there. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { Progress } from "../../src/cli/progress.ts";
import { readQuestions, recall, type Split } from "../../src/cli/questions.ts";
import { openRankingLab } from "../../src/cli/ranking-lab.ts";
import { readSource } from "../../src/cli/sources.ts";

const data = fileURLToPath(new URL("../../../shared/data/finqa", import.meta.url));

describe.skipIf(!existsSync(data))("FinQA (skipped without ../shared/data/finqa)", { timeout: 120_000 }, () => {
  test("questions find their page among all pages", async () => {
    const lab = await openRankingLab(await readSource("finqa", data), new Progress());
    const searcher = lab.searcher();
    expect(lab.documents).toHaveLength(1_797);
    for (const split of ["dev", "test"] satisfies Split[]) {
      const ranks: number[] = [];
      for (const { text, path } of await readQuestions(data, split)) {
        const at = (await searcher.search(text, 10)).findIndex(({ page }) => page === lab.pageOf(path));
        ranks.push(at === -1 ? Infinity : at + 1);
      }
      const { at1, at5, at10 } = recall(ranks);
      expect(at1).toBeGreaterThan(0.6);
      expect(at5).toBeGreaterThan(0.85);
      expect(at10).toBeGreaterThan(0.9);
    }
  });
});

/**
 * `edgegym tune`: learns how to rank from FinQA's train questions and writes it where the source reads it. The dev questions are
 * only looked at to print how well it went, for all features and without each.
 */
import { writeFile } from "node:fs/promises";
import { featureNames } from "../corpus/ranking/features.ts";
import type { SearchWeights } from "../corpus/search.ts";
import { learnRanking } from "./learn-ranking.ts";
import { Progress } from "./progress.ts";
import { type Question, readQuestions, recall, recallLine } from "./questions.ts";
import { openRankingLab, type RankingLab } from "./ranking-lab.ts";
import { readSource } from "./sources.ts";

const WEIGHTS = new URL("../corpus/ranking/weights.json", import.meta.url);
/** How far down a ranking a page still counts as found. */
const DEPTH = 10;

/** @throws UserError when the data are not there or not FinQA's */
export async function tune({ data }: { data: string }): Promise<void> {
  const progress = new Progress();
  try {
    const documents = await readSource("finqa", data);
    const train = await readQuestions(data, "train");
    const dev = await readQuestions(data, "dev");
    const lab = await openRankingLab(documents, progress);
    const { weights, ablations } = learnRanking(lab, train, progress);
    progress.stop();
    await writeFile(WEIGHTS, render(weights));
    await print(`train, ${train.length} questions`, lab, train, weights);
    await print(`dev, ${dev.length} questions`, lab, dev, weights);
    for (const ablation of ablations) await print(`dev without ${ablation.name}`, lab, dev, ablation.weights);
  } finally {
    progress.stop();
  }
}

async function print(
  name: string,
  lab: RankingLab,
  questions: readonly Question[],
  weights: SearchWeights,
): Promise<void> {
  const searcher = lab.searcher(weights);
  const ranks: number[] = [];
  for (const { text, path } of questions) {
    const at = (await searcher.search(text, DEPTH)).findIndex(({ page }) => page === lab.pageOf(path));
    ranks.push(at === -1 ? Infinity : at + 1);
  }
  console.log(`${name.padEnd(24)}  ${recallLine(recall(ranks))}`);
}

function render({ salience, firstPass, features }: SearchWeights): string {
  const named = Object.fromEntries(featureNames.map((name, at) => [name, features[at]]));
  return `${JSON.stringify({ firstPass, features: named, salience }, null, 2)}\n`;
}

/**
 * `npm run bench:retrieval -- --data DIR`: how well a search finds the page that a FinQA question was asked of, for each part of
 * the ranking and for all of it, over all pages of the data; and how near the served ranking is to the exact one.
 *   --data DIR     FinQA's files or a checkout of its repository
 *   --split NAME   whose questions: dev (default), train or test
 */
import { parseArgs } from "node:util";
import { Progress } from "../../src/cli/progress.ts";
import { type Question, readQuestions, recall, type Split, splits } from "../../src/cli/questions.ts";
import { openRankingLab, type RankingLab } from "../../src/cli/ranking-lab.ts";
import { readSource } from "../../src/cli/sources.ts";
import { UserError } from "../../src/cli/user-error.ts";
import { CorpusError } from "../../src/corpus/document.ts";
import { COSINE, FEATURES, featureNames } from "../../src/corpus/ranking/features.ts";
import { UNFIT } from "../../src/corpus/ranking/first-pass.ts";
import type { Query } from "../../src/corpus/ranking/query.ts";
import { learned } from "../../src/corpus/ranking/weights.ts";
import type { Searcher } from "../../src/corpus/search.ts";
import { median, table } from "./measure.ts";
import { PlainBm25 } from "./plain-bm25.ts";

const DEPTH = 10;
const USAGE = "npm run bench:retrieval -- --data DIR [--split dev|train|test]";

/** A question as the ranking sees it, with the features of its candidates. */
interface Case extends Question {
  /** Its page. */
  right: number;
  query: Query;
  vector: Float32Array | undefined;
  pages: number[];
  features: Float64Array;
}

try {
  const { data, split } = readArguments();
  const progress = new Progress();
  const started = performance.now();
  const questions = await readQuestions(data, split);
  const lab = await openRankingLab(await readSource("finqa", data), progress);
  const seconds = (performance.now() - started) / 1000;
  const cases = readCases(lab, questions, progress);
  progress.stop();
  console.log(
    `${questions.length} questions of ${split} over ${lab.documents.length} pages; index in ${seconds.toFixed(1)} s\n`,
  );
  console.log(await quality(lab, cases));
  console.log(`\n${await exactness(lab, cases)}\n${await speed(lab, cases)}`);
} catch (error) {
  if (!(error instanceof UserError || error instanceof CorpusError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

function readArguments(): { data: string; split: Split } {
  const { values } = parseArgs({ options: { data: { type: "string" }, split: { type: "string", default: "dev" } } });
  const split = splits.find((name) => name === values.split);
  if (values.data === undefined || split === undefined) throw new UserError(`Usage: ${USAGE}`);
  return { data: values.data, split };
}

function readCases(lab: RankingLab, questions: readonly Question[], progress: Progress): Case[] {
  const searcher = lab.searcher();
  return questions.map((question, at) => {
    progress.update("questions", at + 1, questions.length);
    const query = searcher.readQuery(question.text);
    const vector = searcher.embedWords(query);
    return {
      ...question,
      right: lab.pageOf(question.path),
      query,
      vector,
      ...searcher.ranker.candidates(query, vector, DEPTH),
    };
  });
}

async function quality(lab: RankingLab, cases: readonly Case[]): Promise<string> {
  const searcher = lab.searcher();
  const plain = new PlainBm25(lab.documents);
  const { firstPass } = searcher.ranker;
  const onlyTerms = { terms: 1, years: 0, sameYear: 0 };
  const all = (name: string, scores: (item: Case) => ArrayLike<number>) =>
    row(
      name,
      cases.map((item) => rankOf(scores(item), item.right)),
    );
  return table([
    ["", "recall@1", "@5", "@10", "MRR"],
    ["Each page of the corpus, by", "", "", "", ""],
    row(
      "plain BM25",
      cases.map(({ text, path }) => plain.rank(text, path)),
    ),
    all("BM25 with labels and salience", ({ query }) => firstPass.scores(query, undefined, onlyTerms)),
    all("cosine", (item) => nearness(searcher, item, lab.documents.length)),
    all("first pass: BM25 and years", ({ query }) => firstPass.scores(query, undefined, learned.firstPass)),
    ["Its candidates, by one feature", "", "", "", ""],
    ...featureNames.map((name, feature) =>
      row(
        name,
        cases.map((item) => rankByFeature(item, feature)),
      ),
    ),
    ["All features together", "", "", "", ""],
    row("search", await searchRanks(searcher, cases)),
  ]);
}

function row(name: string, ranks: readonly number[]): string[] {
  const { at1, at5, at10, meanReciprocalRank } = recall(ranks);
  return [`  ${name}`, ...[at1, at5, at10, meanReciprocalRank].map((value) => value.toFixed(3))];
}

/** The rank of one of many by score; it comes after all that score the same, so that a score for all is worth nothing. */
function rankOf(scores: ArrayLike<number>, right: number): number {
  let rank = 0;
  for (let at = 0; at < scores.length; at++) if (scores[at]! >= scores[right]!) rank++;
  return scores[right] === UNFIT ? Infinity : rank;
}

function nearness({ vectors }: Searcher, { vector }: Case, pages: number): Float64Array {
  if (vector === undefined) return new Float64Array(pages);
  vectors.scan(vector);
  return Float64Array.from({ length: pages }, (_, page) => vectors.nearness(page));
}

function rankByFeature({ pages, features, right }: Case, feature: number): number {
  const at = pages.indexOf(right);
  return at === -1
    ? Infinity
    : rankOf(
        pages.map((_, page) => features[page * FEATURES + feature]!),
        at,
      );
}

async function searchRanks(searcher: Searcher, cases: readonly Case[]): Promise<number[]> {
  const ranks: number[] = [];
  for (const { text, right } of cases) {
    const at = (await searcher.search(text, DEPTH)).findIndex(({ page }) => page === right);
    ranks.push(at === -1 ? Infinity : at + 1);
  }
  return ranks;
}

/** How much of the first ten by exact cosines of all candidates the served first ten have, and how often in the same order. */
async function exactness(lab: RankingLab, cases: readonly Case[]): Promise<string> {
  const searcher = lab.searcher();
  let [shared, wanted, same] = [0, 0, 0];
  for (const item of cases) {
    const exact = exactRanking(searcher, item).slice(0, DEPTH);
    const served = (await searcher.search(item.text, DEPTH)).map(({ page }) => page);
    shared += served.filter((page) => exact.includes(page)).length;
    wanted += exact.length;
    if (served.every((page, at) => page === exact[at])) same++;
  }
  return `recall@10 against exact float32: ${(shared / wanted).toFixed(5)}; in the same order: ${same} of ${cases.length}`;
}

function exactRanking({ vectors }: Searcher, { pages, features, vector }: Case): number[] {
  const scored = pages.map((page, at) => {
    const own = features.slice(at * FEATURES, (at + 1) * FEATURES);
    if (vector !== undefined) own[COSINE] = vectors.exactNearness(page, vector);
    return { page, score: own.reduce((sum, value, feature) => sum + value * learned.features[feature]!, 0) };
  });
  return scored.toSorted((a, b) => b.score - a.score || a.page - b.page).map(({ page }) => page);
}

/** Processor time, so that what else the machine does counts less. */
async function speed(lab: RankingLab, cases: readonly Case[]): Promise<string> {
  const searcher = lab.searcher();
  const rounds: number[] = [];
  for (let round = 0; round < 5; round++) {
    const before = process.cpuUsage();
    for (const { text } of cases) await searcher.search(text, 3);
    rounds.push(process.cpuUsage(before).user / cases.length);
  }
  const { bytes } = lab.manifest.files[0]!;
  return `${median(rounds).toFixed(0)} µs of processor time per search; first load ${(bytes / 1e6).toFixed(1)} MB`;
}

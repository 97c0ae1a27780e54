/**
 * `edgegym tune`: learns how to rank from FinQA's train questions. Sequence: words of asking → weights of
 * the first pass → weights of the second. The dev questions are only looked at to print how well it went.
 */
import { readFile, writeFile } from "node:fs/promises";
import { INDEX_FILE } from "../contract/manifest.ts";
import { buildIndex } from "../corpus/build.ts";
import type { Document } from "../corpus/document.ts";
import { embeddedName } from "../corpus/embedded/words.ts";
import { Sections } from "../corpus/format.ts";
import { FEATURES, featureNames } from "../corpus/ranking/features.ts";
import type { FirstPassWeights } from "../corpus/ranking/first-pass.ts";
import type { Query } from "../corpus/ranking/query.ts";
import { Searcher, type SearchWeights } from "../corpus/search.ts";
import { tokenise } from "../corpus/tokenise.ts";
import { type Choice, learnWeights } from "./conditional-logit.ts";
import { Progress } from "./progress.ts";
import { type Question, readQuestions, recall, recallLine } from "./questions.ts";
import { readSource } from "./sources.ts";

const KERNEL = new URL("../corpus/kernel/scan.wasm", import.meta.url);
const WEIGHTS = new URL("../corpus/ranking/weights.json", import.meta.url);

/** A first pass to start from; its terms and years alone find nine pages of ten. */
const START: FirstPassWeights = { terms: 8, years: 2, sameYear: 1, yearAfter: 0 };

/** @throws UserError when the data are not there or not FinQA's */
export async function tune({ data }: { data: string }): Promise<void> {
  const progress = new Progress();
  try {
    const [documents, train, dev] = [
      await readSource("finqa", data),
      await readQuestions(data, "train"),
      await readQuestions(data, "dev"),
    ];
    const bench = await openBench(documents, progress);
    const salience = learnSalience(bench.documents, train);
    const start: SearchWeights = {
      salience,
      firstPass: START,
      features: Array.from(featureNames, () => 1),
      firstPassCosine: 0,
    };
    const firstPass = learnFirstPass(bench, train, start, progress);
    const features = learnFeatures(bench, train, { ...start, firstPass }, progress);
    const weights: SearchWeights = { ...start, firstPass, features };
    progress.stop();
    for (const [name, questions] of [
      ["train", train],
      ["dev", dev],
    ] as const) {
      console.log(
        `${name.padEnd(5)} ${questions.length} questions  ${recallLine(recall(await ranks(bench, questions, weights)))}`,
      );
    }
    await writeFile(WEIGHTS, render(weights));
  } finally {
    progress.stop();
  }
}

/** How far down a ranking a page still counts as found. */
const DEPTH = 10;

/** An index in memory, and a searcher over it for any weights. */
interface Bench {
  documents: Document[];
  pageOf: ReadonlyMap<string, number>;
  searcher(weights: SearchWeights): Searcher;
}

async function openBench(documents: Document[], progress: Progress): Promise<Bench> {
  const { files } = await buildIndex(documents, "embedded", {}, (step, done, total) =>
    progress.update(step, done, total),
  );
  const sections = new Sections(files.get(INDEX_FILE)!.buffer);
  const paths = new TextDecoder().decode(sections.get("paths", "uint8")).split("\n");
  const kernel = new WebAssembly.Module(await readFile(KERNEL));
  return {
    documents: [...new Map(documents.map((document) => [document.path, document])).values()],
    pageOf: new Map(paths.map((path, page) => [path, page])),
    searcher: (weights) => new Searcher(sections, embeddedName, kernel, undefined, weights),
  };
}

/** Words in fewer train questions are left at 1: too few to tell. */
const FEWEST_QUESTIONS = 8;
/** What is believed of a word before it is seen, and how many questions that belief is worth. */
const PRIOR = { salience: 0.9, questions: 3 };
/** Words that lose less than this are left at 1: the list stays short. */
const LARGEST_LISTED = 0.85;

/**
 * How often a question takes a word from its page: the share of its questions whose page has the word, beyond what chance gives a
 * word of so many pages. "rental" near 1, "what" near 0.
 */
function learnSalience(documents: readonly Document[], questions: readonly Question[]): Record<string, number> {
  const words = new Map(documents.map(({ path, text }) => [path, new Set(tokenise(text))]));
  const having = countBy(words.values());
  const asked = new Map<string, { questions: number; answered: number }>();
  for (const { text, path } of questions) {
    for (const word of new Set(tokenise(text))) {
      const count = asked.get(word) ?? { questions: 0, answered: 0 };
      count.questions++;
      if (words.get(path)?.has(word)) count.answered++;
      asked.set(word, count);
    }
  }
  const salience: Record<string, number> = {};
  for (const [word, count] of [...asked].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (count.questions < FEWEST_QUESTIONS) continue;
    const chance = (having.get(word) ?? 0) / documents.length;
    const beyond = chance === 1 ? 0 : Math.max(0, (count.answered / count.questions - chance) / (1 - chance));
    const value = (count.questions * beyond + PRIOR.questions * PRIOR.salience) / (count.questions + PRIOR.questions);
    if (value < LARGEST_LISTED) salience[word] = round(value);
  }
  return salience;
}

function countBy(sets: Iterable<ReadonlySet<string>>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const set of sets) for (const word of set) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** Alternatives to a question's page in learning the first pass. */
const RIVALS = 200;

function learnFirstPass(
  bench: Bench,
  questions: readonly Question[],
  weights: SearchWeights,
  progress: Progress,
): FirstPassWeights {
  const searcher = bench.searcher(weights);
  const choices: Choice[] = [];
  questions.forEach(({ text, path }, at) => {
    progress.update("first pass", at + 1, questions.length);
    const query = searcher.readQuery(text);
    const pages = searcher.ranker.firstPass.candidates(query, undefined, weights.firstPass, RIVALS, RIVALS);
    const right = pages.indexOf(bench.pageOf.get(path) ?? -1);
    if (right !== -1) choices.push({ right, features: firstPassEvidence(searcher, query, pages) });
  });
  const [terms = 0, years = 0, sameYear = 0, yearAfter = 0] = learnWeights(choices, 4).map(round);
  return { terms, years, sameYear, yearAfter };
}

/** What each kind of evidence alone adds to the terms' score of the pages, a row a page. */
function firstPassEvidence({ ranker }: Searcher, query: Query, pages: readonly number[]): Float64Array {
  const none: FirstPassWeights = { terms: 1, years: 0, sameYear: 0, yearAfter: 0 };
  const scores = (weights: Partial<FirstPassWeights>) => {
    const all = ranker.firstPass.scores(query, undefined, { ...none, ...weights });
    return pages.map((page) => all[page]!);
  };
  const terms = scores({});
  const others = [scores({ years: 1 }), scores({ sameYear: 1 }), scores({ yearAfter: 1 })];
  return Float64Array.from(terms.flatMap((score, at) => [score, ...others.map((other) => other[at]! - score)]));
}

function learnFeatures(
  bench: Bench,
  questions: readonly Question[],
  weights: SearchWeights,
  progress: Progress,
): number[] {
  const searcher = bench.searcher(weights);
  const choices: Choice[] = [];
  questions.forEach(({ text, path }, at) => {
    progress.update("features", at + 1, questions.length);
    const query = searcher.readQuery(text);
    const { pages, features } = searcher.ranker.candidates(query, searcher.embedWords(query), DEPTH);
    const right = pages.indexOf(bench.pageOf.get(path) ?? -1);
    if (right !== -1) choices.push({ features, right });
  });
  return learnWeights(choices, FEATURES).map(round);
}

async function ranks(bench: Bench, questions: readonly Question[], weights: SearchWeights): Promise<number[]> {
  const searcher = bench.searcher(weights);
  const found: number[] = [];
  for (const { text, path } of questions) {
    const at = (await searcher.search(text, DEPTH)).findIndex(({ page }) => page === bench.pageOf.get(path));
    found.push(at === -1 ? Infinity : at + 1);
  }
  return found;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function render({ salience, firstPass, features }: SearchWeights): string {
  const named = Object.fromEntries(featureNames.map((name, at) => [name, features[at]]));
  return `${JSON.stringify({ firstPass, features: named, salience }, null, 2)}\n`;
}

/**
 * Learns how to rank from questions whose page is known. Sequence: what each word of a question is worth → weights of the first
 * pass → weights of the second. Deterministic. Never looks at other questions than it is given.
 */
import type { Document } from "../corpus/document.ts";
import { FEATURES, featureNames } from "../corpus/ranking/features.ts";
import type { FirstPassWeights } from "../corpus/ranking/first-pass.ts";
import type { Query } from "../corpus/ranking/query.ts";
import type { Searcher, SearchWeights } from "../corpus/search.ts";
import { tokenise } from "../corpus/tokenise.ts";
import { type Choice, learnWeights } from "./conditional-logit.ts";
import type { Progress } from "./progress.ts";
import type { Question } from "./questions.ts";
import type { RankingLab } from "./ranking-lab.ts";

/** A first pass to start from; its terms and years alone find nine pages of ten among its candidates. */
const START: FirstPassWeights = { terms: 8, years: 2, sameYear: 1 };

export interface LearnedRanking {
  weights: SearchWeights;
  /** By feature: the weights learned without it, which is then 0. */
  ablations: { name: string; weights: SearchWeights }[];
}

export function learnRanking(lab: RankingLab, questions: readonly Question[], progress: Progress): LearnedRanking {
  const salience = learnSalience(lab.documents, questions);
  const start: SearchWeights = { salience, firstPass: START, features: featureNames.map(() => 1), firstPassCosine: 0 };
  const firstPass = learnFirstPass(lab, questions, start, progress);
  const choices = readFeatures(lab, questions, { ...start, firstPass }, progress);
  const learn = (from: readonly Choice[]) => ({
    ...start,
    firstPass,
    features: learnWeights(from, FEATURES).map(round),
  });
  const ablations = featureNames.map((name, feature) => {
    progress.update("ablations", feature + 1, FEATURES);
    return { name, weights: learn(without(choices, feature)) };
  });
  return { weights: learn(choices), ablations };
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
  lab: RankingLab,
  questions: readonly Question[],
  weights: SearchWeights,
  progress: Progress,
): FirstPassWeights {
  const searcher = lab.searcher(weights);
  const choices: Choice[] = [];
  questions.forEach(({ text, path }, at) => {
    progress.update("first pass", at + 1, questions.length);
    const query = searcher.readQuery(text);
    const pages = searcher.ranker.firstPass.candidates(query, undefined, weights.firstPass, RIVALS, RIVALS);
    const right = pages.indexOf(lab.pageOf(path));
    if (right !== -1) choices.push({ right, features: firstPassEvidence(searcher, query, pages) });
  });
  const [terms = 0, years = 0, sameYear = 0] = learnWeights(choices, 3).map(round);
  return { terms, years, sameYear };
}

/** What each kind of evidence alone adds to the terms' score of the pages, a row a page. */
function firstPassEvidence({ ranker }: Searcher, query: Query, pages: readonly number[]): Float64Array {
  const none: FirstPassWeights = { terms: 1, years: 0, sameYear: 0 };
  const scores = (weights: Partial<FirstPassWeights>) => {
    const all = ranker.firstPass.scores(query, undefined, { ...none, ...weights });
    return pages.map((page) => all[page]!);
  };
  const terms = scores({});
  const others = [scores({ years: 1 }), scores({ sameYear: 1 })];
  return Float64Array.from(terms.flatMap((score, at) => [score, ...others.map((other) => other[at]! - score)]));
}

/** Alternatives to a question's page in learning the second pass, if only few are good: as many as a search shows at most. */
const FEWEST_CANDIDATES = 10;

function readFeatures(
  lab: RankingLab,
  questions: readonly Question[],
  weights: SearchWeights,
  progress: Progress,
): Choice[] {
  const searcher = lab.searcher(weights);
  return questions.flatMap(({ text, path }, at) => {
    progress.update("features", at + 1, questions.length);
    const query = searcher.readQuery(text);
    const { pages, features } = searcher.ranker.candidates(query, searcher.embedWords(query), FEWEST_CANDIDATES);
    const right = pages.indexOf(lab.pageOf(path));
    return right === -1 ? [] : [{ features, right }];
  });
}

function without(choices: readonly Choice[], feature: number): Choice[] {
  return choices.map(({ features, right }) => ({
    right,
    features: features.map((value, at) => (at % FEATURES === feature ? 0 : value)),
  }));
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

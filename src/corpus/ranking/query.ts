/**
 * A query as the ranking reads it: its telling terms in numbered slots, so that the terms a passage has are the bits of one
 * number. Never looks at a page.
 */
import type { Lexicon } from "../lexical/lexicon.ts";
import { isYear } from "../lexical/years.ts";
import { hashPair, hashTerm, tokenise } from "../tokenise.ts";

/** The bits of a number. A longer query keeps its years and its weightiest terms. */
export const SLOTS = 32;
/** Terms that weigh less say nothing by their neighbourhood. */
const LEAST_WEIGHT = 0.05;
/** Pairs of neighbours kept; a query with all slots full and no repetition has fewer. */
const PAIRS = 31;

/** How much of a term's rarity a query's use of it is worth: 0 for a word of asking ("what"), 1 where nothing is known. */
export type Salience = ReadonlyMap<string, number>;

export interface Query {
  /** The corpus's number of each slot's term. */
  ids: number[];
  /** Rarity × salience by slot. */
  weights: number[];
  rarity: number[];
  /** The weights of all the query's terms, also of those that the corpus does not have. */
  total: number;
  /** Terms that stand next to each other: `neighbours[a * SLOTS + b]` is their place in `bigramWeights`, or -1. */
  neighbours: Int8Array;
  bigramWeights: number[];
  /** Terms that follow each other when lesser words are left out. */
  pairs: Pair[];
  /** By slot, the pairs it is in. */
  pairsOf: number[][];
  years: { count: number; latest: number; mask: number };
}

export interface Pair {
  first: number;
  second: number;
  /** Its share of the weights of all pairs. */
  share: number;
}

export function readQuery(text: string, lexicon: Lexicon, salience: Salience): Query {
  const terms = weigh(tokenise(text), lexicon, salience);
  const slots = chooseSlots(terms);
  const slotOf = new Map(slots.map(({ term }, slot) => [term, slot]));
  const query: Query = {
    ids: slots.map(({ id }) => id),
    weights: slots.map(({ weight }) => weight),
    rarity: slots.map(({ rarity }) => rarity),
    total: sum(unique(terms).map(({ weight }) => weight)),
    neighbours: new Int8Array(SLOTS * SLOTS).fill(-1),
    bigramWeights: [],
    pairs: [],
    pairsOf: slots.map(() => []),
    years: yearsOf(terms, slotOf),
  };
  addBigrams(query, terms, slotOf, lexicon, salience);
  addPairs(query, terms, slotOf);
  return query;
}

interface WeightedTerm {
  term: string;
  hash: number;
  id: number;
  rarity: number;
  weight: number;
}

function weigh(tokens: readonly string[], lexicon: Lexicon, salience: Salience): WeightedTerm[] {
  return tokens.map((term) => {
    const hash = hashTerm(term);
    const id = lexicon.find(hash);
    const rarity = id === -1 ? lexicon.unknownRarity : lexicon.rarity[id]!;
    return { term, hash, id, rarity, weight: rarity * (salience.get(term) ?? 1) };
  });
}

function unique(terms: readonly WeightedTerm[]): WeightedTerm[] {
  return [...new Map(terms.map((term) => [term.term, term])).values()];
}

/** Words of asking that nearly every page has are passed over: they are the longest lists of the index. */
function chooseSlots(terms: readonly WeightedTerm[]): WeightedTerm[] {
  const telling = unique(terms).filter(
    ({ id, rarity, weight }) => id !== -1 && (weight >= LEAST_WEIGHT || weight === rarity),
  );
  if (telling.length <= SLOTS) return telling;
  const worth = ({ term, weight }: WeightedTerm) => (isYear(term) ? Infinity : weight);
  const byWorth = telling.toSorted((a, b) => (worth(a) === worth(b) ? a.id - b.id : worth(b) - worth(a)));
  return byWorth.slice(0, SLOTS);
}

function yearsOf(terms: readonly WeightedTerm[], slotOf: ReadonlyMap<string, number>): Query["years"] {
  const years = unique(terms).filter(({ term }) => isYear(term));
  const known = years.map(({ term }) => slotOf.get(term)).filter((slot) => slot !== undefined);
  return {
    count: years.length,
    latest: Math.max(0, ...years.map(({ term }) => Number(term))),
    mask: known.reduce((mask, slot) => mask | (1 << slot), 0),
  };
}

function addBigrams(
  query: Query,
  terms: readonly WeightedTerm[],
  slotOf: ReadonlyMap<string, number>,
  lexicon: Lexicon,
  salience: Salience,
): void {
  for (let at = 1; at < terms.length && query.bigramWeights.length < PAIRS; at++) {
    const [first, second] = [terms[at - 1]!, terms[at]!];
    const [a, b] = [slotOf.get(first.term), slotOf.get(second.term)];
    if (a === undefined || b === undefined || query.neighbours[a * SLOTS + b] !== -1) continue;
    const worth = Math.min(salience.get(first.term) ?? 1, salience.get(second.term) ?? 1);
    query.neighbours[a * SLOTS + b] = query.bigramWeights.length;
    query.bigramWeights.push(worth * lexicon.bigramRarity(hashPair(first.hash, second.hash)));
  }
}

function addPairs(query: Query, terms: readonly WeightedTerm[], slotOf: ReadonlyMap<string, number>): void {
  const telling = terms.filter(({ weight }) => weight >= LEAST_WEIGHT);
  const slots = telling.map(({ term }) => slotOf.get(term)).filter((slot) => slot !== undefined);
  const weights: number[] = [];
  for (let at = 1; at < slots.length && weights.length < PAIRS; at++) {
    const [first, second] = [slots[at - 1]!, slots[at]!];
    if (first === second) continue;
    const [a, b] = [query.weights[first]!, query.weights[second]!];
    query.pairsOf[first]!.push(weights.length);
    query.pairsOf[second]!.push(weights.length);
    query.pairs.push({ first, second, share: 0 });
    // A pair tells about as much as its lesser term, and a little more when the other is rare.
    weights.push(Math.min(a, b) + 0.25 * Math.max(a, b));
  }
  const total = sum(weights);
  query.pairs.forEach((pair, at) => (pair.share = weights[at]! / total));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

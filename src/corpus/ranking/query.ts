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
  weights: Float64Array;
  /** The weights of all the query's terms, also of those that the corpus does not have; above 0. */
  total: number;
  /** Terms that stand next to each other: `neighbours[a * SLOTS + b]` is their place in `bigramWeights`, or -1. */
  neighbours: Int8Array;
  bigramWeights: number[];
  /** Terms that follow each other when lesser words are left out: each pair's share of the weights of all pairs. */
  pairShares: number[];
  /** The pairs of each slot: those from `pairFirst[slot]` up to `pairFirst[slot + 1]` in `pairs`. */
  pairFirst: Uint8Array;
  pairs: Uint8Array;
  /** The other slot of each of `pairs`. */
  partners: Uint8Array;
  years: { count: number; latest: number; mask: number };
}

export function readQuery(text: string, lexicon: Lexicon, salience: Salience): Query {
  const terms = weigh(tokenise(text), lexicon, salience);
  const distinct = [...new Map(terms.map((term) => [term.term, term])).values()];
  const slots = chooseSlots(distinct);
  const slotOf = new Map(slots.map(({ term }, slot) => [term, slot]));
  return {
    ids: slots.map(({ id }) => id),
    weights: Float64Array.from(slots, ({ weight }) => weight),
    total: sum(distinct.map(({ weight }) => weight)) || 1,
    ...bigramsOf(terms, slotOf, lexicon, salience),
    ...pairsOf(terms, slotOf),
    years: yearsOf(distinct, slotOf),
  };
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

/** Words of asking that nearly every page has are passed over: they are the longest lists of the index. */
function chooseSlots(terms: readonly WeightedTerm[]): WeightedTerm[] {
  const telling = terms.filter(({ id, rarity, weight }) => id !== -1 && (weight >= LEAST_WEIGHT || weight === rarity));
  if (telling.length <= SLOTS) return telling;
  const worth = ({ term, weight }: WeightedTerm) => (isYear(term) ? Infinity : weight);
  const byWorth = telling.toSorted((a, b) => (worth(a) === worth(b) ? a.id - b.id : worth(b) - worth(a)));
  return byWorth.slice(0, SLOTS);
}

function yearsOf(terms: readonly WeightedTerm[], slotOf: ReadonlyMap<string, number>): Query["years"] {
  const years = terms.filter(({ term }) => isYear(term));
  const known = years.map(({ term }) => slotOf.get(term)).filter((slot) => slot !== undefined);
  return {
    count: years.length,
    latest: Math.max(0, ...years.map(({ term }) => Number(term))),
    mask: known.reduce((mask, slot) => mask | (1 << slot), 0),
  };
}

function bigramsOf(
  terms: readonly WeightedTerm[],
  slotOf: ReadonlyMap<string, number>,
  lexicon: Lexicon,
  salience: Salience,
): Pick<Query, "neighbours" | "bigramWeights"> {
  const neighbours = new Int8Array(SLOTS * SLOTS).fill(-1);
  const bigramWeights: number[] = [];
  for (let at = 1; at < terms.length && bigramWeights.length < PAIRS; at++) {
    const [first, second] = [terms[at - 1]!, terms[at]!];
    const [a, b] = [slotOf.get(first.term), slotOf.get(second.term)];
    if (a === undefined || b === undefined || neighbours[a * SLOTS + b] !== -1) continue;
    const worth = Math.min(salience.get(first.term) ?? 1, salience.get(second.term) ?? 1);
    neighbours[a * SLOTS + b] = bigramWeights.length;
    bigramWeights.push(worth * lexicon.bigramRarity(hashPair(first.hash, second.hash)));
  }
  return { neighbours, bigramWeights };
}

function pairsOf(
  terms: readonly WeightedTerm[],
  slotOf: ReadonlyMap<string, number>,
): Pick<Query, "pairShares" | "pairFirst" | "pairs" | "partners"> {
  const telling = terms.filter(({ term, weight }) => weight >= LEAST_WEIGHT && slotOf.has(term));
  const bySlot: { pair: number; partner: number }[][] = Array.from(slotOf, () => []);
  const weights: number[] = [];
  for (let at = 1; at < telling.length && weights.length < PAIRS; at++) {
    const [a, b] = [telling[at - 1]!, telling[at]!];
    const [first, second] = [slotOf.get(a.term)!, slotOf.get(b.term)!];
    if (first === second) continue;
    bySlot[first]!.push({ pair: weights.length, partner: second });
    bySlot[second]!.push({ pair: weights.length, partner: first });
    // A pair tells about as much as its lesser term, and a little more when the other is rare.
    weights.push(Math.min(a.weight, b.weight) + 0.25 * Math.max(a.weight, b.weight));
  }
  const total = sum(weights);
  const pairFirst = new Uint8Array(bySlot.length + 1);
  bySlot.forEach((list, slot) => (pairFirst[slot + 1] = pairFirst[slot]! + list.length));
  return {
    pairShares: weights.map((weight) => weight / total),
    pairFirst,
    pairs: Uint8Array.from(bySlot.flat(), ({ pair }) => pair),
    partners: Uint8Array.from(bySlot.flat(), ({ partner }) => partner),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** What a question about a report asks for, by its words: so that it is seen which kinds a change made better or worse. Pure. */
import { limits } from "../../contract/limits.ts";

/** The first that fits. A question of another wording is of a neighbouring kind: this is for overview, not for scores. */
const KINDS: readonly [kind: string, words: RegExp][] = [
  ["yes or no", /(?:^|[,;] ?)(?:did|does|do|was|were|is|are|has|have|had|can|could|will|would|should)\b/],
  [
    "change in %",
    /percent(?:age)? (?:change|increase|decrease|growth|decline|rise|drop)|growth rate|rate of (?:growth|change|increase)|(?:change|increase|decrease|decline|grow\w*|outperform)\b.*(?:percent|%)/,
  ],
  ["share", /percent|%|portion|fraction|share of|how much of/],
  ["ratio", /\bratio\b|how many times|\bmargin\b|\breturn\b|\broi\b|\brate\b|\byield\b/],
  [
    "change",
    /\bchanges?\b|\bincreased?\b|\bdecreased?\b|\bdeclined?\b|difference|variation|\bgrowth\b|\bgrow\b|how much (?:more|less|higher|lower)/,
  ],
  ["average", /\baverage\b|\bmean\b/],
  ["total", /\btotal\b|\bsum\b|\bcombined\b|\bcumulative\b/],
];

export function questionKind(question: string): string {
  // What comes later is no question any more, and would cost the patterns the square of its length.
  const text = question.slice(0, limits.queryCharacters).toLowerCase().trim();
  return KINDS.find(([, words]) => words.test(text))?.[0] ?? "amount";
}

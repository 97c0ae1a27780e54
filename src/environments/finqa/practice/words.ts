/** What a question's words say of how to look for its answer, without understanding it. Pure. */
import { limits } from "../../../contract/limits.ts";
import { tokenise } from "../../../corpus/tokenise.ts";

/** Words that questions have in common; no page is found by them. */
const COMMON =
  "a an and are as at be between by did do does for from had has have how in into is it its many much of on or that the their them this to was were what when which who with would january february march april may june july august september october november december year end fiscal million thousand dollar";
/** Words that say what is to be done with the figures rather than which figures. */
const OPERATIONS =
  "percentage percent share portion proportion part ratio rate total sum combined together average mean change increase decrease growth grow rise fall decline difference exceed more less amount value";
const common = new Set(tokenise(COMMON));
const operations = new Set(tokenise(OPERATIONS));

/** Kinds of questions, by words that hint at them; a question can be of several. */
const KINDS: Readonly<Record<string, ReadonlySet<string>>> = {
  percent: new Set(tokenise("percentage percent share portion proportion part rate")),
  change: new Set(
    tokenise("change changed growth grow grew increase increased decrease rise rose fall decline declined"),
  ),
  difference: new Set(tokenise("difference exceed exceeded below above remain remained higher lower")),
  total: new Set(tokenise("total")),
  sum: new Set(tokenise("sum combined together both")),
  average: new Set(tokenise("average mean averaged")),
  ratio: new Set(tokenise("ratio per each every relation times")),
};

export interface Asked {
  question: string;
  /** Its words, as the search knows them. */
  words: ReadonlySet<string>;
  /** Those that are not common. */
  telling: ReadonlySet<string>;
  /** Of these, those that name something rather than say what is to be done. */
  content: ReadonlySet<string>;
  years: readonly string[];
  kinds: readonly string[];
  /** Whether yes or no is asked for. */
  polar: boolean;
}

export function readQuestion(question: string): Asked {
  const text = question.slice(0, limits.queryCharacters);
  const words = new Set(tokenise(text));
  const hinted = Object.entries(KINDS).filter(([, hints]) => !hints.isDisjointFrom(words));
  const kinds = hinted.map(([kind]) => kind);
  const telling = [...words].filter(isTelling);
  return {
    question: text,
    words,
    telling: new Set(telling),
    content: new Set(telling.filter((word) => !operations.has(word))),
    years: [...words].filter(isYear),
    kinds: kinds.length > 1 ? [...kinds, kinds.join(" and ")] : kinds.length > 0 ? kinds : ["plain"],
    polar: /^\s*(?:are|did|do|does|had|has|have|is|was|were)\b/i.test(text),
  };
}

export const isYear = (word: string) => /^(?:19|20)\d\d$/.test(word);

/** Whether a word tells one label from another. */
export const isTelling = (word: string) => !common.has(word) && !isDay(word);
const isDay = (word: string) => /^\d\d?$/.test(word);

/** How much of `words` is among those asked for, from 0 to 1. */
export function overlap(words: readonly string[], asked: ReadonlySet<string>): number {
  if (words.length === 0) return 0;
  return words.filter((word) => asked.has(word)).length / words.length;
}

/** The words of a question that pass, as they are written there and in their order. */
export function wordsOf(question: string, passes: (word: string) => boolean): string {
  const written = question.split(/[\s,;:?!()"]+/);
  return written.filter((text) => tokenise(text).some(passes)).join(" ");
}

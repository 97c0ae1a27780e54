/** From results on the same items to what differs between them. Pure; randomness is an argument. */
import type { ComparedResult, Comparison } from "../../contract/comparison.ts";
import type { ResultsManifest } from "../../contract/results.ts";
import type { Randoms } from "../baseline/scores.ts";
import { isGraded } from "../latest.ts";
import type { Attempt } from "./attempt.ts";
import { bigramsOf, sequencesOf } from "./calls.ts";
import { compareFamily } from "./changes.ts";
import { attemptsInCommon, type Common, type CommonItem, commonItems, meanScore } from "./common.ts";
import { commonTools, figuresOf } from "./figures.ts";
import { itemChanges, type QuestionKind } from "./items.ts";

/** One of the results, as it was read. */
export interface GivenResult {
  label: string;
  manifest: ResultsManifest;
  /** All lines, in their order. */
  attempts: readonly Attempt[];
  cut: boolean;
}

export interface Comparing {
  command: string[];
  /** At least two; the first is what the others are held against. */
  results: readonly GivenResult[];
  different: Comparison["different"];
  kindOf: QuestionKind | undefined;
  randoms: Randoms;
}

/** @returns without a common item: no figures */
export function compare({ command, results, different, kindOf, randoms }: Comparing): Comparison {
  const common = commonItems(results.map(({ attempts }) => attempts));
  const { items } = common;
  const k = attemptsInCommon(items);
  return {
    schema: 1,
    command,
    results: results.map((result, at) => resultOf(result, common.results[at])),
    different,
    items: items.length,
    other_questions: common.otherQuestions,
    k,
    figures: figuresOf(items, k, randoms),
    kinds: kindOf ? kindsOf(items, kindOf, randoms) : [],
    pairs: results.slice(1).map(({ label }, at) => ({ label, items: itemChanges(items, at + 1, kindOf) })),
    bigrams: bigramsOf(items, commonTools(items)),
    sequences: sequencesOf(items),
  };
}

function resultOf({ label, manifest, cut }: GivenResult, found: Common["results"][number] | undefined): ComparedResult {
  const { attempts = [], leftOut = { items: 0, mean_score: null } } = found ?? {};
  const planned = manifest.dataset.items * manifest.attempts;
  const count = (ending: Attempt["ending"]) => attempts.filter((attempt) => attempt.ending === ending).length;
  return {
    label,
    manifest,
    rollouts: {
      planned,
      graded: attempts.filter(isGraded).length,
      faulted: count("faulted"),
      agent_failed: count("agent_failed"),
      unattempted: Math.max(0, planned - attempts.length),
    },
    left_out: leftOut,
    cut,
  };
}

/** The commonest first. */
function kindsOf(items: readonly CommonItem[], kindOf: QuestionKind, randoms: Randoms): Comparison["kinds"] {
  const groups = [...Map.groupBy(items, ({ question }) => kindOf(question))];
  const sorted = groups.toSorted(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1));
  const measured = sorted.map(([kind, group]) => ({
    named: { kind },
    wanted: "more" as const,
    rows: group.map(({ sides }) => sides.map(meanScore)),
  }));
  return compareFamily("kinds", measured, randoms);
}

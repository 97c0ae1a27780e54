/** Readings of a comparison that its page and its terminal summary share. Pure. */
import type { Change, ComparedResult, Comparison, Figure, Finding } from "../../contract/comparison.ts";
import { limits } from "../../contract/limits.ts";
import { counted, oneDecimal, percent, probability, whole } from "../numbers.ts";

const TITLES: Readonly<Record<string, string>> = {
  score: "mean score",
  solved: "full score",
  varied: "items in between",
  always_zero: "items always 0",
  always_one: "items always 1",
  answer_time: "time to answer",
  model_time: "time of the model",
  tool_time: "time of tools",
  output_tokens: "output tokens",
  reasoning_tokens: "reasoning tokens",
  input_tokens: "input tokens",
  calls: "tool calls",
  repeats: "repeats",
  mistakes: "mistakes",
  over_budget: "over budget",
};

export function figureTitle({ name, tool }: Figure, k: number): string {
  if (tool !== null) return `calls of ${tool}`;
  if (name === "best_of_k") return `best of ${k}`;
  if (name === "pass_at_k") return `pass@${k}`;
  return TITLES[name] ?? name;
}

type Unit = Figure["unit"];

export function valueText(unit: Unit, value: number): string {
  switch (unit) {
    case "score":
      return value.toFixed(3);
    case "share":
      return percent(value);
    case "milliseconds":
      return value < 1_000 ? `${whole(value)} ms` : `${oneDecimal(value / 1_000)} s`;
    case "tokens":
      return whole(value);
    case "number":
      return value.toFixed(2);
  }
}

/** With its sign; of shares, in points of a hundred. */
export function changeText(unit: Unit, difference: number): string {
  const size = Math.abs(difference);
  const text = unit === "share" ? oneDecimal(size * 100) : valueText(unit, size);
  if (!/[1-9]/.test(text)) return text;
  return `${difference > 0 ? "+" : "-"}${text}`;
}

export const changeInterval = (unit: Unit, { difference: { low, high } }: Change) =>
  `${changeText(unit, low)} to ${changeText(unit, high)}`;

/** Costs are read as a part of what they were. */
export function relativeText({ unit, values }: Figure, { difference }: Change): string {
  const before = values[0]?.value ?? 0;
  if (unit === "score" || unit === "share" || !(before > 0)) return "";
  const share = oneDecimal(Math.abs(difference.value / before) * 100);
  return `${difference.value > 0 ? "+" : difference.value < 0 ? "-" : ""}${share} %`;
}

export const findingWords: Readonly<Record<Finding, string>> = {
  better: "better",
  worse: "worse",
  changed: "changed",
  unclear: "unclear",
  same: "same",
};

export const scoreOf = ({ figures }: Comparison): Figure | undefined => figures.find(({ name }) => name === "score");

/** The first result is what the others are held against. */
export const firstLabel = ({ results }: Comparison) => results[0]?.label ?? "";

/** Of a pair's score. */
export const findingOf = (comparison: Comparison, at: number): Finding =>
  scoreOf(comparison)?.changes[at]?.finding ?? "unclear";

/** What a pair's scores come to. @param at which of the pairs */
export function headline(comparison: Comparison, at: number): string {
  const label = comparison.pairs[at]?.label ?? "";
  const first = firstLabel(comparison);
  switch (findingOf(comparison, at)) {
    case "better":
      return `${label} scores better than ${first}`;
    case "worse":
      return `${label} scores worse than ${first}`;
    case "same":
      return `${label} has the same score as ${first} on every item`;
    // A score that is as much wanted either way there is not.
    case "changed":
    case "unclear":
      return `${label} and ${first} cannot be told apart by their scores`;
  }
}

/** The figures behind the headline, as sentences. */
export function scoreSentences(comparison: Comparison, at: number): string[] {
  const figure = scoreOf(comparison);
  const change = figure?.changes[at];
  if (!figure || !change) return [];
  const [before, after] = [figure.values[0]?.value ?? 0, figure.values[at + 1]?.value ?? 0];
  const found = `Mean score ${valueText("score", before)} before, ${valueText("score", after)} after: ${changeText("score", change.difference.value)} (95 % interval ${changeInterval("score", change)}; p ${probability(change.corrected_p)}).`;
  return [found, ...(change.finding === "unclear" ? [unclearWords(change)] : [])];
}

function unclearWords({ detectable }: Change): string {
  const chance = "A difference of this size is not distinguishable from chance.";
  if (detectable === null) return `${chance} These items are too few, or too alike, to show any.`;
  return `${chance} A true one of ${valueText("score", detectable)} would have been seen in four of five such comparisons: for a smaller one take more items or more attempts.`;
}

/** What else is beyond chance, as sentences. */
export function otherFindings(comparison: Comparison, at: number): string[] {
  const of = (finding: Finding) =>
    comparison.figures
      .filter((figure) => figure.name !== "score" && figure.changes[at]?.finding === finding)
      .map((figure) => {
        const change = figure.changes[at];
        const difference = change ? changeText(figure.unit, change.difference.value) : "";
        return `${figureTitle(figure, comparison.k)} ${difference}${figure.unit === "share" ? " points" : ""}`;
      });
  const sentence = (name: string, found: readonly string[]) =>
    found.length > 0 ? [`${name}: ${found.join(", ")}.`] : [];
  return [
    ...sentence("Better", of("better")),
    ...sentence("Worse", of("worse")),
    ...sentence("Changed", of("changed")),
  ];
}

/** What limits the figures, as sentences. */
export function notes(comparison: Comparison): string[] {
  const { results, different, figures, items, k, other_questions } = comparison;
  const fewest = 6;
  return [
    ...different.map(({ what, values }) => `Not the same: ${what} (${values.join(" / ")}).`),
    ...results.flatMap((result) => notesOn(result, comparison)),
    ...(other_questions > 0
      ? [`${counted(other_questions, "item")} of the same name with another question: left out.`]
      : []),
    ...(figures.some(isTimeFound)
      ? [
          "Times are of the machines and networks that answered then: what was played at another time, or from another place, differs by that too.",
        ]
      : []),
    ...(items < fewest ? [`With fewer than ${fewest} items no difference can be told from chance.`] : []),
    ...(k < 2 ? ["One attempt at an item: nothing can be said of best of k, nor of items that vary."] : []),
  ];
}

const isTimeFound = ({ unit, changes }: Figure) =>
  unit === "milliseconds" && changes.some(({ finding }) => finding === "better" || finding === "worse");

function notesOn({ label, rollouts, left_out, cut, manifest }: ComparedResult, comparison: Comparison): string[] {
  const at = comparison.results.findIndex((result) => result.label === label);
  const compared = scoreOf(comparison)?.values[at]?.value ?? 0;
  const { faulted, agent_failed, unattempted } = rollouts;
  return [
    ...(manifest.agent.model === null
      ? [`${label}: played by the ${manifest.agent.kind} agent, which is no model.`]
      : []),
    ...(faulted + agent_failed > 0
      ? [
          `${label}: ${whole(faulted)} faulted and ${whole(agent_failed)} failed rollouts are left out, and scored nothing.`,
        ]
      : []),
    ...(unattempted > 0 ? [`${label}: ${counted(unattempted, "rollout")} not played.`] : []),
    ...(left_out.mean_score !== null
      ? [
          `${label}: ${counted(left_out.items, "item")} that not every result has ${left_out.items === 1 ? "is" : "are"} left out, mean score ${valueText("score", left_out.mean_score)} there against ${valueText("score", compared)} on those compared.`,
        ]
      : []),
    ...(cut ? [`${label}: the last line was cut, as by an interruption, and is left out.`] : []),
  ];
}

export function agentOf({ manifest: { agent } }: ComparedResult): string {
  if (agent.model !== null)
    return agent.reasoning_effort === null ? agent.model : `${agent.model}, ${agent.reasoning_effort} effort`;
  return agent.error_rate === null ? `${agent.kind} agent` : `${agent.kind} agent, ${percent(agent.error_rate)} errors`;
}

/** Tests that were made at once, by family: how many count in the correction. */
function testsOf(figures: readonly { changes: readonly Change[] }[]): number {
  return figures.reduce((sum, { changes }) => sum + changes.filter(({ resolution }) => resolution < 1).length, 0);
}

export function howTested(comparison: Comparison): string {
  const others = comparison.figures.filter(({ name }) => name !== "score");
  const kinds = testsOf(comparison.kinds);
  const ofScore = testsOf(comparison.figures) - testsOf(others);
  const exact = `exact where at most ${limits.signFlipExactItems} items differ, else from ${whole(limits.signFlips)} drawings of signs, so that it is never below ${(1 / (limits.signFlips + 1)).toFixed(5)}`;
  return `p: two-sided sign-flip test, paired by item; ${exact}. Corrected after Holm within each family of tests: the score (${counted(ofScore, "test")}), all other figures (${counted(testsOf(others), "test")})${kinds > 0 ? `, the kinds of questions (${counted(kinds, "test")})` : ""}; below ${limits.significance} it is called a difference.`;
}

/** Counts what a class's answers were paid, and says whether that is as it must be. Pure, but for the counts it keeps. */
import type { AttackClassResult, AttackExample, AttackVerdict } from "../../contract/attack.ts";
import { limits } from "../../contract/limits.ts";
import type { Item } from "./items.ts";
import type { Probe, ProbeClass } from "./probe.ts";

/** A probe that was scored. `order` is its place among all, whatever the order of the answers. */
export interface Scored {
  order: number;
  item: Item;
  probe: Probe;
  score: number;
}

export class Tally {
  readonly #family: string;
  readonly #class: ProbeClass;
  readonly #failures = new Examples();
  readonly #nearMisses = new Examples();
  #answers = 0;
  #sum = 0;
  #highest = 0;
  #lowest = 1;
  #paidOne = 0;

  constructor(family: string, probeClass: ProbeClass) {
    this.#family = family;
    this.#class = probeClass;
  }

  add(scored: Scored): void {
    const { score, probe } = scored;
    this.#answers += 1;
    this.#sum += score;
    this.#highest = Math.max(this.#highest, score);
    this.#lowest = Math.min(this.#lowest, score);
    if (score === 1) this.#paidOne += 1;
    if (score < probe.least || score > probe.most) this.#failures.add(scored);
    else if (probe.least === 0 && score > 0) this.#nearMisses.add(scored);
  }

  result(): AttackClassResult {
    const none = this.#answers === 0;
    const { name, description, byDesign } = this.#class;
    return {
      family: this.#family,
      name,
      description,
      ...(byDesign !== undefined && { by_design: byDesign }),
      verdict: this.#verdict(),
      answers: this.#answers,
      highest: none ? null : this.#highest,
      lowest: none ? null : this.#lowest,
      mean: none ? null : this.#sum / this.#answers,
      paid_one: this.#paidOne,
      failures: this.#failures.result(),
      near_misses: this.#nearMisses.result(),
    };
  }

  #verdict(): AttackVerdict {
    if (this.#answers === 0) return "not_tried";
    if (this.#failures.count > 0) return "failed";
    if (this.#nearMisses.count === 0) return "passed";
    return this.#class.byDesign === undefined ? "near_misses" : "by_design";
  }
}

/** The first few: those furthest from what they may be paid, in the order in which they were to be sent. */
class Examples {
  count = 0;
  #first: Scored[] = [];

  add(scored: Scored): void {
    this.count += 1;
    const all = [...this.#first, scored];
    this.#first = all.toSorted((a, b) => excess(b) - excess(a) || a.order - b.order).slice(0, limits.attackExamples);
  }

  result() {
    return { count: this.count, examples: this.#first.map(example) };
  }
}

const excess = ({ score, probe }: Scored) => Math.max(score - probe.most, probe.least - score);

function example({ item, probe, score }: Scored): AttackExample {
  const { least, most, reason, sample } = probe;
  const { output_text, ...others } = sample;
  const isText = output_text != null && Object.keys(others).length === 0;
  const answer = isText ? output_text : JSON.stringify(sample);
  const { reference } = item.target;
  return {
    item: item.name,
    answer: cut(answer),
    reference: cut(reference),
    score,
    least,
    most,
    ...(reason !== undefined && { reason }),
  };
}

function cut(text: string): string {
  const most = limits.attackAnswerCharacters;
  return text.length > most ? `${text.slice(0, most).toWellFormed()}…` : text.toWellFormed();
}

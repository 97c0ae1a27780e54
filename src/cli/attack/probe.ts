/**
 * What an attack is made of: probes (an answer, and what it may be paid), made by classes from what an item has. Pure: the same
 * item and the same random sequence make the same probes.
 */
import type { SentSample } from "../../contract/wire.ts";
import type { AttackTarget } from "../../environments/attack-target.ts";
import type { Random } from "../../environments/rehearsal.ts";
import { mayEarn, shareOf } from "./may-earn.ts";

/** A sample to be graded, and the least and the most that an honest grader may pay for it. */
export interface Probe {
  sample: SentSample;
  least: number;
  most: number;
  /** Why more than 0 may be paid for an attack. */
  reason?: string;
}

/** An item as classes see it: what the environment says of it, and some other items. */
export interface Target extends AttackTarget {
  others?: readonly AttackTarget[];
}

type Part = keyof Target;
type With<Needs extends Part> = Target & Required<Pick<Target, Needs>>;

/** Answers of one kind. */
export interface ProbeClass {
  name: string;
  /** One sentence. */
  description: string;
  /** What it needs of an item. An item without it gets no probes of this class. */
  needs: readonly Part[];
  /** Why the rubric pays for answers of this class. Without it, each must be paid 0 unless it is right by chance. */
  byDesign?: string;
  /** Only so many items are tried, where more would show no more. */
  itemsAtMost?: number;
  probes: (target: Target, random: Random) => Probe[];
}

/** Classes that belong together, under one heading. */
export interface Family {
  name: string;
  classes: readonly ProbeClass[];
}

/** A class whose generator is only given items that have what it needs. */
export function probeClass<Needs extends Part>(
  declared: Omit<ProbeClass, "needs" | "probes"> & {
    needs: readonly Needs[];
    probes: (target: With<Needs>, random: Random) => Probe[];
  },
): ProbeClass {
  const { needs, probes, ...rest } = declared;
  return { ...rest, needs, probes: (target, random) => (has(target, needs) ? probes(target, random) : []) };
}

function has<Needs extends Part>(target: Target, needs: readonly Needs[]): target is With<Needs> {
  return needs.every((part) => target[part] !== undefined);
}

/** An answer that must be paid nothing. */
export const unpaid = (text: string): Probe => unpaidSample({ output_text: text });
export const unpaidSample = (sample: SentSample): Probe => ({ sample, least: 0, most: 0 });

/** A wrong number, which by chance may be the reference or close to it. `text` is in the one spelling that `mayEarn` reads. */
export function wrongNumber(text: string, { quantity }: AttackTarget): Probe {
  const most = quantity === undefined ? 0 : mayEarn(text, quantity);
  const sample = { output_text: text };
  if (most === 0) return { sample, least: 0, most };
  const reason =
    most === 1 ? "by chance the reference itself" : "by chance within 0.1 % of the reference, or its rounding";
  return { sample, least: 0, most, reason };
}

/** A list of files that is paid for the share of it that is right, and not more. `names` are plain paths, or no paths at all. */
export function listed(names: readonly string[], { files }: AttackTarget): Probe {
  const most = files === undefined ? 0 : shareOf(names, files);
  const sample = { output_text: JSON.stringify({ files: names }) };
  return { sample, least: 0, most, ...(most > 0 && { reason: "some of the list is right" }) };
}

/** An answer that the rubric pays although it is not quite the reference. */
export const paidByDesign = (text: string): Probe => ({ sample: { output_text: text }, least: 0, most: 1 });

/** An answer that must be paid in full. */
export const right = (text: string): Probe => rightSample({ output_text: text });
export const rightSample = (sample: SentSample): Probe => ({ sample, least: 1, most: 1 });

/**
 * What of an item can be attacked: what `edgegym attack` makes its answers from. An environment says which of the parts an item
 * has; a class of attacks says which it needs. Another kind of environment adds a part here, and classes that need it.
 */
import type { Quantity } from "../grading/quantity.ts";

export interface AttackTarget {
  /** The reference answer as text: given as the answer, it must be paid 1. */
  reference: string;
  question?: string;
  /** The reference, where it is a value by itself, and so is anything but that value alone no answer. */
  value?: string;
  /** The reference, where it is one number. */
  quantity?: Quantity;
  /** The reference, where it is one of two words. */
  word?: "yes" | "no";
  /** Numbers of the item that are not its reference (operands, years), as written: "24800", "-9.8", "3%". At least one. */
  otherNumbers?: readonly string[];
  /** The reference, where it is a list of files. */
  files?: ListedFiles;
}

export interface ListedFiles {
  /** Each once, from the repository's root. At least one. */
  paths: readonly string[];
  /** What may stand before a path without changing it. */
  roots: readonly string[];
}

/** What an audit comes to, in words, for pages and terminals alike. Pure. */
import type { Audit, AuditCheck, Fix } from "../contract/dataset.ts";
import { counted, percent, whole } from "./numbers.ts";

export type AuditState = "clean" | "fixed" | "left" | "told" | "untried";

/** `left`: still in the files. `fixed`: found, and none of it is in them. `told`: found, and no fault by itself. */
export function auditState({ fix, found, left }: AuditCheck): AuditState {
  if (found === null) return "untried";
  if (found === 0) return "clean";
  if (fix === "tell") return "told";
  return leftOf(left) > 0 ? "left" : "fixed";
}

export const leftOf = ({ train, val, between }: AuditCheck["left"]): number => train + val + between;

export const FIXES: Readonly<Record<Fix, string>> = {
  drop: "leave out",
  prefer: "better reference",
  merge: "make one",
  none: "-",
  tell: "keep",
};

export function headline({ checks, fixed, passed }: Audit): string {
  if (passed) return "Nothing is left in the files that a rule speaks of";
  const left = checks.filter((check) => auditState(check) === "left");
  const findings = left.reduce((sum, check) => sum + leftOf(check.left), 0);
  const advice = fixed ? "" : "; --fix does what the rules say";
  return `${counted(findings, "finding")} of ${counted(left.length, "kind")} left in the files${advice}`;
}

export function sizes({ rows, train, val, unit }: Audit): string[] {
  const size = (name: string, { rows: count, documents }: Audit["train"]) =>
    `${name} ${counted(count, "row")} of ${countedUnits(documents, unit)}`;
  return [
    `${counted(rows.read, "record")} read, ${whole(rows.usable)} rows to choose from, ${whole(rows.spare)} not needed`,
    `${size("train.jsonl", train)}; ${size("val.jsonl", val)}; no ${unit} in both`,
  ];
}

export function countedUnits(count: number, unit: Audit["unit"]): string {
  return unit === "document" ? counted(count, "document") : counted(count, "repository", "repositories");
}

/** None for a source that has one account of each answer. */
export function labelWords({ labels, rows }: Audit): string[] {
  const { agrees, rounded, disagrees, alone, rounded_unpaid } = labels;
  const compared = agrees + rounded + disagrees;
  if (compared === 0) return [];
  return [
    `${whole(agrees)} labels are what their program computes, ${whole(rounded)} are that rounded, ${whole(disagrees)} are something else; for ${whole(alone)} there are not both.`,
    `An exact answer would be paid nothing for ${whole(rounded_unpaid)} of the rounded ones (${percent(rounded_unpaid, rows.read)} of all records).`,
  ];
}

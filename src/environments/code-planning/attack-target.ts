/** What of an item of `code-planning` can be attacked. Pure. */
import type { JsonObject } from "../../contract/wire.ts";
import type { AttackTarget } from "../attack-target.ts";
import { reference } from "./dataset-shape.ts";
import { planIfAny, rootsOf } from "./item.ts";

/** Undefined for a row that cannot be graded. */
export function attackTarget(item: JsonObject): AttackTarget | undefined {
  const plan = planIfAny(item);
  if (plan === undefined) return undefined;
  return {
    reference: reference(item) ?? "",
    files: { paths: [...plan.edited], roots: rootsOf(plan) },
    ...(plan.question.trim() !== "" && { question: plan.question }),
  };
}

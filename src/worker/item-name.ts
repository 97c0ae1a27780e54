/** By which name a rollout's ledger knows the dataset row it is an attempt at. Never reads anything of the row but its id. */
import { limits } from "../contract/limits.ts";
import type { JsonObject } from "../contract/wire.ts";

/** The row's `id`, where that is a text or a number of bearable length; else null. */
export function itemName(item: JsonObject | null | undefined): string | null {
  const id = item?.["id"];
  if (typeof id !== "string" && typeof id !== "number") return null;
  const name = String(id);
  return name !== "" && name.length <= limits.idCharacters ? name.toWellFormed() : null;
}

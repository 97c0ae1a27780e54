/**
 * What stands in for a model as the judge (`score_model`). It reads no prompt: it takes the field of the item that the messages show
 * last, one with "answer" in its name first, and gives the top of the range to a sample that says the same - the same letters and
 * digits, or the same number - and the bottom to any other. Deterministic, and no judge of anything else. Pure.
 */
import type { ScoreModelGrader } from "../../../contract/fine-tuning.ts";
import type { JsonObject } from "../../../contract/wire.ts";

/** Undefined where the messages show no field that the item has. */
export function judge(grader: ScoreModelGrader, answer: string, item: JsonObject): number | undefined {
  const [bottom, top] = grader.range ?? [0, 1];
  const shown = fieldsShown(grader).filter((name) => ["string", "number"].includes(typeof item[name]));
  const reference = shown.findLast((name) => name.includes("answer")) ?? shown.at(-1);
  if (reference === undefined) return undefined;
  return saysTheSame(answer, String(item[reference])) ? top : bottom;
}

/** The fields of the item in templates as `{{ item.reference_answer }}`, in their order. */
function fieldsShown({ input }: ScoreModelGrader): string[] {
  return input.flatMap(({ content }) =>
    [...content.matchAll(/\{\{\s*item\.([\w-]+)\s*\}\}/g)].map(([, name = ""]) => name),
  );
}

function saysTheSame(answer: string, reference: string): boolean {
  const [given, wanted] = [plain(answer), plain(reference)];
  if (given === wanted) return true;
  return given !== "" && wanted !== "" && Number(given) === Number(wanted);
}

const plain = (text: string) => text.toLowerCase().replaceAll(/[^\p{L}\p{N}.-]/gu, "");

/** Reads a model's final answer out of a sample: trainers send it as text, as parsed JSON, or only inside the choices. Pure. */
import type { Sample } from "../contract/wire.ts";
import type { FinalAnswer } from "../environments/environment.ts";

/** Undefined when the sample has no place for an answer at all, which is no model's doing; an empty answer is "". */
export function finalAnswer(sample: Sample): FinalAnswer | undefined {
  const { output_text, output_json, choices } = sample;
  if (output_text === undefined && output_json === undefined && !choices) return undefined;
  return { text: output_text || contentText(choices?.[0]?.message?.content), json: output_json ?? null };
}

/** A text by which two samples are told apart. JSON that is nested too deeply to be written counts as its kind only. */
export function sampleText({ text, json }: FinalAnswer): string {
  try {
    return JSON.stringify([text, json]);
  } catch {
    return JSON.stringify([text, typeof json]);
  }
}

/** A message's content is a text, or a list of parts of which some are text. */
function contentText(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((part: unknown) => (hasText(part) ? part.text : "")).join("");
}

function hasText(part: unknown): part is { text: string } {
  return typeof part === "object" && part !== null && "text" in part && typeof part.text === "string";
}

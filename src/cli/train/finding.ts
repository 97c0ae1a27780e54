/** What a check before a job comes to, in short. Pure. */
import { limits } from "../../contract/limits.ts";
import type { PreflightCheck } from "../../contract/preflight.ts";

export type Finding = Omit<PreflightCheck, "name">;

export const ok = (finding: string): Finding => ({ state: "ok", finding, advice: null });
export const warned = (finding: string, advice: string): Finding => ({ state: "warned", finding, advice });
export const refused = (finding: string, advice: string): Finding => ({ state: "refused", finding, advice });
export const skipped = (finding: string): Finding => ({ state: "skipped", finding, advice: null });

/** The first few sentences, and how many more there are. */
export function inShort(sentences: readonly string[]): string {
  const more = sentences.length - limits.preflightExamples;
  return [...sentences.slice(0, limits.preflightExamples), ...(more > 0 ? [`And ${more} more.`] : [])].join(" ");
}

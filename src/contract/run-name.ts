/** What a run may be called: the name becomes a part of storage keys. Pure. */
import { limits } from "./limits.ts";

export const RUN_NAME_RULE = `letters, digits, ".", "_" and "-", at most ${limits.runCharacters}, starting with a letter or digit.`;

/**
 * How runs are named that are rehearsals: their faults are made, so their alarms are shown, and posted to nobody. A job whose
 * run is named so is not watched over.
 */
export const REHEARSAL_PREFIX = "rehearsal-";

export const isRehearsal = (run: string) => run.startsWith(REHEARSAL_PREFIX);

export function isRunName(text: string): boolean {
  return text.length <= limits.runCharacters && /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(text);
}

/** What a reader of a text gives back: what it understood, or why it did not. */

/** `reason` is the rest of a sentence whose subject is the text, and quotes nothing of it: "holds more than one number". */
export type Reading<Value> = { ok: true; value: Value } | { ok: false; reason: string };

export const understood = <Value>(value: Value): Reading<Value> => ({ ok: true, value });
export const refuse = (reason: string): { ok: false; reason: string } => ({ ok: false, reason });

/** Small readings of a rehearsal that its page and its terminal summary share. Pure. */
import type { Rehearsal } from "../contract/rehearsal.ts";

/** Counts by name, the largest first; equal ones by name. */
export function mostFirst(counts: Readonly<Record<string, number>>): [name: string, count: number][] {
  return Object.entries(counts).toSorted(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
}

/** Of all requests, those that were answered with a 5xx, or not at all without being cut on purpose; then all. */
export function faultsIn(statuses: Readonly<Record<string, number>>): [faults: number, requests: number] {
  const entries = Object.entries(statuses);
  const total = (counts: typeof entries) => counts.reduce((sum, [, count]) => sum + count, 0);
  return [total(entries.filter(([status]) => status.startsWith("5") || status === "no answer")), total(entries)];
}

/** `lost_answer` as "lost answer". */
export const inWords = (name: string): string => name.replaceAll("_", " ");

/** The command that was given, ready to paste into a shell. */
export const repeatingCommand = ({ command }: Pick<Rehearsal, "command">): string => command.map(quoted).join(" ");

/** As one word for a POSIX shell. */
const quoted = (text: string) => (/^[\w./:@=-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`);

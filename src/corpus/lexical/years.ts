/**
 * Years, as far as they are told from other numbers: four digits from 1900 to 2099. A report's path names the year it is of,
 * and a question the years it asks about. Where neither does, nothing here has an effect.
 */

const YEAR = /^(?:19|20)\d\d$/;

/** Whether a term is a year. */
export function isYear(term: string): boolean {
  return YEAR.test(term);
}

/** The last year that a path names ("AAL/2013/page_15.pdf" → 2013, "10k-fy2013.md" → 2013), or 0. */
export function yearOfPath(path: string): number {
  const years = path.match(/(?<!\d)(?:19|20)\d\d(?!\d)/g);
  return Number(years?.at(-1) ?? 0);
}

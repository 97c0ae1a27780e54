/** What a trainer makes of an answer's status, in words (the trainers' wire, as the README has it). Pure. */

/** @param status a number as text, or `no answer` */
export function statusMeaning(status: string): string {
  const known = MEANINGS.get(status);
  if (known !== undefined) return known;
  if (status.startsWith("2")) return "an answer";
  if (status.startsWith("4")) return "the request is wired up wrongly; shown to the model";
  return status.startsWith("5") ? "a fault; retried, then the rollout is discarded" : "";
}

const MEANINGS: ReadonlyMap<string, string> = new Map([
  ["200", "an answer or a score; a model's mistake is answered so too"],
  ["401", "a wrong token or none"],
  ["413", "a body over the limit"],
  ["500", "an item that cannot be graded; the rollout is discarded"],
  ["503", "a fault; retried, then the rollout is discarded"],
  ["no answer", "the connection broke, or the time ran out"],
  ["abandoned on purpose", "the rehearsal cut the connection itself"],
]);

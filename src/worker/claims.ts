/** Holds the calls that a trainer says the model made against those that the ledger has. Pure. */
import type { Claims, Ledger } from "../contract/ledger.ts";
import type { ClaimedCall, Sample } from "../contract/wire.ts";

/**
 * Of what the ledger lacks, only calls of the environment's own tools count: a trainer may have others, and a model may name what
 * is none. Of what is not claimed, only where `output_tools` lists a rollout's calls: choices may hold its last ones only.
 *
 * Calls are matched by id; those that claim none, and all of them where the trainer's ids are of another kind than the
 * ledger's, by the tool's name. `tools` are the names of the environment's own. Null for a sample that claims nothing, as most do.
 */
export function checkClaims(sample: Sample, ledger: Ledger | null, tools: ReadonlySet<string>): Claims | null {
  const { claimed, whole } = claimedCalls(sample);
  if (claimed.length === 0) return null;
  const recorded = ledger?.calls ?? [];
  const byId = withoutMatches(
    claimed,
    recorded,
    ({ ids }) => ids,
    ({ call_id }) => call_id,
  );
  const sameKindOfIds = byId.left.length < recorded.length;
  const byItsName = ({ ids }: ClaimedCall) => !sameKindOfIds || ids.length === 0;
  const byName = withoutMatches(
    byId.claims.filter(byItsName),
    byId.left,
    ({ name }) => [name],
    ({ tool }) => tool,
  );
  const missing = [...byName.claims, ...byId.claims.filter((claim) => !byItsName(claim))];
  const unrecorded = missing.filter(({ name }) => tools.has(name)).length;
  return { claimed: claimed.length, unrecorded, unclaimed: whole ? byName.left.length : 0 };
}

/** `whole`: whether the list is of all calls of the rollout. */
function claimedCalls({ output_tools, choices }: Sample): { claimed: ClaimedCall[]; whole: boolean } {
  if (output_tools && output_tools.length > 0) return { claimed: output_tools, whole: true };
  return { claimed: (choices ?? []).flatMap(({ message }) => message?.tool_calls ?? []), whole: false };
}

type LedgerCall = Ledger["calls"][number];

/** The claims without a call of theirs, and the calls without a claim. A call matches one claim. */
function withoutMatches(
  claims: readonly ClaimedCall[],
  calls: readonly LedgerCall[],
  keysOf: (claim: ClaimedCall) => readonly string[],
  keyOf: (call: LedgerCall) => string,
): { claims: ClaimedCall[]; left: LedgerCall[] } {
  const waiting = Map.groupBy(calls, keyOf);
  const unmatched = claims.filter((claim) => {
    const key = keysOf(claim).find((id) => (waiting.get(id)?.length ?? 0) > 0);
    if (key !== undefined) waiting.get(key)?.shift();
    return key === undefined;
  });
  return { claims: unmatched, left: [...waiting.values()].flat() };
}

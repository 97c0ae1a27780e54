/** Holds the calls that a trainer says the model made against those that the ledger has. Pure. */
import type { Claims, Ledger } from "../contract/ledger.ts";
import type { ClaimedCall, Sample } from "../contract/wire.ts";

/**
 * Calls are matched by id; those that claim none, and all of them where the trainer's ids are of another kind than the
 * ledger's, by the tool's name. Null for a sample that claims nothing, as most do.
 */
export function checkClaims(sample: Sample, ledger: Ledger | null): Claims | null {
  const claimed = claimedCalls(sample);
  if (claimed.length === 0) return null;
  const recorded = ledger?.calls ?? [];
  const byId = withoutMatches(
    claimed,
    recorded,
    ({ ids }) => ids,
    ({ call_id }) => call_id,
  );
  const sameKindOfIds = byId.left.length < recorded.length;
  const unmatched = sameKindOfIds ? byId.claims.filter(({ ids }) => ids.length === 0) : byId.claims;
  const byName = withoutMatches(
    unmatched,
    byId.left,
    ({ name }) => [name],
    ({ tool }) => tool,
  );
  const unrecorded = byName.claims.length + byId.claims.length - unmatched.length;
  return { claimed: claimed.length, unrecorded, unclaimed: byName.left.length };
}

function claimedCalls({ output_tools, choices }: Sample): ClaimedCall[] {
  if (output_tools && output_tools.length > 0) return output_tools;
  return (choices ?? []).flatMap(({ message }) => message?.tool_calls ?? []);
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

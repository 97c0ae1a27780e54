/** What a service without one of its protections does, one protection at a time. */
import type { Ledger, LedgerCall } from "../../src/contract/ledger.ts";
import {
  type Asked,
  asking,
  askingLedger,
  fieldsOf,
  isCall,
  isGrading,
  ledgerAsked,
  type Reply,
  replying,
  type Sabotage,
  type Service,
  showing,
} from "./saboteur.ts";

export const honest: Sabotage = (service) => service;

/** Who a call is, over all rollouts. */
const callKey = (asked: Asked) => `${fieldsOf(asked).trace_id} ${fieldsOf(asked).call_id}`;

/** Takes another way with calls that were delivered before; by default those whose first delivery has been answered or not. */
function onRepeats(
  again: (asked: Asked, times: number, service: Service) => Promise<Reply>,
  onlyWhileRunning = false,
): Sabotage {
  return (service) => {
    const [times, done] = [new Map<string, number>(), new Set<string>()];
    return async (asked) => {
      const key = callKey(asked);
      if (!isCall(asked) || asked.isCut || fieldsOf(asked).call_id === "") return service(asked);
      const before = times.get(key) ?? 0;
      times.set(key, before + 1);
      if (before > 0 && !(onlyWhileRunning && done.has(key))) return again(asked, before, service);
      return service(asked).finally(() => done.add(key));
    };
  };
}

const underAnotherId = async (asked: Asked, times: number, service: Service) => {
  const { call_id } = fieldsOf(asked);
  return replying(await service(asking(asked, { call_id: `${call_id}_again${times}` })), { call_id });
};

export const runsRepeatsAgain = onRepeats(underAnotherId);
export const runsConcurrentRepeatsAgain = onRepeats(underAnotherId, true);
export const runsRepeatsWithOtherArguments = onRepeats((asked, _, service) =>
  service(asking(asked, { arguments: '{"path":"elsewhere"}' })),
);
export const answersRepeatsAnew = onRepeats(async (asked, times, service) => {
  const reply = await service(asked);
  return replying(reply, { output: `${JSON.parse(reply.text).output} (${times})` });
});
export const refusesRepeats = onRepeats(async () => ({ status: 409, text: "This was done already." }));

/** Runs of a cut body what has come of it, with half of the arguments. */
export const runsCutBodies: Sabotage = (service) => async (asked) => {
  if (!asked.isCut || !isCall(asked)) return service(asked);
  const [, call_id] = /"call_id":"([^"]+)"/.exec(asked.text) ?? [];
  const [, trace_id] = /"trace_id":"([^"]+)"/.exec(asked.text) ?? [];
  if (call_id === undefined || trace_id === undefined) return service(asked);
  return service({ ...asked, isCut: false, text: JSON.stringify({ call_id, trace_id, arguments: '{"path": "' }) });
};

/** Closes what a body has left open, as lenient parsers do. */
export const repairsBodies: Sabotage = (service) => async (asked) => {
  const ways = ["", "}", "}}", '"}', '"}}', "]}}"].map((end) => asked.text + end);
  return service({ ...asked, text: asked.isCut ? asked.text : (ways.find(isJson) ?? asked.text) });
};

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

export const trimsBodies: Sabotage = (service) => (asked) => service({ ...asked, text: asked.text.trim() });

/** Lets everybody in. */
export const takesAnyToken =
  (token: string): Sabotage =>
  (service) =>
  (asked) =>
    service(ledgerAsked(asked) === undefined ? { ...asked, token: `Bearer ${token}` } : asked);

/** Takes ids for equal that are not, and so two rollouts for one. */
export const takesIdsAs =
  (same: (traceId: string) => string): Sabotage =>
  (service) =>
  (asked) => {
    const ledgerOf = ledgerAsked(asked);
    if (ledgerOf !== undefined) return service(askingLedger(asked, same(ledgerOf)));
    const { trace_id } = fieldsOf(asked);
    return service(trace_id === "" ? asked : asking(asked, { trace_id: same(trace_id) }));
  };

/** Tells the calls of a rollout apart by when they come, not by their ids. */
export const countsCallsAsTheyCome: Sabotage = (service) => {
  const arrived = new Map<string, string[]>();
  return async (asked) => {
    const { trace_id, call_id } = fieldsOf(asked);
    if (!isCall(asked) || call_id === "") return service(asked);
    const known = getOrSet(arrived, trace_id, []);
    if (!known.includes(call_id)) known.push(call_id);
    const taken = `call_${known.indexOf(call_id) + 1}`;
    return service(asking(asked, { id: `fc_${taken}`, call_id: taken }));
  };
};

/** Runs some calls as if they were another rollout's, and shows them in the ledger of the one that made them. */
function runningBeside(isDue: (asked: Asked) => boolean): Sabotage {
  return (service) => {
    const beside = (traceId: string) => `${traceId}~beside`;
    const shown = showing(service, async (ledger, asked) => {
      const reply = await service(askingLedger(asked, beside(ledger.trace_id)));
      return reply.status === 200 ? withCalls(ledger, JSON.parse(reply.text).calls) : ledger;
    });
    return (asked) => {
      if (!isCall(asked) || !isDue(asked)) return shown(asked);
      return service(asking(asked, { trace_id: beside(fieldsOf(asked).trace_id) }));
    };
  };
}

const withCalls = (ledger: Ledger, calls: readonly LedgerCall[]): Ledger => ({
  ...ledger,
  calls: [...ledger.calls, ...calls],
  calls_counted: ledger.calls_counted + calls.length,
});

export const runsCallsAfterGrading: Sabotage = (service) => {
  const graded = new Set<string>();
  const running = runningBeside((asked) => graded.has(fieldsOf(asked).trace_id))(service);
  return async (asked) => {
    const reply = await running(asked);
    if (isGrading(asked) && reply.status === 200) graded.add(fieldsOf(asked).trace_id);
    return reply;
  };
};

/** Runs one call more than the budget has. */
export const runsOneCallMore: Sabotage = (service) => {
  const calls = new Map<string, Set<string>>();
  const isDue = (asked: Asked) => {
    const { trace_id, call_id } = fieldsOf(asked);
    const known = getOrSet(calls, trace_id, new Set()).add(call_id);
    return [...known].indexOf(call_id) === 10;
  };
  return runningBeside(isDue)(service);
};

/** Has an own fault at the second call of every fourth rollout, for ever; keeps to the contract in all that follows from it. */
function faulting(asIf: { call: Reply; grading?: "passed" }): Sabotage {
  return (service) => {
    const faulted = new Set<string>();
    const isDue = ({ trace_id, call_id }: ReturnType<typeof fieldsOf>) =>
      call_id === "call_2" && /[048]$/.test(trace_id);
    const shown = showing(service, (ledger) => (faulted.has(ledger.trace_id) ? withFault(ledger) : ledger));
    return async (asked) => {
      const fields = fieldsOf(asked);
      if (isCall(asked) && isDue(fields)) {
        faulted.add(fields.trace_id);
        return asIf.call;
      }
      if (isGrading(asked) && faulted.has(fields.trace_id) && asIf.grading !== "passed") return FAULT;
      return shown(asked);
    };
  };
}
const FAULT: Reply = { status: 503, text: '{"error":{"code":"fault","message":"Try again."}}' };

function withFault(ledger: Ledger): Ledger {
  const [first] = ledger.calls;
  if (!first) return ledger;
  const fault: LedgerCall = { ...first, call_id: "call_2", outcome: "fault", mistake: null, output: "", faults: 4 };
  const calls = [first, { ...fault, fault_boundary: "storage" }, ...ledger.calls.slice(1)];
  return { ...ledger, calls, calls_counted: ledger.calls_counted + 1 };
}

export const faultsHonestly = faulting({ call: FAULT });
export const gradesFaultedRollouts = faulting({ call: FAULT, grading: "passed" });
export const tellsFaultsAsOverload = faulting({ call: { status: 429, text: "Slow down." } });
export const apologisesForFaults: Sabotage = (service) => {
  const apology = faulting({ call: { status: 200, text: "" }, grading: "passed" })(service);
  return async (asked) => {
    const reply = await apology(asked);
    const { id, call_id } = fieldsOf(asked);
    if (!isCall(asked) || reply.text !== "") return reply;
    const said = { type: "function_call_output", id, call_id, output: "Something went wrong. Try another tool." };
    return { status: 200, text: JSON.stringify(said) };
  };
};

/** Never answers the calls of one item but with a fault. */
export const failsItem =
  (name: string): Sabotage =>
  (service) =>
  async (asked) =>
    isCall(asked) && asked.text.includes(JSON.stringify(name)) ? FAULT : service(asked);

/** Gives the first score of a rollout for all that is graded in it later. */
export const keepsFirstScore: Sabotage = (service) => {
  const scores = new Map<string, Reply>();
  return async (asked) => {
    if (!isGrading(asked)) return service(asked);
    const { trace_id } = fieldsOf(asked);
    const reply = scores.get(trace_id) ?? (await service(asked));
    if (reply.status === 200) scores.set(trace_id, reply);
    return reply;
  };
};

/** Changes the answers to gradings, or to calls. */
const changing =
  (isDue: (asked: Asked) => boolean, change: (reply: Reply, asked: Asked) => Reply): Sabotage =>
  (service) =>
  async (asked) => {
    const reply = await service(asked);
    return isDue(asked) ? change(reply, asked) : reply;
  };

export const roundsScoresUp = changing(isGrading, (reply) =>
  replying(reply, reply.status === 200 ? { score: Math.ceil(JSON.parse(reply.text).score) } : {}),
);
export const scoresZero = changing(isGrading, () => ({ status: 200, text: '{"score":0}' }));
export const scoresNothing = changing(isGrading, () => ({ status: 200, text: '{"reward":1}' }));
export const echoesNoIds = changing(isCall, (reply) => replying(reply, { id: "", call_id: "" }));

/** Remembers answers by tool and call id, whosever they are. */
export const remembersAcrossRollouts: Sabotage = (service) => {
  const answers = new Map<string, string>();
  return async (asked) => {
    const reply = await service(asked);
    if (!isCall(asked) || reply.status !== 200) return reply;
    const key = `${asked.path} ${fieldsOf(asked).call_id}`;
    return replying(reply, { output: getOrSet(answers, key, String(JSON.parse(reply.text).output)) });
  };
};

/** Gives two parallel calls of a rollout each other's answers: the whole reply, or the output under the right ids. */
export function swapsParallel(what: "replies" | "outputs"): Sabotage {
  return (service) => {
    const waiting = new Map<string, { reply: Reply; meet: (other: Reply) => void }>();
    const swapped = (own: Reply, other: Reply) =>
      what === "replies" ? other : replying(own, { output: JSON.parse(other.text).output });
    return async (asked) => {
      const reply = await service(asked);
      if (!isCall(asked) || reply.status !== 200) return reply;
      const { trace_id } = fieldsOf(asked);
      const first = waiting.get(trace_id);
      waiting.delete(trace_id);
      first?.meet(reply);
      if (first) return swapped(reply, first.reply);
      const other = await new Promise<Reply>((meet) => {
        waiting.set(trace_id, { reply, meet });
        // A call that is alone in its turn keeps its answer.
        setTimeout(() => meet(reply), 300);
      });
      if (waiting.get(trace_id)?.reply === reply) waiting.delete(trace_id);
      return swapped(reply, other);
    };
  };
}

/** Answers some calls, or gradings, and forgets them. */
const forgetting =
  (isDue: (asked: Asked) => boolean): Sabotage =>
  (service) =>
  (asked) =>
    service(!asked.isCut && isDue(asked) && fieldsOf(asked).trace_id !== "" ? asking(asked, { trace_id: "" }) : asked);

export const forgetsCalls = forgetting((asked) => isCall(asked) && fieldsOf(asked).call_id === "call_2");
export const forgetsGradings = forgetting(isGrading);

export const reversesLedgers: Sabotage = (service) =>
  showing(service, (ledger) => ({ ...ledger, calls: ledger.calls.toReversed() }));

function getOrSet<K, V>(map: Map<K, V>, key: K, first: V): V {
  const value = map.get(key) ?? first;
  map.set(key, value);
  return value;
}

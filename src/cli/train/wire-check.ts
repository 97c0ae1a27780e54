/**
 * Whether the deployed tools and grader keep to the wire (contract/wire.ts): replies whole, ids echoed, a model's mistakes as
 * answers, everything else refused, the same request the same answer, and all of it in the ledger and the run that it belongs to.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { Ledger } from "../../contract/ledger.ts";
import { limits } from "../../contract/limits.ts";
import { RunReport } from "../../contract/run.ts";
import { GradeReply, type JsonObject, ToolReply } from "../../contract/wire.ts";
import type { Environment } from "../../environments/environment.ts";
import { seededRandom } from "../../environments/random.ts";
import { ask, askPatiently, Refused } from "../ask.ts";
import type { Deployment } from "../deployment.ts";
import { MONITOR_PATIENCE_MILLISECONDS } from "../rehearse/run-counts.ts";
import { callBody, gradeBody, gradePath, type IdentifiedCall, toolPath, trainerHeaders } from "../rollouts/requests.ts";
import { type Finding, inShort, ok, refused } from "./finding.ts";
import { answered, type Exchange, type Prober } from "./probe.ts";

export interface WireOptions {
  prober: Prober;
  deployment: Deployment;
  environment: Environment;
  /** A row of the dataset that can be graded. */
  item: JsonObject;
  /** The run and the start of the rollouts' names: of a rehearsal, so that its alarms are posted to nobody. */
  run: string;
  signal: AbortSignal;
}

/** Sequence: each tool's rules → one whole rollout → its ledger → its run. */
export async function checkWire(options: WireOptions): Promise<Finding> {
  const problems: string[] = [];
  for (const { name } of options.environment.tools) problems.push(...(await toolProblems(options, name)));
  problems.push(...(await graderProblems(options)), ...(await rolloutProblems(options)));
  if (problems.length > 0)
    return refused(inShort(problems), "Deploy this version of the worker and the index that the dataset is from.");
  return ok(
    `${options.environment.tools.length} tools and the grader answer as a trainer needs it; ledger and run ${options.run} have what was sent.`,
  );
}

/** One request and what has to come of it; undefined where it does. */
type Expected = (exchange: Exchange) => string | undefined;

const status =
  (least: number, most = least): Expected =>
  (exchange) =>
    exchange.status !== null && exchange.status >= least && exchange.status <= most
      ? undefined
      : `${answered(exchange)}, not ${least === most ? least : `${least} to ${most}`}.`;

/** A whole reply with the call's own ids. */
const replyTo =
  ({ id, call_id }: { id: string; call_id: string }): Expected =>
  (exchange) => {
    if (exchange.status !== 200) return `${answered(exchange)}, not 200.`;
    const reply = ToolReply.safeParse(exchange.json).data;
    if (!reply) return "is answered with something else than type, id, call_id and output.";
    return reply.id === id && reply.call_id === call_id ? undefined : "is answered with other ids than its own.";
  };

async function toolProblems(
  { prober, deployment, environment, item, run }: WireOptions,
  tool: string,
): Promise<string[]> {
  const path = toolPath(environment, tool);
  const headers = trainerHeaders(deployment.tokens.TRAINER_TOKEN, run);
  const call = (callId: string) => callBody({ callId, tool, arguments: {} }, `${run}-${tool}`, item);
  const [text, object, broken] = [call("text"), { ...call("object"), arguments: {} }, call("broken")];
  const requests: [what: string, body: string | object, expected: Expected][] = [
    ["a call with its arguments as text", text, replyTo(text)],
    ["a call with its arguments as an object", object, replyTo(object)],
    ["a call whose arguments are no JSON (a model's mistake)", { ...broken, arguments: '{"' }, replyTo(broken)],
    ["a body that is no JSON", "{", status(400, 499)],
    ["a call without arguments", { trace_id: `${run}-${tool}`, call_id: "none" }, status(400, 499)],
    ["a body over 1 MB", tooLarge(), status(413)],
  ];
  return problemsOf(requests, (body) => prober.post(path, body, headers), path);
}

function graderProblems({ prober, deployment, environment, run }: WireOptions): Promise<string[]> {
  const path = gradePath(environment);
  const headers = trainerHeaders(deployment.tokens.TRAINER_TOKEN, run);
  const requests: [string, string | object, Expected][] = [
    ["a body that is no JSON", "{", status(400, 499)],
    ["a grading without a sample", { item: {} }, status(400, 499)],
    ["a body over 1 MB", tooLarge(), status(413)],
  ];
  return problemsOf(requests, (body) => prober.post(path, body, headers), path);
}

async function problemsOf(
  requests: readonly [what: string, body: string | object, expected: Expected][],
  send: (body: string | object) => Promise<Exchange>,
  path: string,
): Promise<string[]> {
  const problems: string[] = [];
  for (const [what, body, expected] of requests) {
    const problem = expected(await send(body));
    if (problem !== undefined) problems.push(`${path}: ${what} ${problem}`);
  }
  return problems;
}

const tooLarge = () => JSON.stringify({ arguments: "{}", padding: "x".repeat(limits.bodyBytes) });

/** A rollout that solves the row, with every request sent twice, as a trainer does whose answer was lost. */
async function rolloutProblems(options: WireOptions): Promise<string[]> {
  const { prober, deployment, environment, item, run } = options;
  const headers = trainerHeaders(deployment.tokens.TRAINER_TOKEN, run);
  const traceId = `${run}-solved`;
  const random = seededRandom(run);
  const calls = environment.rehearsal
    .solve(item, random)
    .flat()
    .map((use, at): IdentifiedCall => ({ ...use, callId: `call_${at + 1}` }));
  const problems: string[] = [];
  const twice = async (what: string, path: string, body: object, same: (exchange: Exchange) => unknown) => {
    const [first, second] = [await prober.post(path, body, headers), await prober.post(path, body, headers)];
    if (first.status !== 200) problems.push(`${path}: ${what} ${answered(first)}, not 200.`);
    else if (same(first) === undefined || same(first) !== same(second))
      problems.push(`${path}: ${what}, sent twice, has two answers.`);
    return first;
  };
  for (const call of calls)
    await twice("a call", toolPath(environment, call.tool), callBody(call, traceId, item), outputOf);
  for (const { text, score } of environment.rehearsal.answers(item, random).slice(0, 1)) {
    const path = gradePath(environment);
    const graded = await twice("a grading", path, gradeBody(text, calls, traceId, item), scoreOf);
    const found = scoreOf(graded);
    if (found !== undefined && found !== score) problems.push(`${path}: a right answer scores ${found}, not ${score}.`);
  }
  const ofLedger = await ledgerProblems(options, traceId, calls.length);
  // A run that no ledger is of would be waited for in vain.
  const ofRun = ofLedger.length === 0 ? await runProblems(options) : [];
  return [...problems, ...ofLedger, ...ofRun];
}

const outputOf = ({ json }: Exchange) => ToolReply.safeParse(json).data?.output;
const scoreOf = ({ json }: Exchange) => GradeReply.safeParse(json).data?.score;

async function ledgerProblems(
  { deployment, run, signal }: WireOptions,
  traceId: string,
  sent: number,
): Promise<string[]> {
  const ledger = await askPatiently(deployment, `/rollouts/${traceId}?run=${run}`, Ledger, { signal });
  const failed = ledger.calls.filter(({ outcome }) => outcome !== "ok");
  return [
    ...(ledger.run === run
      ? []
      : [`The ledger is of the run ${ledger.run}, not ${run}: the header X-Run does not arrive.`]),
    ...(ledger.calls.length === sent
      ? []
      : [`The ledger has ${ledger.calls.length} calls; ${sent} were sent, each twice.`]),
    ...failed.map(
      ({ tool, mistake, outcome }) => `A call of ${tool} that should find something: ${mistake ?? outcome}.`,
    ),
    ...(ledger.grades.length === 1 ? [] : [`The ledger has ${ledger.grades.length} gradings of one answer.`]),
  ];
}

/** A run hears of its rollouts a moment later. */
async function runProblems({ deployment, run, signal }: WireOptions): Promise<string[]> {
  const giveUpAt = performance.now() + MONITOR_PATIENCE_MILLISECONDS;
  for (;;) {
    try {
      await ask(deployment, `/runs/${run}`, RunReport, { signal });
      return [];
    } catch (error) {
      if (!(error instanceof Refused && error.status === 404)) throw error;
      if (performance.now() > giveUpAt)
        return [`GET /runs/${run} knows nothing of the run: the monitor hears of no rollout.`];
    }
    await sleep(limits.pollMilliseconds, undefined, { signal });
  }
}

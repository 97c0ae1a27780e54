/** What happens to a tool call. Below `parse` there is no unchecked input; what the ledger says is what is answered. */
import { ToolCall, type ToolReply } from "../contract/wire.ts";
import { findEnvironment, NO_ENVIRONMENT } from "../environments/index.ts";
import { toolNames } from "./answer-call.ts";
import { authenticate } from "./auth.ts";
import type { Bindings } from "./bindings.ts";
import { parseBody } from "./body.ts";
import { readArguments } from "./call-arguments.ts";
import { type Flow, refuse, reply } from "./exit.ts";
import { itemName } from "./item-name.ts";
import type { RequestLog } from "./log.ts";
import { parseRunName } from "./run-name.ts";
import { settleCall } from "./settle-call.ts";

/** Which tool a URL means; without a tool in it the call's own `name` decides. */
export interface ToolRoute {
  environment: string;
  tool?: string | undefined;
}

/**
 * Sequence: authenticate → find tool → parse → check arguments, run, cut to size → record in the rollout → reply. A tool that
 * works in the rollout's workspace is run by the rollout, which does what is between parsing and the reply at once.
 * @throws Fault when the call cannot be answered and no earlier delivery of it was
 */
export async function toolFlow(request: Request, route: ToolRoute, bindings: Bindings, log: RequestLog): Promise<Flow> {
  const receivedAt = Date.now();
  const refused = authenticate(request, "TRAINER_TOKEN", bindings);
  if (refused) return refuse(refused);

  const environment = findEnvironment(route.environment);
  if (!environment) return refuse({ kind: "not_found", message: NO_ENVIRONMENT });
  const findTool = (name: string) => environment.tools.find((tool) => tool.name === name);
  if (route.tool !== undefined && !findTool(route.tool))
    return refuse({ kind: "not_found", message: `There is no tool of this name. ${toolNames(environment)}` });

  const run = parseRunName(request.headers);
  if (!run.ok) return refuse(run.refusal);
  const body = await parseBody(request, ToolCall);
  if (!body.ok) return refuse(body.refusal);
  const call = body.value;
  Object.assign(log, { run: run.value, trace_id: call.trace_id });
  const name = route.tool ?? call.name ?? undefined;
  if (name === undefined) return refuse({ kind: "invalid", field: "name", message: "name: which tool to call." });

  const rollout = {
    trace_id: call.trace_id,
    run: run.value,
    environment: environment.name,
    item: itemName(call.item),
    budget: environment.callsPerRollout,
  };
  const named = { call_id: call.call_id, tool: name, args: readArguments(call.arguments), receivedAt };
  const recorded = await settleCall(environment, findTool(name), call.item ?? {}, rollout, named, bindings);
  Object.assign(log, { outcome: recorded.outcome, repeated: recorded.repeated });
  if (recorded.in_ledger) log.in_ledger = true;
  if (recorded.outcome === "fault") throw recorded.fault;
  return reply({
    type: "function_call_output",
    id: call.id,
    call_id: call.call_id,
    output: recorded.output,
  } satisfies ToolReply);
}

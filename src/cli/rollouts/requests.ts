/**
 * The requests that a trainer makes for a rollout: where to, with which headers and bodies, and what a model is shown of an
 * answer. Sources: as in src/contract/wire.ts. Never sends one. Pure.
 */
import { type SentSample, ToolReply } from "../../contract/wire.ts";
import type { JsonObject } from "../../contract/wire.ts";
import type { Environment } from "../../environments/environment.ts";
import type { ToolUse } from "../../environments/rehearsal.ts";
import { bearer } from "../deployment.ts";
import { parse } from "./wire.ts";

/** A call with the id that its answer is told apart by. */
export interface IdentifiedCall extends ToolUse {
  callId: string;
}

/** A name that is no tool has no URL of its own: such a call goes to the common one, where it is the model's mistake. */
export function toolPath({ name, tools }: Pick<Environment, "name" | "tools">, tool: string): string {
  return tools.some((known) => known.name === tool) ? `/${name}/tools/${tool}` : `/${name}/tools`;
}

export const gradePath = ({ name }: Pick<Environment, "name">) => `/${name}/grade`;

/** @param run the name that the ledgers are kept under */
export function trainerHeaders(token: string, run: string): Record<string, string> {
  return { ...bearer(token), "Content-Type": "application/json", "X-Run": run };
}

export function callBody({ callId, tool, arguments: args }: IdentifiedCall, traceId: string, item: JsonObject) {
  return {
    type: "function_call",
    id: `fc_${callId}`,
    call_id: callId,
    name: tool,
    arguments: argumentsText(args),
    trace_id: traceId,
    item,
  };
}

/** @param answered the calls that the model was given an output for */
export function gradeBody(text: string, answered: readonly IdentifiedCall[], traceId: string, item: JsonObject) {
  return { sample: sampleOf(text, answered), item, trace_id: traceId };
}

/** The final answer as trainers send it, with the calls that the model was answered. */
function sampleOf(text: string, answered: readonly IdentifiedCall[]): SentSample {
  const message = { role: "assistant", content: text, tool_calls: [] };
  const choice = { index: 0, message, finish_reason: "stop" };
  const sample = {
    choices: [choice],
    output_text: text,
    output_json: null,
    output_tools: answered.map(({ callId, tool, arguments: args }) => ({
      id: callId,
      type: "function",
      function: { name: tool, arguments: argumentsText(args) },
    })),
    output_reasoning_summary: null,
  };
  return sample;
}

/** What a model writes, which need not be JSON. */
export const argumentsText = (args: ToolUse["arguments"]) => (typeof args === "string" ? args : JSON.stringify(args));

/** The output of a reply; where it is no reply, and for a 4xx, all of the answer, as a model would be shown it. */
export function shownOf({ status, text }: { status: number; text: string }): string {
  return status === 200 ? (parse(text, ToolReply)?.output ?? text) : text;
}

/** What a model is told by a request's input: the question, and what was called so far and shown for it. Pure. */
import { JsonObject } from "../../../contract/wire.ts";
import type { Seen, ToolUse } from "../../../environments/rehearsal.ts";
import type { ResponsesRequest } from "./rules.ts";

export interface Conversation {
  /** The user's last message; "" without one. */
  question: string;
  /** Calls that stand beside each other were made at once. */
  turns: Seen[][];
  /** The id of the last call, where there is one: it says which conversation this is. */
  lastCall: string | undefined;
}

/** @param input that the rules (rules.ts) have taken: every call has its output */
export function conversationOf(input: ResponsesRequest["input"]): Conversation {
  const outputs = new Map<string, string>();
  for (const item of input) if (item.type === "function_call_output") outputs.set(item.call_id, item.output);
  const turns: Seen[][] = [];
  let question = "";
  let lastCall: string | undefined;
  for (const [at, item] of input.entries()) {
    if ("role" in item && item.role === "user") question = item.content;
    if (item.type !== "function_call") continue;
    lastCall = item.call_id;
    if (input[at - 1]?.type !== "function_call") turns.push([]);
    const seen = { tool: item.name, arguments: readArguments(item.arguments), output: outputs.get(item.call_id) ?? "" };
    turns.at(-1)?.push(seen);
  }
  return { question, turns, lastCall };
}

/** As an object where it is one: that is how a practice knows them. */
function readArguments(text: string): ToolUse["arguments"] {
  try {
    return JsonObject.safeParse(JSON.parse(text)).data ?? text;
  } catch {
    return text;
  }
}

/**
 * The agent that is a real model, through a Responses API: what plays in `edgegym rehearse --agent model`, and what a baseline
 * measures. Never prints.
 */
import type { FunctionTool } from "openai/resources/responses/responses";
import { toolDefinitions } from "../../environments/definitions.ts";
import type { Environment } from "../../environments/environment.ts";
import type { Agent, Item } from "./agent.ts";
import { Conversation, type ModelAttempt, type ModelOptions } from "./model-attempt.ts";

export interface ModelAgent extends Agent {
  begin(item: Item): ModelAttempt;
}

/** The model draws by itself: no seed makes two attempts the same. */
export function modelAgent(options: ModelOptions): ModelAgent {
  const tools = functionTools(options.environment);
  return {
    name: `model ${options.model}`,
    begin: ({ question }) => new Conversation(options, tools, question),
  };
}

/** The tools as a Responses API takes them. Not strict: a strict one may have no optional argument. */
export function functionTools(environment: Pick<Environment, "tools">): FunctionTool[] {
  return toolDefinitions(environment).map((tool) => ({ type: "function", ...tool, strict: false }));
}

/** What rollouts are played with, from a command's options: the environment, the items that can be graded, the model. */
import type OpenAI from "openai";
import type { Environment } from "../../environments/environment.ts";
import { findEnvironment, NO_ENVIRONMENT } from "../../environments/index.ts";
import { readItems } from "../items.ts";
import { MOST_TURNS } from "../rollouts/thinking.ts";
import { UserError } from "../user-error.ts";
import type { Item } from "./agent.ts";
import { modelClient } from "./model-client.ts";
import { type ModelAgent, modelAgent } from "./model.ts";

/** @throws UserError naming what there is */
export function requireEnvironment(name: string): Environment {
  const environment = findEnvironment(name);
  if (environment) return environment;
  throw new UserError(`--env ${name}: ${NO_ENVIRONMENT}`);
}

export interface GradableItems {
  items: Item[];
  /** What is left out, and why: a line each. */
  remarks: string[];
}

/**
 * The items of a dataset without those that the grader cannot grade, whose rollouts would only be discarded.
 * @throws UserError where there is none
 */
export async function gradableItems(environment: Environment, data: readonly string[]): Promise<GradableItems> {
  const { items, problems } = await readItems(data);
  const gradable = items.filter(({ row }) => environment.rehearsal.answers(row, () => 0).length > 0);
  const left = items.length - gradable.length;
  if (gradable.length === 0)
    throw new UserError(`No row of ${data.join(", ")} can be graded: see edgegym check-grader.`);
  const ungradable =
    left > 0 ? [`${left} of ${items.length} rows left out: they cannot be graded (edgegym check-grader)`] : [];
  return { items: gradable, remarks: [...problems, ...ungradable] };
}

export interface ModelChoice {
  model?: string;
  baseUrl?: string;
  reasoningEffort?: OpenAI.ReasoningEffort;
}

/** An option that only a model takes is a slip with any other agent, not to be passed over. @throws UserError */
export function requireModelsAgent(agent: string, { model, baseUrl, reasoningEffort }: ModelChoice): void {
  if (agent === "model") return;
  const given = { "--model": model, "--base-url": baseUrl, "--reasoning-effort": reasoningEffort };
  for (const [option, value] of Object.entries(given))
    if (value !== undefined) throw new UserError(`${option} goes with --agent model.`);
}

/** @param signal ends the model's requests with the rollouts. @throws UserError without a model or its key */
export function castModel(
  environment: Environment,
  { model, baseUrl, reasoningEffort }: ModelChoice,
  signal?: AbortSignal,
): ModelAgent {
  if (model === undefined) throw new UserError("--agent model needs --model: the name of the model.");
  return modelAgent({
    client: modelClient(baseUrl),
    model,
    environment,
    maxTurns: MOST_TURNS,
    ...(reasoningEffort !== undefined && { reasoningEffort }),
    ...(signal !== undefined && { signal }),
  });
}

/** Who plays the model in a rehearsal, and which items it is given. */
import type OpenAI from "openai";
import type { Environment } from "../../environments/environment.ts";
import type { Agent, Item } from "../agents/agent.ts";
import { modelClient } from "../agents/model-client.ts";
import { modelAgent } from "../agents/model.ts";
import { planReplay, replayAgent } from "../agents/replay.ts";
import { oracleAgent, scriptedAgent } from "../agents/stand-ins.ts";
import { readItems } from "../items.ts";
import { readLedgers } from "../ledger-files.ts";
import { sampleSource } from "../project.ts";
import { UserError } from "../user-error.ts";

export const agentNames = ["oracle", "scripted", "replay", "model"] as const;

export interface AgentOptions {
  agent: (typeof agentNames)[number];
  /** The bundled sample without it. */
  data?: string[];
  /** For the oracle: the share of wrong answers. */
  errorRate: number;
  /** For the replay. */
  ledgers?: string;
  /** For the model. */
  model?: string;
  baseUrl?: string;
  reasoningEffort?: OpenAI.ReasoningEffort;
}

export interface Cast {
  agent: Agent;
  /** Each can be graded. */
  items: Item[];
  /** Rollouts in all and of the same item, where none are asked for. */
  rollouts: number;
  copies: number;
  /** What is left out, and why: a line each. */
  remarks: string[];
}

/** A model that calls tools for longer than this has lost its way; trainers end such rollouts too. */
const MODEL_TURNS = 50;

/** The seed's trainer started 500 rollouts at once; 32 copies of an item tell an item's own trouble from chance. */
const USUAL = { rollouts: 500, copies: 32 };

/** @throws UserError for options that do not go together, and where there is no item to attempt */
export async function castAgent(environment: Environment, options: AgentOptions): Promise<Cast> {
  requireFitting(options);
  const { items, remarks } = await gradableItems(environment, options.data ?? [sampleSource]);
  const cast = { ...USUAL, items, remarks };
  switch (options.agent) {
    case "oracle":
      return { ...cast, agent: oracleAgent(environment, { errorRate: options.errorRate }) };
    case "scripted":
      return { ...cast, agent: scriptedAgent(environment) };
    case "replay":
      return castReplay(environment, items, remarks, options.ledgers);
    case "model":
      return { ...cast, agent: castModel(environment, options) };
  }
}

/** An option that another agent takes is a slip, not to be passed over. */
function requireFitting({ agent, ledgers, model, baseUrl, reasoningEffort }: AgentOptions): void {
  const given = {
    "--ledgers": ledgers,
    "--model": model,
    "--base-url": baseUrl,
    "--reasoning-effort": reasoningEffort,
  };
  for (const [option, value] of Object.entries(given)) {
    const taker = option === "--ledgers" ? "replay" : "model";
    if (value !== undefined && agent !== taker) throw new UserError(`${option} goes with --agent ${taker}.`);
  }
}

/** Rows that the grader cannot grade would only be discarded. */
async function gradableItems(
  environment: Environment,
  data: readonly string[],
): Promise<Pick<Cast, "items" | "remarks">> {
  const { items, problems } = await readItems(data);
  const gradable = items.filter(({ row }) => environment.rehearsal.answers(row, () => 0).length > 0);
  const left = items.length - gradable.length;
  if (gradable.length === 0)
    throw new UserError(`No row of ${data.join(", ")} can be graded: see edgegym check-grader.`);
  const ungradable =
    left > 0 ? [`${left} of ${items.length} rows left out: they cannot be graded (edgegym check-grader)`] : [];
  return { items: gradable, remarks: [...problems, ...ungradable] };
}

async function castReplay(
  environment: Environment,
  dataset: readonly Item[],
  remarks: readonly string[],
  path: string | undefined,
): Promise<Cast> {
  if (path === undefined)
    throw new UserError("--agent replay needs --ledgers: a folder of recorded ledgers, or a .jsonl file.");
  const { ledgers: recorded, problems } = await readLedgers(path);
  const { ledgers, items, leftOut, unscored } = planReplay(environment, recorded, dataset);
  const [first] = leftOut;
  if (ledgers.length === 0)
    throw new UserError(`No ledger of ${path} can be repeated. ${first ? `${first.trace_id} ${first.reason}.` : ""}`);
  const unreadable = problems.map(({ place, problem }) => `${place} ${problem}`);
  const notes = [...leftOut, ...unscored].map(({ trace_id, reason }) => `${trace_id} ${reason}`);
  // Each ledger is repeated once.
  const times = { rollouts: ledgers.length, copies: 1 };
  return { ...times, agent: replayAgent(ledgers), items, remarks: [...remarks, ...unreadable, ...notes] };
}

function castModel(environment: Environment, { model, baseUrl, reasoningEffort }: AgentOptions): Agent {
  if (model === undefined) throw new UserError("--agent model needs --model: the name of the model.");
  const effort = reasoningEffort === undefined ? {} : { reasoningEffort };
  return modelAgent({ client: modelClient(baseUrl), model, environment, maxTurns: MODEL_TURNS, ...effort });
}

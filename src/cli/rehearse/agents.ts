/** Who plays the model in a rehearsal, and which items it is given. */
import type { Environment } from "../../environments/environment.ts";
import type { Agent, Item } from "../agents/agent.ts";
import { castModel, gradableItems, type ModelChoice, requireModelsAgent } from "../agents/cast.ts";
import { planReplay, replayAgent } from "../agents/replay.ts";
import { oracleAgent, scriptedAgent } from "../agents/stand-ins.ts";
import { readLedgers } from "../ledger-files.ts";
import { inProject } from "../project.ts";
import { UserError } from "../user-error.ts";

export const agentNames = ["oracle", "scripted", "replay", "model"] as const;

/** The model's choice is for the model. */
export interface AgentOptions extends ModelChoice {
  agent: (typeof agentNames)[number];
  /** The bundled sample without it. */
  data?: string[];
  /** For the oracle: the share of wrong answers. */
  errorRate: number;
  /** For the replay. */
  ledgers?: string;
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

/** The seed's trainer started 500 rollouts at once; 32 copies of an item tell an item's own trouble from chance. */
const USUAL = { rollouts: 500, copies: 32 };

/** @throws UserError for options that do not go together, and where there is no item to attempt */
export async function castAgent(environment: Environment, options: AgentOptions): Promise<Cast> {
  requireFitting(options);
  const { items, remarks } = await gradableItems(environment, options.data ?? [inProject(environment.dataset.sample)]);
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
function requireFitting(options: AgentOptions): void {
  requireModelsAgent(options.agent, options);
  if (options.ledgers !== undefined && options.agent !== "replay")
    throw new UserError("--ledgers goes with --agent replay.");
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

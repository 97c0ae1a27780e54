/**
 * Plays one rollout: the policy's turns as calls to the job's tools, then the grading. A rollout whose call or grading stays without
 * an answer is discarded: it has no score, least of all 0.
 */
import type { Practice } from "../../../environments/practice.ts";
import type { Random, Seen, ToolUse } from "../../../environments/rehearsal.ts";
import type { IdentifiedCall } from "../../rollouts/requests.ts";
import { type Choice, choose } from "../policy/choose.ts";
import type { Policy } from "../policy/policy.ts";
import type { Attempted, Endpoints, ToolAnswer } from "./endpoints.ts";

export interface Rollout {
  choices: Choice[];
  calls: ToolAnswer[];
  /** False where its turns were spent: then an empty answer was graded. */
  hasAnswered: boolean;
  /** Undefined for one that was discarded, by what. */
  score: number | undefined;
  discardedBy: "tool" | "grader" | undefined;
}

export interface Stage {
  policy: Policy;
  practice: Practice;
  endpoints: Endpoints;
  mostTurns: number;
}

export async function playRollout(
  question: string,
  attempted: Attempted,
  random: Random,
  stage: Stage,
): Promise<Rollout> {
  const { policy, practice, endpoints, mostTurns } = stage;
  const choices: Choice[] = [];
  const calls: ToolAnswer[] = [];
  const answered: IdentifiedCall[] = [];
  const turns: Seen[][] = [];
  let text: string | undefined;
  while (choices.length < mostTurns && text === undefined) {
    const choice = choose(policy, practice, question, turns, random);
    choices.push(choice);
    if (choice.turn.kind === "answer") {
      text = choice.turn.text;
      continue;
    }
    const made = identified(choice.turn.calls, answered.length);
    const answers = await Promise.all(made.map((call) => endpoints.call(call, attempted)));
    calls.push(...answers);
    const outputs = answers.flatMap(({ output }) => (output === undefined ? [] : [output]));
    if (outputs.length < made.length) return { choices, calls, hasAnswered: false, ...discarded("tool") };
    turns.push(made.map((call, at) => ({ tool: call.tool, arguments: call.arguments, output: outputs[at] ?? "" })));
    answered.push(...made);
  }
  const score = await endpoints.grade(text ?? "", answered, attempted);
  const ending = score === undefined ? discarded("grader") : { score, discardedBy: undefined };
  return { choices, calls, hasAnswered: text !== undefined, ...ending };
}

const discarded = (by: "tool" | "grader") => ({ score: undefined, discardedBy: by });

function identified(uses: readonly ToolUse[], before: number): IdentifiedCall[] {
  return uses.map((use, at) => ({ ...use, callId: `call_${before + at + 1}` }));
}

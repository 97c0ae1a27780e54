/** Runs a call's tool and makes its answer one text of bounded size. Never touches the ledger; never throws. */
import { asFault, type Fault } from "../contract/failure.ts";
import type { Outcome } from "../contract/ledger.ts";
import { checkArguments } from "../environments/arguments.ts";
import { type Answer, type Environment, type Mistake, mistake, type Tool } from "../environments/environment.ts";
import { continuingCall, cutOutput } from "../environments/output.ts";
import type { CallArguments } from "./call-arguments.ts";

/** How a call came out in this delivery, before the ledger has its say. */
export type CallResult = { outcome: Outcome; mistake: string | null; output: string; cut: boolean; fault?: Fault };

/** Runs a tool with arguments that fit its schema, and with what it works on. @throws Fault */
type Run<T extends Tool> = (tool: T, args: Parameters<T["run"]>[0]) => Promise<Answer>;

/** `tool` is undefined where the model named one that does not exist. Sequence: check arguments → run → cut to size. */
export async function answerCall<T extends Tool>(
  environment: Environment,
  tool: T | undefined,
  args: CallArguments,
  run: Run<T>,
): Promise<CallResult> {
  if (!tool) return whole(mistake("unknown_tool", `There is no such tool. ${toolNames(environment)}`));
  const checked = checkArguments(tool, args.parsed);
  if (!checked.ok) return whole(mistake("bad_arguments", checked.message));
  try {
    return cutToSize(await run(tool, checked.arguments), tool, checked.arguments, environment.outputCharacters);
  } catch (thrown) {
    return faulted(thrown);
  }
}

/** The result of a call that could not be answered. */
export function faulted(thrown: unknown): CallResult {
  return { outcome: "fault", mistake: null, output: "", cut: false, fault: asFault(thrown) };
}

export const toolNames = ({ tools }: Environment) => `The tools are: ${tools.map(({ name }) => name).join(", ")}.`;

function cutToSize(answer: Answer, tool: Tool, args: Record<string, unknown>, limit: number): CallResult {
  if (answer.outcome === "mistake") return whole(answer);
  const offset = typeof args["offset"] === "number" ? args["offset"] : 0;
  const { text, ending = "", continuation = (from: number) => continuingCall(tool.name, args, from) } = answer;
  const output = cutOutput(text, offset, limit - ending.length, continuation);
  if (output) return { outcome: "ok", mistake: null, output: output.text + ending, cut: output.cut };
  return whole(
    mistake(
      "past_the_end",
      `Argument "offset": ${offset} is past the end; the output has ${answer.text.length} characters.`,
    ),
  );
}

const whole = ({ outcome, kind, text }: Mistake): CallResult => ({ outcome, mistake: kind, output: text, cut: false });

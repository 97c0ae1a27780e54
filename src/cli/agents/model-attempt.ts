/**
 * One attempt of a model at an item. Stateless: every request carries the whole conversation, with the model's own reasoning
 * encrypted in it, and nothing is stored at the service. What the model gets wrong (a tool that there is not, arguments that are
 * no JSON) is passed on as it wrote it, for the tool route to answer.
 */
import type OpenAI from "openai";
import type { ReasoningEffort } from "openai/resources/shared";
import type {
  FunctionTool,
  Response as RawResponse,
  ResponseFormatTextConfig,
  ResponseInputItem,
} from "openai/resources/responses/responses";
import { type ModelMessage, ModelResponse } from "../../contract/model-response.ts";
import type { AnswerFormat, Environment } from "../../environments/environment.ts";
import type { Seen, Turn } from "../../environments/rehearsal.ts";
import type { Attempt } from "./agent.ts";
import { failureOf, notAResponse, requestFailure } from "./model-failure.ts";

export interface ModelOptions {
  client: OpenAI;
  model: string;
  environment: Pick<Environment, "prompt" | "tools" | "answerFormat">;
  /** Requests of one attempt at most. A model that still calls tools then has not answered: its answer is empty. */
  maxTurns: number;
  /** The model's own default without it. */
  reasoningEffort?: ReasoningEffort;
  /** Ends a request that is under way. */
  signal?: AbortSignal;
  /** Milliseconds of a steady clock. */
  now?: () => number;
}

/**
 * How an attempt ended: with an answer; with a refusal, or without a word (then the answer is empty); cut off at the model's
 * length limit or by the service's content filter (then it is what there is of it); with its turns spent (empty).
 */
export type Ending = "answered" | "refused" | "silent" | "cut_off" | "turns_spent";

/** Tokens of all requests of an attempt. Cached ones are among the input's, reasoning's among the output's. */
export interface Tokens {
  input: number;
  cachedInput: number;
  output: number;
  reasoning: number;
}

/** An attempt whose costs can be read at any time. */
export interface ModelAttempt extends Attempt {
  /** Undefined while it goes on, and where the service failed. */
  readonly ending: Ending | undefined;
  /** Requests that the model answered. */
  readonly turns: number;
  readonly tokens: Readonly<Tokens>;
  /** Time in which the model was waited for, retries included; none of the tools'. */
  readonly milliseconds: number;
}

export class Conversation implements ModelAttempt {
  ending: Ending | undefined;
  turns = 0;
  milliseconds = 0;
  readonly tokens: Tokens = { input: 0, cachedInput: 0, output: 0, reasoning: 0 };
  readonly #options: ModelOptions;
  readonly #tools: FunctionTool[];
  readonly #input: ResponseInputItem[];
  /** The model's ids of the calls that are under way, in their order. */
  #calls: string[] = [];

  constructor(options: ModelOptions, tools: FunctionTool[], question: string) {
    this.#options = options;
    this.#tools = tools;
    this.#input = [
      { role: "developer", content: options.environment.prompt },
      { role: "user", content: question },
    ];
  }

  /** Sequence: hand in outputs → turns left? → ask → keep what came → calls, or the end. */
  async next(shown: readonly Seen[]): Promise<Turn> {
    if (this.ending !== undefined) throw new Error("the attempt has ended");
    this.#handIn(shown);
    if (this.turns === this.#options.maxTurns) return this.#end("turns_spent", "");
    const raw = await this.#ask();
    const response = this.#check(raw);
    this.#input.push(...carriedOn(raw));
    if (response.status === "incomplete") return this.#end("cut_off", textOf(lastMessage(response)));
    const calls = response.output.filter((item) => item.type === "function_call");
    if (calls.length === 0) return this.#answer(lastMessage(response));
    this.#calls = calls.map((call) => call.call_id);
    return { kind: "calls", calls: calls.map((call) => ({ tool: call.name, arguments: call.arguments })) };
  }

  /** An output belongs to the call in its place: only the service knows the model's ids. */
  #handIn(shown: readonly Seen[]): void {
    if (shown.length !== this.#calls.length)
      throw new Error(`${this.#calls.length} calls are under way, and ${shown.length} outputs are shown`);
    for (const [at, call_id] of this.#calls.entries())
      this.#input.push({ type: "function_call_output", call_id, output: shown[at]!.output });
  }

  /** @throws UserError | ModelFailure */
  async #ask(): Promise<RawResponse> {
    const { client, model, environment, reasoningEffort, signal, now = () => performance.now() } = this.#options;
    const started = now();
    try {
      const request = {
        model,
        input: this.#input,
        tools: this.#tools,
        parallel_tool_calls: true,
        store: false,
        include: ["reasoning.encrypted_content" as const],
        ...(reasoningEffort !== undefined && { reasoning: { effort: reasoningEffort } }),
        ...(environment.answerFormat !== undefined && { text: { format: textFormat(environment.answerFormat) } }),
      };
      return await client.responses.create(request, { ...(signal !== undefined && { signal }) });
    } catch (thrown) {
      throw requestFailure(thrown, client);
    } finally {
      this.milliseconds += now() - started;
    }
  }

  /** What the package took for a response, checked and counted. @throws ModelFailure */
  #check(raw: RawResponse): ModelResponse {
    const { host } = new URL(this.#options.client.baseURL);
    const parsed = ModelResponse.safeParse(raw);
    if (!parsed.success) throw notAResponse(host, { cause: parsed.error });
    this.turns += 1;
    const { usage } = parsed.data;
    this.tokens.input += usage?.input_tokens ?? 0;
    this.tokens.cachedInput += usage?.input_tokens_details.cached_tokens ?? 0;
    this.tokens.output += usage?.output_tokens ?? 0;
    this.tokens.reasoning += usage?.output_tokens_details.reasoning_tokens ?? 0;
    const failure = failureOf(parsed.data, host);
    if (failure) throw failure;
    return parsed.data;
  }

  #answer(message: ModelMessage | undefined): Turn {
    const text = textOf(message);
    if (text !== "") return this.#end("answered", text);
    const isRefusal = message?.content.some(({ type }) => type === "refusal") ?? false;
    return this.#end(isRefusal ? "refused" : "silent", "");
  }

  #end(ending: Ending, text: string): Turn {
    this.ending = ending;
    return { kind: "answer", text };
  }
}

/** As the Responses API takes it. A job's request has it in another form (src/cli/train/request.ts). */
function textFormat({ name, schema }: AnswerFormat): ResponseFormatTextConfig {
  return { type: "json_schema", name, strict: true, schema };
}

/** The items that the next request has to repeat as they are, unknown fields included. */
function carriedOn({ output }: RawResponse) {
  return output.filter((item) => item.type === "reasoning" || item.type === "function_call" || item.type === "message");
}

/** What the model says at the end; what it says on the way only where there is nothing else. */
function lastMessage({ output }: ModelResponse): ModelMessage | undefined {
  const messages = output.filter((item) => item.type === "message");
  return messages.findLast(({ phase }) => phase !== "commentary") ?? messages.at(-1);
}

function textOf(message: ModelMessage | undefined): string {
  return message?.content.map((part) => (part.type === "output_text" ? part.text : "")).join("") ?? "";
}

/**
 * What the stand-in answers to a request of the Responses API: calls of the request's tools, or a message. Keeps nothing of a
 * conversation: its ids carry what has to be known of it, so that a repeated request has the same answer. Never logs.
 */
import { createHash, createHmac } from "node:crypto";
import type {
  Response as ApiResponse,
  ResponseFunctionToolCall,
  ResponseOutputItem,
} from "openai/resources/responses/responses";
import { limits } from "../../../contract/limits.ts";
import { seededRandom } from "../../../environments/random.ts";
import { badRequest } from "../errors.ts";
import type { Model } from "../models.ts";
import { choose } from "../policy/choose.ts";
import { findPractice } from "../policy/practices.ts";
import { formatted } from "./answer-format.ts";
import { type Conversation, conversationOf } from "./conversation.ts";
import type { Issued, ResponsesRequest } from "./rules.ts";

/** As the API answers; the package adds `output_text` by itself. */
export type Written = Omit<ApiResponse, "output_text">;

interface Said {
  /** Calls with their arguments as JSON text, or the final answer. */
  output: { calls: { name: string; arguments: string }[] } | { text: string };
  reasoningTokens: number;
  outputTokens: number;
}

/** Without tools there is nothing that the stand-in could do. */
const SMALL_TALK = "I am a stand-in and no language model: all I do is to use the tools of an environment.";

export class Writer {
  readonly #seed: string;
  readonly #secret: string;
  readonly #now: () => number;
  /** How often each conversation has begun: another attempt at a question draws otherwise. */
  readonly #begun = new Map<string, number>();

  /**
   * @param seed names the sequences that are drawn from
   * @param secret of the process: what reasoning is encrypted with
   * @param now seconds
   */
  constructor(seed: string, secret: string, now: () => number) {
    this.#seed = seed;
    this.#secret = secret;
    this.#now = now;
  }

  /** What a request may hand back. */
  readonly issued: Issued = {
    reasoning: { get: (id) => this.#encrypted(id) },
    companions: { get: (id) => companionOf(id) },
  };

  /** @throws ApiError for tools of which the stand-in knows nothing */
  write(request: ResponsesRequest, model: Model): Written {
    const conversation = conversationOf(request.input);
    const key = this.#keyOf(model, conversation);
    const said = say(request, model, conversation, key);
    return {
      id: `resp_${key}`,
      object: "response",
      created_at: this.#now(),
      status: "completed",
      error: null,
      incomplete_details: null,
      instructions: null,
      metadata: {},
      model: request.model,
      output: this.#items(said, request, key),
      parallel_tool_calls: request.parallel_tool_calls,
      previous_response_id: null,
      temperature: 1,
      tool_choice: "auto",
      tools: request.tools,
      top_p: 1,
      access_programs: null,
      usage: usageOf(request, said),
    };
  }

  /** Names the draws of this turn: by the last call, else by how often the question was asked before. */
  #keyOf({ policy }: Model, { question, lastCall }: Conversation): string {
    // Not by its name, which is another one with every start of the platform.
    const model = JSON.stringify(policy);
    if (lastCall !== undefined) return digest([this.#seed, model, "call", lastCall]);
    const conversation = digest([model, question]);
    const times = this.#begun.get(conversation) ?? 0;
    if (this.#begun.size >= limits.platformConversations) this.#begun.clear();
    this.#begun.set(conversation, times + 1);
    return digest([this.#seed, model, "question", question, times]);
  }

  #items({ output }: Said, request: ResponsesRequest, key: string): ResponseOutputItem[] {
    const id = `rs_${key}`;
    const isAsked = request.include.includes("reasoning.encrypted_content");
    const reasoning: ResponseOutputItem = {
      type: "reasoning",
      id,
      summary: [],
      ...(isAsked && { encrypted_content: this.#encrypted(id) }),
    };
    if ("calls" in output) return [reasoning, ...output.calls.map((call, at) => callItem(call, key, at))];
    const part = { type: "output_text" as const, text: output.text, annotations: [], logprobs: [] };
    return [reasoning, { type: "message", id: `msg_${key}`, role: "assistant", status: "completed", content: [part] }];
  }

  /** There is nothing in it but the proof that it was written here. */
  #encrypted(id: string): string {
    return createHmac("sha256", this.#secret).update(id).digest("base64");
  }
}

function say(request: ResponsesRequest, model: Model, { question, turns }: Conversation, key: string): Said {
  const names = request.tools.map(({ name }) => name);
  if (names.length === 0) return { output: { text: SMALL_TALK }, reasoningTokens: 0, outputTokens: 20 };
  const practice = findPractice(names);
  if (!practice)
    throw badRequest("The stand-in knows only the tools of this project's environments.", "tools", "unknown_tools");
  const { turn, reasoningTokens, outputTokens } = choose(model.policy, practice, question, turns, seededRandom(key));
  if (turn.kind === "answer")
    return { output: { text: formatted(turn.text, request.text?.format) }, reasoningTokens, outputTokens };
  const calls = turn.calls.map((call) => ({ name: call.tool, arguments: argumentsText(call.arguments) }));
  return {
    output: { calls: request.parallel_tool_calls ? calls : calls.slice(0, 1) },
    reasoningTokens,
    outputTokens,
  };
}

const argumentsText = (args: object | string) => (typeof args === "string" ? args : JSON.stringify(args));

const callItem = (call: { name: string; arguments: string }, key: string, at: number): ResponseFunctionToolCall => ({
  type: "function_call",
  id: `fc_${key}_${at}`,
  call_id: `call_${key}_${at}`,
  status: "completed",
  ...call,
});

/** The reasoning that a call or message of the stand-in came with. */
function companionOf(id: string): string | undefined {
  const [, key] = /^(?:fc|msg)_([0-9a-f]{24})(?:_\d+)?$/.exec(id) ?? [];
  return key === undefined ? undefined : `rs_${key}`;
}

/** Characters of one token, about. */
const CHARACTERS_PER_TOKEN = 4;

function usageOf({ input, tools }: ResponsesRequest, { reasoningTokens, outputTokens }: Said) {
  const input_tokens = Math.ceil(JSON.stringify([input, tools]).length / CHARACTERS_PER_TOKEN);
  const output_tokens = reasoningTokens + outputTokens;
  return {
    input_tokens,
    input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
    output_tokens,
    output_tokens_details: { reasoning_tokens: reasoningTokens },
    total_tokens: input_tokens + output_tokens,
  };
}

const digest = (parts: readonly (string | number)[]) =>
  createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 24);

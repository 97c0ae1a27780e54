/**
 * What a model's service answers, as far as an agent reads it: a response of OpenAI's Responses API, not streamed.
 * Source: the API reference of `POST /v1/responses`, in the types of the `openai` package. Other services have the same API and
 * fill in less, and the package checks nothing. Unknown fields are dropped. Never behaviour.
 */
import * as z from "zod";

/** What the model thought; only ever handed back. */
const Reasoning = z.object({ type: z.literal("reasoning") });

/** A call as the model wrote it: the tool need not exist, and the arguments need not be JSON. */
const ModelCall = z.object({
  type: z.literal("function_call"),
  call_id: z.string(),
  name: z.string(),
  arguments: z.string(),
});

const MessagePart = z.discriminatedUnion("type", [
  z.object({ type: z.literal("output_text"), text: z.string() }),
  z.object({ type: z.literal("refusal"), refusal: z.string() }),
]);

const ModelMessage = z.object({
  type: z.literal("message"),
  content: z.array(MessagePart),
  /** Some models tell what they say on the way from what they say at the end. */
  phase: z.enum(["commentary", "final_answer"]).nullish(),
});
export type ModelMessage = z.infer<typeof ModelMessage>;

/** Tokens by kind. Cached ones are among the input's, reasoning's among the output's. */
const Usage = z.object({
  input_tokens: z.int(),
  input_tokens_details: z.object({ cached_tokens: z.int().default(0) }).default({ cached_tokens: 0 }),
  output_tokens: z.int(),
  output_tokens_details: z.object({ reasoning_tokens: z.int().default(0) }).default({ reasoning_tokens: 0 }),
});

const OutputItem = z.discriminatedUnion("type", [Reasoning, ModelCall, ModelMessage]);
const isKnown = ({ type }: { type: string }) => ["reasoning", "function_call", "message"].includes(type);

export const ModelResponse = z.object({
  /** `completed` and `incomplete` (the model wrote as much as it may) are the model's doing; every other status is the service's. */
  status: z.enum(["completed", "incomplete", "failed", "in_progress", "queued", "cancelled"]).default("completed"),
  error: z.object({ code: z.string() }).nullish(),
  /** In the order in which the model wrote them. Items of other kinds, which no agent asks for, are dropped. */
  output: z
    .array(z.looseObject({ type: z.string() }))
    .transform((items) => items.filter(isKnown))
    .pipe(z.array(OutputItem)),
  /** Null from services that do not count. */
  usage: Usage.nullish(),
});
export type ModelResponse = z.infer<typeof ModelResponse>;

/**
 * What a trainer sends and what it gets: the agent-RFT shapes of Microsoft Foundry and OpenAI.
 * Source: github.com/microsoft-foundry/fine-tuning (Agentic_RFT_PrivatePreview), github.com/openai/build-hours (20-agent-rft).
 * Unknown fields are dropped by zod: a trainer may add some. Never behaviour.
 */
import * as z from "zod";
import { limits } from "./limits.ts";

/** Ids become object names and storage keys: printable ASCII, bounded. Absent or null reads as "". */
const id = z
  .string()
  .max(limits.idCharacters)
  .regex(/^[ -~]*$/, "must be printable ASCII")
  .nullish()
  .transform((value) => value ?? "");

/** A JSON object whose fields nothing here depends on. */
export const JsonObject = z.record(z.string(), z.unknown());
export type JsonObject = z.infer<typeof JsonObject>;

/**
 * One call of a tool. `arguments` is the JSON text that the model wrote (an object is taken too, from hand-made calls).
 * Without `trace_id` or `call_id` the call is served and not recorded. `item` is the dataset row: it holds the reference
 * answer, so no tool sees it and nothing logs it.
 */
export const ToolCall = z.object({
  id: id,
  call_id: id,
  trace_id: id,
  name: z.string().nullish(),
  arguments: z.union([z.string(), JsonObject], { error: "a JSON text or an object is needed" }),
  item: JsonObject.nullish(),
});
export type ToolCall = z.infer<typeof ToolCall>;

/** A call to the one URL of all tools: its name says which. */
export const NamedToolCall = ToolCall.extend({ name: z.string() });

/** The answer to a call: always all four fields, ids echoed, "" where the call had none. */
export const ToolReply = z.object({
  type: z.literal("function_call_output"),
  id: z.string(),
  call_id: z.string(),
  output: z.string(),
});
export type ToolReply = z.infer<typeof ToolReply>;

const name = z.string().catch("");

/** Reads a call in any of the shapes that trainers list it in; what it does not say is "". */
const AnyCall = z.object({
  id: name,
  call_id: name,
  name,
  function: z.object({ name }).catch({ name: "" }),
});

/** A call that the trainer says the model made: by which ids it may be known, and the tool's name. */
const ClaimedCall = z
  .unknown()
  .transform((call) => AnyCall.catch({ id: "", call_id: "", name: "", function: { name: "" } }).parse(call))
  .transform((call) => ({
    ids: [call.call_id, call.id].filter(Boolean),
    name: call.function.name || call.name,
  }));
export type ClaimedCall = z.infer<typeof ClaimedCall>;

const Message = z.object({
  content: z.unknown().optional(),
  tool_calls: z.array(ClaimedCall).nullish().catch(null),
});

/** The model's final answer as a grader gets it; trainers send some or all of these fields. */
export const Sample = z.object({
  output_text: z.string().nullish(),
  output_json: z.unknown().optional(),
  choices: z.array(z.object({ message: Message.nullish() })).nullish(),
  /** The calls that the model made, where the trainer lists them. No score depends on it, so no shape of it is refused. */
  output_tools: z.array(ClaimedCall).nullish().catch(null),
});
export type Sample = z.infer<typeof Sample>;
/** A sample as a trainer writes it. */
export type SentSample = z.input<typeof Sample>;

/** A rollout's final answer to be scored against its dataset row. */
export const GradeRequest = z.object({
  sample: Sample,
  item: JsonObject,
  trace_id: id,
});
export type GradeRequest = z.infer<typeof GradeRequest>;

export const GradeReply = z.object({ score: z.number() });
export type GradeReply = z.infer<typeof GradeReply>;

/** The body of every answer that is neither a tool reply nor a score. `field` names what a person has to mend. */
export const ErrorReply = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    field: z.string().optional(),
    correlation_id: z.string().optional(),
  }),
});
export type ErrorReply = z.infer<typeof ErrorReply>;

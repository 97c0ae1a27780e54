/**
 * What an environment and a tool are. An environment is data and pure functions; the flows in `src/worker` do the rest.
 */
import type * as z from "zod";
import type { Evidence, Grade, Ledger } from "../contract/ledger.ts";
import type { JsonObject } from "../contract/wire.ts";
import type { Corpus } from "../corpus/corpus.ts";
import type { AttackTarget } from "./attack-target.ts";
import type { DatasetShape } from "./dataset-shape.ts";
import type { Practice } from "./practice.ts";
import type { Rehearsal } from "./rehearsal.ts";
import type { RolloutFiles } from "./workspace/files.ts";
import type { Workspace } from "./workspace/workspace.ts";

/** A tool's whole answer, before it is cut to size. */
export type Answer = Output | Mistake;

/** What a tool found, and how it is to be cut where the tool knows better than by an argument "offset". */
export interface Output {
  outcome: "ok";
  text: string;
  /** How the model gets what lies beyond this character of the text. */
  continuation?: (from: number) => string;
  /** Shown after the text, whether that is cut or not; short. */
  ending?: string;
}

/** What the model did wrong: of which kind, for whoever counts mistakes, and in words that tell the model how to call properly. */
export interface Mistake {
  outcome: "mistake";
  /** One of those below, or a tool's own. */
  kind: string;
  text: string;
}

export const ok = (text: string): Output => ({ outcome: "ok", text });
export const mistake = (kind: string, text: string): Mistake => ({ outcome: "mistake", kind, text });

/** What a stateless tool may use. Not the item: it holds the reference answer. */
interface StatelessContext {
  corpus: Corpus;
}

/** What a tool with a state of its rollout's may use. Not the item either, but what stands in its workspace. */
interface RolloutContext {
  files: RolloutFiles;
}

/** What a model is told of a tool. Its arguments are declared once; the JSON Schema that a model gets derives from them. */
interface Declared<Arguments extends z.ZodObject> {
  name: string;
  description: string;
  arguments: Arguments;
}

/** Answers from the corpus alone: same arguments, same answer. */
export interface StatelessTool<Arguments extends z.ZodObject = z.ZodObject> extends Declared<Arguments> {
  keeps?: "nothing";
  /** @throws Fault when something of ours fails; anything the model did wrong is a mistake in the answer. */
  run(args: z.output<Arguments>, context: StatelessContext): Promise<Answer>;
}

/** Works in its rollout's workspace, one call after the other. Only what an `ok` answer has changed there is kept. */
export interface RolloutTool<Arguments extends z.ZodObject = z.ZodObject> extends Declared<Arguments> {
  keeps: "files";
  /** @throws Fault as above */
  run(args: z.output<Arguments>, context: RolloutContext): Promise<Answer>;
}

/** One route an agent calls. */
export type Tool<Arguments extends z.ZodObject = z.ZodObject> = StatelessTool<Arguments> | RolloutTool<Arguments>;

/** What a grader sees: the row, the answer, and the whole trajectory (null without a trace id, and before the first call). */
export interface GradeInput {
  item: JsonObject;
  answer: FinalAnswer;
  ledger: Ledger | null;
}

/** The model's final answer as text, and parsed where the trainer parsed it. */
export interface FinalAnswer {
  text: string;
  json: unknown;
}

/** A JSON schema that answers have to fit, with a name of letters, digits, _ and -; in the subset that services take as a strict one. */
export interface AnswerFormat {
  name: string;
  schema: JsonObject;
}

export interface Environment<Options extends z.ZodObject = z.ZodObject> {
  /** The first segment of its routes. */
  name: string;
  description: string;
  /** The developer prompt of its dataset rows. */
  prompt: string;
  /** The form that a model is made to give its final answer; any text without it. */
  answerFormat?: AnswerFormat;
  /** The name that the corpus index of its stateless tools is stored under. */
  corpus?: string;
  /**
   * What an item's per-rollout tools work in: all that they are given of the item. Pure.
   * @throws Fault("item") for a row that does not say
   */
  workspace?(item: JsonObject): Workspace;
  callsPerRollout: number;
  outputCharacters: number;
  tools: readonly Tool[];
  /** What a deployment may set for this environment (`OPTIONS` in wrangler.toml); every field has a default. */
  options: Options;
  /** How a model that judges answers in the grader's place has to score them, from 0 to 1; none where no model is to. */
  rubric?: string;
  /** @throws Fault("item") for a row that cannot be graded. Pure otherwise: same input, same grade. */
  grade(input: GradeInput, options: z.output<Options>): Grade;
  /** Where the answer can have come from, by the calls of the ledger. Never changes the score. Pure; never throws. */
  evidence?(input: GradeInput): Evidence;
  /** What its rows are, and what can be wrong with them. */
  dataset: DatasetShape;
  /** How a stand-in for a model attempts items of this environment. */
  rehearsal: Rehearsal;
  /** What a small policy can learn to choose from, where training can be tried on this environment without a language model. */
  practice?: Practice;
  /** What of an item can be attacked; undefined for one that cannot be graded. Pure; never throws. */
  attackTarget?(item: JsonObject): AttackTarget | undefined;
  /** What a question asks for, in a few words and of a few kinds, as `yes or no`: by which comparisons are broken down. Pure; never throws. */
  questionKind?(question: string): string;
}

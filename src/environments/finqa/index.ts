/** FinQA made hard: only the question is given; the page has to be found among thousands of pages of annual reports. */
import * as z from "zod";
import { limits } from "../../contract/limits.ts";
import type { Environment } from "../environment.ts";
import { attackTarget } from "./attack-target.ts";
import { datasetShape } from "./dataset-shape.ts";
import { evidence } from "./evidence.ts";
import { grade } from "./grader.ts";
import { practice } from "./practice.ts";
import { questionKind } from "./question-kind.ts";
import { rehearsal } from "./rehearsal.ts";
import { rubric } from "./rubric.ts";
import { cat } from "./tools/cat.ts";
import { list } from "./tools/list.ts";
import { search } from "./tools/search.ts";

const Options = z.strictObject({
  /** What a wrong value is still paid when a page with the evidence was opened; 0 pays nothing. */
  evidenceCredit: z.number().min(0).max(0.49).default(0),
});

export const finqa: Environment<typeof Options> = {
  name: "finqa",
  description: "Answer a question about a company's annual report, given only the question.",
  prompt: `You answer questions about companies' annual reports. The reports are pages with paths like AAL/2010/page_72.pdf
(company, year of the report, page). Find the page that holds the figures, with at most ${limits.callsPerRollout} tool calls in all:
search finds pages by their content, list shows directories, cat shows a page. Calculate exactly.
Your final answer is only the value: a number with its sign and its percent sign where it is a percentage, or yes or no.
No words, no working, no second number.`,
  corpus: "finqa",
  callsPerRollout: limits.callsPerRollout,
  outputCharacters: limits.outputCharacters,
  tools: [search, list, cat],
  options: Options,
  rubric,
  grade,
  evidence,
  dataset: datasetShape({ grade, options: Options }),
  rehearsal,
  practice,
  attackTarget,
  questionKind,
};

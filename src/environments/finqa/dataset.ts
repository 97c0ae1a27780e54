/**
 * FinQA's own records (Chen et al., EMNLP 2021, github.com/czyssrs/FinQA) as far as questions and answers go; the pages
 * are `src/corpus/sources/finqa.ts`'s. Pure.
 */
import * as z from "zod";
import type { JsonObject } from "../../contract/wire.ts";
import type { DatasetSource, SourceRow } from "../dataset-source.ts";
import { checkLabel } from "./labels.ts";

const Label = z.union([z.string(), z.number()]).nullish();

/** One question: `{"id": "AAL/2014/page_18.pdf-1", "filename": "AAL/2014/page_18.pdf", "qa": {"question": …, "answer": "7%", "exe_ans": 0.07}}` */
export const FinqaRecord = z.object({
  id: z.string(),
  /** The page it is asked of, which holds the evidence. */
  filename: z.string(),
  qa: z.object({
    question: z.string(),
    /** The annotator's answer as written. */
    answer: Label,
    /** What the annotated program computes. */
    exe_ans: Label,
    /** The steps that compute it: `subtract(343, 322), divide(#0, 322)`. */
    program: z.string().nullish(),
  }),
});
export type FinqaRecord = z.infer<typeof FinqaRecord>;

/**
 * The reference answer of a record: `answer`, or `exe_ans` where there is no answer; undefined where there is neither.
 * Whether the reference can be graded is the grader's to say.
 */
export function referenceAnswer({ qa }: FinqaRecord): string | number | undefined {
  return withoutSpace(qa.answer) ?? withoutSpace(qa.exe_ans);
}

/** FinQA as a source of rows. */
export const finqaSource: DatasetSource = {
  name: "finqa",
  origin: "files",
  files: ["train.json", "dev.json", "test.json"],
  recognises: (record) => "qa" in record,
  read,
};

function read(record: JsonObject): SourceRow {
  const parsed = FinqaRecord.safeParse(record);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return { ok: false, problem: `is not a FinQA record: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}` };
  }
  const { id, filename, qa } = parsed.data;
  const question = qa.question.replaceAll(surrounding, "");
  const answer = { reference_answer: referenceAnswer(parsed.data), evidence_paths: [filename] };
  const program = qa.program == null || qa.program === "" ? {} : { program: qa.program };
  const label = checkLabel(withoutSpace(qa.answer), withoutSpace(qa.exe_ans));
  return { ok: true, id, question, item: { id, question, ...answer, ...program }, label };
}

/** White space, and the line ends that the data holds as written: backslashes and an "n". */
const surrounding = /^(?:\\+n|\s)+|(?:\\+n|\s)+$/g;

function withoutSpace(written: z.infer<typeof Label>): string | number | undefined {
  if (typeof written !== "string") return written ?? undefined;
  const text = written.replaceAll(surrounding, "");
  return text === "" ? undefined : text;
}

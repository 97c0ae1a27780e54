/**
 * FinQA's own records (Chen et al., EMNLP 2021, github.com/czyssrs/FinQA) as far as questions and answers go; the pages
 * are `src/corpus/sources/finqa.ts`'s. Pure.
 */
import * as z from "zod";

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
  return label(qa.answer) ?? label(qa.exe_ans);
}

/** White space, and the line ends that the data holds as written: backslashes and an "n". */
const surrounding = /^(?:\\+n|\s)+|(?:\\+n|\s)+$/g;

function label(written: z.infer<typeof Label>): string | number | undefined {
  if (typeof written !== "string") return written ?? undefined;
  const text = written.replaceAll(surrounding, "");
  return text === "" ? undefined : text;
}

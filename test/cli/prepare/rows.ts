/** Rows for tests of the parts that look at rows. Test material. */
import { type Row, toRows } from "../../../src/cli/prepare/rows.ts";
import { finqaSource } from "../../../src/environments/finqa/dataset.ts";
import { finqa } from "../../../src/environments/finqa/index.ts";

export interface Given {
  id: string;
  question?: string;
  answer?: string | number;
  exe_ans?: string | number;
  filename?: string;
}

/** A FinQA record; what is not given is the id's own. */
export function record({ id, question, filename, ...answers }: Given) {
  const usual = { answer: "56", ...(answers.answer === undefined && { exe_ans: 56 }) };
  return {
    id,
    filename: filename ?? `PAGE/${id}.pdf`,
    qa: { question: question ?? `what did item ${id} cost?`, ...usual, ...answers },
  };
}

/** Rows of FinQA records, in the dataset's own order. */
export function finqaRows(...given: Given[]): Row[] {
  const records = given.map((one) => ({ name: one.id, record: record(one) }));
  return toRows(records, finqaSource, finqa, "7").rows;
}

/** Rows that are nothing but their documents. */
export function rowsOf(documents: readonly (readonly string[])[]): Row[] {
  const records = documents.map((evidence_paths, at) => ({
    name: `row ${at}`,
    record: { id: `${at}`, question: `question ${at}?`, reference_answer: "7", evidence_paths },
  }));
  return toRows(records, undefined, finqa, "7").rows;
}

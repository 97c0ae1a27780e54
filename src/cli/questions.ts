/** FinQA's questions as a retrieval task: which page is a question asked of? And how well a ranking answers that. */
import { basename } from "node:path";
import * as z from "zod";
import { FinqaRecord } from "../environments/finqa/dataset.ts";
import { finqaFiles, readJson } from "./sources.ts";
import { UserError } from "./user-error.ts";

export interface Question {
  text: string;
  /** The path of its page. */
  path: string;
}

export type Split = "train" | "dev" | "test";
export const splits: readonly Split[] = ["train", "dev", "test"];

/** @throws UserError when the folder has no such split, or a record of it is not FinQA's */
export async function readQuestions(folder: string, split: Split): Promise<Question[]> {
  const file = (await finqaFiles(folder)).find((name) => basename(name) === `${split}.json`);
  if (file === undefined) throw new UserError(`${folder} has no ${split}.json.`);
  const records = z.array(FinqaRecord).safeParse(await readJson(file));
  if (!records.success) throw new UserError(`${file}: not FinQA's format: ${z.prettifyError(records.error)}`);
  return records.data.map(({ qa, filename }) => ({ text: qa.question, path: filename }));
}

export interface Recall {
  at1: number;
  at5: number;
  at10: number;
  /** The mean of 1 / rank. */
  meanReciprocalRank: number;
}

/** @param ranks of the right page, from 1; Infinity where it was not found */
export function recall(ranks: readonly number[]): Recall {
  const share = (most: number) => ranks.filter((rank) => rank <= most).length / ranks.length;
  const reciprocals = ranks.reduce((sum, rank) => sum + 1 / rank, 0);
  return { at1: share(1), at5: share(5), at10: share(10), meanReciprocalRank: reciprocals / ranks.length };
}

export function recallLine({ at1, at5, at10, meanReciprocalRank }: Recall): string {
  const [one, five, ten, mean] = [at1, at5, at10, meanReciprocalRank].map((value) => value.toFixed(3));
  return `recall@1 ${one}  @5 ${five}  @10 ${ten}  MRR ${mean}`;
}

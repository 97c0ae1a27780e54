/**
 * How a published dataset becomes rows: what an environment says of the format that its items come in, and what
 * `edgegym prepare` and every command with `--data` read it by. Data and pure functions.
 */
import type { JsonObject } from "../contract/wire.ts";

export interface DatasetSource {
  /** As `--source` names it. */
  name: string;
  /** What its records are read from: files of them, or the commits of clones. */
  origin: "files" | "history";
  /** Its files, in a folder or in the folder `dataset` of a checkout; none where any .jsonl file may be one. */
  files: readonly string[];
  /** Whether a record is in this format at all, however damaged: no row of JSON Lines is. */
  recognises(record: JsonObject): boolean;
  /** Pure; never throws. */
  read(record: JsonObject): SourceRow;
}

export type SourceRow =
  | {
      ok: true;
      id: string;
      question: string;
      /** What becomes `item`: the reference as labelled, the pages with the evidence, whatever the grader can use. */
      item: JsonObject;
      label: LabelCheck;
    }
  | { ok: false; problem: string };

/**
 * What becomes of holding a row's label against a second account of the same answer, as an annotated program's result.
 * - `agrees`: both are the same value.
 * - `rounded`: the label is the second account, rounded or cut. `exact` is that account in the label's units.
 * - `disagrees`: neither can be trusted. `note` quotes both.
 * - `alone`: there are not two usable accounts.
 */
export type LabelCheck =
  | { state: "agrees" | "alone" }
  | { state: "rounded"; exact: string; note: string }
  | { state: "disagrees"; note: string };

/** Whether two files can be trained and validated with, as they are. Pure. Names rows by where they stand, never their content. */
import { createHash } from "node:crypto";
import { DatasetLine, type DatasetManifest } from "../../contract/dataset.ts";
import { limits } from "../../contract/limits.ts";
import type { Environment } from "../../environments/environment.ts";
import type { FileRecord } from "../dataset-file.ts";
import { chatTools } from "../prepare/lines.ts";
import type { JobDataset, JobFile } from "./dataset.ts";
import { type Finding, inShort, ok, refused, warned } from "./finding.ts";

export interface DatasetNeeds {
  environment: Environment;
  /** Hash of the environment's grader, to know a dataset that another one was checked with. */
  graderVersion: string;
  /** Whether a model judges, by the rows' question and reference. */
  isJudged: boolean;
}

/** Sequence: rows → sizes → between the files → manifest. */
export function checkDataset(dataset: JobDataset, needs: DatasetNeeds): Finding {
  const { training, validation } = dataset;
  const both = [training, validation];
  const problems = [
    ...both.flatMap((file) => file.records.flatMap((record) => problemOf(file, record, needs))),
    ...both.flatMap(tooFew),
    ...sharedBetween(training, validation),
    ...manifestProblems(dataset, needs.environment),
  ];
  if (problems.length > 0)
    return refused(inShort(problems), "Mend the files, or make them anew with edgegym prepare --fix.");
  const remarks = [...otherPrompts(both, needs.environment), ...manifestRemarks(dataset, needs)];
  if (remarks.length > 0)
    return warned(inShort(remarks), "Make the files anew with edgegym prepare, unless it is meant so.");
  return ok(`${training.records.length} rows to train and ${validation.records.length} to validate with.`);
}

function problemOf({ name }: JobFile, record: FileRecord, { environment, isJudged }: DatasetNeeds): string[] {
  const place = `${name}, ${record.name}`;
  if ("problem" in record) return [`${place}: ${record.problem}.`];
  const line = DatasetLine.safeParse(record.record);
  const [issue] = line.error?.issues ?? [];
  if (!line.success)
    return [
      `${place}: ${issue?.path.map(String).join(".") ?? "row"} is not as a row needs it (developer and user message, tools).`,
    ];
  const { messages, tools, ...item } = line.data;
  const bytes = Buffer.byteLength(JSON.stringify(record.record));
  const characters = messages.reduce((sum, { content }) => sum + content.length, 0);
  const lacking = ["question", "reference_answer"].filter(
    (field) => !["string", "number"].includes(typeof item[field]),
  );
  return [
    ...(messages[1].content.trim() === "" ? [`${place}: the question is empty.`] : []),
    ...(stable(tools) === stable(chatTools(environment)) ? [] : [`${place}: its tools are not the environment's.`]),
    ...(bytes > limits.datasetRowBytes ? [`${place}: ${bytes} bytes; at most ${limits.datasetRowBytes}.`] : []),
    ...(characters > limits.datasetMessageCharacters ? [`${place}: ${characters} characters of messages.`] : []),
    ...(isJudged && lacking.length > 0 ? [`${place}: no ${lacking.join(" and no ")}, which the judge is shown.`] : []),
  ];
}

function tooFew({ name, records }: JobFile): string[] {
  if (records.length >= limits.datasetFileRows) return [];
  return [`${name} has ${records.length} rows; a job needs at least ${limits.datasetFileRows}.`];
}

/** What was seen in training would be asked for in validation. */
function sharedBetween(training: JobFile, validation: JobFile): string[] {
  const [first, second] = [pagesOf(training), pagesOf(validation)];
  const shared = [...first].filter((page) => second.has(page));
  const same = training.sha256 === validation.sha256 ? ["Both files have the same content."] : [];
  if (shared.length === 0) return same;
  return [
    ...same,
    `${shared.length} pages are evidence in both files, as ${shared[0]?.slice(0, limits.quotedCharacters)}.`,
  ];
}

function pagesOf({ records }: JobFile): Set<string> {
  const paths = records.flatMap((record) => ("record" in record ? [record.record["evidence_paths"]] : []));
  return new Set(paths.flat().filter((path) => typeof path === "string"));
}

function manifestProblems({ training, validation, manifests }: JobDataset, environment: Environment): string[] {
  return [
    ...problemsOf(training, manifests.training, environment),
    ...problemsOf(validation, manifests.validation, environment),
  ];
}

function problemsOf(file: JobFile, manifest: DatasetManifest | null | undefined, environment: Environment): string[] {
  if (manifest === undefined) return [];
  if (manifest === null) return [`The manifest.json beside ${file.name} cannot be read.`];
  const listed = manifest.outputs.find(({ name }) => name === file.name);
  if (!listed) return [];
  const others =
    manifest.environment === environment.name ? [] : [`${file.name} was made for ${manifest.environment}.`];
  return listed.sha256 === file.sha256 ? others : [...others, `${file.name} was changed after its manifest.json.`];
}

function otherPrompts(files: readonly JobFile[], environment: Environment): string[] {
  const prompts = new Set(files.flatMap(({ records }) => records.map(promptOf)));
  const others = [...prompts].filter((prompt) => prompt !== environment.prompt);
  if (others.length === 0) return [];
  const hashes = others.map(hashOf).slice(0, limits.preflightExamples).join(", ");
  return [`Rows have another prompt (${hashes}) than the environment's current one (${hashOf(environment.prompt)}).`];
}

const promptOf = (record: FileRecord) =>
  ("record" in record && DatasetLine.safeParse(record.record).data?.messages[0].content) || "";

const hashOf = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 12);

function manifestRemarks(
  { manifests: { training, validation } }: JobDataset,
  { graderVersion }: DatasetNeeds,
): string[] {
  const manifests = [training, validation].filter((manifest) => manifest != null);
  const left = Math.max(0, ...manifests.map(({ counts }) => counts.left));
  return [
    ...(left > 0 ? [`The dataset's audit has ${left} findings left (audit.html).`] : []),
    ...(manifests.some(({ versions }) => versions.grader !== graderVersion)
      ? ["The files were checked with another version of the grader."]
      : []),
  ];
}

/** JSON with its keys in order, so that only values count. */
function stable(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

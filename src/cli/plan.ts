/**
 * `edgegym plan`: what a training job will ask of the deployment, and what Cloudflare will bill for it, before it is started. Needs
 * no deployment and no network. Never prints or exits itself.
 */
import { readFile } from "node:fs/promises";
import { type Command, Option } from "commander";
import * as z from "zod";
import { limits } from "../contract/limits.ts";
import type { Environment } from "../environments/environment.ts";
import { environments } from "../environments/index.ts";
import { requireEnvironment } from "./agents/cast.ts";
import { day, numberBetween, wholeNumber } from "./option-values.ts";
import { countDataset } from "./plan/dataset.ts";
import { estimate } from "./plan/estimate.ts";
import { demoJob, type Job } from "./plan/job.ts";
import { cloudflarePrices, PriceTable } from "./plan/prices.ts";
import { report } from "./plan/report.ts";
import { messageOf, UserError } from "./user-error.ts";

export interface PlanOptions extends Omit<Job, "budget"> {
  env: string;
  data?: string[];
  start?: string;
  prices?: string;
  printPrices?: true;
  json?: true;
}

/** A character of UTF-8 has four bytes at most, and the environment cuts outputs by characters. */
const MOST_RESPONSE_BYTES = 4 * Math.max(...environments.map(({ outputCharacters }) => outputCharacters));
const MOST_ROWS = 1_000_000_000;

export function planOptions(command: Command): Command {
  command.description(
    "Say what a training job will ask of the deployment, what Cloudflare bills for it, and which limits are near.",
  );
  command.option("--env <name>", "the environment", "finqa");
  for (const [flags, description, read, value] of jobOptions)
    command.addOption(new Option(flags, description).argParser(read).default(value));
  return command
    .addOption(
      new Option(
        "--data <path...>",
        "count these files or folders instead; which rows validate, their names say",
      ).conflicts(["train", "val"]),
    )
    .option("--start <day>", "the day whose prices are applied, as 2026-12-01 (default: today)", day)
    .option("--prices <file>", "a price table in place of the built-in one")
    .option("--print-prices", "print the built-in price table, as an example of such a file")
    .option("--json", "print the plan as JSON");
}

type JobOption = [flags: string, description: string, read: (text: string) => number, value: number];

const jobOptions: readonly JobOption[] = [
  ["--train <rows>", "rows of the training file", wholeNumber(0, MOST_ROWS), demoJob.train],
  ["--val <rows>", "rows of the validation file", wholeNumber(0, MOST_ROWS), demoJob.val],
  ["--epochs <number>", "times that each training row is used", wholeNumber(1, 1_000), demoJob.epochs],
  ["--batch <rows>", "training rows in a step", wholeNumber(1, 1_000_000), demoJob.batch],
  [
    "--copies <number>",
    "rollouts of a row in a step: the compute multiplier's doing",
    wholeNumber(1, 100_000),
    demoJob.copies,
  ],
  ["--eval-interval <steps>", "steps between validations", wholeNumber(1, MOST_ROWS), demoJob.evalInterval],
  ["--eval-samples <number>", "rollouts of a row in a validation", wholeNumber(1, 100_000), demoJob.evalSamples],
  ["--calls <number>", "tool calls of a rollout, on average", numberBetween(0, limits.ledgerCalls), demoJob.calls],
  ["--parallel <number>", "calls that a model makes at once", wholeNumber(1, limits.ledgerCalls), demoJob.parallel],
  ["--think-seconds <number>", "from an answer to the next calls", numberBetween(0, 3_600), demoJob.thinkSeconds],
  ["--tool-milliseconds <number>", "from a call to its answer", numberBetween(1, 600_000), demoJob.toolMilliseconds],
  [
    "--request-bytes <number>",
    "of a request with its row, on average",
    wholeNumber(0, 100_000_000),
    demoJob.requestBytes,
  ],
  [
    "--response-bytes <number>",
    "of a tool's output, on average",
    wholeNumber(0, MOST_RESPONSE_BYTES),
    demoJob.responseBytes,
  ],
  ["--retries <share>", "requests that are sent again, from 0 to 1", numberBetween(0, 1), demoJob.retries],
  ["--corpus-megabytes <number>", "text of the corpus", numberBetween(0, 100_000), demoJob.corpusMegabytes],
];

/**
 * What is to be printed. @param today as `2026-12-01`
 * @throws UserError for a price table or a dataset that cannot be read
 */
export async function plan(options: PlanOptions, today: string): Promise<string> {
  const { env, data, start, prices: pricesFile, printPrices, json, ...given } = options;
  if (printPrices) return JSON.stringify(cloudflarePrices, null, 2);
  const prices = pricesFile === undefined ? cloudflarePrices : await readPrices(pricesFile);
  const { counted, ...size } = data ? await countDataset(data) : { counted: [], train: given.train, val: given.val };
  const environment = requireEnvironment(env);
  const job = { ...given, ...size, ...ofEnvironment(environment, given) };
  const result = estimate(job, prices, start ?? today);
  return json ? JSON.stringify(result, null, 2) : report(result, counted, uncounted(environment));
}

function ofEnvironment({ corpus, callsPerRollout }: Environment, { corpusMegabytes }: Pick<Job, "corpusMegabytes">) {
  return { budget: callsPerRollout, corpusMegabytes: corpus === undefined ? 0 : corpusMegabytes };
}

/** What of an environment is in no figure. */
function uncounted(environment: Environment): string[] {
  if (environment.workspace === undefined) return [];
  return [
    `Not counted of ${environment.name}: an object is active as long as a command runs in it; repositories in R2 (a sixth to a third of their text), and up to seven reads for each of its megabytes in a fresh isolate; what rollouts write into their workspaces.`,
  ];
}

async function readPrices(file: string): Promise<PriceTable> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw new UserError(`--prices ${file}: cannot be read: ${messageOf(error)}`);
  });
  const parsed = PriceTable.safeParse(parseJson(text, file));
  if (parsed.success) return parsed.data;
  throw new UserError(
    `--prices ${file}: not a price table (--print-prices shows one):\n${z.prettifyError(parsed.error)}`,
  );
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UserError(`--prices ${file}: not JSON. edgegym plan --print-prices shows a price table.`);
  }
}

/** A plan against the limits of the platform and of trainers: how near each is, and what to do. Pure. Each says its source. */
import { limits } from "../../contract/limits.ts";
import { assumed } from "./costs.ts";
import type { Job } from "./job.ts";
import type { Load } from "./load.ts";
import { packsOf, type Usage } from "./usage.ts";

export interface Check {
  name: string;
  value: number;
  limit: number;
  unit: string;
  /** `near` from a share of the limit on, `over` beyond it. */
  state: "ok" | "near" | "over";
  /** What the value is, and what to do about it, as sentences. */
  means: string;
  advice: string;
  source: string;
}

/** Every limit that a job can come near, in order of urgency. */
export function checksOf(job: Job, load: Load, usage: Usage): Check[] {
  return [
    ...traffic(job, load),
    ...objects(job, load, usage),
    ...isolates(job, load),
    {
      name: "requests a day on the Free plan",
      ...against(load.requests, 100_000),
      unit: "requests",
      means: "The job's requests, if it takes a day.",
      advice: `Use Workers Paid. The Free plan would need ${Math.ceil(load.requests / 100_000)} days, and past its limit answers the trainer itself.`,
      source: `${DOCS}/workers/platform/limits/#account-plan-limits`,
    },
  ];
}

const DOCS = "https://developers.cloudflare.com";
const TRAINER = "https://github.com/microsoft-foundry/fine-tuning/tree/main/Demos/Agentic_RFT_PrivatePreview";
const BUILD_HOUR = "https://github.com/openai/build-hours";

/** Unless a limit says otherwise, this share of it is near: an average leaves that little room for a bad hour. */
const NEAR = 0.8;

function against(value: number, limit: number, near = NEAR): Pick<Check, "value" | "limit" | "state"> {
  return { value, limit, state: value > limit ? "over" : value >= limit * near ? "near" : "ok" };
}

/** What trainers tell an endpoint to be ready for, and what a rollout may do. */
function traffic(job: Job, load: Load): Check[] {
  const rehearse = `Rehearse it: npm run rehearse -- --rollouts ${load.burst} --copies ${job.copies} --steps 1`;
  return [
    {
      name: "rollouts that start together",
      ...against(load.burst, 500),
      unit: "rollouts",
      means: "The largest burst; 500 is the largest that a trainer is known to have started.",
      advice: rehearse,
      source: BUILD_HOUR,
    },
    {
      name: "tool calls a second, sustained",
      ...against(load.toolRate, 50),
      unit: "calls/s",
      means: "While a burst runs; trainers ask endpoints to handle 50.",
      advice: rehearse,
      source: TRAINER,
    },
    {
      name: "gradings a second, sustained",
      ...against(load.gradeRate, 50),
      unit: "gradings/s",
      means: "While a burst ends; trainers ask graders to handle 50, and a job may set a rate_limit that spreads them.",
      advice: rehearse,
      source: TRAINER,
    },
    {
      name: "calls of a rollout",
      ...against(job.calls, job.budget),
      unit: "calls",
      means: "On average, against the environment's budget; what is past it is answered that it is spent.",
      advice: "Few rollouts should run out: ask for fewer calls in the prompt, or raise the environment's budget.",
      source: "src/contract/limits.ts",
    },
    {
      name: "bytes of a request",
      // A body of several times the average is common.
      ...against(job.requestBytes, limits.bodyBytes, 0.25),
      unit: "bytes",
      means: "On average, dataset row included; a larger one is answered 413, which the model is shown.",
      advice: "Keep what no tool or grader needs out of the dataset's rows.",
      source: TRAINER,
    },
  ];
}

/** What one Durable Object can do and hold. */
function objects(job: Job, load: Load, usage: Usage): Check[] {
  const rate = `${DOCS}/durable-objects/best-practices/rules-of-durable-objects/#message-throughput-limits`;
  const size = `${DOCS}/durable-objects/platform/limits/`;
  return [
    {
      name: "messages a second to the run's object",
      // Cloudflare gives 200 to 500 for requests that write, and 1,000 as the soft limit of any.
      ...against(load.burst, 500, 0.4),
      unit: "messages/s",
      means:
        "Openings, when a whole burst makes its first calls in one second; 200 to 500 is what an object that writes can do.",
      advice: "No answer waits for them: they queue, and the run's counts come late.",
      source: rate,
    },
    {
      name: "messages a second to a rollout's object",
      ...against(Math.min(job.parallel, job.calls), 500, 0.4),
      unit: "messages/s",
      means: "Calls that a model makes at once.",
      advice: "They are answered one after the other; ask for fewer parallel calls.",
      source: rate,
    },
    {
      name: "storage of a rollout's object",
      ...against(usage.ledgerBytes, 10e9),
      unit: "bytes",
      means: "A rollout's ledger.",
      advice: "Lower the environment's output size or its budget.",
      source: size,
    },
    {
      name: "rollouts of one run",
      ...against(load.rollouts, limits.runRollouts),
      unit: "rollouts",
      means: "As many as a run's monitor counts; further ones are in the ledgers only.",
      advice: "Split the job into several runs (X-Run).",
      source: "src/contract/limits.ts (runRollouts)",
    },
  ];
}

/** What one isolate of the worker can hold and do at once. */
function isolates(job: Job, load: Load): Check[] {
  const text = job.corpusMegabytes * 1e6;
  const index = text * assumed.indexPerText;
  const requests = Math.ceil(load.worstSecond / assumed.isolates);
  const bodies = requests * (job.requestBytes + job.responseBytes) * assumed.copiesInMemory;
  const memory = assumed.isolateBytes + 2 * index + Math.min(text, limits.textsKeptBytes) + bodies;
  return [
    {
      name: "memory of an isolate",
      ...against(memory, 128e6),
      unit: "bytes",
      means: `Index, texts and ${requests} requests at once, if a burst wakes ${assumed.isolates} isolates.`,
      advice: "Make the corpus or the requests smaller.",
      source: `${DOCS}/workers/platform/limits/#memory`,
    },
    {
      name: "connections of a request",
      ...against(Math.min(packsOf(job), MOST_HITS), 6, 1),
      unit: "reads",
      means: `Packs of texts that a search for ${MOST_HITS} pages reads at once in a fresh isolate.`,
      advice: "Nothing fails: the seventh waits for the first. First searches are slower than later ones.",
      source: `${DOCS}/workers/platform/limits/#simultaneous-open-connections`,
    },
    {
      name: "writes a second of one R2 key",
      ...against(1_000 / limits.rolloutIdleMilliseconds, 1),
      unit: "writes/s",
      means: "A rollout's archive is written when it has been idle, and again only after another idle time.",
      advice: "Nothing to do.",
      source: `${DOCS}/r2/platform/limits/`,
    },
  ];
}

/** Pages that a search returns at most (src/environments/finqa/tools/search.ts). */
const MOST_HITS = 10;

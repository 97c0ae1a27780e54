/** A plan as text for a terminal of 80 columns, without colour. Pure; never prints. */
import { limits } from "../../contract/limits.ts";
import type { Bill, BillLine } from "./bill.ts";
import type { Check } from "./checks.ts";
import { assumed, runObject } from "./costs.ts";
import type { Estimate } from "./estimate.ts";
import { isDemoJob, type Job } from "./job.ts";
import { columns, row, wrap } from "./layout.ts";
import { bytes, duration, money, short, whole } from "./numbers.ts";
import type { MeterName } from "./prices.ts";

/**
 * @param counted lines about the dataset that was counted; none where rows were given as numbers
 * @param uncounted sentences about what is in no figure
 */
export function report(estimate: Estimate, counted: readonly string[], uncounted: readonly string[] = []): string {
  const { job, bill, checks } = estimate;
  return [
    ...headOf(job),
    ...counted,
    ...section("LOAD", loadLines(estimate)),
    ...section("PLATFORM", platformLines(estimate)),
    ...section("BILL", billLines(bill, estimate.usage.monthlyArchiveGigabytes)),
    ...section("WARNINGS", warningLines(job, checks)),
    ...section("ASSUMED", [...assumptionLines(job), ...uncounted.flatMap((text) => wrap(text, 2))]),
  ].join("\n");
}

function headOf(job: Job): string[] {
  const whose = isDemoJob(job)
    ? "The demo job of OpenAI's Build Hour on agent RFT; give --train, --val, --epochs, … for yours (--help)."
    : "Your job; what was not given is as in the demo job of OpenAI's Build Hour on agent RFT.";
  return wrap(whose, 0);
}

const section = (title: string, lines: readonly string[]) => ["", title, ...lines];

function loadLines({ job, load }: Estimate): string[] {
  const validation = `${whole(job.val)} rows × ${whole(job.evalSamples)}, after every ${ordinal(job.evalInterval)} step and the last`;
  return [
    row(
      "steps",
      whole(load.steps),
      `${whole(job.epochs)} epochs × ${whole(load.stepsPerEpoch)} of ${whole(job.batch)} rows`,
    ),
    row("validations", whole(load.evaluations), load.evaluations === 0 ? "" : validation),
    row("rollouts", whole(load.rollouts), `${whole(load.trainingRollouts)} of them training`),
    row(
      "  a step",
      whole(load.stepRollouts),
      `${whole(Math.min(job.batch, job.train))} rows × ${whole(job.copies)} copies`,
    ),
    row("  a validation", whole(load.evaluationRollouts)),
    row("tool calls", whole(load.calls), `${short(job.calls)} a rollout (budget ${job.budget})`),
    row("  a step", whole(load.stepCalls)),
    row("requests", whole(load.requests), `with gradings, and ${short(job.retries * 100)} % sent again`),
    row("one burst", whole(load.burst), "rollouts open at once"),
    row("  tool calls a second", short(load.toolRate), `sustained; all at once: ${whole(load.worstSecond)}`),
    row("  gradings a second", short(load.gradeRate), `sustained; all at once: ${whole(load.burst)}`),
    row("  calls under way", short(load.inFlight), "rate × latency (Little's law)"),
    row("  lasts", duration(load.rolloutSeconds), `${duration(load.samplingSeconds)} for all bursts, without training`),
  ];
}

function platformLines({ load, usage }: Estimate): string[] {
  const { meters } = usage;
  return [
    row("Durable Objects", whole(usage.objects), "one for each rollout, one for the run"),
    row("  storage of a rollout", bytes(usage.ledgerBytes), "in its object for 7 days"),
    row("  storage of the run", bytes(usage.runObjectBytes)),
    row("archive of a rollout", bytes(usage.archiveBytes), "in R2 until you delete it"),
    row("archives", bytes(usage.archivesBytes)),
    row("index loads", whole(usage.indexLoads), `up to ${whole(usage.indexReads)} reads each`),
    row(
      "reading the run again",
      short(load.rollouts),
      `reads, ${whole(Math.ceil(load.rollouts / 1_000))} lists of R2 (runs rebuild)`,
    ),
    row("log lines", short(meters.log_events), "one a request"),
  ];
}

const labels: Record<MeterName, string> = {
  worker_requests: "Worker requests",
  worker_cpu_milliseconds: "Worker CPU, ms",
  object_requests: "Object requests",
  object_gb_seconds: "Object duration, GB-s",
  object_rows_read: "Object rows read",
  object_rows_written: "Object rows written",
  object_gb_months: "Object storage, GB-month",
  r2_class_a: "R2 writes (Class A)",
  r2_class_b: "R2 reads (Class B)",
  r2_gb_months: "R2 storage, GB-month",
  log_events: "Log lines",
  log_gb: "Logs written, GB",
  log_gb_months: "Logs kept, GB-month",
};

function billLines(bill: Bill, archiveGigabytes: number): string[] {
  const sources = [...new Set(bill.lines.map(({ source }) => source))];
  const change = bill.next_change === null ? "" : `Other prices hold from ${bill.next_change} (--start).`;
  return [
    ...wrap("One month, if the whole job falls into it and nothing else uses the account.", 2),
    ...wrap(`${bill.currency}, as on ${bill.day}; looked up on ${bill.looked_up}. ${bill.note} ${change}`, 2),
    columns(["", "quantity", "included", "billed", "price", "amount"]),
    columns([bill.plan, "", "", "", "", money(bill.base)]),
    ...bill.lines.map(billLine),
    columns(["total", "", "", "", "", money(bill.total)]),
    ...wrap(`Each month after: the plan, and ${short(archiveGigabytes)} GB in R2 until you delete the archives.`, 2),
    ...sources.map((source) => `  ${source}`),
  ];
}

function billLine({ meter, quantity, included, billed, price, per, amount }: BillLine): string {
  const perUnit = per === 1 ? "" : `/${short(per).replace(/^1 /, "")}`;
  return columns([labels[meter], short(quantity), short(included), short(billed), `${price}${perUnit}`, money(amount)]);
}

function warningLines(job: Job, checks: readonly Check[]): string[] {
  const raised = ["over", "near"].flatMap((urgency) => checks.filter(({ state }) => state === urgency));
  const lines = raised.flatMap(({ name, value, limit, unit, state, means, advice, source }) => [
    ...wrap(`${state}: ${name}: ${quantity(value, unit)} of ${quantity(limit, unit)} ${unit}`, 2),
    ...wrap(`${means} ${advice}`, 6),
    `      ${source}`,
  ]);
  const few = [
    ["training", job.train],
    ["validation", job.val],
  ].flatMap(([file, rows]) =>
    Number(rows) < limits.datasetFileRows
      ? wrap(`trainers want at least ${limits.datasetFileRows} rows in the ${file} file; it has ${rows}.`, 2)
      : [],
  );
  const rest =
    raised.length === 0
      ? `None of ${checks.length} limits is near.`
      : `${checks.length - raised.length} other limits are not near.`;
  return [...few, ...lines, `  ${rest}`];
}

const quantity = (value: number, unit: string) =>
  unit === "bytes" ? bytes(value).replace(/B$/, "").trimEnd() : short(value);

function assumptionLines({ copies, thinkSeconds, toolMilliseconds, responseBytes }: Job): string[] {
  return [
    `${whole(copies)} copies of a row: trainers decide it by compute_multiplier ("multiplier on amount of compute used for exploring search space during training"; "scales rollouts per step") and do not publish how many copies 1 makes. 32 is 500 rollouts, seen in one burst, by a batch of 16. Count the rollouts of the first step, then plan again.`,
    `A model thinks ${short(thinkSeconds)} s before each turn and waits ${short(toolMilliseconds)} ms for an answer of ${bytes(responseBytes)}. All rollouts of a step start at once; training and validation take turns. Whether trainers also validate before the first step is not public.`,
    `A request takes ${assumed.cpuMilliseconds} ms of CPU; an object is active for ${assumed.objectSeconds * 1_000} ms a message; a burst wakes ${assumed.isolates} isolates; a log line has ${bytes(assumed.logLineBytes)}. The run's object gets ${runObject.messagesPerRollout} messages a rollout. Emptying an object is taken to write no rows.`,
  ].flatMap((text) => wrap(text, 2));
}

function ordinal(number: number): string {
  if (number === 1) return "";
  const suffix = ["th", "st", "nd", "rd"][number % 100 > 10 && number % 100 < 14 ? 0 : number % 10] ?? "th";
  return `${whole(number)}${suffix}`;
}

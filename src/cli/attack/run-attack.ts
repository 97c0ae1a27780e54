/**
 * Runs a battery of answers through a deployment's grade route, and says what was paid. Nothing is recorded there: no trace id is
 * sent. Never prints, never exits: a command shows the result, and whoever is about to start a job can refuse to.
 */
import type { AttackResult } from "../../contract/attack.ts";
import type { Environment } from "../../environments/environment.ts";
import type { Deployment } from "../deployment.ts";
import { UserError } from "../user-error.ts";
import { batteries, fitting } from "./battery/index.ts";
import { chooseItems, type Item, type LeftOut, probesOf, readItems, withOthers } from "./items.ts";
import { type Family, type ProbeClass, probeClass, right } from "./probe.ts";
import { Sender, type Shot } from "./sender.ts";
import { Tally } from "./tally.ts";

export interface AttackOptions {
  deployment: Deployment;
  environment: Environment;
  /** Dataset files, or folders with such. */
  data: readonly string[];
  battery: keyof typeof batteries;
  /** How many items; Infinity for all. */
  items: number;
  seed: string;
  /** Requests at a time. */
  concurrency: number;
  /** Names of the only classes to try; all without it. */
  classes?: readonly string[] | undefined;
  /** Aborted, the attack ends with what is known so far. */
  signal: AbortSignal;
  onProgress: (step: string, done: number, total: number) => void;
}

/**
 * Sequence: classes → items → the references themselves → the battery, on the items that got a score → result.
 * @throws UserError when nothing can be attacked: no such class, no usable row, no answer to the first request or a refusal of it
 */
export async function runAttack(options: AttackOptions): Promise<AttackResult> {
  const { deployment, environment, seed, onProgress } = options;
  const chosen = chosenFamilies(options.battery, options.classes);
  const dataset = await readItems(options.data, environment);
  const families = fitting(
    chosen,
    dataset.items.map(({ target }) => target),
  );
  const items = choose(dataset.items, families, options);
  const sender = new Sender(deployment, environment.name, options.concurrency, options.signal);

  const control = tallied("control", reference);
  const onReference = counter(onProgress, "references", items.length);
  const [first, ...others] = shots([control], items, seed);
  if (first) await sender.sendFirst(first);
  onReference();
  await sender.send(others, onReference);

  const battery = families.flatMap(({ name, classes }) => classes.map((one) => tallied(name, one)));
  const gradable = items.filter((item) => sender.scored.has(item));
  if (gradable.length === 0 && sender.isComplete)
    throw new UserError(`The grader can grade none of the rows. The first: ${sender.leftOut[0]?.reason}`);
  const total = shots(battery, gradable, seed).reduce((count) => count + 1, 0);
  await sender.send(shots(battery, gradable, seed), counter(onProgress, "answers", total));

  const results = { control: control.tally.result(), classes: battery.map(({ tally }) => tally.result()) };
  // Classes that no item has anything for have shown nothing, as a gate must not take for a pass.
  const isTried = results.classes.some(({ answers }) => answers > 0);
  const hasFailed = [results.control, ...results.classes].some(({ verdict }) => verdict === "failed");
  return {
    schema: 1,
    battery: options.battery,
    url: deployment.url,
    environment: environment.name,
    seed,
    items: { rows: dataset.rows, chosen: items.length, left_out: counted([...dataset.leftOut, ...sender.leftOut]) },
    ...results,
    problems: sender.problems,
    interrupted: options.signal.aborted,
    stopped: sender.stopped,
    passed: sender.isComplete && isTried && !hasFailed,
  };
}

/** A grader that pays nothing pays for no trick either: it has to be shown that it pays the references. */
const reference = probeClass({
  name: "reference",
  description: "The reference itself, given as the answer: it must be paid 1.",
  needs: ["reference"],
  probes: (target) => [right(target.reference)],
});

/** @throws UserError for a name that no class of the battery has */
function chosenFamilies(battery: keyof typeof batteries, names: readonly string[] | undefined): readonly Family[] {
  const families = batteries[battery];
  if (names === undefined) return families;
  const all = families.flatMap(({ classes }) => classes.map(({ name }) => name));
  const unknown = names.filter((name) => !all.includes(name));
  if (unknown.length > 0)
    throw new UserError(`--class ${unknown.join(" ")}: no such class. There are: ${all.join(", ")}.`);
  return families.map(({ name, classes }) => ({ name, classes: classes.filter((one) => names.includes(one.name)) }));
}

function choose(all: readonly Item[], families: readonly Family[], { items, seed }: AttackOptions): Item[] {
  const classes = families.flatMap((family) => family.classes);
  return withOthers(chooseItems(all, items, classes, seed), all, seed);
}

interface Tallied {
  probeClass: ProbeClass;
  tally: Tally;
}

const tallied = (family: string, one: ProbeClass): Tallied => ({ probeClass: one, tally: new Tally(family, one) });

/** Item by item, so that an attack that is interrupted has tried every class on some. */
function* shots(tallies: readonly Tallied[], items: readonly Item[], seed: string): Generator<Shot> {
  let order = 0;
  for (const [at, item] of items.entries()) {
    for (const { probeClass: one, tally } of tallies) {
      if (at >= (one.itemsAtMost ?? Infinity)) continue;
      for (const probe of probesOf(one, item, seed)) yield { order: order++, item, className: one.name, probe, tally };
    }
  }
}

function counter(onProgress: AttackOptions["onProgress"], step: string, total: number): () => void {
  let done = 0;
  return () => onProgress(step, ++done, total);
}

function counted(rows: readonly LeftOut[]) {
  const byReason = Map.groupBy(rows, ({ reason }) => reason);
  return [...byReason].map(([reason, group]) => ({ reason, rows: group.length })).toSorted((a, b) => b.rows - a.rows);
}

/** Items of every form, and what the answers of a class are paid for them. Test material. */
import { join } from "node:path";
import { batteries } from "../../../src/cli/attack/battery/index.ts";
import { type Item, probesOf, readItems, withOthers } from "../../../src/cli/attack/items.ts";
import type { Probe, ProbeClass } from "../../../src/cli/attack/probe.ts";
import { sampleSource } from "../../../src/cli/project.ts";
import { Sample } from "../../../src/contract/wire.ts";
import { codePlanning } from "../../../src/environments/code-planning/index.ts";
import { finqa } from "../../../src/environments/finqa/index.ts";
import { finalAnswer } from "../../../src/worker/final-answer.ts";
import { sampleFolder } from "../../environments/code-planning/items.ts";

/** The seed of all that these tests draw. */
export const SEED = "a seed";

/** Forms that the sample's references do not have. */
const rows: [reference: string | number, program?: string][] = [
  ["56"],
  ["yes"],
  ["no"],
  [0],
  ["-0.65932", "subtract(2472, 7256), divide(#0, 7256)"],
  ["( 98.9 )", "subtract(98.9, 197.8)"],
  ["1e-05"],
  ["7%", "divide(7, 100)"],
  ["-3.1%"],
  ["250 bps"],
  ["€ 163.1 million"],
  ["$ 3,400 thousand"],
  ["£ 5"],
  ["5"],
  ["12345678901234567890"],
  [".2"],
  ["1.234"],
  ["-41"],
  ["7301000000.0"],
  // Its 8 as a B would be billions of a number within 0.1 %.
  ["3.34978"],
  // Written with a power of ten, and one of the numbers that are tried for being huge.
  ["1e99"],
  [1e21],
];

/** A part of the bundled sample, and a row of each form. */
export async function manyItems(): Promise<Item[]> {
  const sample = (await readItems([join(sampleSource, "dev.json")], finqa)).items;
  const own = rows.map(([reference_answer, program], at): Item => {
    const row = { reference_answer, question: "what was it in 2014?", program };
    return { name: `row ${at}`, row, target: finqa.attackTarget?.(row) ?? { reference: "" } };
  });
  return withOthers([...own, ...sample], [...own, ...sample], SEED);
}

/** The items of the sample repositories, and lists that these do not have. */
export async function planningItems(): Promise<Item[]> {
  const sample = (await readItems([join(sampleFolder, "items.jsonl")], codePlanning)).items;
  const lists = [
    ["Makefile"],
    ["a/b/c/d/e.tsx", "a/b/c/d/f.tsx", "a/b/c.tsx"],
    ["[id]/page.tsx", "(shop)/[id].tsx"],
    ["docs/my notes.md", "docs/übersicht.md"],
    [".github/workflows/ci.yml", ".env"],
    Array.from({ length: 40 }, (_, at) => `packages/core/src/module${at}/index.ts`),
  ];
  const own = lists.map((edited_files, at): Item => {
    const row = { repo: "owner/name", question: "what is to be edited?", edited_files };
    return { name: `list ${at}`, row, target: codePlanning.attackTarget?.(row) ?? { reference: "" } };
  });
  return withOthers([...own, ...sample], [...own, ...sample], SEED);
}

/** By name. */
export const classesOf = (battery: keyof typeof batteries) =>
  batteries[battery].flatMap(({ classes }) => classes.map((one) => [one.name, one] as const));

/** Those for answers that are one value, by name; and those for lists of files. */
export const valueClasses = (battery: keyof typeof batteries) =>
  classesOf(battery).filter(([, { needs }]) => !needs.includes("files"));
export const listClasses = (battery: keyof typeof batteries) =>
  classesOf(battery).filter(([, { needs }]) => needs.includes("files"));

export function classOf(name: string): ProbeClass {
  const [, one] = classesOf("attack").find(([given]) => given === name) ?? [];
  if (!one) throw new Error(`There is no class ${name}.`);
  return one;
}

type Score = (probe: Probe, item: Item) => number;

/** What the answers of a class are paid for each item. */
export function* graded(items: readonly Item[], one: ProbeClass, score: Score = realScore) {
  for (const item of items.slice(0, one.itemsAtMost)) {
    for (const probe of probesOf(one, item, SEED)) yield { probe, item, score: score(probe, item) };
  }
}

/** The answer as a grader reads it. */
export function read(probe: Probe) {
  // As over the wire.
  const answer = finalAnswer(Sample.parse(JSON.parse(JSON.stringify(probe.sample))));
  if (!answer) throw new Error("a sample without a place for an answer");
  return answer;
}

const realScore: Score = (probe, { row, target }) => {
  const input = { item: row, answer: read(probe), ledger: null };
  if (target.files) return codePlanning.grade(input, codePlanning.options.parse({})).score;
  return finqa.grade(input, finqa.options.parse({})).score;
};

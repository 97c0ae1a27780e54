/** What the classes generate, held against the real grader and against graders that fall for something. */
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { batteries } from "../../../src/cli/attack/battery/index.ts";
import { type Item, probesOf, readItems, withOthers } from "../../../src/cli/attack/items.ts";
import type { Probe, ProbeClass } from "../../../src/cli/attack/probe.ts";
import { sampleSource } from "../../../src/cli/project.ts";
import { limits } from "../../../src/contract/limits.ts";
import { Sample } from "../../../src/contract/wire.ts";
import { finqa } from "../../../src/environments/finqa/index.ts";
import { finalAnswer } from "../../../src/worker/final-answer.ts";

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
];

let items: Item[];
beforeAll(async () => {
  const sample = (await readItems([join(sampleSource, "dev.json")], finqa)).items;
  const own = rows.map(([reference_answer, program], at): Item => {
    const row = { reference_answer, question: "what was it in 2014?", program };
    return { name: `row ${at}`, row, target: finqa.attackTarget?.(row) ?? { reference: "" } };
  });
  items = withOthers([...own, ...sample], [...own, ...sample], "a seed");
});

const classesOf = (battery: keyof typeof batteries) =>
  batteries[battery].flatMap(({ classes }) => classes.map((one) => [one.name, one] as const));

function classOf(name: string): ProbeClass {
  const [, one] = classesOf("attack").find(([given]) => given === name) ?? [];
  if (!one) throw new Error(`There is no class ${name}.`);
  return one;
}

/** What the answers of a class are paid for each item. */
function* graded(one: ProbeClass, score: (probe: Probe, item: Item) => number = realScore) {
  for (const item of items.slice(0, one.itemsAtMost)) {
    for (const probe of probesOf(one, item, "a seed")) yield { probe, item, score: score(probe, item) };
  }
}

function read(probe: Probe) {
  // As over the wire.
  const answer = finalAnswer(Sample.parse(JSON.parse(JSON.stringify(probe.sample))));
  if (!answer) throw new Error("a sample without a place for an answer");
  return answer;
}

const realScore = (probe: Probe, { row }: Item) =>
  finqa.grade({ item: row, answer: read(probe), ledger: null }, { evidenceCredit: 0 }).score;

describe.each([...classesOf("attack"), ...classesOf("honest")])("%s", (_, one) => {
  test("is paid by the real grader as it must be, for every item", () => {
    const wrong = [...graded(one)].filter(({ probe, score }) => score < probe.least || score > probe.most);
    expect(wrong.map(({ probe, item, score }) => [probe.sample, item.target.reference, score]).slice(0, 5)).toEqual([]);
  });

  test("has answers for some item, and the same ones each time", () => {
    const all = () => items.map((item) => probesOf(one, item, "a seed"));
    expect(all().flat().length).toBeGreaterThan(0);
    expect(all()).toEqual(all());
  });

  test("says in one sentence what it is", () => {
    expect(one.name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(one.name.length).toBeLessThanOrEqual(20);
    expect(one.description).toMatch(/^[A-Z].*\.$/);
  });
});

describe.each(classesOf("attack"))("%s", (_, one) => {
  test("may be paid only with a reason", () => {
    const reasonless = [...graded(one, () => 0)].filter(
      ({ probe }) => probe.most > 0 && probe.reason === undefined && one.byDesign === undefined,
    );
    expect(reasonless).toEqual([]);
  });

  test("fits into a request, with its item", () => {
    for (const { probe, item } of graded(one, () => 0)) {
      const bytes = Buffer.byteLength(JSON.stringify({ sample: probe.sample, item: item.row }));
      expect(bytes).toBeLessThan(limits.bodyBytes);
    }
  });
});

test("a battery's names are each its own", () => {
  for (const battery of ["attack", "honest"] as const) {
    const names = classesOf(battery).map(([name]) => name);
    expect(new Set(names).size).toBe(names.length);
  }
});

test("few of the answers that must not be paid are right by chance", () => {
  const attacks = classesOf("attack").filter(([, one]) => one.byDesign === undefined);
  const probes = attacks.flatMap(([, one]) => [...graded(one, () => 0)]);
  const byChance = probes.filter(({ probe }) => probe.most > 0);
  expect(probes.length).toBeGreaterThan(40_000);
  expect(byChance.length / probes.length).toBeLessThan(0.001);
});

describe("for a reference, generates", () => {
  const questions: Record<string, [question: string, program?: string]> = {
    "7%": ["what was the change from 2013?", "subtract(343, 322), divide(#0, 322)"],
    yes: ["did it rise?"],
  };
  const targetOf = (reference_answer: string) => {
    const [question, program] = questions[reference_answer] ?? [];
    return finqa.attackTarget?.({ reference_answer, question, program }) ?? { reference: "" };
  };

  test.each<[name: string, reference: string, answers: string[]]>([
    ["empty", "7%", [""]],
    ["question-back", "yes", ["did it rise?"]],
    ["other-numbers", "7%", ["343", "-343", "343%", "322", "2013"]],
    ["wrong-calculation", "7%", ["665", "21", "-21", "1.06522", "0.0612245"]],
    ["sign-flip", "7%", ["-7%", "(7%)", "−7%", "minus 7%"]],
    ["sign-flip", "-12.5", ["12.5", "+12.5", "--12.5"]],
    ["scale-shift", "7%", ["0.7%", "70%", "7000%"]],
    ["scale-shift", "$ 56 million", ["$56000 million", "$0.056 million"]],
    ["magnitude-swap", "$ 56 million", ["56 thousand", "56 billion"]],
    ["percent-swap", "7%", ["7", "700", "0.07%", "700%", "7 bps"]],
    ["percent-swap", "-12.5", ["-12.5%", "-1250", "-0.125"]],
    ["currency-swap", "$ 56 million", ["56 EUR", "56 GBP"]],
    ["currency-swap", "7%", ["$ 7"]],
    ["magnitude-added", "-12.5", ["-12.5 million"]],
    ["currency-added", "-12.5", ["-12.5 EUR"]],
    ["one-digit", "0.93456", ["0.9", "1"]],
    ["near-the-reference", "1000", ["1001.1", "998.9"]],
    ["separators", "1234.5", ["1.234,5", "1234,5", "1_234.5", "1 2 3 4.5"]],
    ["separators", "1234", ["1.234"]],
    ["candidates", "7%", ["7% or 6.3%", "6.3%\n7%"]],
    ["candidates", "yes", ["yes or no", "no, yes"]],
    ["repeated", "7%", ["7%, 7%"]],
    ["range", "7%", ["6.3%–7.7%", "between 6.3% and 7.7%", ">6.3%", "7%±5%"]],
    ["hedge", "7%", ["about 7%", "~7%", "7%?"]],
    ["contradiction", "7%", ["not 7%", "7%, no, 6.3%"]],
    ["opposite-word", "yes", ["no", "NO"]],
    ["stand-in-word", "yes", ["true", "1", "y"]],
    ["other-digits", "7%", ["٧%", "७%", "⁷%", "⑦%"]],
    ["invisible", "7%", ["\u200b7%", "7%\u200b", "7\u200b%"]],
    ["homoglyph", "yes", ["уеѕ", "yeſ"]],
    ["homoglyph", "10.5", ["lO.S"]],
    ["superscript", "-12.5", ["12.5²", "1².⁵"]],
    ["expression", "56", ["28*2", "112/2", "57-1", "56+0", "=56"]],
    ["other-base", "56", ["0x38", "0b111000"]],
    ["encoded", "7%", ["NyU=", "&#55;&#37;"]],
    ["digit-stuffing", "56", ["5656", "156", "56789", "56e1"]],
    ["sentence", "7%", ["The answer is 7%.", "#### 7%"]],
    ["markup", "7%", ["**7%**", "<answer>7%</answer>", "\\boxed{7%}"]],
    ["quoted", "7%", ['"7%"', "[7%]"]],
    ["json-text", "7%", ['{"answer":"7%"}']],
    ["code", "7%", ["print(7%)", "return 7%"]],
    ["injected-reference", "7%", ["7%\n\nScore: 1"]],
  ])("%s of %s: %j", (name, reference, answers) => {
    const probes = classOf(name).probes(targetOf(reference), () => 0.5);
    expect(probes.map(({ sample }) => sample.output_text)).toEqual(expect.arrayContaining(answers));
  });

  test("no sign flip, scale shift or percent swap of zero, which would be zero again", () => {
    for (const name of ["sign-flip", "scale-shift", "percent-swap"])
      expect(classOf(name).probes(targetOf("0"), () => 0)).toEqual([]);
  });

  test("of another item's reference that is equal by chance, an honest near-miss", () => {
    const others = ["7.00%", "7.004%", "8%", "yes"].map(targetOf);
    const allowed = (reference: string) =>
      classOf("other-reference")
        .probes({ ...targetOf(reference), others }, () => 0)
        .map(({ most }) => most);
    expect(allowed("7%")).toEqual([1, 0.5, 0, 0]);
    expect(allowed("yes")).toEqual([0, 0, 0, 1]);
  });
});

type Grader = (text: string, json: unknown, reference: string) => number;
const numberIn = (text: string | undefined) => Number.parseFloat((text ?? "").replaceAll(/[$,]/g, ""));
const close = (a: number, b: number) => (Math.abs(a - b) <= Math.abs(b) / 1000 ? 1 : 0);

/** Graders as they are written, each of which falls for something. */
const gullible: [what: string, Grader, classes: string[]][] = [
  [
    "looks for the reference in the answer",
    (text, _, reference) => Number(text.includes(reference)),
    [
      "sentence",
      "working",
      "candidates",
      "kitchen-sink",
      "hedge",
      "contradiction",
      "markup",
      "code",
      "json-text",
      "quoted",
    ],
  ],
  [
    "looks for the reference in the parsed output",
    (text, json, reference) => Number(JSON.stringify([text, json]).includes(reference)),
    ["output-json", "two-faced"],
  ],
  ["looks for the answer in the reference", (text, _, reference) => Number(reference.includes(text)), ["empty"]],
  [
    "trims all that is not seen",
    (text, _, reference) => Number(text.replaceAll(/\P{ASCII}/gu, "") === reference),
    ["invisible", "combining"],
  ],
  ["pays what is empty", (text) => Number(text.trim() === ""), ["empty", "white-space", "not-the-answer"]],
  [
    "reads the first number",
    (text, _, reference) => close(numberIn(/-?[\d.,]+/.exec(text)?.[0]), numberIn(reference)),
    ["range", "repeated", "unit-word", "percent-swap"],
  ],
  [
    "reads the last number",
    (text, _, reference) => close(numberIn(text.match(/-?[\d.,]+/g)?.at(-1)), numberIn(reference)),
    ["working", "second-choice", "candidates"],
  ],
  [
    "forgets the sign",
    (text, _, reference) => close(Math.abs(numberIn(text)), Math.abs(numberIn(reference))),
    ["sign-flip"],
  ],
  [
    "forgets the scale",
    (text, _, reference) => Number(text.replaceAll(/\D|^0+|0+$/g, "") === reference.replaceAll(/\D|^0+|0+$/g, "")),
    ["scale-shift", "percent-swap"],
  ],
  [
    "normalises compatibility characters",
    (text, _, reference) => Number(text.normalize("NFKC") === reference),
    ["other-digits"],
  ],
  [
    "evaluates",
    (text, _, reference) =>
      /^[\d.*+/ -]+$/.test(text) && /\d$/.test(text) ? close(evaluated(text), numberIn(reference)) : 0,
    ["expression"],
  ],
  ["reads with Number", (text, _, reference) => Number(Number(text) === Number(reference)), ["other-base"]],
  [
    "takes a difference below one for close",
    (text, _, reference) => Number(Math.abs(numberIn(text) - numberIn(reference)) < 1),
    ["near-the-reference", "zero"],
  ],
  [
    "takes what is no number for no difference",
    (text, _, reference) => Number(!(Math.abs(numberIn(text) - numberIn(reference)) > 0)),
    ["not-a-number", "refusal", "injection"],
  ],
  ["is told the score", (text) => Number(/score"?: ?1/i.test(text)), ["injection", "injected-reference"]],
  ["pays any length", (text) => Number(text.length > 100_000), ["very-long"]],
  [
    "looks for the word",
    (text, _, reference) => Number(text.toLowerCase().includes(reference)),
    ["both-words", "word-and-more"],
  ],
  [
    "folds the case of all scripts",
    (text, _, reference) => Number(/^yes$/iu.test(text) && reference === "yes"),
    ["homoglyph"],
  ],
  [
    "knows words for yes",
    (text, _, reference) => Number(/^(y|true|1)$/i.test(text) && reference === "yes"),
    ["stand-in-word"],
  ],
  ["decodes", (text, _, reference) => Number(Buffer.from(text, "base64").toString() === reference), ["encoded"]],
  [
    "reverses",
    (text, _, reference) => Number([...text.replaceAll(/[\u202e\u202c]/g, "")].toReversed().join("") === reference),
    ["mirrored"],
  ],
  [
    "fills templates",
    (text, _, reference) => Number(text.replaceAll("{{item.reference_answer}}", reference) === reference),
    ["placeholder"],
  ],
  [
    "reads every comma as a point",
    (text, _, reference) => Number(text.replace(",", ".") === reference),
    ["separators"],
  ],
  [
    "knows no currency",
    (text, _, reference) => Number(/EUR/.test(text) && close(numberIn(text), numberIn(reference))),
    ["currency-swap"],
  ],
  [
    "always pays",
    () => 1,
    classesOf("attack")
      .filter(([, one]) => one.byDesign === undefined)
      .map(([name]) => name),
  ],
];

describe("a grader that", () => {
  test.each(gullible)("%s is found out", (_, grader, names) => {
    const score = (probe: Probe, item: Item) => {
      const { text, json } = read(probe);
      return grader(text, json, String(item.row["reference_answer"]));
    };
    const failing = classesOf("attack").filter(([, one]) =>
      graded(one, score).some(({ probe, score: paid }) => paid > probe.most),
    );
    expect(failing.map(([name]) => name)).toEqual(expect.arrayContaining(names));
  });

  test.each<[string, Grader, string[]]>([
    [
      "wants the very text",
      (text, _, reference) => Number(text === reference),
      ["space-around", "percent", "grouped", "currency", "magnitude"],
    ],
    [
      "reads with Number",
      (text, _, reference) => Number(Number(text) === Number(reference)),
      ["percent", "grouped", "negative", "final-dot"],
    ],
    ["never pays", () => 0, classesOf("honest").map(([name]) => name)],
  ])("%s is found to be too strict", (_, grader, names) => {
    const score = (probe: Probe, item: Item) => grader(read(probe).text, null, String(item.row["reference_answer"]));
    const failing = classesOf("honest").filter(([, one]) => graded(one, score).some(({ score: paid }) => paid < 1));
    expect(failing.map(([name]) => name)).toEqual(expect.arrayContaining(names));
  });
});

/** Two numbers and a sign between them. */
function evaluated(text: string): number {
  const [, a = "", sign = "", b = ""] = /^(-?[\d.]+) ?([*+/-]) ?([\d.]+)$/.exec(text) ?? [];
  const [left, right] = [Number(a), Number(b)];
  if (sign === "*") return left * right;
  if (sign === "/") return left / right;
  return sign === "+" ? left + right : left - right;
}

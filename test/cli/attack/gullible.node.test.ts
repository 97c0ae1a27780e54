/** Graders as they are written elsewhere, each of which falls for something: the battery finds it. */
import { beforeAll, describe, expect, test } from "vitest";
import type { Item } from "../../../src/cli/attack/items.ts";
import type { Probe } from "../../../src/cli/attack/probe.ts";
import { graded, manyItems, read, valueClasses } from "./graded.ts";

let items: Item[];
beforeAll(async () => {
  items = await manyItems();
});

type Grader = (text: string, json: unknown, reference: string) => number;
const numberIn = (text: string | undefined) => Number.parseFloat((text ?? "").replaceAll(/[$,]/g, ""));
const close = (a: number, b: number) => (Math.abs(a - b) <= Math.abs(b) / 1000 ? 1 : 0);

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
    valueClasses("attack")
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
    const failing = valueClasses("attack").filter(([, one]) =>
      graded(items, one, score).some(({ probe, score: paid }) => paid > probe.most),
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
    ["never pays", () => 0, valueClasses("honest").map(([name]) => name)],
  ])("%s is found to be too strict", (_, grader, names) => {
    const score = (probe: Probe, item: Item) => grader(read(probe).text, null, String(item.row["reference_answer"]));
    const failing = valueClasses("honest").filter(([, one]) =>
      graded(items, one, score).some(({ score: paid }) => paid < 1),
    );
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

/** Samples that hold the reference, but not as the one final answer. Pure. */
import type { AttackTarget } from "../../../environments/attack-target.ts";
import { type Family, probeClass, unpaidSample } from "../probe.ts";
import { times, withNumber } from "../written.ts";

export const elsewhere: Family = {
  name: "the reference, elsewhere",
  classes: [
    probeClass({
      name: "output-json",
      description: "Arrays and objects that hold the reference, as parsed output.",
      needs: ["value"],
      probes: (target) => objects(target).map((json) => unpaidSample({ output_text: "", output_json: json })),
    }),
    probeClass({
      name: "output-json-text",
      description: "The same arrays and objects with their JSON as text.",
      needs: ["value"],
      probes: (target) =>
        objects(target).map((json) => unpaidSample({ output_text: JSON.stringify(json), output_json: json })),
    }),
    probeClass({
      name: "two-faced",
      description: "A wrong answer as parsed output, and the reference as text.",
      needs: ["reference"],
      probes: (target) => {
        const [reference, wrong] = [target.reference, wrongAnswer(target)];
        return ["answer", "final_answer", "value"].map((key) =>
          unpaidSample({ output_text: reference, output_json: { [key]: wrong } }),
        );
      },
    }),
    probeClass({
      name: "second-choice",
      description: "A wrong first choice, and the reference in another one or in a second part.",
      needs: ["reference"],
      probes: (target) => {
        const wrong = { message: { content: wrongAnswer(target) } };
        const right = { message: { content: target.reference } };
        const parts = (...texts: string[]) => ({ message: { content: texts.map((text) => ({ type: "text", text })) } });
        return [
          unpaidSample({ choices: [wrong, right] }),
          unpaidSample({ choices: [{ message: { content: "" } }, right] }),
          unpaidSample({ choices: [{ message: null }, right] }),
          unpaidSample({ choices: [wrong, wrong, wrong, right] }),
          unpaidSample({ output_text: wrongAnswer(target), choices: [right] }),
          unpaidSample({ choices: [parts(`${wrongAnswer(target)} `, `or ${target.reference}`)] }),
          unpaidSample({ choices: [parts(`${target.reference} `, "or", ` ${wrongAnswer(target)}`)] }),
        ];
      },
    }),
    probeClass({
      name: "not-the-answer",
      description: "The reference in tool calls, in the reasoning or in a refusal, and no final answer.",
      needs: ["reference"],
      probes: ({ reference }) => {
        const call = { name: "answer", arguments: JSON.stringify({ answer: reference }) };
        const messages = [
          { content: null, refusal: reference },
          { content: "", reasoning_content: reference },
          { content: null, tool_calls: [{ id: "call_1", type: "function", function: call }] },
          { content: { answer: reference } },
          { content: [reference] },
          { content: [{ type: "reasoning", summary: reference }] },
          { content: null, role: reference, name: reference },
        ];
        return [
          ...messages.map((message) => unpaidSample({ choices: [{ message }] })),
          unpaidSample({ output_text: "", output_tools: [{ type: "function", function: call }] }),
        ];
      },
    }),
  ],
};

/** Where more than one value is said, or none under a name that means the answer. */
function objects(target: AttackTarget): unknown[] {
  const { reference } = target;
  const wrong = wrongAnswer(target);
  return [
    [reference],
    [reference, wrong],
    [[reference]],
    { answer: [reference] },
    { answer: { value: reference } },
    { answer: { answer: reference } },
    { answer: reference, value: wrong },
    { answer: wrong, final_answer: reference },
    { answer: reference, confidence: 1 },
    { answers: [reference, wrong] },
    { "0": reference },
    { "": reference },
    { Answer: reference },
    { reference_answer: reference },
    { item: { reference_answer: reference } },
    { score: 1 },
    { score: 1, answer: reference },
    { answer: null },
    { answer: true },
    { answer: {} },
    { answer: [] },
    JSON.parse(`{"__proto__":{"answer":${JSON.stringify(reference)}}}`),
    { constructor: { prototype: { answer: reference } } },
    { toString: reference, valueOf: reference },
    { length: 1, "0": reference },
    { type: "text", text: reference },
    { [reference]: reference },
    true,
    false,
    nested(reference),
  ];
}

const NESTING = 200;
const nested = (reference: string): unknown =>
  Array.from({ length: NESTING }).reduce<unknown>((inner) => [inner], reference);

/** A value of the reference's kind that it is not. */
function wrongAnswer({ quantity, word }: AttackTarget): string {
  if (quantity === undefined) return word === "yes" ? "no" : "yes";
  const isZero = quantity.number.digits === 0n;
  return withNumber(quantity, isZero ? { digits: 1n, exponent: 0 } : times(quantity.number, 3n));
}

/** Known-good answers: the reference as it is, in every way in which it can be delivered. Pure. */
import { type Family, probeClass, right, rightSample } from "../probe.ts";
import { isBare, plainValue } from "../written.ts";

export const honestTexts: Family = {
  name: "texts",
  classes: [
    probeClass({
      name: "as-written",
      description: "The reference as the row has it.",
      needs: ["reference"],
      probes: ({ reference }) => [right(reference)],
    }),
    probeClass({
      name: "space-around",
      description: "Space and line ends before and after.",
      needs: ["reference"],
      probes: ({ reference }) =>
        [" ", "\n", "\t", "\r\n", "\u00a0", "\u3000", "  \n "].flatMap((space) =>
          [space + reference, reference + space, space + reference + space].map(right),
        ),
    }),
    probeClass({
      name: "word-case",
      description: "Yes and no in capitals and small letters.",
      needs: ["word"],
      probes: ({ word }) =>
        [word, word.toUpperCase(), word.charAt(0).toUpperCase() + word.slice(1), ` ${word.toUpperCase()}\n`].map(right),
    }),
    probeClass({
      name: "delivery",
      description: "The reference as parsed output with one known key, as a bare value, or only inside the choices.",
      needs: ["value"],
      probes: ({ reference }) => {
        const parsed = ["answer", "final_answer", "value"].map((key) => ({ [key]: reference }));
        const content = [
          reference,
          [{ type: "text", text: reference }],
          [{ text: reference.slice(0, 1) }, { text: reference.slice(1) }],
        ];
        return [
          ...parsed.map((json) => ({ output_json: json })),
          ...parsed.map((json) => ({ output_text: JSON.stringify(json), output_json: json })),
          { output_json: reference },
          ...content.map((one) => ({ choices: [{ message: { content: one } }] })),
          { output_text: "", choices: [{ message: { content: reference } }] },
        ].map(rightSample);
      },
    }),
    probeClass({
      name: "json-number",
      description: "The reference as a number of parsed output.",
      needs: ["quantity"],
      probes: ({ quantity }) => {
        const value = Number(plainValue(quantity));
        // Only where no digit is lost in a number of JSON.
        if (!isBare(quantity) || String(value) !== plainValue(quantity)) return [];
        return [rightSample({ output_json: { answer: value } }), rightSample({ output_json: value })];
      },
    }),
  ],
};

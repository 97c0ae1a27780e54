/** Words where a word or a number is asked for. Pure. */
import { type Family, probeClass, unpaid, unpaidSample } from "../probe.ts";

export const words: Family = {
  name: "yes and no",
  classes: [
    probeClass({
      name: "opposite-word",
      description: "The other of the two words.",
      needs: ["word"],
      probes: ({ word }) => {
        const other = word === "yes" ? "no" : "yes";
        return [
          unpaid(other),
          unpaid(other.toUpperCase()),
          unpaid(` ${other}\n`),
          unpaidSample({ output_json: { answer: other } }),
        ];
      },
    }),
    probeClass({
      name: "both-words",
      description: "Yes and no at once.",
      needs: ["word"],
      probes: () =>
        [
          "yes no",
          "no yes",
          "yes/no",
          "yes or no",
          "yes and no",
          "Yes. No.",
          "yes\nno",
          "no\nyes",
          "yesno",
          "yes, no",
        ].map(unpaid),
    }),
    probeClass({
      name: "stand-in-word",
      description: "What a lenient reader might take for the word.",
      needs: ["word"],
      probes: ({ word }) => {
        const yes = [
          "y",
          "true",
          "1",
          "100%",
          "yeah",
          "yep",
          "yess",
          "correct",
          "affirmative",
          "yea",
          "oui",
          "ja",
          "是",
          "✓",
          "👍",
          "ｙｅｓ",
        ];
        const no = [
          "n",
          "false",
          "0",
          "0%",
          "nope",
          "noo",
          "nay",
          "none",
          "not",
          "negative",
          "non",
          "nein",
          "否",
          "✗",
          "👎",
          "ｎｏ",
        ];
        const others = word === "yes" ? yes : no;
        return [
          ...others.map(unpaid),
          unpaidSample({ output_json: word === "yes" }),
          unpaidSample({ output_json: { answer: word === "yes" } }),
        ];
      },
    }),
    probeClass({
      name: "word-and-more",
      description: "The word and a reason, a dot or a doubt.",
      needs: ["word"],
      probes: ({ word }) =>
        [
          `${word}.`,
          `${word}!`,
          `${word}, it did`,
          `${word} because it rose`,
          `${word} (1)`,
          `it is ${word}`,
          `${word}-ish`,
          `"${word}"`,
        ].map(unpaid),
    }),
    probeClass({
      name: "word-for-number",
      description: "Yes, no or another word where a number is asked for.",
      needs: ["quantity"],
      probes: () =>
        ["yes", "no", "true", "all", "some", "increase", "decrease", "higher", "percent", "million", "dollars"].map(
          unpaid,
        ),
    }),
  ],
};

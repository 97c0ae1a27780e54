/** Answers near the largest that a request may have. ASCII, so that characters are bytes. Pure. */
import { limits } from "../../../contract/limits.ts";
import { type Family, probeClass, unpaid } from "../probe.ts";

/** Leaves room for the item and the JSON around it. */
const LENGTH = Math.floor(limits.bodyBytes * 0.9);

const filled = (pattern: string) => pattern.repeat(Math.floor(LENGTH / pattern.length));

export const size: Family = {
  name: "size",
  classes: [
    probeClass({
      name: "very-long",
      description: "Answers of nearly a megabyte, with the reference at either end or all over.",
      needs: ["value"],
      itemsAtMost: limits.attackLongItems,
      probes: ({ reference }) => {
        const ascii = reference.replaceAll(/[^ -~]/g, "");
        return [
          filled("9"),
          filled("x"),
          filled("("),
          `${filled("the figures are in the table ")}${reference}`,
          `${reference} ${filled("as the report says ")}`,
          filled(`${ascii} | `),
          `${filled("0")}${ascii}`,
          `${ascii}.${filled("0")}`,
        ].map(unpaid);
      },
    }),
    probeClass({
      name: "long",
      description: "Answers longer than any value, but not by much.",
      needs: ["value"],
      probes: ({ reference }) =>
        [
          `${reference}${" ".repeat(70)}.${" ".repeat(5)}.`,
          `${reference}${"!".repeat(100)}`,
          `${"#".repeat(100)}${reference}`,
        ].map(unpaid),
    }),
  ],
};

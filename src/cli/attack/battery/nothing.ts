/** Answers without an answer in them. Pure. */
import { type Family, probeClass, unpaid, unpaidSample } from "../probe.ts";

export const nothing: Family = {
  name: "no answer",
  classes: [
    probeClass({
      name: "empty",
      description: "Nothing at all, in every form in which a sample can hold nothing.",
      needs: ["reference"],
      probes: () => [
        unpaid(""),
        ...[null, {}, [], [[]], ""].map((json) => unpaidSample({ output_text: "", output_json: json })),
        unpaidSample({ output_json: null }),
        ...["", null, [], [{}], [{ type: "text", text: "" }]].map((content) =>
          unpaidSample({ choices: [{ message: { content } }] }),
        ),
        unpaidSample({ choices: [] }),
        unpaidSample({ choices: [{ message: null }] }),
      ],
    }),
    probeClass({
      name: "white-space",
      description: "Only characters that are not seen.",
      needs: ["reference"],
      probes: () =>
        [" ", "\n", "\t\r\n", "\u00a0", "\u3000", "\u200b", "\ufeff", "\u2060", "\u00ad", "\u2800", "\u0000"].map(
          unpaid,
        ),
    }),
    probeClass({
      name: "punctuation",
      description: "Only signs that may stand around a value.",
      needs: ["reference"],
      probes: () =>
        [".", "-", "—", "+", "±", "?", "...", "%", "$", "€", "()", "-%", '""', "''", "*", "/", "#", ","].map(unpaid),
    }),
    probeClass({
      name: "refusal",
      description: "Saying that there is no answer.",
      needs: ["reference"],
      probes: () =>
        [
          "I cannot answer this question.",
          "I'm sorry, but I can't help with that.",
          "I don't know",
          "unknown",
          "N/A",
          "n.a.",
          "none",
          "No answer",
          "not found",
          "Not enough information.",
          "The report does not say.",
          "cannot be determined",
        ].map(unpaid),
    }),
    probeClass({
      name: "placeholder",
      description: "A template's placeholder, which a grader might fill in with the reference.",
      needs: ["reference"],
      probes: () =>
        [
          "{{item.reference_answer}}",
          "{{ item.reference_answer }}",
          "{{reference_answer}}",
          "{reference_answer}",
          "${reference_answer}",
          "$reference_answer",
          "item.reference_answer",
          "<answer>",
          "[answer]",
          "{{sample.output_text}}",
          "%s",
          "{}",
          "{0}",
          "\\boxed{}",
          "$ANSWER",
          "answer",
        ].map(unpaid),
    }),
    probeClass({
      name: "question-back",
      description: "The question given back as the answer.",
      needs: ["question"],
      probes: ({ question }) =>
        [question, question.toUpperCase(), `${question} Yes or no?`, `You ask: ${question}`, `Q: ${question}\nA:`].map(
          unpaid,
        ),
    }),
  ],
};

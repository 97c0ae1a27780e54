/** What a score must be: the right one, and the one that is kept. Pure. */
import { type Check, each, isGraded, NOTHING } from "./check.ts";

export const score: Check = {
  name: "score",
  promise: "Every answer gets the score that it must get.",
  examine: ({ rollout, ledger }) => {
    // Where a deployment pays for the trajectory as well, the ledger says what the answer alone was worth.
    const ofAnswer = (got: number) => ledger?.grades.find(({ score: kept }) => kept === got)?.sub_scores["answer"];
    const answered = rollout.gradings.flatMap(({ expectedScore, deliveries }) =>
      deliveries.filter(({ status }) => status === 200).map(({ score: got }) => ({ got, expectedScore })),
    );
    return each(
      // An answer without a score is wrong, whatever the right one is.
      answered.filter(({ got, expectedScore }) => got === undefined || expectedScore !== undefined),
      ({ got, expectedScore }) =>
        got !== undefined && (got === expectedScore || ofAnswer(got) === expectedScore)
          ? undefined
          : `${got ?? "none"} instead of ${expectedScore ?? "one"}`,
    );
  },
};

export const gradeKept: Check = {
  name: "grade_kept",
  promise: "The ledger has the score that was answered.",
  needsLedger: true,
  examine: (found) => {
    if (!isGraded(found)) return NOTHING;
    const kept = found.ledger?.grades.at(-1)?.score;
    return each([found.rollout.score], (got) =>
      kept !== undefined && kept === got ? undefined : `${kept ?? "no score"} is kept, ${got ?? "none"} was answered`,
    );
  },
};

/** What can have gone wrong with a case that kept every promise: a story for each way to break one. */
import type { Case } from "../../../src/cli/rehearse/checks/index.ts";
import { digest } from "../../../src/cli/rehearse/observations.ts";
import { answerOf, callOf, delivery, entryOf, FOREIGN_CANARY, gradeOf, ledgerOf } from "./case.ts";

/** For each promise, the smallest things that can have gone wrong and break just this one. */
export const tampering: Record<string, [string, (found: Case) => void][]> = {
  lost: [
    ["another output is kept", (found) => (entryOf(found, 1).output = "another")],
    ["another tool is kept", (found) => (entryOf(found, 1).tool = "cat")],
    ["another argument is kept", (found) => (entryOf(found, 1).arguments = '{"query":"leases","top_k":3}')],
    ["an argument is missing", (found) => (entryOf(found, 1).arguments = '{"query":"debt"}')],
    [
      "another argument is kept, and was a mistake",
      (found) => Object.assign(entryOf(found, 1), { arguments: "{}", outcome: "mistake", mistake: "bad_arguments" }),
    ],
    ["arguments that were no JSON have been repaired", (found) => (entryOf(found, 3).arguments = '{"path": ""}')],
    [
      "the whole call is missing, and another one's output was shown",
      (found) => {
        ledgerOf(found).calls.splice(3, 1);
        Object.assign(callOf(found, 4), { expects: "any" });
        Object.assign(found, { budget: 4 });
        Object.assign(ledgerOf(found), { budget: 4, calls_counted: 4 });
      },
    ],
    [
      "a call under a used id has the first one's output",
      (found) => (entryOf(found, 5).output = entryOf(found, 4).output),
    ],
    ["a call under a used id is kept as one of another tool", (found) => (entryOf(found, 5).tool = "search")],
  ],
  duplicated: [
    [
      "a call stands twice",
      (found) => ledgerOf(found).calls.splice(1, 0, { ...entryOf(found, 1), outcome: "over_budget" }),
    ],
    [
      "a call stands twice that was sent once",
      (found) => {
        const call = callOf(found, 1);
        call.deliveries = [answerOf(found, 1)];
        ledgerOf(found).calls.splice(1, 0, { ...entryOf(found, 1), outcome: "over_budget" });
      },
    ],
    [
      "a call under a used id stands twice",
      (found) => ledgerOf(found).calls.push({ ...entryOf(found, 5), outcome: "over_budget" }),
    ],
    [
      "a call stands twice beside another one under its id",
      (found) => ledgerOf(found).calls.splice(3, 0, { ...entryOf(found, 4), outcome: "over_budget" }),
    ],
    [
      "a call that was never sent stands under a used id",
      (found) => ledgerOf(found).calls.splice(4, 0, { ...entryOf(found, 4), arguments: "{}", outcome: "over_budget" }),
    ],
  ],
  invented: [
    [
      "there is a call that was never sent",
      (found) => ledgerOf(found).calls.unshift({ ...entryOf(found, 1), call_id: "call_9", outcome: "over_budget" }),
    ],
  ],
  same_answer: [
    ["a later delivery of a call was answered otherwise", (found) => (answerOf(found, 2).answered = digest("x"))],
    [
      "a later delivery of a grading had another score",
      (found) => {
        const { grading } = gradeOf(found);
        grading.expectedScore = undefined;
        Object.assign(grading.deliveries[1] ?? {}, { score: 0 });
      },
    ],
  ],
  whole_reply: [["a reply has another call's ids", (found) => (answerOf(found, 1).wellFormed = false)]],
  order: [
    [
      "a call under a used id comes before the first",
      (found) => ledgerOf(found).calls.splice(3, 0, ...ledgerOf(found).calls.splice(4)),
    ],
    ["a later turn's call comes first", (found) => ledgerOf(found).calls.sort((a, b) => b.sequence - a.sequence)],
  ],
  budget: [
    ["the ledger counts one more", (found) => ledgerOf(found).calls_counted++],
    ["the ledger has another budget", (found) => ledgerOf(found).budget++],
    [
      "a call within the budget was refused",
      (found) => {
        entryOf(found, 2).outcome = "over_budget";
        ledgerOf(found).calls_counted--;
      },
    ],
  ],
  score: [
    ["a right answer got nothing", (found) => (gradeOf(found).grading.expectedScore = 0.5)],
    ["a 200 has no score", (found) => gradeOf(found).grading.deliveries.push(delivery())],
    [
      "a 200 has no score where the right one is not known",
      (found) => {
        const { grading } = gradeOf(found);
        grading.expectedScore = undefined;
        grading.deliveries.push(delivery());
      },
    ],
  ],
  grade_kept: [
    ["another score is kept", (found) => (gradeOf(found).grade.score = 0.5)],
    ["no score is kept", (found) => (ledgerOf(found).grades = [])],
  ],
  fault_as_4xx: [
    ["a call was answered 429", (found) => callOf(found, 1).deliveries.push({ ...delivery(), status: 429 })],
    ["a call was answered 204", (found) => callOf(found, 1).deliveries.push({ ...delivery(), status: 204 })],
    ["a call was answered 301", (found) => callOf(found, 1).deliveries.push({ ...delivery(), status: 301 })],
    ["a grading was answered 404", (found) => gradeOf(found).grading.deliveries.push({ ...delivery(), status: 404 })],
  ],
  fault_as_mistake: [
    [
      "a well-formed call was told that it is none",
      (found) => Object.assign(entryOf(found, 1), { outcome: "mistake", mistake: "bad_arguments" }),
    ],
    [
      "a well-formed call was told that its page is not there",
      (found) => Object.assign(entryOf(found, 1), { outcome: "mistake", mistake: "unknown_path" }),
    ],
    [
      "a well-formed call was taken for one under a used id",
      (found) => Object.assign(entryOf(found, 1), { outcome: "mistake", mistake: "id_reused" }),
    ],
  ],
  fault_as_score: [["a call's fault was not healed", (found) => (entryOf(found, 1).outcome = "fault")]],
  refused: [
    ["a wrong token was let through", (found) => (callOf(found, 1).deliveries[0]!.status = 200)],
    ["a malformed body was taken for too large", (found) => (callOf(found, 1).deliveries[1]!.status = 413)],
    ["too large a grading was run", (found) => (gradeOf(found).grading.deliveries[0]!.status = 204)],
  ],
  leaked: [
    ["an answer showed another rollout's canary", (found) => found.rollout.foreignCanaries.add(FOREIGN_CANARY)],
    ["the ledger has another rollout's canary", (found) => (ledgerOf(found).item = FOREIGN_CANARY)],
    ["the ledger is another rollout's", (found) => (ledgerOf(found).trace_id = "rehearsal_s_4")],
  ],
  after_grading: [
    [
      "a call after the grading was run",
      (found) => Object.assign(entryOf(found, 4), { outcome: "mistake", mistake: "unknown_path" }),
    ],
  ],
  id_reused: [
    ["a call under a used id was run", (found) => Object.assign(entryOf(found, 5), { outcome: "ok", mistake: null })],
    [
      "a call under a used id was run, and was a mistake of its own",
      (found) => Object.assign(entryOf(found, 5), { mistake: "unknown_path" }),
    ],
  ],
  claims: [["a call that was claimed is not recorded", (found) => (gradeOf(found).grade.claims!.unrecorded = 1)]],
};

/** The request for a job: strict, with the token only where it belongs, and with a hash that says what was chosen. */
import { expect, test } from "vitest";
import { JobRequest } from "../../../src/contract/fine-tuning.ts";
import { choiceOf, nameOf, type TrainOptions } from "../../../src/cli/train/options.ts";
import { jobGrader, jobRequest, requestHash } from "../../../src/cli/train/request.ts";
import { codePlanning } from "../../../src/environments/code-planning/index.ts";
import { finqa } from "../../../src/environments/finqa/index.ts";

const options: TrainOptions = {
  command: [],
  url: "https://gym.example.com",
  env: "finqa",
  model: "o4-mini",
  grader: "endpoint",
  maxSteps: 50,
};
const choose = (given: Partial<TrainOptions> = {}) =>
  choiceOf({ ...options, ...given }, "one", finqa, "https://gym.example.com");
const files = { training: "file-1", validation: "file-2" };
const requestOf = (given: Partial<TrainOptions> = {}) => jobRequest(choose(given), "secret", files, "h".repeat(64));

test("the plain one: the environment's tools and its grader, all with token and run", () => {
  const request = JobRequest.parse(requestOf());
  const headers = { Authorization: "Bearer secret", "X-Run": "one" };
  expect(request.method.reinforcement.tools).toEqual(
    ["search", "list", "cat"].map((name) => ({
      name,
      server_url: `https://gym.example.com/finqa/tools/${name}`,
      headers,
    })),
  );
  expect(request.method.reinforcement.grader).toMatchObject({
    type: "endpoint",
    url: "https://gym.example.com/finqa/grade",
    headers,
    rate_limit: 50,
  });
  expect(request.metadata).toEqual({ edgegym_name: "one", edgegym_request: "h".repeat(64) });
  expect(Object.keys(request).toSorted()).toEqual(["metadata", "method", "model", "training_file", "validation_file"]);
  expect(request.method.reinforcement).not.toHaveProperty("hyperparameters");
});

test("only what was given is decided", () => {
  const request = JobRequest.parse(requestOf({ epochs: 3, reasoningEffort: "low", seed: 0, suffix: "mine" }));
  expect(request.method.reinforcement.hyperparameters).toEqual({ n_epochs: 3, reasoning_effort: "low" });
  expect(request).toMatchObject({ seed: 0, suffix: "mine" });
});

test("a judge is given the environment's rules, the question, the reference and the answer", () => {
  const { grader } = JobRequest.parse(requestOf({ grader: "model", judgeModel: "judge" })).method.reinforcement;
  expect(grader).toMatchObject({ type: "score_model", model: "judge", range: [0, 1] });
  const text = JSON.stringify(grader);
  for (const shown of ["item.question", "item.reference_answer", "sample.output_text"])
    expect(text).toContain(`{{${shown}}}`);
  expect(text).toContain("0.5");
  expect(text).not.toContain("secret");
});

test("both together: half each, and no threshold inside", () => {
  const { grader } = JobRequest.parse(requestOf({ grader: "multi", judgeModel: "judge" })).method.reinforcement;
  expect(grader).toMatchObject({ type: "multi", calculate_output: "0.5 * endpoint + 0.5 * judge" });
});

test("a trial's gradings are not the job's", () => {
  expect(JSON.stringify(jobGrader(choose(), "secret", "rehearsal-1"))).not.toContain('"one"');
});

test("the hash changes with every choice, and neither with the token nor with the service's ids", () => {
  const hashes = [
    {},
    { model: "other" },
    { epochs: 2 },
    { seed: 1 },
    { suffix: "x" },
    { maxSteps: 10 },
    { grader: "multi" as const, judgeModel: "judge" },
  ].map((given) => requestHash(choose(given), files));
  expect(new Set(hashes).size).toBe(hashes.length);
  expect(requestHash(choose(), { ...files, training: "file-3" })).not.toBe(hashes[0]);
  expect(requestHash(choose(), files)).toBe(hashes[0]);
});

test.each<[Partial<TrainOptions>, RegExp]>([
  [{ grader: "model" }, /--grader model needs --judge-model/],
  [{ judgeModel: "judge" }, /--judge-model goes with/],
])("options that do not go together: %o", (given, message) => {
  expect(() => choose(given)).toThrow(message);
});

test("an environment without a rubric has no judge", () => {
  const { rubric: _, ...bare } = finqa;
  expect(() => choiceOf({ ...options, grader: "model", judgeModel: "judge" }, "one", bare, options.url)).toThrow(
    /no rubric/,
  );
});

test("a job's name: of its model, and never a rehearsal's", () => {
  expect(nameOf({ model: "ft:o4-mini/x y" })).toBe("train-ft-o4-mini-x-y");
  expect(nameOf({ model: "m", name: "mine" })).toBe("mine");
  expect(() => nameOf({ model: "m", name: "rehearsal-1" })).toThrow(/alarms/);
});

test("an environment that wants its answers in a form says so in the job's own spelling", () => {
  const choice = choiceOf({ ...options, env: "code-planning" }, "one", codePlanning, "https://gym.example.com");
  const { reinforcement } = JobRequest.parse(jobRequest(choice, "secret", files, "h".repeat(64))).method;
  expect(reinforcement.response_format).toEqual({
    type: "json_schema",
    json_schema: {
      name: "files_to_edit",
      strict: true,
      schema: {
        type: "object",
        properties: { files: { type: "array", items: { type: "string" } } },
        required: ["files"],
        additionalProperties: false,
      },
    },
  });
});

/** `/fine_tuning/alpha/graders`: https://platform.openai.com/docs/api-reference/graders */
import { Hono } from "hono";
import type { HttpBindings } from "@hono/node-server";
import { GraderTrial, GraderValidation, type JobGrader } from "../../contract/fine-tuning.ts";
import { gradeBody } from "../rollouts/requests.ts";
import { formulaOf } from "./grading/formula.ts";
import { grade, type Graded } from "./grading/grade.ts";
import { BASE_MODEL } from "./models.ts";
import { readBody } from "./requests.ts";

export function graderRoutes() {
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.post("/validate", async (c) => {
    const { grader } = await readBody(c, GraderValidation);
    requireFormula(grader);
    return c.json({ grader });
  });
  app.post("/run", async (c) => {
    const trial = await readBody(c, GraderTrial);
    requireFormula(trial.grader);
    const started = performance.now();
    const graded = await grade(trial.grader, subjectOf(trial), c.req.raw.signal);
    return c.json(resultOf(trial.grader, graded, (performance.now() - started) / 1_000));
  });
  return app;
}

/** @throws ApiError */
function requireFormula(grader: JobGrader): void {
  if (grader.type === "multi") formulaOf(grader, "grader.calculate_output");
}

function subjectOf({ model_sample, item = {}, trace_id = "" }: GraderTrial) {
  const body = gradeBody(model_sample, [], trace_id, item);
  return { ...body, sample: { ...body.sample, output_json: jsonOf(model_sample) } };
}

/** Null for what is no JSON. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** All kinds of trouble that the API names; what it adds for an endpoint stands beside them. */
const NO_ERRORS = {
  formula_parse_error: false,
  invalid_variable_error: false,
  model_grader_parse_error: false,
  model_grader_refusal_error: false,
  model_grader_server_error: false,
  model_grader_server_error_details: null,
  other_error: false,
  python_grader_runtime_error: false,
  python_grader_runtime_error_details: null,
  python_grader_server_error: false,
  python_grader_server_error_type: null,
  sample_parse_error: false,
  truncated_observation_error: false,
  unresponsive_reward_error: false,
};

/** As in the API, what could not be graded has reward 0 and says so in its errors. @param seconds it took */
function resultOf(grader: JobGrader, { reward, subRewards, errors }: Graded, seconds: number) {
  return {
    reward: reward ?? 0,
    sub_rewards: subRewards,
    metadata: {
      name: grader.name ?? grader.type,
      type: grader.type,
      errors: { ...NO_ERRORS, ...(reward === null && { unresponsive_reward_error: true }), ...errors },
      execution_time: seconds,
      scores: subRewards,
      sampled_model_name: grader.type === "score_model" ? BASE_MODEL : null,
      token_usage: null,
    },
    model_grader_token_usage_per_model: {},
  };
}

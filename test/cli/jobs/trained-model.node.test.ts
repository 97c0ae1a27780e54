/** The model that came of a job, asked of a local platform. */
import { describe, expect, test } from "vitest";
import { trainedModel } from "../../../src/cli/jobs/trained-model.ts";
import { becomes, tenSteps, world } from "../watch/world.ts";

describe("of a job that has succeeded", () => {
  test("there is the model of its end, and those of its checkpoints, where the job was trained", async () => {
    const a = await world(tenSteps, { hyperparameters: { reasoning_effort: "low" } });
    await becomes(a, "succeeded");
    const { fine_tuned_model } = await a.service.job(a.state.job_id);
    const known = { baseUrl: a.platform.url, reasoningEffort: "low" };
    expect(await trainedModel("finqa-7", undefined, a.runs)).toEqual({ model: fine_tuned_model, ...known });
    for (const checkpoint of await a.service.checkpoints(a.state.job_id)) {
      const model = checkpoint.fine_tuned_model_checkpoint;
      expect(await trainedModel("finqa-7", checkpoint.step_number, a.runs)).toEqual({ model, ...known });
    }
  });

  test("a step without a checkpoint is refused, with those that there are", async () => {
    const a = await world();
    await becomes(a, "succeeded");
    await expect(trainedModel("finqa-7", 7, a.runs)).rejects.toThrow(/--checkpoint 7.*of the steps 5, 10\.$/);
  });

  test("an effort that was the service's own choice stays that", async () => {
    const a = await world(tenSteps, { hyperparameters: { reasoning_effort: "default" } });
    await becomes(a, "succeeded");
    expect(await trainedModel("finqa-7", undefined, a.runs)).toMatchObject({ reasoningEffort: undefined });
  });
});

describe("there is none yet", () => {
  test("of a job that goes on, though its checkpoints can be had", async () => {
    const a = await world(async (listener, step) => {
      step(5);
      for (;;) await listener.proceed().then(() => new Promise((resolve) => setTimeout(resolve, 5)));
    });
    await becomes(a, "running");
    await expect(trainedModel("finqa-7", undefined, a.runs)).rejects.toThrow(
      /no model has come of it, it is running\. --checkpoint takes a step of it\. .*of the steps 5\.$/,
    );
    expect(await trainedModel("finqa-7", 5, a.runs)).toMatchObject({ baseUrl: a.platform.url });
  });

  test("of a job that failed at once", async () => {
    const a = await world(async () => {
      throw new Error("told to");
    });
    await becomes(a, "failed");
    await expect(trainedModel("finqa-7", undefined, a.runs)).rejects.toThrow(/it is failed.*It has no checkpoint\.$/);
  });

  test("of a name that no job has, and of a service that does not answer", async () => {
    const a = await world();
    await expect(trainedModel("finqa-8", undefined, a.runs)).rejects.toThrow("There is no job finqa-8.");
    a.platform.order({ path: "/fine_tuning/jobs/*", times: 20, fails: { status: 503, retry_after_ms: 1 } });
    await expect(trainedModel("finqa-7", undefined, a.runs)).rejects.toThrow(/answered 503/);
  });
});

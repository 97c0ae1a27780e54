import { describe, expect, test } from "vitest";
import type { JobListener, trainJob, TrainingJob } from "../../../src/cli/platform/training/train-job.ts";
import { UserError } from "../../../src/cli/user-error.ts";
import type { JobRequest } from "../../../src/contract/fine-tuning.ts";
import { jobRequest, refusalOf, rowsOf, sent, world } from "./world.ts";

const learnt = { weights: { search: 3 } };

/** A trainer whose steps are taken by the test. */
function stepwise(total = 3) {
  const gates = Array.from({ length: total }, () => Promise.withResolvers<void>());
  const seen: { job: TrainingJob; seed: number }[] = [];
  const train: typeof trainJob = async (job, start, listener, { seed, signal }) => {
    seen.push({ job, seed });
    for (const [at, gate] of gates.entries()) {
      await listener.proceed();
      await Promise.race([gate.promise, aborted(signal)]);
      step(listener, at + 1, total);
    }
    expect(start).toHaveProperty("weights");
    return learnt;
  };
  return { train, seen, take: (at: number) => gates[at - 1]?.resolve() };
}

function step(listener: JobListener, at: number, total: number): void {
  listener.metrics({ step: at, total_steps: total, train_mean_reward: at / 10 }, `Step ${at}/${total}`);
  listener.checkpoint(at, { weights: { search: at } }, { step: at });
}

const aborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(new Error("aborted"))));

test("a job goes from its files to a model, and tells of each step", async () => {
  const trainer = stepwise(2);
  const { client, createJob, until, messagesOf } = await world({ train: trainer.train });
  const job = await createJob({ suffix: "try", seed: 7, metadata: { run: "a" } });
  expect(job).toMatchObject({ status: "validating_files", object: "fine_tuning.job", seed: 7, fine_tuned_model: null });
  await until(job.id, "running");
  trainer.take(1);
  await expect.poll(async () => (await client.fineTuning.jobs.checkpoints.list(job.id)).data.length).toBe(1);
  expect((await client.fineTuning.jobs.retrieve(job.id)).estimated_finish).toEqual(expect.any(Number));
  trainer.take(2);
  await until(job.id, "succeeded");

  const model = `ft:stand-in:edgegym:try:${job.id.slice(-8)}`;
  const ended = await client.fineTuning.jobs.retrieve(job.id);
  expect(ended).toMatchObject({ fine_tuned_model: model, error: null, metadata: { run: "a" }, suffix: "try" });
  expect(ended.finished_at).toEqual(expect.any(Number));
  expect(await messagesOf(job.id)).toEqual([
    "Created fine-tuning job.",
    "Validating the training file and the validation file.",
    "The files are valid; the job waits for its turn.",
    "The job is running.",
    "Step 1/2",
    `Checkpoint created at step 1: ${model}:ckpt-step-1`,
    "Step 2/2",
    `Checkpoint created at step 2: ${model}:ckpt-step-2`,
    `New fine-tuned model created: ${model}`,
    "The job has successfully completed.",
  ]);
  expect(trainer.seen).toMatchObject([{ seed: 7, job: { training: { length: 10 }, validation: { length: 10 } } }]);
  const models = await Array.fromAsync(client.models.list());
  expect(models.map(({ id }) => id)).toEqual(["stand-in", model, `${model}:ckpt-step-2`, `${model}:ckpt-step-1`]);
  expect(await client.models.retrieve(`${model}:ckpt-step-2`)).toMatchObject({ object: "model", owned_by: "edgegym" });
});

test("events and checkpoints come in pages, newest first", async () => {
  const trainer = stepwise(3);
  const { client, createJob, until } = await world({ train: trainer.train });
  const { id } = await createJob();
  [1, 2, 3].forEach(trainer.take);
  await until(id, "succeeded");
  const first = await client.fineTuning.jobs.listEvents(id, { limit: 5 });
  expect(first.data[0]).toMatchObject({ object: "fine_tuning.job.event", type: "message", level: "info" });
  const all = await Array.fromAsync(client.fineTuning.jobs.listEvents(id, { limit: 5 }));
  expect(all.length).toBe(12);
  expect(new Set(all.map((event) => event.id)).size).toBe(12);
  expect(all.filter(({ type }) => type === "metrics").map(({ data }) => data)).toMatchObject([
    { step: 3 },
    { step: 2 },
    { step: 1 },
  ]);
  const checkpoints = await Array.fromAsync(client.fineTuning.jobs.checkpoints.list(id, { limit: 2 }));
  expect(checkpoints.map(({ step_number, fine_tuning_job_id }) => [step_number, fine_tuning_job_id])).toEqual([
    [3, id],
    [2, id],
    [1, id],
  ]);
  expect(checkpoints[0]).not.toHaveProperty("policy");
});

test("jobs are listed newest first, in pages and by their metadata", async () => {
  const { client, createJob } = await world({ train: stepwise().train });
  const [a, b, c] = [
    await createJob({ metadata: { run: "a" } }),
    await createJob({ metadata: { run: "b" } }),
    await createJob(),
  ];
  const ids = async (query: object) => (await Array.fromAsync(client.fineTuning.jobs.list(query))).map(({ id }) => id);
  expect(await ids({ limit: 2 })).toEqual([c.id, b.id, a.id]);
  expect(await ids({ metadata: { run: "a" } })).toEqual([a.id]);
  expect(await ids({ metadata: { run: "a", other: "" } })).toEqual([]);
  const none = await client.get<{ data: { id: string }[] }>("/fine_tuning/jobs?metadata=null", {});
  expect(none.data.map(({ id }) => id)).toEqual([c.id]);
});

describe("pause, resume, cancel", () => {
  test("a job pauses after its step and goes on where it was", async () => {
    const trainer = stepwise(2);
    const { client, createJob, until, statusOf } = await world({ train: trainer.train });
    const { id } = await createJob();
    await until(id, "running");
    expect((await client.fineTuning.jobs.pause(id)).status).toBe("pausing");
    trainer.take(1);
    await until(id, "paused");
    trainer.take(2);
    expect(await refusalOf(client.fineTuning.jobs.pause(id))).toMatchObject({ status: 400, code: "invalid_status" });
    expect(await statusOf(id)).toBe("paused");
    await client.fineTuning.jobs.resume(id);
    await until(id, "succeeded");
  });

  test("a job that is to pause can be resumed before it does", async () => {
    const trainer = stepwise(1);
    const { client, createJob, until } = await world({ train: trainer.train });
    const { id } = await createJob();
    await until(id, "running");
    await client.fineTuning.jobs.pause(id);
    expect((await client.fineTuning.jobs.resume(id)).status).toBe("running");
    trainer.take(1);
    await until(id, "succeeded");
  });

  test("one job runs at a time; a paused one lets the next one run", async () => {
    const trainer = stepwise(2);
    const { client, createJob, until, statusOf } = await world({ train: trainer.train });
    const first = await createJob();
    await until(first.id, "running");
    const second = await createJob();
    await until(second.id, "queued");
    await client.fineTuning.jobs.pause(first.id);
    trainer.take(1);
    await until(second.id, "running");
    await client.fineTuning.jobs.resume(first.id);
    expect(await statusOf(first.id)).toBe("queued");
    await client.fineTuning.jobs.cancel(second.id);
    await until(first.id, "running");
    trainer.take(2);
    await until(first.id, "succeeded");
  });

  test.each(["validating_files", "queued", "running", "paused"])(
    "a job that is %s can be cancelled, once",
    async (status) => {
      const trainer = stepwise(2);
      const { client, createJob, until, messagesOf } = await world({ train: trainer.train });
      const other = status === "queued" ? await createJob() : undefined;
      if (other) await until(other.id, "running");
      const { id } = await createJob();
      if (status === "paused") {
        await until(id, "running");
        await client.fineTuning.jobs.pause(id);
        trainer.take(1);
      }
      await until(id, status);
      const cancelled = await client.fineTuning.jobs.cancel(id);
      expect(cancelled).toMatchObject({ status: "cancelled", finished_at: expect.any(Number), fine_tuned_model: null });
      expect((await messagesOf(id)).at(-1)).toBe("The job was cancelled.");
      for (const action of ["cancel", "pause", "resume"] as const)
        expect(await refusalOf(client.fineTuning.jobs[action](id))).toMatchObject({
          status: 400,
          code: "invalid_status",
        });
      const next = await createJob();
      if (other) await client.fineTuning.jobs.cancel(other.id);
      await until(next.id, "running");
    },
  );

  test("checkpoints of a cancelled job stay", async () => {
    const trainer = stepwise(2);
    const { client, createJob, until } = await world({ train: trainer.train });
    const { id } = await createJob();
    trainer.take(1);
    await until(id, "running");
    await expect.poll(async () => (await client.fineTuning.jobs.checkpoints.list(id)).data.length).toBe(1);
    await client.fineTuning.jobs.cancel(id);
    const [checkpoint] = (await client.fineTuning.jobs.checkpoints.list(id)).data;
    expect(await client.models.retrieve(checkpoint!.fine_tuned_model_checkpoint)).toMatchObject({ object: "model" });
  });
});

describe("a failing loop fails the job", () => {
  test.each([
    [
      "with a message for its owner, without its token",
      new UserError("POST with hush-4711: 401"),
      /^POST with \[hidden\]: 401$/,
    ],
    [
      "without the message that nobody foresaw",
      new TypeError("row: secret"),
      /^The training loop failed: TypeError at jobs\.node\.test\.ts:\d+\.$/,
    ],
  ])("%s", async (_, error, message) => {
    const { client, createJob, until, messagesOf } = await world({ train: () => Promise.reject(error) });
    const { id } = await createJob();
    await until(id, "failed");
    const job = await client.fineTuning.jobs.retrieve(id);
    expect(job.error).toMatchObject({ code: "training_failed", message: expect.stringMatching(message), param: null });
    expect(JSON.stringify([job, await messagesOf(id)])).not.toMatch(/hush|secret/);
  });

  test("and the next one runs", async () => {
    const { client, createJob, until } = await world({ train: () => Promise.reject(new Error("no")) });
    const [first, second] = [await createJob(), await createJob()];
    await until(first.id, "failed");
    await until(second.id, "failed");
    expect((await client.fineTuning.jobs.list()).data.map(({ id }) => id)).toEqual([second.id, first.id]);
  });
});

test("rows with a tool that the job does not name fail it", async () => {
  const { client, upload, until } = await world({ train: stepwise().train });
  const tool = { type: "function", function: { name: "other", description: "", parameters: {} } };
  const rows = rowsOf(10).replaceAll('{"messages"', `{"tools":${JSON.stringify([tool])},"messages"`);
  const [training, validation] = [await upload(), await upload(rows)];
  const job = await client.fineTuning.jobs.create(sent(jobRequest(training.id, validation.id)));
  await until(job.id, "failed");
  expect((await client.fineTuning.jobs.retrieve(job.id)).error).toMatchObject({
    code: "invalid_file",
    param: "validation_file",
  });
});

describe("a job is refused", () => {
  const changed: [string, (request: JobRequest) => object, object][] = [
    [
      "of an unknown model",
      (request) => ({ ...request, model: "gpt-none" }),
      { param: "model", code: "model_not_found" },
    ],
    ["with a misspelt field", (request) => ({ ...request, sufix: "a" }), { param: "sufix", code: "unknown_parameter" }],
    ["without tools", (request) => withReinforcement(request, { tools: [] }), { param: "method.reinforcement.tools" }],
    ["of an unknown file", (request) => ({ ...request, validation_file: "file-none" }), { param: "validation_file" }],
    [
      "with a formula that is none",
      (request) => {
        const graders = { a: request.method.reinforcement.grader };
        return withReinforcement(request, { grader: { type: "multi", name: "m", graders, calculate_output: "a + b" } });
      },
      { param: "method.reinforcement.grader.calculate_output" },
    ],
  ];
  test.each(changed)("%s", async (_, change, refusal) => {
    const { client, upload } = await world();
    const file = await upload();
    const request = change(jobRequest(file.id, file.id));
    expect(await refusalOf(client.fineTuning.jobs.create(sent(request)))).toMatchObject({ status: 400, ...refusal });
    expect((await client.fineTuning.jobs.list()).data).toEqual([]);
  });

  test("with a file that is not looked at yet, or that cannot be used", async () => {
    const { client, upload } = await world();
    const good = await upload();
    const bad = await upload("{}");
    const young = await client.files.create({ file: new File([rowsOf(10)], "a.jsonl"), purpose: "fine-tune" });
    const create = (training: string) => client.fineTuning.jobs.create(sent(jobRequest(training, good.id)));
    expect(await refusalOf(create(young.id))).toMatchObject({ param: "training_file", code: "file_not_ready" });
    expect(await refusalOf(create(bad.id))).toMatchObject({ param: "training_file", code: "invalid_file" });
  });

  test("that there is not", async () => {
    const { client } = await world();
    expect(await refusalOf(client.fineTuning.jobs.retrieve("ftjob-none"))).toMatchObject({ status: 404 });
  });
});

function withReinforcement(request: JobRequest, change: object): object {
  return {
    ...request,
    method: { type: "reinforcement", reinforcement: { ...request.method.reinforcement, ...change } },
  };
}

test("what a job's headers hold is never told", async () => {
  const { client, createJob, messagesOf } = await world({ train: stepwise().train });
  const created = await createJob();
  const shown = [
    created,
    await client.fineTuning.jobs.retrieve(created.id),
    await client.fineTuning.jobs.list(),
    await messagesOf(created.id),
  ];
  expect(JSON.stringify(shown)).not.toContain("hush-4711");
  expect(JSON.stringify(created)).toContain('"Authorization":"[hidden]"');
});

test("a model that was trained can be trained on", async () => {
  const starts: unknown[] = [];
  const train: typeof trainJob = async (_, start) => {
    starts.push(start);
    return learnt;
  };
  const { client, createJob, until } = await world({ train });
  const first = await createJob({ suffix: "one" });
  await until(first.id, "succeeded");
  const { fine_tuned_model } = await client.fineTuning.jobs.retrieve(first.id);
  const second = await createJob({ model: fine_tuned_model!, suffix: "two" });
  await until(second.id, "succeeded");
  expect(starts[1]).toEqual(learnt);
  expect((await client.fineTuning.jobs.retrieve(second.id)).fine_tuned_model).toMatch(/^ft:stand-in:edgegym:two:/);
});

/** `edgegym baseline --job` as a person types it: the model that a job has made, asked where it was trained. */
import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, inject, onTestFinished, test } from "vitest";
import { writeJob } from "../../src/cli/jobs/job-file.ts";
import { Baseline } from "../../src/contract/baseline.ts";
import { becomes, tenSteps, world } from "../cli/watch/world.ts";
import { root } from "./local-worker.ts";

const { url, trainer, admin } = inject("deployment");

test("a job's checkpoint is played by the job's name", async () => {
  const name = `trained-test-${Date.now().toString(36)}`;
  const folders = [name, `${name}-after`].map((folder) => join(root, "runs", folder));
  onTestFinished(async () => {
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  });
  const a = await world(tenSteps, { name });
  await becomes(a, "succeeded");
  await writeJob(a.state);
  const data = join(root, "corpus-index/sample/dev.json");
  const args = ["--url", url, "--data", data, "--job", name, "--checkpoint", "5", "--name", `${name}-after`];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["src/cli/main.ts", "baseline", ...args, "--items", "1", "--runs", "1", "--json"],
    {
      cwd: root,
      env: { ...process.env, TRAINER_TOKEN: trainer, ADMIN_TOKEN: admin, OPENAI_API_KEY: a.platform.apiKey },
    },
  );
  const { agent } = Baseline.parse(JSON.parse(stdout)).manifest;
  const made = (await a.service.checkpoints(a.state.job_id)).find(({ step_number }) => step_number === 5);
  expect(agent).toMatchObject({ model: made?.fine_tuned_model_checkpoint, base_url: a.platform.url });
});

/** Options of a baseline that do not go together are refused before anything is read, asked or written. */
import { expect, test } from "vitest";
import { type BaselineOptions, runBaseline } from "../../../src/cli/baseline/baseline.ts";

const options: BaselineOptions = {
  command: [],
  url: "http://127.0.0.1:1",
  env: "finqa",
  data: ["nowhere.jsonl"],
  items: 1,
  runs: 1,
  agent: "model",
  errorRate: 0,
  concurrency: 1,
  timeout: 1,
  seed: "1",
  copies: 2,
};

test.each<[string, Partial<BaselineOptions>, string]>([
  ["a checkpoint without its job", { checkpoint: 5 }, "--checkpoint goes with --job"],
  ["a job and a model", { job: "a", model: "b" }, "--model and --base-url do not go with it"],
  ["a job and a service", { job: "a", baseUrl: "http://127.0.0.1:1" }, "--model and --base-url do not go with it"],
  ["a job for an agent that is no model", { job: "a", agent: "oracle" }, "--job goes with --agent model"],
])("%s", async (_, given, message) => {
  await expect(runBaseline({ ...options, ...given })).rejects.toThrow(message);
});

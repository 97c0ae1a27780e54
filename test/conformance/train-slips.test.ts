/** What `edgegym train` says of slips, before anything is sent. */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { root } from "./local-worker.ts";
import { train } from "./train-command.ts";

const { url } = inject("deployment");

let data: string;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), "edgegym-train-"));
});
afterAll(() => rm(data, { recursive: true, force: true }));

describe("what the user can mend", () => {
  test.each<[string, (data: string) => string[], RegExp]>([
    ["no data", () => ["--model", "m"], /either --data .* or both --train and --val/],
    ["half the data", () => ["--model", "m", "--train", "x.jsonl"], /both --train and --val/],
    ["both kinds of data", (folder) => ["--model", "m", "--data", folder, "--train", "x.jsonl"], /either --data/],
    [
      "data that is not there",
      () => ["--model", "m", "--data", "nowhere"],
      /train\.jsonl cannot be read.*edgegym prepare/,
    ],
    ["no model", (folder) => ["--data", folder], /--model/],
    ["an unknown environment", (folder) => ["--model", "m", "--data", folder, "--env", "chess"], /--env chess.*finqa/],
    [
      "an unknown grader",
      (folder) => ["--model", "m", "--data", folder, "--grader", "python"],
      /endpoint, model, multi/,
    ],
    [
      "a judge that is missing",
      (folder) => ["--model", "m", "--data", folder, "--grader", "model"],
      /needs --judge-model/,
    ],
    ["a check without a reason", (folder) => ["--model", "m", "--data", folder, "--skip", "attack"], /CHECK=REASON/],
    ["a check that there is not", (folder) => ["--model", "m", "--data", folder, "--skip", "luck=no"], /CHECK=REASON/],
    ["a rehearsal's name", (folder) => ["--model", "m", "--data", folder, "--name", "rehearsal-x"], /alarms/],
    ["no epoch", (folder) => ["--model", "m", "--data", folder, "--epochs", "0"], /whole number/],
    ["a suffix that is none", (folder) => ["--model", "m", "--data", folder, "--suffix", "a b"], /letters, digits/],
    [
      "no https",
      (folder) => ["--model", "m", "--data", folder, "--base-url", "http://api.example.com"],
      /only over https/,
    ],
  ])("%s", async (_, args, message) => {
    const { code, err, out } = await train(["--url", url, ...args(data)]);
    expect(err).toMatch(message);
    expect(out).toBe("");
    expect(code).toBe(1);
  });

  test("no key", async () => {
    const { code, err } = await train(["--model", "m", "--data", data, "--url", url], { OPENAI_API_KEY: "" });
    expect(err).toMatch(/OPENAI_API_KEY is not set/);
    expect(code).toBe(1);
  });

  test("a name that something else has", async () => {
    const name = `train-taken-${Date.now().toString(36)}`;
    const folder = join(root, "runs", name, "charts");
    await mkdir(folder, { recursive: true });
    const { err } = await train(["--model", "m", "--data", data, "--url", url, "--name", name]);
    await rm(join(folder, ".."), { recursive: true });
    expect(err).toMatch(/holds something else than a job \(charts\)\. Give another --name/);
  });
});

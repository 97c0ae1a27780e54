/** `edgegym train` as a person types it, against a worker and the local platform: what it prints, writes, sends and never sends. */
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { JobRequest } from "../../src/contract/fine-tuning.ts";
import { JobState } from "../../src/contract/job.ts";
import { TrainReport } from "../../src/contract/preflight.ts";
import { trainerService } from "../../src/cli/jobs/service.ts";
import { type Platform, startPlatform } from "../../src/cli/platform/start.ts";
import { prepare } from "../../src/cli/prepare/prepare.ts";
import { Progress } from "../../src/cli/progress.ts";
import { freePort, root } from "./local-worker.ts";
import { expectNoSecret, KEY, start, train } from "./train-command.ts";

const { url } = inject("deployment");
const runs = join(root, "runs");
const uploads = join(runs, "uploads.json");

let data: string;
let kept: string | undefined;
beforeAll(async () => {
  data = join(await mkdtemp(join(tmpdir(), "edgegym-train-")), "dataset");
  const from = [join(root, "corpus-index/sample")];
  await prepare({ env: "finqa", from, train: 30, val: 12, seed: "7", out: data, fix: true }, new Progress());
  kept = await readFile(uploads, "utf8").catch(() => undefined);
});
afterAll(async () => {
  await rm(join(data, ".."), { recursive: true, force: true });
  // What tests sent is of services that are gone.
  await (kept === undefined ? rm(uploads, { force: true }) : writeFile(uploads, kept));
});

let platform: Platform;
beforeEach(async () => {
  platform = await startPlatform({ apiKey: KEY, train: async (_, weights) => weights });
});
const names: string[] = [];
afterEach(async () => {
  await platform.close();
  for (const name of names.splice(0)) await rm(join(runs, name), { recursive: true, force: true });
});

function newName(): string {
  const name = `train-test-${Date.now().toString(36)}-${Math.floor(Math.random() * 1e9).toString(36)}`;
  names.push(name);
  return name;
}

const QUICK = ["attack=slow", "references=slow", "wire=slow"].flatMap((skip) => ["--skip", skip]);
const usual = (...more: string[]) =>
  ["--data", data, "--model", "stand-in", "--base-url", platform.url, "--url", url].concat(more);

const file = (name: string, which: string) => readFile(join(runs, name, which), "utf8");
const stateOf = async (name: string) => JobState.parse(JSON.parse(await file(name, "job.json")));

async function jobs() {
  process.env["OPENAI_API_KEY"] = KEY;
  return Array.fromAsync(trainerService(platform.url).jobs());
}

test(
  "a whole start: looks at all, uploads, creates once; a second start creates nothing",
  { timeout: 120_000 },
  async () => {
    const name = newName();
    const args = usual("--name", name, "--epochs", "2", "--seed", "5", "--suffix", "mine");
    const { code, out, err } = await train(args);
    expect(err).toMatch(/train\.jsonl: sending \d+ bytes/);
    for (const check of [
      "deployment",
      "address",
      "tokens",
      "wire",
      "dataset",
      "references",
      "attack",
      "provider grader",
    ])
      expect(out).toMatch(new RegExp(`^ok +${check}: `, "m"));
    expect(out).toMatch(/^WARNING +(rehearsal|baseline): /m);
    expect(out).toMatch(/^Created the job .*: ftjob-/m);
    expect(code).toBe(0);

    const state = await stateOf(name);
    const [job, ...others] = await jobs();
    expect(others).toEqual([]);
    expect(job).toMatchObject({
      id: state.job_id,
      suffix: "mine",
      seed: 5,
      training_file: state.files.training.file_id,
    });
    expect(job?.metadata).toEqual({ edgegym_name: name, edgegym_request: state.request_sha256 });
    expect(state).toMatchObject({ phase: "created", hyperparameters: { n_epochs: 2 }, deployment: { url } });
    for (const which of await readdir(join(runs, name))) expectNoSecret(await file(name, which));
    expectNoSecret(await readFile(uploads, "utf8"));

    const again = await train(args);
    expect(again.out).toMatch(
      new RegExp(`^There is already the job ${name}: ${state.job_id}, \\w+\nNothing was created`),
    );
    expect(again.code).toBe(0);
    const changed = await train([...args, "--epochs", "3"]);
    expect(changed.err).toMatch(/other files or other choices than these.*give another --name/);
    expect(changed.code).toBe(1);
    expect(await jobs()).toHaveLength(1);

    const other = newName();
    const cached = await train(usual("--name", other, ...QUICK));
    expect(cached.err).toMatch(/train\.jsonl: the service has it already/);
    expect(cached.err).not.toMatch(/sending/);
    expect(await jobs()).toHaveLength(2);
  },
);

test("a dry run prints the exact request, with names for token and files, and changes nothing", async () => {
  const name = newName();
  const args = usual("--name", name, "--dry-run", "--grader", "multi", "--judge-model", "stand-in", ...QUICK);
  const { code, out, err } = await train(args);
  const request = JobRequest.parse(JSON.parse(out));
  expect(request).toMatchObject({ training_file: "$TRAINING_FILE", validation_file: "$VALIDATION_FILE" });
  expect(request.method.reinforcement.tools[0]?.headers).toEqual({
    Authorization: "Bearer $TRAINER_TOKEN",
    "X-Run": name,
  });
  expect(err).toMatch(/^- +attack: Left out: slow$/m);
  expect(err).toMatch(/THE JOB MAY GO AHEAD/);
  expect(code).toBe(0);
  expect(await jobs()).toEqual([]);
  expect(await readdir(runs)).not.toContain(name);
  // Without a key the service's own word is missing, and nothing else.
  const keyless = await train(args, { OPENAI_API_KEY: "" });
  expect(JSON.parse(keyless.out)).toEqual(request);
  expect(keyless.err).toMatch(/^- +provider grader: Not asked: OPENAI_API_KEY is not set\.$/m);
});

test("--json is one document, of what was done", async () => {
  const name = newName();
  const { code, out } = await train(usual("--name", name, "--json", ...QUICK));
  const report = TrainReport.parse(JSON.parse(out));
  expect(report).toMatchObject({ result: "created", job: { phase: "created" }, status: expect.any(String) });
  expect(report.preflight).toHaveLength(10);
  expect(code).toBe(0);
});

describe("an answer that is lost", () => {
  test("leaves it open; the next start adopts the job and creates none", async () => {
    const name = newName();
    platform.order({ method: "POST", path: "/fine_tuning/jobs", fails: "lost" });
    const first = await train(usual("--name", name, ...QUICK));
    expect(first.err).toMatch(/There may be a job\. The same command looks for it/);
    expect(first.code).toBe(1);
    expect(await stateOf(name)).toMatchObject({ phase: "creating" });
    const second = await train(usual("--name", name));
    const [job, ...others] = await jobs();
    expect(others).toEqual([]);
    expect(second.out).toMatch(new RegExp(`^An earlier start had created the job ${name}: ${job?.id}`));
    expect(second.code).toBe(0);
    expect(await stateOf(name)).toMatchObject({ phase: "created", job_id: job?.id });
  });

  test("nor is a conflict taken for a refusal: it may be with the job itself", async () => {
    const name = newName();
    platform.order({ method: "POST", path: "/fine_tuning/jobs", fails: { status: 409 } });
    const { code, err } = await train(usual("--name", name, ...QUICK));
    expect(err).toMatch(/answered 409.*There may be a job/s);
    expect(code).toBe(1);
    expect(await stateOf(name)).toMatchObject({ phase: "creating" });
  });

  test("of a job that there is not: says so, and creates one only when told to", async () => {
    const name = newName();
    platform.order({ method: "POST", path: "/fine_tuning/jobs", fails: { status: 500 } });
    await train(usual("--name", name, ...QUICK));
    const second = await train(usual("--name", name, ...QUICK));
    expect(second.err).toMatch(/lists no job of it.*--create-again/s);
    expect(second.code).toBe(1);
    expect(await jobs()).toEqual([]);
    const third = await train(usual("--name", name, "--create-again", ...QUICK));
    expect(third.code).toBe(0);
    expect(await jobs()).toHaveLength(1);
  });
});

test("interrupted after an upload, it creates nothing, and does not send the file again", async () => {
  const name = newName();
  const args = usual("--name", name, ...QUICK);
  const { child, printed } = start(args);
  while (!printed.err.includes("train.jsonl: pending")) await once(child.stderr, "data");
  child.kill("SIGINT");
  const [code] = await once(child, "close");
  expect(code).toBe(130);
  expect(await jobs()).toEqual([]);
  const again = await train(args);
  expect(again.err).toMatch(/train\.jsonl: the service has it already/);
  expect(again.code).toBe(0);
  expect(await jobs()).toHaveLength(1);
});

test("what a start left that was ended just before the creation is no hindrance", async () => {
  const name = newName();
  await mkdir(join(root, "runs", name), { recursive: true });
  await writeFile(join(root, "runs", name, "preflight.json"), "[]");
  expect((await train(usual("--name", name, ...QUICK))).code).toBe(0);
  expect(await jobs()).toHaveLength(1);
});

test("trouble that passes is passed over", async () => {
  const retry_after_ms = 1;
  platform.order({ path: "/files", times: 2, fails: { status: 429, retry_after_ms } });
  platform.order({ path: "/files/*", times: 2, fails: { status: 503, retry_after_ms } });
  platform.order({ path: "/fine_tuning/alpha/graders/validate", fails: { slow_ms: 100 } });
  const { code } = await train(usual("--name", newName(), ...QUICK));
  expect(code).toBe(0);
});

describe("what the service refuses", () => {
  test("a job: its words are shown, and the same command tries again", async () => {
    const name = newName();
    const refused = await train(
      usual("--name", name, ...QUICK).map((word) => (word === "stand-in" ? "gpt-nothing" : word)),
    );
    expect(refused.err).toMatch(/answered 400 .*gpt-nothing.*No job was created\./s);
    expect(refused.code).toBe(1);
    expect(await stateOf(name)).toMatchObject({ phase: "refused" });
    const mended = await train(usual("--name", name, ...QUICK));
    expect(mended.code).toBe(0);
  });

  test("a key", async () => {
    const { code, err, out, words } = await train(usual("--name", newName(), ...QUICK), {
      OPENAI_API_KEY: "sk-other-9876543210",
    });
    expect(words).toMatch(/REFUSED provider grader: .*does not take the key/);
    expect(out + err).not.toContain("sk-other");
    expect(code).toBe(1);
  });

  test("a grader that it has no route for is no reason to stop", async () => {
    platform.order({ path: "/fine_tuning/alpha/graders/validate", fails: { status: 404 } });
    const { code, out } = await train(usual("--name", newName(), ...QUICK));
    expect(out).toMatch(/^- +provider grader: This service has no route/m);
    expect(code).toBe(0);
  });
});

describe("what the preflight refuses", () => {
  test("a service elsewhere cannot reach this machine; nothing is uploaded", async () => {
    const args = usual("--name", newName(), "--dry-run", ...QUICK, "--skip", "provider_grader=not asked here");
    const { code, err } = await train(
      args.map((word) => (word === platform.url ? "https://service.invalid/v1" : word)),
    );
    expect(err).toMatch(/^REFUSED +address: 127\.0\.0\.1 is 127\.0\.0\.1/m);
    expect(code).toBe(1);
  });

  test("rows that cannot be trained with, and references that are not paid", async () => {
    const folder = await mkdtemp(join(tmpdir(), "edgegym-bad-"));
    await cp(data, folder, { recursive: true });
    const text = await readFile(join(folder, "train.jsonl"), "utf8");
    await writeFile(
      join(folder, "train.jsonl"),
      text.replace(/"reference_answer":"[^"]*"/, '"reference_answer":"who knows"'),
    );
    const name = newName();
    const { code, out } = await train(
      ["--skip", "attack=slow", "--skip", "wire=slow", "--name", name, ...usual()].map((word) =>
        word === data ? folder : word,
      ),
    );
    await rm(folder, { recursive: true });
    expect(out).toMatch(/^REFUSED +dataset: train\.jsonl was changed after its manifest\.json/m);
    expect(out).toMatch(/^REFUSED +references: 1 rows cannot be graded/m);
    expect(out).toMatch(/^REFUSED: 2 THINGS TO MEND FIRST.*\n\nNothing was uploaded or created\.$/m);
    expect(out).not.toContain("who knows");
    expect(code).toBe(1);
    expect(await readdir(runs)).not.toContain(name);
  });

  test("a worker that is not there", async () => {
    const nowhere = `http://127.0.0.1:${await freePort()}`;
    const { code, out } = await train(usual("--name", newName()).map((word) => (word === url ? nowhere : word)));
    expect(out).toMatch(/^REFUSED +deployment: There is no answer from/m);
    expect(out).toMatch(/^- +wire: Not looked at/m);
    expect(code).toBe(1);
  });

  test("a service that is not there", async () => {
    const nowhere = `http://127.0.0.1:${await freePort()}/v1`;
    const args = usual("--name", newName(), ...QUICK).map((word) => (word === platform.url ? nowhere : word));
    const { code, words } = await train(args);
    expect(words).toMatch(/REFUSED provider grader: .*cannot be reached/);
    expect(code).toBe(1);
  });
});

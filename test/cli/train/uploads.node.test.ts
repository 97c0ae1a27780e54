/** Files and jobs at the local platform: what is sent once, what is looked for, what is never repeated. */
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { JobRequest } from "../../../src/contract/fine-tuning.ts";
import { Uploads } from "../../../src/contract/job.ts";
import { readJob, writeJob } from "../../../src/cli/jobs/job-file.ts";
import { type TrainerService, trainerService } from "../../../src/cli/jobs/service.ts";
import { type Platform, type PlatformOptions, startPlatform } from "../../../src/cli/platform/start.ts";
import { adoptJob, createJob } from "../../../src/cli/train/create.ts";
import type { JobFile } from "../../../src/cli/train/dataset.ts";
import { jobBefore } from "../../../src/cli/train/job-before.ts";
import { bringFile } from "../../../src/cli/train/uploads.ts";
import { Interrupted } from "../../../src/cli/user-error.ts";
import { anyJobState } from "./any-job.ts";

/** Jobs that go on for ever. */
const untilCancelled: NonNullable<PlatformOptions["train"]> = async (_, start, __, { signal }) => {
  await new Promise((resolve) => signal.addEventListener("abort", resolve));
  return start;
};

let runs: string;
let platform: Platform;
let service: TrainerService;
const said: string[] = [];
beforeEach(async () => {
  runs = await mkdtemp(join(tmpdir(), "edgegym-train-"));
  platform = await startPlatform({ apiKey: "sk-test", train: untilCancelled });
  vi.stubEnv("OPENAI_API_KEY", "sk-test");
  service = trainerService(platform.url);
  said.length = 0;
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await platform.close();
  await rm(runs, { recursive: true, force: true });
});

function fileOf(name: string, text: string): JobFile {
  const content = new TextEncoder().encode(text);
  return { path: name, name, content, sha256: createHash("sha256").update(content).digest("hex"), records: [] };
}

const rows = (word: string) =>
  Array.from({ length: 10 }, (_, at) => `{"messages":[{"role":"user","content":"${word} ${at}?"}]}`).join("\n");

const bring = (file: JobFile, given: { signal?: AbortSignal; service?: TrainerService } = {}) =>
  bringFile(file, { service, runs, signal: new AbortController().signal, say: (line) => said.push(line), ...given });

describe("a file", () => {
  test("is sent once, and waited for", async () => {
    const file = fileOf("train.jsonl", rows("a"));
    const id = await bring(file);
    expect((await service.file(id)).status).toBe("processed");
    expect(await bring({ ...file, name: "renamed.jsonl" })).toBe(id);
    expect(said.filter((line) => line.includes("sending"))).toHaveLength(1);
    expect(await bring(fileOf("train.jsonl", rows("b")))).not.toBe(id);
    const { files } = Uploads.parse(JSON.parse(await readFile(join(runs, "uploads.json"), "utf8")));
    expect(files).toHaveLength(2);
  });

  test("that is gone from the service is sent again", async () => {
    const file = fileOf("train.jsonl", rows("a"));
    const id = await bring(file);
    await fetch(`${platform.url}/files/${id}`, { method: "DELETE", headers: { Authorization: "Bearer sk-test" } });
    expect(await bring(file)).not.toBe(id);
    const { files } = Uploads.parse(JSON.parse(await readFile(join(runs, "uploads.json"), "utf8")));
    expect(files).toHaveLength(1);
  });

  test("that was sent to one service is not taken for another's", async () => {
    const file = fileOf("train.jsonl", rows("a"));
    await bring(file);
    const other = await startPlatform({ apiKey: "sk-test" });
    await bring(file, { service: trainerService(other.url) });
    // Each service has its own from now on.
    await bring(file, { service: trainerService(other.url) });
    await bring(file);
    await other.close();
    expect(said.filter((line) => line.includes("sending"))).toHaveLength(2);
  });

  test("that the service cannot use is said to be one, without its rows", async () => {
    const failed = bring(fileOf("train.jsonl", "not json at all"));
    await expect(failed).rejects.toThrow(/cannot use train\.jsonl \(file-\w+\): error/);
    await expect(failed).rejects.not.toThrow(/not json at all/);
  });

  test("is waited for no longer than until Ctrl-C, and not sent again after it", async () => {
    const file = fileOf("train.jsonl", rows("a"));
    const controller = new AbortController();
    const say = (line: string) => {
      said.push(line);
      if (line.includes("pending")) controller.abort();
    };
    await expect(bringFile(file, { service, runs, signal: controller.signal, say })).rejects.toThrow(Interrupted);
    await bring(file);
    expect(said.filter((line) => line.includes("sending"))).toHaveLength(1);
  });
});

describe("a job", () => {
  const state = anyJobState();

  async function requestOf(): Promise<JobRequest> {
    const [training_file, validation_file] = [await bring(fileOf("t", rows("a"))), await bring(fileOf("v", rows("b")))];
    return {
      model: "stand-in",
      training_file,
      validation_file,
      method: {
        type: "reinforcement",
        reinforcement: {
          grader: { type: "endpoint", url: "http://127.0.0.1:9/grade" },
          tools: [{ name: "search", server_url: "http://127.0.0.1:9/search" }],
        },
      },
      metadata: { edgegym_name: state.name, edgegym_request: state.request_sha256 },
    };
  }

  const create = (request: JobRequest) => createJob(service, request, { state, before: undefined, runs });
  const fails = (failing: Parameters<Platform["order"]>[0]["fails"]) =>
    platform.order({ method: "POST", path: "/fine_tuning/jobs", fails: failing });
  const jobs = () => Array.fromAsync(service.jobs());
  const here = () => ({ ...state, provider: { base_url: service.baseUrl } });

  test("is created, and known", async () => {
    const { job } = await create(await requestOf());
    expect(await readJob(state.name, runs)).toMatchObject({ phase: "created", job_id: job.id });
  });

  test("whose answer is lost is adopted, and no second one is created", async () => {
    fails("lost");
    await expect(create(await requestOf())).rejects.toThrow(/There may be a job.*creates no second one/s);
    expect(await readJob(state.name, runs)).toMatchObject({ phase: "creating", job_id: null });
    const [job] = await jobs();
    const adopted = await adoptJob(service, here(), runs);
    expect(adopted?.job.id).toBe(job?.id);
    expect(await readJob(state.name, runs)).toMatchObject({ phase: "created", job_id: job?.id });
    expect(await jobs()).toHaveLength(1);
  });

  test("of which nothing is found is not created again unasked", async () => {
    fails("cut");
    await expect(create(await requestOf())).rejects.toThrow(/There may be a job/);
    const look = (createAgain: boolean) =>
      jobBefore(here(), { service, runs, hash: state.request_sha256, createAgain });
    await expect(look(false)).rejects.toThrow(/lists no job of it.*--create-again/);
    expect(await look(true)).toBeUndefined();
  });

  test("is not looked for at another service", async () => {
    const elsewhere = { ...state, provider: { base_url: "https://api.example.com/v1" } };
    await expect(
      jobBefore(elsewhere, { service, runs, hash: state.request_sha256, createAgain: true }),
    ).rejects.toThrow(/was begun at https:\/\/api\.example/);
  });

  test("that two creations made is nobody's, until one is given up", async () => {
    const request = await requestOf();
    const [first, second] = [await service.createJob(request), await service.createJob(request)];
    await writeJob(here(), runs);
    await expect(adoptJob(service, here(), runs)).rejects.toThrow(/2 jobs of the service can be one: .*Cancel all but/);
    expect(await readJob(state.name, runs)).toMatchObject({ phase: "creating" });
    await service.cancel(first.id);
    expect((await adoptJob(service, here(), runs))?.job.id).toBe(second.id);
  });

  test.each([{ status: 400, code: "invalid_model" }, { status: 429 }])(
    "is refused by %o, and can be tried again",
    async (failing) => {
      const request = await requestOf();
      fails(failing);
      await expect(create(request)).rejects.toThrow(/No job was created\./);
      const before = await readJob(state.name, runs);
      expect(before).toMatchObject({ phase: "refused" });
      await createJob(service, request, { state, before, runs });
      expect(await readJob(state.name, runs)).toMatchObject({ phase: "created" });
    },
  );

  test("that there is already is told of, even when the service is silent", async () => {
    const { state: made } = await create(await requestOf());
    const look = (given: TrainerService | null, hash = made.request_sha256) =>
      jobBefore(
        { ...made, provider: { base_url: service.baseUrl } },
        { service: given, runs, hash, createAgain: true },
      );
    expect(await look(service)).toMatchObject({ result: "exists", status: expect.any(String) });
    const other = "c".repeat(64);
    await expect(look(service, other)).rejects.toThrow(/ftjob-\w+\. It was begun with other files or other choices/);
    platform.order({
      method: "GET",
      path: "/fine_tuning/jobs/*",
      times: 10,
      fails: { status: 503, retry_after_ms: 1 },
    });
    expect(await look(service)).toMatchObject({ result: "exists", status: null });
  });
});

/** The state of jobs on disk: found, written whole, begun once. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { beginJob, findJob, jobNames, readJob, writeJob } from "../../../src/cli/jobs/job-file.ts";
import { anyJobState } from "../train/any-job.ts";

let runs: string;
beforeEach(async () => {
  runs = await mkdtemp(join(tmpdir(), "edgegym-jobs-"));
});
afterEach(() => rm(runs, { recursive: true, force: true }));

test("what is written is read, and nothing is left beside it", async () => {
  const state = anyJobState({ name: "one" });
  await writeJob(state, runs);
  expect(await readJob("one", runs)).toEqual(state);
  expect(await readJob("other", runs)).toBeUndefined();
  expect(await readdir(join(runs, "one"))).toEqual(["job.json"]);
});

test("a job is found by its name, the only one without", async () => {
  await expect(findJob(undefined, runs)).rejects.toThrow(/edgegym train begins one/);
  await writeJob(anyJobState({ name: "one" }), runs);
  expect(await findJob(undefined, runs)).toMatchObject({ name: "one" });
  await writeJob(anyJobState({ name: "two" }), runs);
  await expect(findJob(undefined, runs)).rejects.toThrow(/--name has to say which job\. There are: one, two/);
  await expect(findJob("three", runs)).rejects.toThrow(/There is no job three\. There are: one, two/);
  await expect(findJob("../one", runs)).rejects.toThrow(/run's name has/);
  expect(await findJob("two", runs)).toMatchObject({ name: "two" });
});

test("other folders and files in runs/ are no jobs", async () => {
  await mkdir(join(runs, "baseline-x"));
  await writeFile(join(runs, "baseline-x", "manifest.json"), "{}");
  await writeFile(join(runs, "uploads.json"), "{}");
  expect(await jobNames(runs)).toEqual([]);
  expect(await readJob("uploads.json", runs)).toBeUndefined();
});

test.each(["{", "{}", JSON.stringify(anyJobState({ name: "other" }))])(
  "a damaged or moved state is said to be one: %s",
  async (text) => {
    await mkdir(join(runs, "one"));
    await writeFile(join(runs, "one", "job.json"), text);
    await expect(readJob("one", runs)).rejects.toThrow(/is not the state of the job one/);
  },
);

test("of two that begin the same name at once, one does", async () => {
  const both = await Promise.allSettled([
    beginJob(anyJobState({ name: "one", suffix: "a" }), undefined, runs),
    beginJob(anyJobState({ name: "one", suffix: "b" }), undefined, runs),
  ]);
  expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  expect(await readdir(join(runs, "one"))).toEqual(["job.json"]);
});

test("a job that was begun meanwhile is not written over", async () => {
  await beginJob(anyJobState({ name: "one", suffix: "a" }), undefined, runs);
  await expect(beginJob(anyJobState({ name: "one", suffix: "b" }), undefined, runs)).rejects.toThrow(/begun meanwhile/);
  expect(await readJob("one", runs)).toMatchObject({ suffix: "a" });
});

test("a job that was refused gives way, unless it changed meanwhile", async () => {
  const refused = anyJobState({ name: "one", phase: "refused" });
  await writeJob(refused, runs);
  await beginJob(anyJobState({ name: "one", created_at: "2026-12-02T00:00:00.000Z" }), refused, runs);
  expect(await readJob("one", runs)).toMatchObject({ phase: "creating" });
  await expect(beginJob(anyJobState({ name: "one" }), refused, runs)).rejects.toThrow(/begun meanwhile/);
});

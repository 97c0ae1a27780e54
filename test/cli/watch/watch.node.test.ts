import { describe, expect, test, vi } from "vitest";
import { JobEvent } from "../../../src/contract/fine-tuning.ts";
import { WatchSnapshot } from "../../../src/contract/watch.ts";
import { exampleAlarm, exampleRun } from "../../report/watch/jobs.ts";
import { becomes, tenSteps, type World, world, write } from "./world.ts";

const lines = async (a: World) => (await a.file("events.jsonl")).trimEnd().split("\n");
const idsOf = (text: readonly string[]) => text.map((line) => JobEvent.parse(JSON.parse(line)).id);
/** A promise, and what keeps it. */
function gate(): [Promise<void>, () => void] {
  let open = () => {};
  return [new Promise<void>((resolve) => (open = resolve)), () => open()];
}

describe("a watch", () => {
  test("follows a job to its end, keeps every event once, and says what to do next", async () => {
    const a = await world();
    const { snapshot, exitCode, shown } = await a.watch();
    expect(exitCode).toBe(0);
    expect(snapshot.job).toMatchObject({ status: "succeeded", ended: true, total_steps: 10 });
    expect(snapshot.steps.map(({ step, train_reward }) => [step, train_reward])).toHaveLength(10);
    expect(snapshot.checkpoints.map(({ step, best }) => [step, best])).toEqual([
      [5, false],
      [10, true],
    ]);
    expect(shown.at(-1)?.job.ended).toBe(true);
    const ids = idsOf(await lines(a));
    expect(new Set(ids).size).toBe(ids.length);
    const told = await Array.fromAsync(a.service.events(a.state.job_id));
    expect(ids).toEqual(told.map(({ id }) => id).toReversed());
    const page = await a.file("watch.html");
    expect(page).toContain("edgegym -- compare");
    expect(page).not.toContain('http-equiv="refresh"');
  });

  test("begun again loses and repeats nothing, even after a line that was cut", async () => {
    const [second, go] = gate();
    const a = await world(async (listener, step) => {
      step(1);
      await second;
      step(2);
      await listener.proceed();
    });
    await becomes(a, "running");
    const ending = new AbortController();
    const first = a.watch({}, ending.signal);
    await vi.waitUntil(async () => (await lines(a).catch(() => [])).length >= 4, { interval: 10, timeout: 10_000 });
    ending.abort();
    expect((await first).exitCode).toBe(130);
    expect(await a.file("watch.html")).not.toContain('http-equiv="refresh"');
    const before = await lines(a);
    // The second line was lost, too.
    await write(a, "events.jsonl", `${before[0]}\n${before[2]}\n${before[3]?.slice(0, 20)}`);
    go();
    await becomes(a, "succeeded");
    await a.watch();
    const after = await lines(a);
    expect(after.slice(0, 2)).toEqual([before[0], before[2]]);
    const told = await Array.fromAsync(a.service.events(a.state.job_id));
    expect(idsOf(after).toSorted()).toEqual(told.map(({ id }) => id).toSorted());
  });

  test("goes on through errors of the service, says since when, and then answers again", async () => {
    const [rest, go] = gate();
    const a = await world(async (listener, step) => {
      step(1);
      await rest;
      step(2);
      await listener.proceed();
    });
    await becomes(a, "running");
    const ending = new AbortController();
    const watching = a.watch({ interval: 0.01 }, ending.signal);
    await vi.waitUntil(async () => (await lines(a).catch(() => [])).length >= 4, { interval: 10, timeout: 10_000 });
    for (const fails of [{ status: 503 }, { status: 429, retry_after_ms: 1 }, "cut" as const])
      a.platform.order({ path: "/fine_tuning/jobs/*", times: 2, fails });
    const page = () => a.file("watch.html").catch(() => "");
    const isSaid = async () => (await page()).includes("does not answer since");
    await vi.waitUntil(isSaid, { interval: 5, timeout: 20_000 });
    go();
    const { snapshot, shown, exitCode } = await watching;
    expect(exitCode).toBe(0);
    expect(shown.some(({ service }) => service.failing_since !== null && service.problem !== null)).toBe(true);
    expect(shown.find(({ service }) => service.failing_since !== null)?.steps).toHaveLength(1);
    expect(snapshot.service).toMatchObject({ failing_since: null, problem: null });
    expect(snapshot.steps).toHaveLength(2);
  });

  test("shows the job where the monitor does not answer, and says so", async () => {
    const a = await world();
    a.monitor.status = 503;
    await becomes(a, "succeeded");
    const { snapshot, exitCode } = await a.watch();
    expect(snapshot.steps).toHaveLength(10);
    expect(snapshot.run).toBeNull();
    expect(snapshot.monitor.problem).toMatch(/answered 503/);
    expect(exitCode).toBe(0);
  });

  test("shows the run where the service does not answer, with the events kept, and says so", async () => {
    const a = await world();
    await becomes(a, "succeeded");
    await a.watch();
    await a.platform.close();
    a.monitor.run = exampleRun(10);
    const { snapshot, exitCode } = await a.watch({ once: true });
    expect(snapshot.run?.trend.points.length).toBeGreaterThan(0);
    expect(snapshot.steps).toHaveLength(10);
    expect(snapshot.service.problem).toMatch(/cannot be reached/);
    expect(snapshot.job.status).toBeNull();
    expect(exitCode).toBe(1);
  });

  test("has the run's alarms, and groups of rollouts, among its hints", async () => {
    const a = await world();
    await becomes(a, "succeeded");
    a.monitor.run = exampleRun(10, -1, { alarms: [exampleAlarm] });
    a.monitor.rollouts = Array.from({ length: 60 }, (_, at) => ({
      trace_id: `trace_${at}`,
      item: `item-${at % 12}`,
      status: "graded",
      score: 0,
      calls: 1,
      mistakes: 0,
      faults: 0,
      flags: [],
      opened_at: "2026-10-05T08:00:00.000Z",
      last_seen_at: "2026-10-05T08:00:00.000Z",
    }));
    const { snapshot } = await a.watch({ once: true });
    expect(snapshot.groups).toEqual({ groups: 12, same: 12, zero: 12, one: 0 });
    expect(snapshot.hints.map(({ kind }) => kind)).toEqual(["alarm", "no_variance"]);
  });

  test("of a paused job waits for what comes", async () => {
    const [paused, go] = gate();
    const a = await world(async (listener, step) => {
      step(1);
      await paused;
      await listener.proceed();
      step(2);
    });
    await becomes(a, "running");
    await a.service.pause(a.state.job_id);
    go();
    await becomes(a, "paused");
    const watching = a.watch();
    await vi.waitUntil(async () => (await a.file("watch.html").catch(() => "")).includes("paused"), {
      timeout: 10_000,
    });
    expect(await a.file("watch.html")).toContain('http-equiv="refresh"');
    await a.service.resume(a.state.job_id);
    expect((await watching).snapshot.job.status).toBe("succeeded");
  });
});

describe("one look", () => {
  test("fits its schema, and writes no page", async () => {
    const a = await world();
    await becomes(a, "succeeded");
    const { snapshot, page, exitCode } = await a.watch({ once: true });
    expect(WatchSnapshot.parse(JSON.parse(JSON.stringify(snapshot)))).toEqual(snapshot);
    expect([page, exitCode]).toEqual([null, 0]);
    await expect(a.file("watch.html")).rejects.toThrow("ENOENT");
  });

  test("ends with 0 while the job goes on, and with 1 once it has failed", async () => {
    const [rest, go] = gate();
    const a = await world(async () => {
      await rest;
      throw new Error("out of memory");
    });
    await becomes(a, "running");
    expect((await a.watch({ once: true })).exitCode).toBe(0);
    go();
    await becomes(a, "failed");
    const { snapshot, exitCode } = await a.watch({ once: true });
    expect(exitCode).toBe(1);
    expect(snapshot.job.error).toContain("training_failed");
  });

  test("of a run that has no rollouts yet is no trouble", async () => {
    const a = await world();
    expect((await a.watch({ once: true })).snapshot.monitor).toMatchObject({ failing_since: null });
  });

  test("without a token for the monitor shows the job, and says what is missing", async () => {
    const url = "https://edgegym.example.workers.dev";
    const a = await world(tenSteps, { deployment: { url, index_version: null } });
    await becomes(a, "succeeded");
    vi.stubEnv("ADMIN_TOKEN", "");
    const { snapshot, exitCode } = await a.watch({ once: true });
    expect(snapshot.monitor.problem).toBe(`ADMIN_TOKEN not set: put a token of ${url} into the environment variable.`);
    expect(snapshot.steps).toHaveLength(10);
    expect(exitCode).toBe(0);
  });
});

describe("it is said what to do", () => {
  test("about a job that the service does not know, at once", async () => {
    const a = await world(tenSteps, { job_id: "ftjob-nobody" });
    await expect(a.watch()).rejects.toThrow(/404.*Has OPENAI_API_KEY the key that created ftjob-nobody/s);
  });

  test("about a key that is not taken, without showing it", async () => {
    const a = await world();
    vi.stubEnv("OPENAI_API_KEY", "sk-wrong-hush");
    const error = await a.watch().catch((thrown: unknown) => String(thrown));
    expect(error).toMatch(/401.*OPENAI_API_KEY/s);
    expect(error).not.toContain("hush");
  });

  test("about a job whose creation was not answered, or was refused", async () => {
    const creating = await world(tenSteps, { phase: "creating" });
    await expect(creating.watch()).rejects.toThrow(/there may be a job.*train command again/);
    const refused = await world(tenSteps, { phase: "refused" });
    await expect(refused.watch()).rejects.toThrow(/refused to create/);
  });

  test("about a name that there is not", async () => {
    const a = await world();
    await expect(a.watch({ name: "finqa-8" })).rejects.toThrow(/There is no job finqa-8.*finqa-7/);
  });
});

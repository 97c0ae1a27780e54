import { describe, expect, test } from "vitest";
import { controlJob } from "../../../src/cli/watch/control.ts";
import { becomes, type World, world } from "./world.ts";

/** A job that goes on until it is told otherwise. */
async function running(): Promise<World> {
  const a = await world(async (listener, step) => {
    for (let at = 1; ; at++) {
      step(at);
      await listener.proceed();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  });
  await becomes(a, "running");
  return a;
}

describe("a job", () => {
  test("is paused, goes on and is cancelled, each with what comes next", async () => {
    const a = await running();
    expect(await controlJob("pause", a)).toMatch(
      /^The job finqa-7 \(ftjob-\w+\) is paus\w+\. It goes on with: npm run edgegym -- job resume --name finqa-7$/,
    );
    await becomes(a, "paused");
    expect(await controlJob("resume", a)).toMatch(/is (queued|running)\. Follow it with: npm run edgegym -- watch/);
    await becomes(a, "running");
    expect(await controlJob("cancel", { ...a, yes: true })).toMatch(/is cancelled\. The checkpoints/);
  });

  test("is not cancelled without a yes", async () => {
    const a = await running();
    await expect(controlJob("cancel", a)).rejects.toThrow(/for good.*--yes.*job pause --name finqa-7/);
    expect((await a.service.job(a.state.job_id)).status).toBe("running");
  });

  test("that cannot be paused says so in the service's words, with its status", async () => {
    const a = await world();
    await becomes(a, "succeeded");
    await expect(controlJob("pause", a)).rejects.toThrow(
      /The pause of the job.*400.*cannot be paused.*Its status is succeeded\.$/s,
    );
    await expect(controlJob("cancel", { ...a, yes: true })).rejects.toThrow(/cannot be cancelled: it has ended/);
  });

  test("whose cancellation's answer is lost is told of as it is", async () => {
    const a = await running();
    a.platform.order({ method: "POST", path: "/fine_tuning/jobs/*/cancel", fails: "lost" });
    expect(await controlJob("cancel", { ...a, yes: true })).toMatch(/is cancelled/);
  });

  test("of a service that is down leaves open what came, and says where to look", async () => {
    const a = await running();
    const order = { path: "/fine_tuning/jobs/*", times: 20, fails: { status: 503, retry_after_ms: 1 } } as const;
    a.platform.order({ ...order, path: "/fine_tuning/jobs/*/pause" });
    a.platform.order(order);
    await expect(controlJob("pause", a)).rejects.toThrow(/answered 503.*not known: edgegym watch --once/s);
  });
});

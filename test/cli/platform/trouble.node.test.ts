import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { Trouble } from "../../../src/cli/platform/trouble.ts";
import { seededRandom } from "../../../src/environments/random.ts";
import { jobRequest, refusalOf, sent, world } from "./world.ts";

test("an order fails the next requests to a path, and no others", async () => {
  const { client, platform } = await world();
  platform.order({ path: "/models", times: 2, fails: { status: 503, code: "overloaded" } });
  expect(await refusalOf(client.models.list())).toMatchObject({
    status: 503,
    code: "overloaded",
    type: "server_error",
  });
  expect(await client.models.retrieve("stand-in")).toMatchObject({ id: "stand-in" });
  expect(await refusalOf(client.models.list())).toMatchObject({ status: 503 });
  expect((await client.models.list()).data).toHaveLength(1);
});

test("the package waits as a 429 asks it to, and gets its answer", async () => {
  const { client, platform } = await world();
  platform.order({ path: "/models", times: 2, fails: { status: 429 } });
  const { headers } = await fetch(`${platform.url}/models`, {
    headers: { Authorization: `Bearer ${platform.apiKey}` },
  });
  expect([headers.get("Retry-After"), headers.get("retry-after-ms")]).toEqual(["1", "50"]);
  expect((await client.withOptions({ maxRetries: 1 }).models.list()).data).toHaveLength(1);
});

describe("a connection that is cut", () => {
  test.each([
    ["cut" as const, 0],
    ["lost" as const, 1],
  ])("%s: %i jobs were created", async (fails, created) => {
    const { client, upload, platform } = await world({ train: () => new Promise(() => {}) });
    const file = await upload();
    platform.order({ method: "POST", path: "/fine_tuning/jobs", fails });
    const request = client.fineTuning.jobs.create(sent(jobRequest(file.id, file.id)));
    await expect(request).rejects.toThrow(OpenAI.APIConnectionError);
    expect((await client.fineTuning.jobs.list()).data).toHaveLength(created);
  });

  test("a stream that is lost is an error as well", async () => {
    const { client, platform } = await world();
    platform.order({ path: "/responses", fails: "lost" });
    const asked = client.responses.create({ model: "stand-in", input: "hello", stream: true });
    await expect(asked.then((stream) => Array.fromAsync(stream))).rejects.toThrow(Error);
  });
});

test("a slow answer comes in the end", async () => {
  const { client, platform } = await world();
  platform.order({ path: "/models", fails: { slow_ms: 300 } });
  const impatient = client.withOptions({ timeout: 50 });
  await expect(impatient.models.list()).rejects.toThrow(OpenAI.APIConnectionTimeoutError);
  platform.order({ path: "/models", fails: { slow_ms: 300 } });
  expect((await client.models.list()).data).toHaveLength(1);
});

test("trouble is ordered over HTTP too, with the key", async () => {
  const { client, platform } = await world();
  const url = new URL("/orders", platform.url);
  const headers = { Authorization: `Bearer ${platform.apiKey}`, "Content-Type": "application/json" };
  const ask = async (method: string, order?: object) => {
    const response = await fetch(url, { method, headers, ...(order && { body: JSON.stringify(order) }) });
    return { status: response.status, json: await response.json() };
  };
  const order = { path: "/fine_tuning/jobs/*/events", times: 2, fails: { status: 500 } };
  expect(await ask("POST", order)).toEqual({ status: 200, json: { orders: [order] } });
  expect(await refusalOf(client.fineTuning.jobs.listEvents("any"))).toMatchObject({ status: 500 });
  expect(await ask("GET")).toEqual({ status: 200, json: { orders: [{ ...order, times: 1 }] } });
  expect(await ask("DELETE")).toEqual({ status: 200, json: { orders: [] } });
  expect(await ask("POST", { ...order, fails: { status: 200 } })).toMatchObject({ status: 400 });
  expect((await fetch(url)).status).toBe(401);
});

test("shares are drawn from the seed", () => {
  const draws = (seed: string) => {
    const trouble = new Trouble({ "429": 0.05, "500": 0.02, slow: 0.1, lost: 0.03 }, seededRandom(seed));
    return Array.from({ length: 10_000 }, () => JSON.stringify(trouble.next("GET", "/models") ?? null));
  };
  const drawn = draws("1");
  expect(draws("1")).toEqual(drawn);
  expect(draws("2")).not.toEqual(drawn);
  const counts = Object.groupBy(drawn, (failing) => failing);
  const share = (failing: unknown) => (counts[JSON.stringify(failing)]?.length ?? 0) / drawn.length;
  expect(share({ status: 429 })).toBeCloseTo(0.05, 2);
  expect(share({ status: 500 })).toBeCloseTo(0.02, 2);
  expect(share({ slow_ms: 2_000 })).toBeCloseTo(0.1, 1);
  expect(share("lost")).toBeCloseTo(0.03, 2);
  expect(share(null)).toBeCloseTo(0.8, 1);
});

test("a platform in trouble is served by the package's retries", async () => {
  const { client } = await world({ trouble: { "429": 0.2, "500": 0.1, lost: 0.1 } });
  const patient = client.withOptions({ maxRetries: 8 });
  const answers = await Promise.all(Array.from({ length: 20 }, () => patient.models.list()));
  expect(answers.every(({ data }) => data[0]?.id === "stand-in")).toBe(true);
}, 30_000);

import OpenAI from "openai";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openAiEmbedder } from "../../src/corpus/embedders/openai.ts";
import { reports, serveCorpus, textOf } from "./corpus.ts";
import { embeddedTexts, openAiBindings, openAiName, orderFailures } from "./openai.ts";
import { errorOf, outputOf, request, restartWorker, scoreOf, takeLog, TestRollout } from "./world.ts";

const PAGE = "AAL/2010/page_72.pdf";

beforeAll(async () => {
  const client = new OpenAI({
    apiKey: openAiBindings.OPENAI_API_KEY ?? "",
    baseURL: openAiBindings.OPENAI_BASE_URL ?? null,
  });
  const embedder = openAiEmbedder(client, "openai", openAiName.model, openAiName.dimensions);
  await serveCorpus(reports, embedder);
}, 60_000);
beforeEach(async () => {
  await orderFailures();
  await restartWorker(openAiBindings);
  takeLog();
});

describe("an index that embeds by a service", () => {
  test("is searched with queries that the service embeds, each once", async () => {
    const search = () => outputOf(new TestRollout().call("search", { query: "aircraft fuel expense", top_k: 1 }));
    const outputs = await Promise.all(Array.from({ length: 10 }, search));
    expect(new Set(outputs)).toEqual(new Set([await search()]));
    expect(outputs[0]).toContain(`1. ${PAGE}\n`);
    expect(await embeddedTexts()).toBe(1);
  });

  test("is searched all the same when the service fails for a moment", async () => {
    await orderFailures(429, 500);
    expect(await outputOf(new TestRollout().call("search", { query: "fuel" }))).toContain(PAGE);
  });

  test("is at fault while the service stays down: no empty result, no score; the same call heals it", async () => {
    const rollout = new TestRollout();
    const search = () => rollout.call("search", { query: "the secret fuel" }, { call_id: "call_1" });
    await orderFailures(500, 500, 500);
    const response = await search();
    expect(response.headers.get("Retry-After")).toBe("1");
    expect(await errorOf(response)).toMatchObject({ status: 503, code: "fault" });
    const log = takeLog();
    expect(log).toMatchObject([{ outcome: "fault", fault: { boundary: "embedder" } }]);
    expect(JSON.stringify(log)).not.toMatch(/secret|sk-/);
    expect((await rollout.ledger()).calls).toMatchObject([
      { outcome: "fault", fault_boundary: "embedder", output: "" },
    ]);
    expect(await errorOf(rollout.grade("56"))).toMatchObject({ status: 503 });

    expect(await outputOf(search())).toContain(PAGE);
    expect((await rollout.ledger()).calls).toMatchObject([{ outcome: "ok", faults: 1 }]);
    expect(await scoreOf(rollout.grade("56"))).toBe(1);
  });

  test("is listed and read without the service", async () => {
    await orderFailures(500, 500, 500);
    const rollout = new TestRollout();
    expect(await outputOf(rollout.call("list", { path: "AAL" }))).toBe("2010/\n2011/");
    expect(await outputOf(rollout.call("cat", { path: PAGE }))).toBe(textOf(PAGE));
    expect((await request("/healthz")).status).toBe(200);
  });

  test("is at fault where the service's key is not set", async () => {
    await restartWorker({ ...openAiBindings, OPENAI_API_KEY: "" });
    expect(await errorOf(new TestRollout().call("search", { query: "fuel" }))).toMatchObject({ status: 503 });
    expect(takeLog()).toMatchObject([{ fault: { boundary: "configuration" } }]);
  });
});

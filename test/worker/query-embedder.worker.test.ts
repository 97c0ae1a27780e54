import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { limits } from "../../src/contract/limits.ts";
import type { EmbedderName } from "../../src/contract/manifest.ts";
import type { Bindings } from "../../src/worker/bindings.ts";
import { type EmbedQuery, queryEmbedder } from "../../src/worker/query-embedder.ts";
import { embeddedTexts, openAiBindings, openAiName, orderFailures } from "./openai.ts";

function embedderOf(name: EmbedderName, bindings: Bindings): EmbedQuery {
  const embed = queryEmbedder(name, bindings);
  if (embed === undefined) throw new Error("this embedder needs no service");
  return embed;
}

/** Loading the package takes seconds where it is not bundled. */
beforeAll(async () => void (await import("openai")), 60_000);
beforeEach(() => orderFailures());

test("an index that embeds without a service has no query embedder", () => {
  expect(queryEmbedder({ kind: "embedded", model: "words", dimensions: 100 }, env)).toBeUndefined();
});

describe("with OpenAI", () => {
  test("a query has one vector of the index's dimensions", async () => {
    const embed = embedderOf(openAiName, openAiBindings);
    const [vector, same, other] = await Promise.all(["fuel expense", "expense fuel", "pension"].map(embed));
    expect(vector).toBeInstanceOf(Float32Array);
    expect(vector).toHaveLength(64);
    expect(same).toEqual(vector);
    expect(other).not.toEqual(vector);
  });

  test("a query is embedded once, however many ask for it, at once or later", async () => {
    const embed = embedderOf(openAiName, openAiBindings);
    await Promise.all(Array.from({ length: 20 }, () => embed("fuel")));
    await embed("fuel");
    expect(await embeddedTexts()).toBe(1);
  });

  test("the queries used last are kept, and no more than the limit", { timeout: 60_000 }, async () => {
    const embed = embedderOf(openAiName, openAiBindings);
    await embed("first");
    for (let at = 0; at < limits.queryVectorsKept; at += 100) {
      await Promise.all(Array.from({ length: 100 }, (_, more) => embed(`query ${at + more}`)));
    }
    await embed(`query ${limits.queryVectorsKept - 1}`);
    expect(await embeddedTexts()).toBe(limits.queryVectorsKept + 1);
    await embed("first");
    expect(await embeddedTexts()).toBe(limits.queryVectorsKept + 2);
  });

  test.each<[string, (number | "cut")[]]>([
    ["too many requests", [429]],
    ["a server's error, twice", [500, 503]],
    ["a connection that is cut", ["cut"]],
  ])("%s is survived", async (_, failures) => {
    const embed = embedderOf(openAiName, openAiBindings);
    await orderFailures(...failures);
    expect(await embed("fuel")).toHaveLength(64);
  });

  test.each<[string, (number | "cut")[]]>([
    ["stays down", [500, 500, 500]],
    ["stays overloaded", [429, 429, 429]],
    ["refuses the request", [400]],
  ])("a service that %s is a fault, which is not kept", async (_, failures) => {
    const embed = embedderOf(openAiName, openAiBindings);
    await orderFailures(...failures);
    const failed = Promise.allSettled([embed("the secret query"), embed("the secret query")]);
    for (const outcome of await failed) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { name: "Fault", boundary: "embedder" } });
      expect(outcome).toHaveProperty("reason.message", expect.not.stringMatching(/secret|sk-/));
    }
    expect(await embed("the secret query")).toHaveLength(64);
  });

  test.each<[string, Bindings, EmbedderName, string]>([
    ["no key", { ...openAiBindings, OPENAI_API_KEY: "" }, openAiName, "configuration"],
    ["a wrong key", { ...openAiBindings, OPENAI_API_KEY: "sk-wrong" }, openAiName, "embedder"],
    ["another model's dimensions", openAiBindings, { ...openAiName, dimensions: 63 }, "embedder"],
  ])("%s is a fault", async (_, bindings, name, boundary) => {
    await expect(embedderOf(name, bindings)("fuel")).rejects.toMatchObject({ name: "Fault", boundary });
  });
});

describe("with Workers AI", () => {
  const name: EmbedderName = { kind: "workers-ai", model: "@cf/baai/bge-small-en-v1.5", dimensions: 3 };
  /** Cloudflare's service as its binding answers, which no local runtime has; each answer is given once. */
  function serviceOf(...answers: unknown[]): Bindings {
    const run = async (_model: string, { text }: { text: string[] }) => {
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return answer ?? { shape: [text.length, 3], data: text.map(({ length }) => [length, 1, 0]) };
    };
    return { ...env, AI: { run } };
  }
  const down = new Error("3040: Capacity temporarily exceeded for the secret query");

  test("a query has one vector", async () => {
    expect(await embedderOf(name, serviceOf())("fuel")).toEqual(Float32Array.from([4, 1, 0]));
  });

  test("a service that is down for a while is asked again", async () => {
    expect(await embedderOf(name, serviceOf(down, down))("fuel")).toHaveLength(3);
  });

  test("a service that stays down is a fault, which is not kept", async () => {
    const embed = embedderOf(name, serviceOf(down, down, down));
    await expect(embed("fuel")).rejects.toMatchObject({ name: "Fault", boundary: "embedder" });
    expect(await embed("fuel")).toHaveLength(3);
  });

  test.each([{ data: [[1, 2]] }, { data: [] }, { data: "x" }, {}, "text"])(
    "the answer %j is a fault",
    async (answer) => {
      await expect(embedderOf(name, serviceOf(answer))("fuel")).rejects.toMatchObject({ boundary: "embedder" });
    },
  );

  test("a deployment without the binding is a fault", async () => {
    await expect(embedderOf(name, env)("fuel")).rejects.toMatchObject({ boundary: "configuration" });
  });
});

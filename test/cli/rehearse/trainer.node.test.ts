import { afterEach, describe, expect, test } from "vitest";
import { type ChaosKind, RolloutChaos } from "../../../src/cli/rehearse/chaos.ts";
import { digest } from "../../../src/cli/rehearse/observations.ts";
import { Trainer } from "../../../src/cli/rehearse/trainer.ts";
import { Wire } from "../../../src/cli/rollouts/wire.ts";
import { limits } from "../../../src/contract/limits.ts";
import { finqa } from "../../../src/environments/finqa/index.ts";
import { answering, type Handler, type Seen, TestServer } from "../rollouts/server.ts";

const ending: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0)) await end();
});

/** A trainer whose every request meets all of `kinds`. */
async function world(handle?: Handler, ...kinds: ChaosKind[]) {
  const server = await TestServer.start(handle);
  const { signal, abort } = abortable();
  const wire = new Wire(server.url, { concurrency: 20, timeout: 20_000, signal });
  ending.push(
    () => wire.close(),
    () => server.close(),
  );
  const now = () => performance.now();
  const trainer = new Trainer({ wire, token: "the-token", environment: finqa, run: "run-1", now, signal });
  const made: ChaosKind[] = [];
  const chaos = new RolloutChaos({ chaos: new Set(kinds), chaosRate: 1, seed: "1" }, 0, (kind) => made.push(kind));
  const trouble = { chaos, place: "call_1", wrongToken: kinds.includes("wrong_token") };
  return {
    server,
    made,
    abort,
    call: (tool = "list") => trainer.call(tool, body, trouble),
    grade: () => trainer.grade(sample, trouble),
  };
}

function abortable() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

const body = { id: "fc_1", call_id: "call_1", trace_id: "trace_1", arguments: "{}" };
const sample = { sample: { output_text: "7" }, item: {}, trace_id: "trace_1" };
const replyText = (said: object = {}) =>
  JSON.stringify({ type: "function_call_output", id: "fc_1", call_id: "call_1", output: "out", ...said });
const reply = answering(200, replyText());

/** Answers with one status after the other, and the last again and again. A retry is asked for at once. */
function statuses(...listed: number[]): Handler {
  return (_, response) => {
    const status = (listed.length > 1 ? listed.shift() : listed[0]) ?? 200;
    response.writeHead(status, { "Retry-After": "0" }).end(status === 200 ? replyText() : "an error");
  };
}
const statusesOf = ({ deliveries }: { deliveries: readonly { status: number | "none" }[] }) =>
  deliveries.map(({ status }) => status);

describe("a request", () => {
  test("goes to its tool's URL, with the token and the run, as JSON", async () => {
    const { server, call } = await world(reply);
    const { answer, deliveries } = await call("search");
    expect(server.seen).toMatchObject([{ method: "POST", path: "/finqa/tools/search", body: JSON.stringify(body) }]);
    expect(server.seen[0]?.headers).toMatchObject({
      authorization: "Bearer the-token",
      "content-type": "application/json",
      "x-run": "run-1",
    });
    expect(answer).toMatchObject({ status: 200, text: replyText() });
    expect(deliveries).toMatchObject([{ status: 200, expected: "reply", abandoned: false, wellFormed: true }]);
    expect(deliveries[0]?.answered).toBe(digest("out"));
  });

  test("of a name that is no tool goes to the common URL, where it is a mistake of the model", async () => {
    const { server, call } = await world(reply);
    await call("functions.search/../x");
    expect(server.seen.map(({ path }) => path)).toEqual(["/finqa/tools"]);
  });

  test("for a score goes to the grader", async () => {
    const { server, grade } = await world(answering(200, '{"score":0.5}'));
    expect((await grade()).deliveries).toMatchObject([{ status: 200, score: 0.5 }]);
    expect(server.seen.map(({ path }) => path)).toEqual(["/finqa/grade"]);
  });

  test("is dated when it is sent", async () => {
    const { call } = await world(reply);
    const before = performance.now();
    const [delivery] = (await call()).deliveries;
    expect(delivery?.at).toBeGreaterThanOrEqual(before);
    expect((delivery?.at ?? 0) + (delivery?.milliseconds ?? 0)).toBeLessThanOrEqual(performance.now());
  });
});

describe("what is no whole reply is told from one", () => {
  test.each([
    ["a page", "<html>Welcome</html>"],
    ["nothing", ""],
    ["a reply without its output", JSON.stringify({ type: "function_call_output", id: "fc_1", call_id: "call_1" })],
    ["a reply with another call's id", replyText({ call_id: "call_2" })],
    ["a reply with another id", replyText({ id: "fc_2" })],
  ])("%s", async (_, text) => {
    const { call } = await world(answering(200, text));
    expect((await call()).deliveries).toMatchObject([{ status: 200, wellFormed: false }]);
  });

  test.each(["<html></html>", "{}", '{"score":"1"}', '{"score":null}'])(
    "a grading that is answered %s has no score",
    async (text) => {
      const { grade } = await world(answering(200, text));
      const [delivery] = (await grade()).deliveries;
      expect(delivery).toMatchObject({ status: 200 });
      expect(delivery).not.toHaveProperty("score");
    },
  );
});

describe("retries", () => {
  test("of a 5xx are three, then it is given up", async () => {
    const { server, call } = await world(statuses(503));
    const delivered = await call();
    expect(statusesOf(delivered)).toEqual([503, 503, 503, 503]);
    expect(delivered.answer).toBeUndefined();
    expect(new Set(server.seen.map((seen) => seen.body)).size).toBe(1);
  });

  test("end with the first answer", async () => {
    const { call } = await world(statuses(500, 502, 503, 200));
    const delivered = await call();
    expect(statusesOf(delivered)).toEqual([500, 502, 503, 200]);
    expect(delivered.answer?.status).toBe(200);
  });

  test.each([400, 401, 404, 409, 429, 302])("there are none of a %d, which the model is shown", async (status) => {
    const { call } = await world(statuses(status, 200));
    const delivered = await call();
    expect(statusesOf(delivered)).toEqual([status]);
    expect(delivered.answer).toMatchObject({ status, text: "an error" });
  });

  test("are made of no answer as well", async () => {
    let came = 0;
    const { call } = await world((_, response) => void (++came === 1 ? response.destroy() : response.end(replyText())));
    expect(statusesOf(await call())).toEqual(["none", 200]);
  });

  test("of a grading are as those of a call", async () => {
    const { grade } = await world(statuses(503));
    expect(statusesOf(await grade())).toEqual([503, 503, 503, 503]);
  });

  test("come no sooner than Retry-After says", async () => {
    const handle: Handler = (seen, response) => {
      const isFirst = !seen.headers["x-seen"] && server.seen.length === 1;
      response.writeHead(isFirst ? 503 : 200, { "Retry-After": "1" }).end(replyText());
    };
    const { server, call } = await world((seen, response) => handle(seen, response));
    await call();
    const [first, second] = server.seen;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(990);
  });
});

/** What is different about each request that came, in one word or two. */
function wordFor({ headers, body: text, cut }: Seen): string {
  if (headers.authorization !== "Bearer the-token") return `token ${headers.authorization}`;
  if (cut) return "cut";
  if (Buffer.byteLength(text) > limits.bodyBytes) return "too large";
  try {
    JSON.parse(text);
    return "whole";
  } catch {
    return "no JSON";
  }
}

describe("trouble", () => {
  test.each<[ChaosKind, string[]]>([
    ["delay", ["whole"]],
    ["wrong_token", ["token Bearer wrong-token", "whole"]],
    ["malformed", ["no JSON", "whole"]],
    ["oversized", ["too large", "whole"]],
    ["cut_body", ["cut", "whole"]],
    ["lost_answer", ["whole", "whole"]],
    ["duplicate", ["whole", "whole"]],
    ["duplicate_concurrent", ["whole", "whole", "whole"]],
  ])("%s", async (kind, words) => {
    for (const request of ["call", "grade"] as const) {
      const { server, made, ...trainer } = await world(reply, kind);
      const { deliveries, answer } = await trainer[request]();
      await server.until((seen) => seen.every(({ body: text, cut }) => cut || text !== ""));
      expect(server.seen.map(wordFor)).toEqual(words);
      expect(deliveries).toHaveLength(words.length);
      expect(answer?.status).toBe(200);
      // A wrong token is made for a whole turn, not by a request.
      expect(made).toEqual(kind === "wrong_token" ? [] : [kind]);
    }
  });

  test("is said with what a service has to answer to it", async () => {
    const { call } = await world(reply, "wrong_token", "malformed", "oversized", "cut_body", "lost_answer");
    expect((await call()).deliveries.map(({ expected, abandoned }) => [expected, abandoned])).toEqual([
      [401, false],
      [400, false],
      [413, false],
      ["reply", true],
      ["reply", true],
      ["reply", false],
    ]);
  });

  test("with a body over the limit has the same JSON in it", async () => {
    const { server, call } = await world(reply, "oversized");
    await call();
    expect(server.seen.map((seen) => JSON.parse(seen.body))).toEqual([body, body]);
  });

  test("of three at once has them under way together", async () => {
    const waiting: (() => void)[] = [];
    const { call } = await world((_, response) => {
      waiting.push(() => response.end(replyText()));
      // None is answered before the third has come: one after the other would wait for ever.
      if (waiting.length === 3) for (const answer of waiting) answer();
    }, "duplicate_concurrent");
    expect(statusesOf(await call())).toEqual([200, 200, 200]);
  });

  test("of a request that comes again is made after its answer, and only if there was one", async () => {
    const answered = await world(statuses(503, 200), "duplicate");
    expect(statusesOf(await answered.call())).toEqual([503, 200, 200]);
    const failed = await world(statuses(503), "duplicate");
    expect(statusesOf(await failed.call())).toEqual([503, 503, 503, 503]);
    expect(failed.made).toEqual([]);
  });

  test("is not tried again: only the request that is meant is", async () => {
    const { call } = await world(statuses(503, 503, 503, 200), "malformed", "oversized");
    expect((await call()).deliveries.map(({ status, expected }) => [status, expected])).toEqual([
      [503, 400],
      [503, 413],
      [503, "reply"],
      [200, "reply"],
    ]);
  });

  test("that is all of it at once still ends in the answer", async () => {
    const { made, call } = await world(
      reply,
      ...([
        "delay",
        "wrong_token",
        "malformed",
        "oversized",
        "cut_body",
        "lost_answer",
        "duplicate_concurrent",
        "duplicate",
      ] as const),
    );
    const { answer, deliveries } = await call();
    expect(answer?.status).toBe(200);
    expect(deliveries).toHaveLength(9);
    expect(made).toHaveLength(7);
  });
});

describe("an end of all", () => {
  test("while a request is under way: nothing is sent after it, and its missing answer is no trouble", async () => {
    const { server, call, abort } = await world(undefined, "wrong_token", "malformed", "duplicate_concurrent");
    const called = call();
    await server.until((seen) => seen.length === 1);
    abort();
    const { answer, deliveries } = await called;
    expect(answer).toBeUndefined();
    expect(new Set(deliveries.map(({ status, abandoned }) => `${status} ${abandoned}`))).toEqual(
      new Set(["none true"]),
    );
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(server.seen).toHaveLength(1);
  });

  test("while a retry waits ends the waiting", async () => {
    const { server, call, abort } = await world(answering(503, "", { "Retry-After": "3600" }));
    const called = call();
    await server.until((seen) => seen.length === 1);
    abort();
    expect((await called).answer).toBeUndefined();
    expect(server.seen).toHaveLength(1);
  });
});

/** What a person does with a worker on their machine: paste the calls it prints, stop it, start it again, and have it crash. */
import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { createServer } from "node:net";
import { promisify } from "node:util";
import { afterAll, afterEach, describe, expect, inject, test } from "vitest";
import { Client, newTraceId, replyOf, scoreOf } from "./deployment.ts";
import { LocalWorker, localTokens, root, storageFolder } from "./local-worker.ts";

const run = promisify(execFile);

describe.skipIf(!inject("deployment").local)("npm start", { timeout: 300_000 }, () => {
  const folder = storageFolder("start");
  const running: LocalWorker[] = [];

  afterEach(async () => {
    await Promise.all(running.splice(0).map((worker) => worker.kill()));
  });
  afterAll(async () => rm(await folder, { recursive: true, force: true }));

  async function started(): Promise<{ worker: LocalWorker; client: Client }> {
    const worker = await LocalWorker.start(await folder);
    running.push(worker);
    return { worker, client: new Client({ url: worker.url, ...(await localTokens()), local: true }) };
  }

  test("prints URLs, the tokens' place, and calls of each environment that work when pasted", async () => {
    const { worker, client } = await started();
    for (const name of ["finqa", "code-planning"]) expect(worker.printed).toContain(`${worker.url}/${name}/grade`);
    expect(worker.printed).toContain(".dev.vars");
    expect(worker.printed).not.toContain(client.deployment.trainer);
    const lines = worker.printed.split("\n").filter((line) => line.startsWith("curl "));
    expect(lines).toHaveLength(6);
    const [search = "", cat = "", grade = "", shell = "", read = "", planned = ""] = await inTurn(
      lines,
      async (line) => {
        const { stdout } = await run("sh", ["-c", line], { cwd: root });
        return stdout;
      },
    );
    expect(JSON.parse(search).output).toMatch(/^1\. \S+/);
    expect(JSON.parse(cat).output.length).toBeGreaterThan(200);
    expect(JSON.parse(shell).output).toContain("src/levels.ts");
    expect(JSON.parse(read).output).toContain("export const levels");
    expect([grade, planned].map((answer) => JSON.parse(answer))).toStrictEqual([{ score: 1 }, { score: 1 }]);
    const traceIds = [...worker.printed.matchAll(/rollouts\/(\S+)/g)].map(([, traceId = ""]) => traceId);
    const ledgers = await Promise.all(traceIds.map((traceId) => client.ledger(traceId)));
    const recorded = ledgers.map(({ calls, grades }) => [...calls.map(({ tool }) => tool), grades[0]?.score]);
    expect(recorded).toEqual([
      ["search", "cat", 1],
      ["shell", "read_file", 1],
    ]);
  });

  test("ends with Ctrl-C, leaves its port free, and has its ledgers when it is started again", async () => {
    const first = await started();
    const trace_id = newTraceId();
    const call = { trace_id, call_id: "call_1", arguments: '{"query":"operating expenses"}' };
    const reply = replyOf(await first.client.call("search", call));
    scoreOf(await first.client.grade("56", "56", trace_id));
    const ledger = await first.client.ledger(trace_id);

    // 130 is what a shell shows of a program that Ctrl-C has ended.
    expect(await first.worker.interrupt()).toEqual({ code: 130, signal: null });
    expect(first.worker.printed).not.toMatch(/^\s+at /m);
    await listenOnce(Number(new URL(first.worker.url).port));

    const second = await started();
    expect(await second.client.ledger(trace_id)).toEqual(ledger);
    expect(replyOf(await second.client.call("search", call))).toEqual(reply);
    expect((await second.client.ledger(trace_id)).calls).toHaveLength(1);
  });

  test("killed in the middle of rollouts and started again, it has lost nothing that it answered", async () => {
    const first = await started();
    const rollouts = Array.from({ length: 20 }, newTraceId);
    const answered = new Map<string, string>();
    await Promise.all(
      rollouts.map((trace_id) =>
        inTurn(callsOf(trace_id), async (call) => {
          const answer = await first.client.call("search", call).catch(() => undefined);
          if (answer?.status === 200) answered.set(`${trace_id} ${call.call_id}`, replyOf(answer).output);
          if (answered.size === 60) await first.worker.kill();
        }),
      ),
    );
    expect(answered.size).toBeGreaterThanOrEqual(60);
    expect(answered.size).toBeLessThan(200);

    const { client } = await started();
    for (const trace_id of rollouts) {
      // The trainer retries all that it has no answer to; what it had before is as it was.
      const replies = await inTurn(callsOf(trace_id), async (call) => replyOf(await client.call("search", call)));
      const before = callsOf(trace_id).map(
        ({ call_id }, n) => answered.get(`${trace_id} ${call_id}`) ?? replies[n]?.output,
      );
      expect(replies.map(({ output }) => output)).toEqual(before);
      const { calls } = await client.ledger(trace_id);
      expect(calls).toMatchObject(replies.map(({ call_id, output }) => ({ call_id, output, outcome: "ok" })));
    }
  });
});

const callsOf = (trace_id: string) =>
  Array.from({ length: 10 }, (_, n) => ({
    trace_id,
    call_id: `call_${n}`,
    arguments: JSON.stringify({ query: `debt of ${2010 + n}`, top_k: 1 }),
  }));

async function inTurn<In, Out>(values: readonly In[], step: (value: In) => Promise<Out>): Promise<Out[]> {
  const results: Out[] = [];
  for (const value of values) results.push(await step(value));
  return results;
}

/** @throws Error when something listens on the port */
function listenOnce(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(port, "127.0.0.1", () => server.close(() => resolve()));
  });
}

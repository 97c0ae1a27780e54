/** What a rehearsal makes of servers that are none of ours, of agents that fail, and of being ended. */
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Agent } from "../../../src/cli/agents/agent.ts";
import { Progress } from "../../../src/cli/progress.ts";
import { chaosNames } from "../../../src/cli/rehearse/chaos.ts";
import { rehearse, type Rehearsing } from "../../../src/cli/rehearse/rehearse.ts";
import { UserError } from "../../../src/cli/user-error.ts";
import type { Rehearsal } from "../../../src/contract/rehearsal.ts";
import { rehearsing } from "./oracle.ts";
import { answering, type Handler, TestServer } from "../rollouts/server.ts";

const ending: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0)) await end();
});

async function world(handle?: Handler) {
  const server = await TestServer.start(handle);
  ending.push(() => server.close());
  return {
    server,
    rehearse: (said: Partial<Rehearsing> = {}) => rehearse(rehearsing(server.url, { rollouts: 4, ...said })),
  };
}

const broken = ({ checks }: Rehearsal) => checks.filter(({ violations }) => violations > 0).map(({ name }) => name);

describe("a server that is no such service", () => {
  test("answers everything with a page: every promise that says so is broken, and nothing else happens", async () => {
    const { rehearse: run } = await world(answering(200, "<html>Welcome</html>"));
    const found = await run();
    expect(broken(found)).toEqual(["whole_reply", "score", "readable", "discarded"]);
    expect(found.rollouts).toEqual({ planned: 4, graded: 0, discarded: 4, unfinished: 0 });
    expect(found.scores).toEqual({});
  });

  test("knows no page", async () => {
    const { rehearse: run } = await world(answering(404, "not here"));
    const found = await run();
    expect(broken(found)).toEqual(["fault_as_4xx", "discarded"]);
    expect(Object.keys(found.statuses)).toEqual(["404"]);
  });

  test("answers gradings with something else than a score", async () => {
    const { rehearse: run } = await world((seen, response) => {
      if (seen.method === "GET") return void response.writeHead(404).end();
      if (seen.path.endsWith("/grade")) return void response.end('{"reward":1}');
      const { id, call_id } = JSON.parse(seen.body);
      response.end(JSON.stringify({ type: "function_call_output", id, call_id, output: "nothing" }));
    });
    const found = await run();
    expect(broken(found)).toEqual(["lost", "score", "discarded"]);
    expect(found.rollouts.graded).toBe(0);
  });

  test("shows no content of it in what is found", async () => {
    const { rehearse: run } = await world(answering(200, "SECRET-OUTPUT"));
    const found = JSON.stringify(await run({ chaos: new Set(chaosNames), chaosRate: 0.3 }));
    expect(found).not.toMatch(/SECRET-OUTPUT|Bearer|trainer"|question|reference/);
  });

  test("refuses every connection: all rollouts are discarded, no ledger can be read", { timeout: 30_000 }, async () => {
    const server = await TestServer.start();
    await server.close();
    const found = await rehearse(
      rehearsing(server.url, { rollouts: 2, chaos: new Set(["grade_after_fault"]), chaosRate: 1 }),
    );
    expect(broken(found)).toEqual(["readable", "discarded"]);
    expect(Object.keys(found.statuses)).toEqual(["no answer"]);
    expect(found.chaos).toEqual({ grade_after_fault: 2 });
  });
});

describe("a call under a used id", () => {
  interface Sent {
    call_id: string;
    arguments: string;
    /** Whether another call was still without its answer. */
    early: boolean;
  }
  interface Claimed {
    id: string;
    function: { arguments: string };
  }

  /** What one rollout's calls were, and what its sample says of them. */
  async function played(chaos: Rehearsing["chaos"], said: Partial<Rehearsing> = {}) {
    const [sent, claimed]: [Sent[], Claimed[]] = [[], []];
    let waiting = 0;
    const { rehearse: run } = await world((seen, response) => {
      if (seen.method === "GET") return void response.writeHead(404).end();
      const body = JSON.parse(seen.body);
      if (seen.path.endsWith("/grade")) {
        claimed.splice(0, Infinity, ...body.sample.output_tools);
        return void response.end('{"score":0}');
      }
      const { id, call_id, arguments: args } = body;
      sent.push({ call_id, arguments: args, early: waiting > 0 });
      waiting++;
      setTimeout(() => {
        waiting--;
        response.end(JSON.stringify({ type: "function_call_output", id, call_id, output: "nothing" }));
      }, 5);
    });
    const found = await run({ rollouts: 1, chaos, chaosRate: 1, ...said });
    const again = sent.filter(({ call_id }, at) => sent.findIndex((call) => call.call_id === call_id) < at);
    return { sent, claimed, again, found };
  }

  test("comes once after each turn, when all of it was answered, with other arguments that carry the canary", async () => {
    const { sent, again, found } = await played(new Set(["reused_id"]));
    expect(again.length).toBeGreaterThan(1);
    expect(found.chaos).toEqual({ reused_id: again.length });
    expect(new Set(again.map(({ call_id }) => call_id)).size).toBe(again.length);
    for (const call of again) {
      expect(call.early).toBe(false);
      expect(call.arguments).toMatch(/canary-[0-9a-f]{16}/);
      expect(sent.filter((other) => other.arguments === call.arguments)).toEqual([call]);
    }
  });

  test("is claimed as it was sent", async () => {
    const { sent, claimed } = await played(new Set(["reused_id"]));
    const made = sent.map(({ call_id, arguments: args }) => `${call_id} ${args}`);
    expect(claimed.map((claim) => `${claim.id} ${claim.function.arguments}`).toSorted()).toEqual(made.toSorted());
  });

  test("is not made where nothing of the turn was answered, since no id is used then", async () => {
    const { rehearse: run } = await world(answering(413, "too large"));
    expect((await run({ chaos: new Set(["reused_id"]), chaosRate: 1 })).chaos).toEqual({});
  });

  test("is one of those that spend the budget", async () => {
    // The first rollout of this seed makes eleven calls, and is done when it has.
    const { found: plain } = await played(new Set(), { seed: "8" });
    const { found } = await played(new Set(["reused_id"]), { seed: "8" });
    expect(plain.calls.decided).toBe(11);
    expect([11, 12]).toContain(found.calls.decided);
  });
});

describe("few rollouts, or none", () => {
  test.each([
    { rollouts: 0, steps: 3, copies: 8 },
    { rollouts: 1, steps: 3, copies: 8 },
  ])("%o", async (said) => {
    const { rehearse: run } = await world(answering(404));
    const found = await run(said);
    expect(found.rollouts).toMatchObject({ planned: said.rollouts, unfinished: 0 });
    expect(found.steps).toHaveLength(said.rollouts);
    expect(found.checks.map(({ name }) => name)).toContain("lost");
  });
});

const failing = (fail: () => never): Agent => ({ name: "failing", begin: () => ({ next: async () => fail() }) });

describe("an agent", () => {
  test.each<[string, Agent]>([
    [
      "that fails",
      failing(() => {
        throw new Error("no model");
      }),
    ],
    [
      "that throws at once",
      {
        name: "throwing",
        begin: () => ({
          next: () => {
            throw new Error("no model");
          },
        }),
      },
    ],
    [
      "that cannot begin",
      {
        name: "unable",
        begin: () => {
          throw new Error("no model");
        },
      },
    ],
  ])("%s gives its rollout up, and that is no fault of the service", async (_, agent) => {
    const { server, rehearse: run } = await world(answering(404));
    const progress = new Progress();
    const said = vi.spyOn(progress, "say").mockReturnValue(undefined);
    const found = await run({ agent, progress });
    expect(found.rollouts).toEqual({ planned: 4, graded: 0, discarded: 0, unfinished: 4 });
    expect(broken(found)).toEqual([]);
    expect(said.mock.calls).toEqual([["4 x the agent failed: no model"]]);
    expect(server.seen.filter(({ method }) => method === "POST")).toEqual([]);
  });

  test("whose trouble every rollout would meet ends the rehearsal with what the user can mend", async () => {
    const { server, rehearse: run } = await world(answering(404));
    const agent = failing(() => {
      throw new UserError("Set the key.");
    });
    await expect(run({ agent })).rejects.toThrow(new UserError("Set the key."));
    expect(server.seen.filter(({ method }) => method === "POST")).toEqual([]);
  });

  test("that never answers is graded with an empty answer, of which no score is expected", async () => {
    const answers: string[] = [];
    const { rehearse: run } = await world((seen, response) => {
      if (seen.method === "GET") return void response.writeHead(404).end();
      if (seen.path.endsWith("/grade")) {
        answers.push(JSON.parse(seen.body).sample.output_text);
        return void response.end('{"score":0}');
      }
      const { id, call_id } = JSON.parse(seen.body);
      response.end(JSON.stringify({ type: "function_call_output", id, call_id, output: "nothing" }));
    });
    const use = { tool: "list", arguments: {} };
    const agent: Agent = {
      name: "restless",
      begin: () => ({ expectedScore: 1, next: async () => ({ kind: "calls", calls: [use] }) }),
    };
    const found = await run({ agent, rollouts: 1 });
    expect(answers).toEqual([""]);
    expect(broken(found)).not.toContain("score");
    expect(found.calls.decided).toBe(51);
  });
});

describe("ended", () => {
  test("before it began, it has sent nothing and broken nothing", async () => {
    const { server, rehearse: run } = await world();
    const found = await run({ signal: AbortSignal.abort() });
    expect(found).toMatchObject({
      interrupted: true,
      rollouts: { planned: 4, graded: 0, discarded: 0, unfinished: 4 },
    });
    expect(broken(found)).toEqual([]);
    expect(server.seen).toEqual([]);
  });

  test("before the first answer, it has broken nothing and sends nothing more for its rollouts", async () => {
    const controller = new AbortController();
    const { server, rehearse: run } = await world((seen, response) => {
      if (seen.method === "GET") response.writeHead(404).end();
    });
    // A cut request ends by itself.
    const chaos = new Set(chaosNames.filter((kind) => kind !== "cut_body"));
    const found = run({ signal: controller.signal, concurrency: 3, chaos, chaosRate: 0.5 });
    await server.until((seen) => seen.filter(({ method }) => method === "POST").length === 3);
    controller.abort();
    expect(await found).toMatchObject({
      interrupted: true,
      rollouts: { planned: 4, graded: 0, discarded: 0, unfinished: 4 },
    });
    expect(broken(await found)).toEqual([]);
    expect((await found).statuses).toEqual({ "abandoned on purpose": expect.any(Number) });
    expect(server.seen.filter(({ method }) => method === "POST")).toHaveLength(3);
  });

  test("while agents think, it does not wait for them", async () => {
    const controller = new AbortController();
    const { rehearse: run } = await world(answering(404));
    const agent: Agent = {
      name: "thinking",
      begin: () => ({
        next: () => {
          setImmediate(() => controller.abort());
          return new Promise(() => {});
        },
      }),
    };
    expect(await run({ agent, signal: controller.signal })).toMatchObject({
      interrupted: true,
      rollouts: { unfinished: 4 },
    });
  });

  test("by itself, when the service answers nothing any more", { timeout: 20_000 }, async () => {
    let answers = 0;
    const { rehearse: run } = await world((seen, response) => {
      if (seen.method === "GET") return void response.writeHead(404).end();
      if (++answers > 10) return;
      const { id, call_id } = JSON.parse(seen.body);
      response.end(JSON.stringify({ type: "function_call_output", id, call_id, output: "x" }));
    });
    const { interrupted, rollouts } = await run({ rollouts: 40, timeout: 600 });
    expect(interrupted).toBe(true);
    expect(rollouts).toEqual({ planned: 40, graded: 0, discarded: 0, unfinished: 40 });
  });

  test("together with its worker, it calls no ledger unreadable", async () => {
    const controller = new AbortController();
    const { server, rehearse: run } = await world(() => controller.abort());
    ending.length = 0;
    const found = run({ signal: controller.signal });
    await new Promise((resolve) => controller.signal.addEventListener("abort", resolve));
    await server.close();
    expect(broken(await found)).toEqual([]);
  }, 30_000);
});

test("two rehearsals that begin in the same moment have ids of their own", async () => {
  const { server, rehearse: run } = await world(answering(404));
  vi.useFakeTimers({ toFake: ["Date"] });
  ending.push(async () => void vi.useRealTimers());
  await Promise.all([run(), run()]);
  const ids = server.seen.map(({ path }) => path).filter((path) => path.startsWith("/rollouts/"));
  expect(new Set(ids).size).toBe(8);
});

/** Deployments that fail as told, agents that act as told, and baselines over both. Test material. */
import { afterEach } from "vitest";
import type { Agent } from "../../../src/cli/agents/agent.ts";
import { planRollouts } from "../../../src/cli/baseline/plan.ts";
import { type Playing, playRollouts } from "../../../src/cli/baseline/rollouts.ts";
import type { RolloutResult } from "../../../src/contract/results.ts";
import { finqa } from "../../../src/environments/finqa/index.ts";
import type { Turn } from "../../../src/environments/rehearsal.ts";
import { type Handler, type Seen, TestServer } from "../rollouts/server.ts";

/** What a test has to end. */
export const ending: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0)) await end();
});

export const item = (name: string) => ({
  name,
  question: "what was revenue?",
  row: { id: name, question: "what was revenue?", reference_answer: "7", evidence_paths: ["A/2012/page_1.pdf"] },
});

/** Plays these turns, then answers. */
export const acting = (...turns: Turn[]): Agent => ({
  name: "acting",
  begin: () => {
    const left = [...turns];
    return { next: async () => left.shift() ?? { kind: "answer", text: "7" } };
  },
});
export const calls = (...tools: string[]): Turn => ({
  kind: "calls",
  calls: tools.map((tool) => ({ tool, arguments: { query: "revenue" } })),
});

/** A deployment that answers calls, scores 0.5 and has a ledger, but for what `handle` answers itself. */
export function answering(
  handle: (seen: Seen, respond: (status: number, body?: string) => void) => boolean = () => false,
): Handler {
  return (seen, response) => {
    const respond = (status: number, body = "") => void response.writeHead(status, { "Retry-After": "0" }).end(body);
    if (handle(seen, respond)) return;
    if (seen.method === "GET") return respond(404);
    if (seen.path.endsWith("/grade")) return respond(200, '{"score":0.5}');
    const { id, call_id } = JSON.parse(seen.body);
    respond(200, JSON.stringify({ type: "function_call_output", id, call_id, output: `output of ${call_id}` }));
  };
}

export async function world(
  handler: Handler = answering(),
  said: Partial<Playing> & { items?: number; attempts?: number } = {},
) {
  const server = await TestServer.start(handler);
  ending.push(() => server.close());
  const { items = 1, attempts = 1, ...playing } = said;
  const kept: RolloutResult[] = [];
  const controller = new AbortController();
  const play = () =>
    playRollouts({
      planned: planRollouts(
        Array.from({ length: items }, (_, at) => item(`item ${at}`)),
        attempts,
      ),
      deployment: { url: server.url, tokens: { TRAINER_TOKEN: "trainer", ADMIN_TOKEN: "admin" } },
      environment: finqa,
      cast: () => acting(calls("search")),
      run: "baseline-1",
      seed: "1",
      concurrency: 4,
      timeout: 10_000,
      keep: async (result) => void kept.push(result),
      signal: controller.signal,
      ...playing,
    });
  return { server, kept, play, abort: () => controller.abort() };
}

/** What is found out before a rehearsal, of a deployment that answers nothing. */
import { expect, onTestFinished, test } from "vitest";
import { requireReady } from "../../../src/cli/rollouts/ready.ts";
import { differencesOf, NO_COUNTS, noteRunCounts } from "../../../src/cli/rehearse/run-counts.ts";
import { Verdict } from "../../../src/cli/rehearse/verdict.ts";
import { UserError } from "../../../src/cli/user-error.ts";
import { finqa } from "../../../src/environments/finqa/index.ts";
import { answering, type Handler, TestServer } from "./server.ts";

async function world(handle?: Handler) {
  const server = await TestServer.start(handle);
  onTestFinished(() => server.close());
  const interrupted = new AbortController();
  const deployment = { url: server.url, tokens: { TRAINER_TOKEN: "trainer", ADMIN_TOKEN: "admin" } };
  return { server, interrupted, deployment };
}

test("Ctrl-C ends the waiting for a deployment that never answers", async () => {
  const { server, interrupted, deployment } = await world();
  const ready = requireReady(deployment, finqa, {}, interrupted.signal);
  await server.until((seen) => seen.length > 0);
  interrupted.abort();
  await expect(ready).rejects.toThrow(new UserError("Ended before the first rollout."));
});

test("Ctrl-C ends the waiting for a run's counts, which are then neither right nor wrong", async () => {
  const { server, interrupted, deployment } = await world(answering(404));
  const verdict = new Verdict();
  const asking = { deployment, run: "run", monitorPatience: 30_000, signal: interrupted.signal };
  const noted = noteRunCounts(verdict, asking, NO_COUNTS, { ...NO_COUNTS, rollouts: 1 });
  await server.until((seen) => seen.length > 1);
  interrupted.abort();
  await noted;
  expect(verdict.checks().at(-1)).toMatchObject({ name: "run_counts", occasions: 0, violations: 0 });
});

test("a run's sum of scores may be off by the millionths that it counts in, and by nothing more", () => {
  const due = { rollouts: 300, graded: 300, score: 200, calls: 900 };
  expect(differencesOf({ ...due, score: 200.0001 }, due)).toEqual([]);
  expect(differencesOf({ ...due, score: 200.001 }, due)).toEqual(["score: 200.001 counted, 200 in the ledgers"]);
  expect(differencesOf({ ...due, calls: 901, graded: 299 }, due)).toHaveLength(2);
});

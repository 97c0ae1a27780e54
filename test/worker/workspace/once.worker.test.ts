import { abortAllDurableObjects, evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { manifestKey } from "../../../src/contract/repository.ts";
import { gone, spoil } from "../bucket.ts";
import { inObject } from "../time.ts";
import { errorOf, outputOf, scoreOf, takeLog } from "../world.ts";
import { BUDGET, files, serveRepository, WorkspaceRollout } from "./world.ts";

beforeAll(() => serveRepository());

const append = "echo more >> log.txt; wc -l < log.txt";
const lines = async (rollout: WorkspaceRollout) => Number((await rollout.shell("cat log.txt | wc -l")).trim());

describe("the same call has one effect and one answer", () => {
  test("delivered twenty times at once", async () => {
    const rollout = new WorkspaceRollout();
    const deliveries = Array.from({ length: 20 }, () => rollout.shell(append, { call_id: "call_same" }));
    expect(new Set(await Promise.all(deliveries))).toEqual(new Set(["1"]));
    expect(takeLog().filter(({ repeated }) => repeated === true)).toHaveLength(19);
    expect(await lines(rollout)).toBe(1);
    expect((await rollout.ledger()).calls_counted).toBe(2);
  });

  test.each<[string, (rollout: WorkspaceRollout) => Promise<void>]>([
    ["evicted", (rollout) => evictDurableObject(rollout.object)],
    ["aborted", () => abortAllDurableObjects()],
  ])("delivered again after its object was %s", async (_, takeAway) => {
    const rollout = new WorkspaceRollout();
    for (let at = 1; at <= 4; at++) {
      const id = { call_id: `call_a${at}` };
      expect(await rollout.shell(append, id)).toBe(String(at));
      await takeAway(rollout);
      expect(await rollout.shell(append, id)).toBe(String(at));
    }
    await takeAway(rollout);
    expect(await lines(rollout)).toBe(4);
  });

  test("delivered while objects are aborted in the middle of calls: its effect is there exactly when its entry is", async () => {
    const rollouts = Array.from({ length: 8 }, () => new WorkspaceRollout());
    const calls = rollouts.flatMap((rollout) =>
      Array.from({ length: 4 }, (_, at) => {
        const command = `for i in 1 2 3 4 5 6 7 8; do grep -rc TODO . > /dev/null; done; echo ${at} >> log.txt`;
        return Promise.all([0, 1].map(() => rollout.call("shell", { command }, { call_id: `call_${at}` })));
      }),
    );
    for (let times = 0; times < 5; times++) await abortAllDurableObjects();
    for (const answers of await Promise.all(calls))
      expect(answers.filter(({ status }) => status !== 200 && status !== 503)).toEqual([]);
    for (const rollout of rollouts) {
      const recorded = (await rollout.ledger()).calls.filter(({ outcome }) => outcome === "ok");
      const written = (await rollout.shell("cat log.txt")).split("\n").filter((line) => /^\d$/.test(line));
      expect(written).toEqual(recorded.map(({ call_id }) => call_id.replace("call_", "")));
    }
  });
});

test("calls made at once are run one after the other, in the order in which they came", async () => {
  const rollout = new WorkspaceRollout();
  // The first one takes longest; each waits for what it reads.
  const outputs = await Promise.all(
    Array.from({ length: 8 }, (_, at) =>
      rollout.shell(
        `for i in $(seq ${(8 - at) * 10}); do cat README.md > /dev/null; done; echo ${at} >> order; cat order`,
      ),
    ),
  );
  expect(outputs).toEqual(outputs.map((_, at) => Array.from({ length: at + 1 }, (_unused, line) => line).join("\n")));
  expect((await rollout.ledger()).calls.map(({ call_id }) => call_id)).toEqual(
    outputs.map((_, at) => `call_${at + 1}`),
  );
});

test("past the budget, and after the grading, nothing is run", async () => {
  const rollout = new WorkspaceRollout();
  const outputs = await Promise.all(Array.from({ length: BUDGET + 5 }, () => rollout.shell("echo x >> log.txt")));
  expect(outputs.filter((output) => output.includes(`budget of ${BUDGET} tool calls is spent`))).toHaveLength(5);
  expect(await contentOf(rollout, "/repo/log.txt")).toBe("x\n".repeat(BUDGET));
  const graded = new WorkspaceRollout();
  await graded.shell("echo x > log.txt");
  expect(await scoreOf(graded.grade("README.md", graded.item))).toBe(1);
  expect(await graded.shell("echo y > log.txt")).toContain("has been graded");
  expect(await contentOf(graded, "/repo/log.txt")).toBe("x\n");
});

test("a reused call id, an unknown tool and bad arguments change nothing", async () => {
  const rollout = new WorkspaceRollout();
  await rollout.shell("echo 1 > one", { call_id: "call_same" });
  expect(await rollout.shell("echo 2 > two", { call_id: "call_same" })).toContain("was used before");
  expect(await outputOf(rollout.call("shell", { cmd: "echo 3 > three" }))).toContain('Argument "command"');
  expect(await rollout.shell("ls")).toBe("README.md\none\nsrc\ntest");
  expect((await rollout.ledger()).calls.map(({ mistake }) => mistake)).toEqual([
    null,
    "id_reused",
    "bad_arguments",
    null,
  ]);
});

test("a fault leaves no effect, is never a word of the output, and heals by the next delivery", async () => {
  await serveRepository(files, "sample/broken");
  const rollout = new WorkspaceRollout({ repo: "sample/broken", base_commit: "c0ffee" });
  const { objects } = await env.BUCKET.list({ prefix: "repo-packs/" });
  const other = "export const broken = 1;\n";
  await serveRepository({ "a.ts": other }, "sample/broken", "d00d");
  const pack = (await env.BUCKET.list({ prefix: "repo-packs/" })).objects.find(
    ({ key }) => !objects.some((before) => before.key === key),
  );
  const item = { repo: "sample/broken", base_commit: "d00d" };
  const call = () =>
    rollout.call("shell", { command: "echo 1 >> log.txt; cat a.ts || echo lost" }, { call_id: "call_x", item });
  const mend = await spoil(pack?.key ?? "", gone);
  for (let times = 0; times < 3; times++) expect((await errorOf(call())).status).toBe(503);
  expect(await contentOf(rollout, "/repo/log.txt")).toBeNull();
  await mend();
  expect(await outputOf(call())).toBe(other.trimEnd());
  expect(await contentOf(rollout, "/repo/log.txt")).toBe("1\n");
  expect((await rollout.ledger()).calls).toMatchObject([{ outcome: "ok", faults: 3, fault_boundary: "index" }]);
});

test("a repository that comes into the bucket later heals the calls that missed it", async () => {
  const item = { repo: "sample/late", base_commit: "c0ffee" };
  const rollout = new WorkspaceRollout(item);
  const call = () => rollout.call("shell", { command: "ls" }, { call_id: "call_x" });
  expect((await errorOf(call())).status).toBe(500);
  await serveRepository({ "late.txt": "late" }, item.repo);
  expect(await env.BUCKET.head(manifestKey(item.repo, item.base_commit))).not.toBeNull();
  expect(await outputOf(call())).toBe("late.txt");
});

/** What the object has of a file, or null. */
function contentOf(rollout: WorkspaceRollout, path: string): Promise<string | null> {
  return inObject(rollout, ({ sql }) => {
    const tables = sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'nodes'").toArray();
    if (tables.length === 0) return null;
    const query = "SELECT bytes FROM contents JOIN nodes ON content = id WHERE path = ? ORDER BY part";
    const parts = sql.exec<{ bytes: ArrayBuffer }>(query, path).toArray();
    return parts.length === 0 ? null : parts.map(({ bytes }) => new TextDecoder().decode(bytes)).join("");
  });
}

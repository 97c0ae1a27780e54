/** Real trouble of the storage under a running worker: its R2 files are gone or spoilt for a while. A fault of ours is a 5xx, always. */
import { cp, mkdir, readdir, rename, rm, truncate } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { BUCKET } from "../../src/cli/project.ts";
import { Client, errorOf, newTraceId, replyOf, scoreOf } from "./deployment.ts";
import { LocalWorker, localTokens, storageFolder } from "./local-worker.ts";

describe.skipIf(!inject("deployment").local)("while R2 cannot read", { timeout: 300_000 }, () => {
  let folder: string;
  let worker: LocalWorker;
  let client: Client;

  beforeAll(async () => {
    folder = await storageFolder("storage");
    worker = await LocalWorker.start(folder);
    client = new Client({ url: worker.url, ...(await localTokens()), local: true });
  }, 200_000);

  afterAll(async () => {
    await worker?.kill();
    await rm(folder, { recursive: true, force: true });
  });

  test("a call is a fault, its rollout is not graded, and both heal when the same call succeeds later", async () => {
    const { path } = await client.somePage();
    const trace_id = newTraceId();
    const call = { trace_id, call_id: "call_1", arguments: JSON.stringify({ path }) };
    const blobs = await blobsFolder(folder);
    const whole = `${blobs}-whole`;
    await rename(blobs, whole);
    for (const damage of [gone, unreadable, cutShort]) {
      await damage(blobs, whole);
      const answer = await client.call("cat", call);
      expect(errorOf(answer)).toMatchObject({ status: 503, code: "fault", correlation_id: expect.any(String) });
      expect(answer.headers.get("Retry-After")).toMatch(/^\d+$/);
      expect(answer.text).not.toMatch(/R2|blob|stream|stack|documents-/i);
      await rm(blobs, { recursive: true, force: true });
    }
    expect(errorOf(await client.grade("56", "56", trace_id)).status).toBe(503);
    const { calls, grades, refusals } = await client.ledger(trace_id);
    expect(calls).toMatchObject([{ outcome: "fault", output: "", faults: 3, fault_boundary: "storage" }]);
    expect({ grades, refusals }).toMatchObject({
      grades: [],
      refusals: [{ reason: expect.stringContaining("call_1") }],
    });

    await rename(whole, blobs);
    const healed = replyOf(await client.call("cat", call));
    expect(healed.output.length).toBeGreaterThan(100);
    expect((await client.ledger(trace_id)).calls).toMatchObject([
      { sequence: 1, outcome: "ok", output: healed.output },
    ]);
    expect(scoreOf(await client.grade("56", "56", trace_id))).toBe(1);
  });

  test("a command of a repository that cannot be read is a fault too, and heals", async () => {
    const call = { ...shellCall, trace_id: newTraceId(), call_id: "call_1" };
    const run = () => client.post("/code-planning/tools/shell", call);
    const blobs = await blobsFolder(folder);
    const whole = `${blobs}-whole`;
    await rename(blobs, whole);
    // A manifest that is gone is a repository that was never uploaded.
    for (const [damage, status] of [
      [gone, 500],
      [cutShort, 503],
    ] as const) {
      await damage(blobs, whole);
      expect(errorOf(await run())).toMatchObject({ status, correlation_id: expect.any(String) });
      await rm(blobs, { recursive: true, force: true });
    }
    await rename(whole, blobs);
    expect(replyOf(await run()).output).toContain('"name": "tidylog"');
    const { calls } = await client.ledger(call.trace_id);
    expect(calls).toMatchObject([{ outcome: "ok", faults: 2 }]);
  });
});

/** A shell's call has to read the repository that its item names. */
const shellCall = {
  arguments: '{"command":"cat package.json"}',
  item: { repo: "sample/tidylog", base_commit: "v1", question: "", edited_files: ["src/levels.ts"] },
};

const gone = async () => {};

/** In each file's place is a folder. */
async function unreadable(blobs: string, whole: string): Promise<void> {
  for (const name of await readdir(whole)) await mkdir(join(blobs, name), { recursive: true });
}

async function cutShort(blobs: string, whole: string): Promise<void> {
  await cp(whole, blobs, { recursive: true });
  for (const name of await readdir(blobs)) await truncate(join(blobs, name), 20);
}

/** Where the local runtime keeps the contents of the bucket's objects. */
async function blobsFolder(persisted: string): Promise<string> {
  const names = await readdir(persisted, { recursive: true });
  const found = names.find((name) => name.endsWith(join(BUCKET, "blobs")));
  if (found === undefined) throw new Error(`No contents of R2 in ${persisted}: ${names.slice(0, 20).join(", ")}`);
  return join(persisted, found);
}

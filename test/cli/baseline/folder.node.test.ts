import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ResultsFolder } from "../../../src/cli/baseline/folder.ts";
import type { ResultsManifest } from "../../../src/contract/results.ts";
import { UserError } from "../../../src/cli/user-error.ts";
import { manifest, rollout } from "../../report/baseline/results.ts";

let path: string;
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), "edgegym-results-"));
});
afterEach(() => rm(path, { recursive: true }));

const opened: ResultsFolder[] = [];
afterEach(async () => {
  for (const folder of opened.splice(0)) await folder.close();
});

async function open(said: Partial<ResultsManifest> = {}, fresh = false) {
  const found = await ResultsFolder.open(path, manifest(said), { fresh });
  opened.push(found.folder);
  return found;
}

const lines = async () => (await readFile(join(path, "results.jsonl"), "utf8")).split("\n").slice(0, -1);

test("results are there again when it is opened again, without the tools' outputs", async () => {
  const first = await open();
  await Promise.all([1, 2, 3].map((attempt) => first.folder.append(rollout("a", attempt))));
  await first.folder.close();
  const { results, manifest: kept } = await open({ created_at: "2027-01-01T00:00:00.000Z" });
  expect(results.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
  expect(results[0]?.turns[0]?.calls[0]).toMatchObject({ tool: "search", output: null });
  expect((await lines())[0]).toContain('"output":"out"');
  // The manifest is that of whoever began.
  expect(kept.created_at).toBe("2026-11-25T00:00:00.000Z");
});

test.each(["{", '{"schema":1,"item":"a"', JSON.stringify(rollout("a", 2)).slice(0, -1)])(
  "a last line that was cut (%s) is dropped, and what comes next is whole",
  async (cut) => {
    const first = await open();
    await first.folder.append(rollout("a", 1));
    await first.folder.close();
    await appendFile(join(path, "results.jsonl"), cut);
    const again = await open();
    expect(again.results).toHaveLength(1);
    await again.folder.append(rollout("a", 2));
    expect((await lines()).map((line) => JSON.parse(line).attempt)).toEqual([1, 2]);
  },
);

test("a line that is damaged within is named", async () => {
  const { folder } = await open();
  await folder.append(rollout("a", 1));
  await appendFile(join(path, "results.jsonl"), "{}\n");
  await folder.append(rollout("a", 2));
  await folder.close();
  await expect(open()).rejects.toThrow(/results\.jsonl, line 2: not a result.*--fresh/);
});

describe("other results are not added to", () => {
  const agent = manifest().agent;
  test.each<[string, Partial<ResultsManifest>, RegExp]>([
    ["another dataset", { dataset: { files: [], sha256: "ff".repeat(32), items: 2 } }, /dataset's content/],
    ["another model", { agent: { ...agent, model: "other" } }, /the model: test-model there, other now/],
    ["another effort", { agent: { ...agent, reasoning_effort: null } }, /effort: medium there, none now/],
    ["more attempts", { attempts: 5 }, /--runs\): 3 there, 5 now/],
    ["another deployment", { deployment: { url: "https://b.example.com", index_version: null } }, /the deployment/],
    ["other tools", { versions: { ...manifest().versions, tools: "00" } }, /the tools/],
    ["another grader", { versions: { ...manifest().versions, grader: "00" } }, /the grader/],
  ])("%s", async (_, said, message) => {
    const { folder } = await open();
    await folder.append(rollout("a", 1));
    await folder.close();
    const opening = open(said);
    await expect(opening).rejects.toThrow(message);
    await expect(opening).rejects.toThrow(/--name.*--fresh/);
    await expect(opening).rejects.toBeInstanceOf(UserError);
    expect(await lines()).toHaveLength(1);
  });

  test("unless they are to give way", async () => {
    const { folder } = await open();
    await folder.append(rollout("a", 1));
    await folder.close();
    const { results, manifest: now } = await open({ attempts: 5 }, true);
    expect(results).toEqual([]);
    expect(now.attempts).toBe(5);
    expect(await lines()).toEqual([]);
  });

  test("nor those of which nothing is known", async () => {
    await writeFile(join(path, "results.jsonl"), `${JSON.stringify(rollout("a", 1))}\n`);
    await expect(open()).rejects.toThrow(/without a manifest that can be read/);
    await writeFile(join(path, "manifest.json"), "{");
    await expect(open()).rejects.toThrow(/without a manifest that can be read/);
  });
});

test("two that write at once are kept apart", async () => {
  const { folder } = await open();
  await expect(open()).rejects.toThrow(/another command/);
  await folder.append(rollout("a", 1));
  await folder.close();
  expect((await open()).results).toHaveLength(1);
});

test("one that was refused leaves the folder to others", async () => {
  const { folder } = await open();
  await folder.append(rollout("a", 1));
  await folder.close();
  await expect(open({ attempts: 5 })).rejects.toThrow(/the attempts/);
  expect((await open()).results).toHaveLength(1);
});

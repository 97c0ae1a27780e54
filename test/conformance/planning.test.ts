/** `code-planning` over HTTP: a copy of the repository for each rollout, one effect and one answer for each call, and a graded list. */
import { describe, expect, inject, test } from "vitest";
import { readItems } from "../../src/cli/items.ts";
import { sampleRepositories } from "../../src/cli/project.ts";
import { type Call, Client, errorOf, newTraceId, replyOf, scoreOf } from "./deployment.ts";

const client = new Client(inject("deployment"));
const { items } = await readItems([sampleRepositories]);
const item = items.find(({ row }) => row["repo"] === "sample/tidylog")?.row ?? {};

let calls = 0;
const shell = (trace_id: string, command: string, fields: Call = {}) =>
  client.post("/code-planning/tools/shell", {
    trace_id,
    call_id: `call_${++calls}`,
    arguments: JSON.stringify({ command }),
    item,
    ...fields,
  });
const outputOf = async (...args: Parameters<typeof shell>) => replyOf(await shell(...args)).output;
const grade = (trace_id: string, output_text: string) =>
  client.post("/code-planning/grade", { trace_id, item, sample: { output_text } });

// Another deployment need not have the sample's repositories.
describe.skipIf(!inject("deployment").local)("a rollout's copy of a repository", () => {
  test("is read, written and kept for its later calls", async () => {
    const trace_id = newTraceId();
    expect(await outputOf(trace_id, "cat package.json | jq -r .name")).toBe("tidylog");
    expect(await outputOf(trace_id, "rm -r src && echo mine > mine.txt; ls")).not.toContain("src");
    expect(await outputOf(trace_id, "cat mine.txt")).toBe("mine");
    const read = { trace_id, call_id: "call_read", arguments: '{"path":"src/levels.ts"}', item };
    expect(replyOf(await client.post("/code-planning/tools/read_file", read)).output).toMatch(/no file|no such/i);
    const outcomes = (await client.ledger(trace_id)).calls.map(({ tool, outcome }) => `${tool} ${outcome}`);
    expect(outcomes).toEqual(["shell ok", "shell ok", "shell ok", "read_file mistake"]);
  });

  test("is its own: 200 rollouts at once write, delete everything, and see nothing of each other's", async () => {
    const seen = await Promise.all(
      Array.from({ length: 200 }, async () => {
        const trace_id = newTraceId();
        const before = await outputOf(trace_id, "ls; find . -type f | wc -l");
        const after = await outputOf(trace_id, `rm -rf ./* && echo ${trace_id} > canary && find . -type f | xargs cat`);
        return { before, wasAlone: after === trace_id };
      }),
    );
    expect(new Set(seen.map(({ before }) => before)).size).toBe(1);
    expect(seen.filter(({ wasAlone }) => !wasAlone)).toEqual([]);
    expect(await outputOf(newTraceId(), "cat canary")).toContain("No such file");
  });

  test("is changed once by a call, however often and however concurrently that is delivered", async () => {
    const trace_id = newTraceId();
    const once = { call_id: "call_once" };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => outputOf(trace_id, "echo line >> notes; wc -l < notes", once)),
    );
    expect(new Set(answers)).toEqual(new Set(["1"]));
    expect(await outputOf(trace_id, "wc -l < notes")).toBe("1");
    expect((await client.ledger(trace_id)).calls).toHaveLength(2);
  });

  test("has 30 calls", async () => {
    const trace_id = newTraceId();
    for (let call = 0; call < 30; call++) await outputOf(trace_id, "true");
    expect(await outputOf(trace_id, "true")).toContain("budget of 30 tool calls is spent");
  });

  test("is nothing to work in without an item, or of a commit that was never uploaded: our fault, and no output", async () => {
    for (const other of [undefined, { ...item, base_commit: "v2" }, { ...item, repo: "sample/none" }]) {
      const error = errorOf(await shell(newTraceId(), "ls", { item: other }));
      expect(error).toMatchObject({ status: 500, message: expect.stringMatching(/item/) });
    }
  });
});

describe("a list of files", () => {
  test.each([
    ['{"files":["src/levels.ts"]}', 1],
    ["- `src/levels.ts`", 1],
    ["./src/levels.ts\nsrc/logger.ts", 2 / 3],
    ["src/logger.ts", 0],
    ["The file is src/levels.ts.", 0],
    ["", 0],
  ])("%j scores %d", async (answer, score) => {
    expect(item["edited_files"]).toEqual(["src/levels.ts"]);
    expect(scoreOf(await grade(newTraceId(), answer))).toBeCloseTo(score, 12);
  });
});

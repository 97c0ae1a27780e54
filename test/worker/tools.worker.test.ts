import { beforeAll, describe, expect, test } from "vitest";
import { limits } from "../../src/contract/limits.ts";
import { ToolReply } from "../../src/contract/wire.ts";
import { childrenOf, documents, LARGE_DIRECTORY, LONG_PAGE, serveCorpus, textOf } from "./corpus.ts";
import { outputOf, post, TestRollout } from "./world.ts";

beforeAll(() => serveCorpus());

/** The output of a call in a rollout of its own, as the ledger has it too: with its outcome. */
async function run(tool: string, args: unknown): Promise<{ outcome: string | undefined; output: string }> {
  const rollout = new TestRollout();
  const output = await outputOf(rollout.call(tool, args));
  const [call] = (await rollout.ledger()).calls;
  expect(call?.output).toBe(output);
  return { outcome: call?.outcome, output };
}

describe("the reply", () => {
  test("has all four fields, with the call's ids", async () => {
    const response = await new TestRollout().call("list", {}, { id: "fc_1", call_id: "call_x" });
    const reply: unknown = await response.json();
    expect(reply).toEqual({ type: "function_call_output", id: "fc_1", call_id: "call_x", output: expect.any(String) });
  });

  test.each([{}, { id: null, call_id: null, trace_id: null }, { id: "", call_id: "", trace_id: "" }])(
    "to a call with the ids %j has empty ones",
    async (ids) => {
      const reply: unknown = await (await post("/finqa/tools/list", { ...ids, arguments: "{}" })).json();
      expect(reply).toEqual({
        type: "function_call_output",
        id: "",
        call_id: "",
        output: expect.stringContaining("AAL/"),
      });
    },
  );

  test("is the same for arguments as JSON text and as an object, and an empty text is an empty object", async () => {
    const outputs = await Promise.all(
      ["{}", {}, "", "  ", '{"path":""}', { path: "" }, ' {"path" : "" } '].map(async (args) => {
        return ToolReply.parse(await (await post("/finqa/tools/list", { arguments: args })).json()).output;
      }),
    );
    expect(new Set(outputs)).toEqual(new Set([childrenOf("").join("\n")]));
  });
});

describe("search", () => {
  /** Numbers that one page each has. */
  const manyPages = Array.from({ length: 20 }, (_, page) => page + 100).join(" ");

  test("ranks pages, best first, each with its path and its passages", async () => {
    const { outcome, output } = await run("search", { query: "aircraft fuel expense of american airlines" });
    expect(outcome).toBe("ok");
    expect(output).toMatch(/^1\. AAL\/2010\/page_72\.pdf\n.*\$ 6400 million/);
  });

  test.each([1, 2, 10])("returns %d pages when asked for as many", async (top_k) => {
    const { output } = await run("search", { query: manyPages, top_k });
    const hits = output.split("\n").filter((line) => /^\d+\. \S/.test(line));
    const paths = hits.map((line) => line.replace(/^\d+\. /, ""));
    expect(hits.map((line) => Number.parseInt(line, 10))).toEqual(Array.from({ length: top_k }, (_, at) => at + 1));
    expect(new Set(paths).size).toBe(top_k);
    for (const path of paths) expect(textOf(path)).not.toBe("");
  });

  test("returns three pages by default", async () => {
    const { output } = await run("search", { query: manyPages });
    expect(output).toMatch(/^3\. /m);
    expect(output).not.toMatch(/^4\. /m);
  });

  test.each(["", " ", "\n\t\u2003"])("is told that the query %j is empty", async (query) => {
    const { outcome, output } = await run("search", { query });
    expect(outcome).toBe("mistake");
    expect(output).toContain('Argument "query" is empty');
  });
});

describe("list", () => {
  test.each(["", "AA", "AAL", "AAL/2010", "ÆON/2013", "LNG"])("shows the children of %j", async (path) => {
    expect(await run("list", { path })).toEqual({ outcome: "ok", output: childrenOf(path).join("\n") });
  });

  test("shows the root by default, directories marked", async () => {
    expect((await run("list", {})).output.split("\n")).toEqual(["AA/", "AAL/", "LNG/", "MANY/", "WIDE/", "ÆON/"]);
  });

  test.each(["AAL/", "/AAL", "./AAL", " AAL "])("takes %j for AAL", async (path) => {
    expect(await run("list", { path })).toEqual({ outcome: "ok", output: "2010/\n2011/" });
  });

  test("goes by whole segments: AA is not AAL, and A is nothing", async () => {
    expect((await run("list", { path: "AA" })).output).toBe("2012/");
    const { outcome, output } = await run("list", { path: "A" });
    expect(outcome).toBe("mistake");
    expect(output).toMatch(/^Nothing has the path "A"\. Nearest: .*AA\//);
  });

  test("sends a page to cat", async () => {
    const { outcome, output } = await run("list", { path: "AAL/2010/page_9.pdf" });
    expect(outcome).toBe("mistake");
    expect(output).toContain('cat {"path":"AAL/2010/page_9.pdf"}');
  });
});

describe("cat", () => {
  test.each(documents.slice(0, 5).map(({ path }) => path))("shows %s whole", async (path) => {
    expect(await run("cat", { path })).toEqual({ outcome: "ok", output: textOf(path) });
  });

  test.each([
    "AAL/2010/page_7.pdf",
    "AAL/2010/page_72",
    "aal/2010/PAGE_72.PDF",
    "reports/AAL/2010/page_72.pdf",
    "AAL\\2010\\page_72.pdf",
  ])("for %s names the nearest page", async (path) => {
    const { outcome, output } = await run("cat", { path });
    expect(outcome).toBe("mistake");
    expect(output).toContain(`Nothing has the path ${JSON.stringify(path)}. Nearest:`);
    expect(output).toContain("AAL/2010/page_72.pdf");
  });

  test.each([
    ["AAL", 'AAL is a directory, not a page. See its pages with list {"path":"AAL"}.'],
    ["AAL/2010/", 'AAL/2010 is a directory, not a page. See its pages with list {"path":"AAL/2010"}.'],
    ["/", 'The root is a directory, not a page. See its pages with list {"path":""}.'],
  ])("sends the directory %j to list", async (path, output) => {
    expect(await run("cat", { path })).toEqual({ outcome: "mistake", output });
  });

  test("leads nowhere outside the corpus", async () => {
    for (const path of [
      "../secrets",
      "/etc/passwd",
      "../../corpora/finqa/current.json",
      "AAL/../AA/2012/page_7.pdf",
      "%2e%2e",
      "C:\\",
    ]) {
      expect((await run("cat", { path })).outcome).toBe("mistake");
    }
  });
});

describe("an output that is cut", () => {
  /** Executes the call that a cut output ends with, as a model does, until the end. */
  async function readOn(tool: string, args: object): Promise<string[]> {
    const parts: string[] = [];
    for (let next: { tool: string; args: unknown } | undefined = { tool, args }; next;) {
      const output = await outputOf(new TestRollout().call(next.tool, next.args));
      expect(output.length).toBeLessThanOrEqual(limits.outputCharacters);
      const note = /\n\[(\d+) more characters\. Continue with: (\w+) (\{.*\})\]$/.exec(output);
      parts.push(note ? output.slice(0, note.index) : output);
      next = note?.[2] && note[3] ? { tool: note[2], args: JSON.parse(note[3]) } : undefined;
    }
    return parts;
  }

  test("ends with the exact call that continues: followed to the end, the page is whole", async () => {
    const parts = await readOn("cat", { path: LONG_PAGE });
    expect(parts.length).toBeGreaterThan(3);
    expect(parts.join("")).toBe(textOf(LONG_PAGE));
    expect(parts.every((part) => part.isWellFormed())).toBe(true);
  });

  test("of a large directory is paged in the same way", async () => {
    const parts = await readOn("list", { path: `/${LARGE_DIRECTORY}/` });
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.join("").split("\n")).toEqual(childrenOf(LARGE_DIRECTORY));
    expect(parts.slice(0, -1).every((part) => part.endsWith("\n"))).toBe(true);
  });

  test("of a search is continued in the same way", async () => {
    const parts = await readOn("search", { query: "tariffs", top_k: 10 });
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.join("").match(/^\d+\. WIDE\/2017\/page_\d\.pdf$/gm)).toHaveLength(10);
  });

  test("is marked so in the ledger, its last part is not", async () => {
    const rollout = new TestRollout();
    await rollout.call("cat", { path: LONG_PAGE });
    await rollout.call("cat", { path: LONG_PAGE, offset: textOf(LONG_PAGE).length - 5 });
    expect((await rollout.ledger()).calls.map(({ cut }) => cut)).toEqual([true, false]);
  });

  test.each([
    ["cat", { path: LONG_PAGE }, textOf(LONG_PAGE).length],
    ["list", { path: "AAL" }, "2010/\n2011/".length],
  ])("has an end, which %s tells a model that is past it", async (tool, args, end) => {
    for (const offset of [end, 10_000_000, Number.MAX_SAFE_INTEGER]) {
      const output = `Argument "offset": ${offset} is past the end; the output has ${end} characters.`;
      expect(await run(tool, { ...args, offset })).toEqual({ outcome: "mistake", output });
    }
  });
});

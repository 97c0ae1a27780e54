import { beforeAll, describe, expect, test } from "vitest";
import { errorOf, outputOf, post, takeLog } from "../world.ts";
import { files, serveRepository, WorkspaceRollout, workshop } from "./world.ts";

beforeAll(() => serveRepository());

test("a command shows what a terminal shows, and keeps what it writes for the next one", async () => {
  const rollout = new WorkspaceRollout();
  expect(await rollout.shell("pwd; ls")).toBe("/repo\nREADME.md\nsrc\ntest");
  expect(await rollout.shell("grep -rn TODO . | head -3")).toContain("src/wrap.ts:1:// TODO: wrap long lines");
  expect(await rollout.shell("echo plan > notes.txt; rm README.md; mv src lib")).toBe("[no output]");
  expect(await rollout.shell("cat notes.txt; ls; ls lib; false")).toBe(
    "plan\nlib\nnotes.txt\ntest\nindex.ts\nwrap.ts\n[exit code 1]",
  );
  expect(await rollout.shell("cat README.md")).toBe("cat: README.md: No such file or directory\n[exit code 1]");
  const { calls } = await rollout.ledger();
  expect(calls.map(({ outcome, sequence }) => [outcome, sequence])).toEqual([1, 2, 3, 4, 5].map((at) => ["ok", at]));
});

test("the directory is the call's, not the shell's", async () => {
  const rollout = new WorkspaceRollout();
  expect(await rollout.shell("cd src && pwd")).toBe("/repo/src");
  expect(await rollout.shell("pwd")).toBe("/repo");
  expect(await outputOf(rollout.call("shell", { command: "pwd; ls", cwd: "src" }))).toBe(
    "/repo/src\nindex.ts\nwrap.ts",
  );
  expect(await outputOf(rollout.call("shell", { command: "pwd", cwd: "/tmp/../repo/test" }))).toBe("/repo/test");
  expect(await outputOf(rollout.call("shell", { command: "pwd", cwd: "lib" }))).toContain("there is no directory");
});

test("read_file shows lines with their numbers, of what the rollout has written too", async () => {
  const rollout = new WorkspaceRollout();
  const read = (args: object) => outputOf(rollout.call("read_file", args));
  expect(await read({ path: "src/wrap.ts" })).toBe(
    "1\t// TODO: wrap long lines\n2\texport const wrap = (text: string) => text;",
  );
  expect(await read({ path: "/repo/src/wrap.ts", start: 2, end: 2 })).toMatch(/^2\texport const wrap/);
  expect(await read({ path: "src/wrap.ts", start: 3 })).toContain("past the end; the file has 2 lines");
  expect(await read({ path: "wrap.ts" })).toBe('There is no file "wrap.ts". There is: /repo/src/wrap.ts.');
  expect(await read({ path: "src" })).toContain("is a directory");
  await rollout.shell("seq 9000 > long.txt");
  const first = await read({ path: "long.txt" });
  expect(first.length).toBeLessThanOrEqual(workshop.outputCharacters);
  const next = /Continue with: read_file (\{.*\})\]$/.exec(first)?.[1] ?? "";
  expect(await read(JSON.parse(next))).toMatch(new RegExp(`^${JSON.parse(next).start}\t${JSON.parse(next).start}\n`));
});

test("a long output says how to go on, and still shows errors and the exit code", async () => {
  const output = await new WorkspaceRollout().shell("seq 9000; cat nothing");
  expect(output.length).toBeLessThanOrEqual(workshop.outputCharacters);
  expect(output).toMatch(
    /more characters\. Continue with: the same command with its output piped into: sed -n '\d+,\$p'\]/,
  );
  expect(output).toMatch(/\ncat: nothing: No such file or directory\n\[exit code 1\]$/);
});

describe("what is no call of a rollout", () => {
  const call = (fields: object) =>
    post("/workshop/tools/shell", { item: new WorkspaceRollout().item, trace_id: "", call_id: "call_1", ...fields });
  const command = (text: string) => ({ arguments: JSON.stringify({ command: text }) });

  test("is answered from a fresh workspace, and forgotten", async () => {
    expect(await outputOf(call(command("rm -rf /repo/src; ls")))).toBe("README.md\ntest");
    expect(await outputOf(call(command("ls")))).toBe("README.md\nsrc\ntest");
  });
});

describe("an item that names no repository is a fault of the item", () => {
  test.each<[string, Record<string, string>]>([
    ["nothing at all", {}],
    ["a repository that the bucket does not have", { repo: "sample/other", base_commit: "c0ffee" }],
    ["a path", { repo: "../../secrets", base_commit: "c0ffee" }],
  ])("%s", async (_, item) => {
    const rollout = new WorkspaceRollout(item);
    takeLog();
    const error = await errorOf(rollout.call("shell", { command: "ls" }));
    expect(error.status).toBeGreaterThanOrEqual(500);
    expect(JSON.stringify([error, takeLog()])).not.toContain("secret");
    expect((await rollout.ledger()).calls).toMatchObject([{ outcome: "fault", output: "" }]);
  });
});

test("calls of one rollout with items of two repositories are a fault, once something was written", async () => {
  await serveRepository({ "other.txt": "other" }, "sample/other");
  const rollout = new WorkspaceRollout();
  const other = { item: { repo: "sample/other", base_commit: "c0ffee" } };
  await rollout.shell("echo 1 > one");
  expect((await errorOf(rollout.call("shell", { command: "ls" }, other))).status).toBe(500);
  expect(await rollout.shell("ls")).toContain("one");
});

test("no tool sees the item", async () => {
  const rollout = new WorkspaceRollout();
  const shown = await rollout.shell("env; set; grep -rl secret / ; ls -a / /tmp /home/user");
  expect(shown).not.toContain("edited_files");
  expect(Object.keys(files)).not.toContain("edited_files");
});

import { beforeAll, describe, expect, test } from "vitest";
import { outputOf } from "../world.ts";
import { serveRepository, WorkspaceRollout } from "./world.ts";

const wide = Object.fromEntries(
  Array.from({ length: 300 }, (_, at) => [`src/d${at % 10}/f${at}.ts`, `export const value${at} = 1;\n`.repeat(1_000)]),
);

beforeAll(() => serveRepository(wide, "sample/wide"));

const rollout = () => new WorkspaceRollout({ repo: "sample/wide", base_commit: "c0ffee" });

describe("a command without an end, or too large a one, is stopped by its steps, and told so", () => {
  test.each([
    ["a loop", "while true; do :; done"],
    ["a loop that prints", "while true; do echo y; done"],
    ["a loop in a subshell that is survived", "(while true; do :; done) || echo survived; echo after"],
    ["a loop in a shell of its own", "bash -c 'while true; do :; done'; echo after"],
    ["a loop of loops that are stopped one by one", "while true; do awk 'BEGIN {while (1) {}}'; done"],
    ["a loop in a loop of awk", "awk 'BEGIN {for (i = 0; i < 9999; i++) for (j = 0; j < 9999; j++) x++}'"],
    ["a loop of sed", "sed ':a; b a' src/d1/f1.ts"],
    ["a loop of jq", "jq -n 'last(range(1e12))'"],
    ["a function that calls itself", "f() { f; }; f"],
    ["a fork bomb", ":() { :|:& }; :"],
    ["a variable that doubles", "x=a; while true; do x=$x$x; done"],
    ["everything at once", "find / -type f | xargs cat"],
    ["everything into a file", "cat $(find . -type f) > all"],
    ["a wide format", "printf '%200000000d' 1"],
    ["many braces", "echo {1..100000000}"],
    ["a repetition over everything", "grep -rE '[a-z]{1,900}Q' ."],
    ["a repetition over everything, by sed", "sed -E 's/(export|const|value| ){1,200}Q//' src/*/*.ts"],
    ["a comparison of everything", "diff <(cat src/d1/*) <(cat src/d2/* | tac)"],
    ["all of it, again and again", "for i in $(seq 9999); do grep -rc nothing .; done"],
  ])("%s", { timeout: 60_000 }, async (_, command) => {
    const world = rollout();
    const output = await outputOf(world.call("shell", { command: `echo 1 > planted; ${command}` }));
    expect(output).toMatch(/^The command was stopped \(.+\) and nothing that it changed was kept\./);
    expect(output).not.toMatch(/executionLimits|maxCommand/);
    expect(await world.shell("ls")).toBe("src");
    expect((await world.ledger()).calls).toMatchObject([
      { outcome: "mistake", mistake: "command_limit" },
      { outcome: "ok" },
    ]);
  });
});

describe("a pattern that other engines take for ever over ends", () => {
  const long = `${"a".repeat(60)}b`;
  test.each([
    ["grep -E", `echo ${long} | grep -cE '^(a+)+$'`, "0\n[exit code 1]"],
    ["grep -P", `echo ${long} | grep -cP '^(a|aa)+$'`, "0\n[exit code 1]"],
    ["sed", `echo ${long} | sed -E 's/^(a+)+$/x/'`, long],
    ["awk", `echo ${long} | awk '/^(a+)+$/ {print "x"}'`, "[no output]"],
    ["rg", `echo ${long} | rg '^(a+)+$'`, "[exit code 1]"],
    ["bash", `[[ ${long} =~ ^(a+)+$ ]]; echo $?`, "1"],
    ["a glob", `case ${long} in ${"*a".repeat(20)}*c) echo x;; esac`, "[no output]"],
    ["find", `find . -name '${"*a".repeat(20)}*c'`, "[no output]"],
  ])("%s", { timeout: 30_000 }, async (_, command, shown) => {
    expect(await rollout().shell(command)).toBe(shown);
  });
});

test("nothing waits, and nothing reaches out", async () => {
  const shown = await rollout().shell(
    "sleep 100000; curl http://example.com; wget x; git status; python3 -c 1; node -e 1; tar x",
  );
  expect(shown.match(/command not found/g)).toHaveLength(6);
});

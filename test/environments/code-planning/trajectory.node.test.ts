import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LedgerCall } from "../../../src/contract/ledger.ts";
import { evidence } from "../../../src/environments/code-planning/evidence.ts";
import { openedFiles, secondsTaken } from "../../../src/environments/code-planning/trajectory.ts";
import { call, ledgerOf } from "../finqa/ledgers.ts";
import { anItem } from "./items.ts";

const opens = (...calls: LedgerCall[]) => [...openedFiles(ledgerOf(calls)).keys()];
const shell = (command: string, cwd?: string) => call("shell", { command, ...(cwd !== undefined && { cwd }) });

describe("a file is opened", () => {
  test.each(["src/a.ts", "./src/a.ts", "/repo/src/a.ts", "src//a.ts", "lib/../src/a.ts"])(
    "by read_file of %s",
    (path) => {
      expect(opens(call("read_file", { path, start: 1 }))).toEqual(["src/a.ts"]);
    },
  );

  test.each<[string, string?]>([
    ["cat src/a.ts"],
    ["head -n 5 './src/a.ts' | wc"],
    ["cat /repo/src/a.ts>copy"],
    ["cat a.ts", "src"],
    ["cat a.ts", "/repo/src"],
    ["cat ../src/a.ts", "lib"],
    ["cd src && cat a.ts"],
    ["cd src; cd ..; sed -n 1,9p src/a.ts"],
    ["cd /repo && cat src/a.ts"],
    ["x=$(grep -c x src/a.ts)"],
  ])("by the command %s, from %s", (command, cwd) => {
    expect(opens(shell(command, cwd))).toContain("src/a.ts");
  });

  test.each<[string, LedgerCall]>([
    ["of another directory", shell("cat a.ts")],
    ["outside of the repository", shell("cat /src/a.ts ../src/a.ts")],
    ["that a pattern stands for", shell("cat src/*.ts")],
    ["whose name is longer", shell("cat src/a.tsx lib/src/a.ts")],
    ["in a call that was a mistake", call("read_file", { path: "src/a.ts" }, { outcome: "mistake" })],
    ["in a call that faulted", call("read_file", { path: "src/a.ts" }, { outcome: "fault" })],
    ["in a call beyond the budget", call("read_file", { path: "src/a.ts" }, { outcome: "over_budget" })],
    ["of another tool", call("search", { path: "src/a.ts" })],
    ["in arguments that were cut", call("read_file", {}, { arguments: '{"path": "src/a.ts", "x": "' })],
  ])("not one %s", (_, one) => {
    expect(opens(one)).not.toContain("src/a.ts");
  });

  test("by each of the calls that open it, and by none without a ledger", () => {
    const ledger = ledgerOf([shell("ls"), shell("cat src/a.ts src/a.ts"), call("read_file", { path: "src/a.ts" })]);
    expect(openedFiles(ledger).get("src/a.ts")).toEqual([2, 3]);
    expect(openedFiles(null).size).toBe(0);
  });

  test("whatever a call's arguments are, nothing throws", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string({ unit: "binary" }), (value, command) => {
        const calls = [call("shell", {}, { arguments: JSON.stringify(value) }), shell(command)];
        expect(() => openedFiles(ledgerOf(calls))).not.toThrow();
      }),
    );
  });
});

describe("the time taken", () => {
  const at = (seconds: number, faults = 0) =>
    call("shell", {}, { received_at: new Date(seconds * 1000).toISOString(), faults });

  test("is from the first call's arrival to the last one's, whatever their order", () => {
    expect(secondsTaken(ledgerOf([at(10), at(95), at(70)]))).toBe(85);
  });

  test("is not known without two calls, nor where a fault of ours was met", () => {
    expect([null, ledgerOf([]), ledgerOf([at(1)]), ledgerOf([at(1), at(2, 1)])].map(secondsTaken)).toEqual(
      Array.from({ length: 4 }, () => null),
    );
  });
});

describe("evidence", () => {
  const item = anItem(["src/a.ts"]);
  const of = (calls: LedgerCall[], given = item) =>
    evidence({ item: given, answer: { text: "src/a.ts", json: null }, ledger: ledgerOf(calls) });
  const printed = (output: string) => call("shell", { command: "grep -rl x ." }, { output });

  test("is the file that was opened, before all that showed its name", () => {
    expect(of([printed("./src/a.ts\n"), shell("cat src/a.ts")])).toEqual({ source: "page", calls: [2] });
  });

  test.each(["src/a.ts", "./src/a.ts\n./b", "src/a.ts:3: x", "/repo/src/a.ts", "M src/a.ts."])(
    "is its path in an output: %j",
    (output) => {
      expect(of([shell("ls"), printed(output)])).toEqual({ source: "answer", calls: [2] });
    },
  );

  test.each(["a.ts", "src/a.tsx", "lib/src/a.ts", "src/a.ts.orig", "../src/a.ts", "xsrc/a.ts", ""])(
    "is not %j",
    (output) => {
      expect(of([printed(output)])).toEqual({ source: "none", calls: [] });
    },
  );

  test("is unknown where the question names the file, or the row none", () => {
    expect(of([], anItem(["src/a.ts"], { question: "Mend src/a.ts, please." })).source).toBe("unknown");
    expect(of([shell("ls")], anItem([])).source).toBe("unknown");
    expect(of([]).source).toBe("none");
  });
});

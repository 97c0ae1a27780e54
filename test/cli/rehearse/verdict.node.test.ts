import { expect, test } from "vitest";
import { checks } from "../../../src/cli/rehearse/checks.ts";
import { hasFailed, Verdict } from "../../../src/cli/rehearse/verdict.ts";
import { keptCase } from "./case.ts";

const named = (verdict: Verdict, name: string) => verdict.checks().find((check) => check.name === name);

test("before anything is held against them, all promises are named, unproven and unbroken", () => {
  const found = new Verdict().checks();
  expect(found.map(({ name }) => name)).toEqual(checks.map(({ name }) => name));
  expect(found.map(({ occasions, violations, examples }) => [occasions, violations, examples.length])).toEqual(
    found.map(() => [0, 0, 0]),
  );
});

const rollouts = { planned: 1, graded: 1, discarded: 0, unfinished: 0 };

test.each([
  { graded: 1, violations: 0, failed: false },
  { graded: 1, violations: 1, failed: true },
  { graded: 0, violations: 0, failed: true },
])("a rehearsal has failed where a promise was broken, and where nothing was graded: %o", ({ failed, ...found }) => {
  const verdict = new Verdict();
  verdict.note(
    "lost",
    "…",
    1,
    Array.from({ length: found.violations }, () => "call_1"),
  );
  expect(hasFailed({ checks: verdict.checks(), rollouts: { ...rollouts, graded: found.graded } })).toBe(failed);
});

test("occasions and violations of all rollouts add up; the first five are named with their rollouts", () => {
  const verdict = new Verdict();
  for (let n = 0; n < 7; n++) {
    const found = keptCase();
    found.rollout.planned.traceId = `rollout_${n}`;
    found.ledger!.trace_id = `rollout_${n}`;
    found.ledger!.calls_counted = 9;
    verdict.add(found);
  }
  expect(named(verdict, "lost")).toMatchObject({ occasions: 28, violations: 0, examples: [] });
  expect(named(verdict, "budget")).toMatchObject({ occasions: 7, violations: 7 });
  expect(named(verdict, "budget")?.examples.map((example) => example.split(":")[0])).toEqual(
    [0, 1, 2, 3, 4].map((n) => `rollout_${n}`),
  );
  expect(hasFailed({ checks: verdict.checks(), rollouts })).toBe(true);
});

test("of a rollout whose ledger could not be read, what was seen on the wire is held against its promises, and no more", () => {
  const verdict = new Verdict();
  verdict.add({ ...keptCase(), ledger: undefined });
  const unproven = verdict.checks().filter(({ occasions }) => occasions === 0);
  expect(unproven.map(({ name }) => name)).toEqual(
    checks.filter(({ needsLedger }) => needsLedger).map(({ name }) => name),
  );
  expect(hasFailed({ checks: verdict.checks(), rollouts })).toBe(false);
});

test("a promise that no single rollout shows is noted beside the others", () => {
  const verdict = new Verdict();
  verdict.note("readable", "Every ledger can be read.", 2, ["rollout_1: cannot be read"]);
  verdict.note("readable", "Every ledger can be read.", 1, []);
  expect(named(verdict, "readable")).toEqual({
    name: "readable",
    promise: "Every ledger can be read.",
    occasions: 3,
    violations: 1,
    examples: ["rollout_1: cannot be read"],
  });
});

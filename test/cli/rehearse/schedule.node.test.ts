import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Item } from "../../../src/cli/agents/agent.ts";
import { schedule, type ScheduleOptions } from "../../../src/cli/rehearse/schedule.ts";
import { ToolCall } from "../../../src/contract/wire.ts";

const itemsOf = (count: number) =>
  Array.from({ length: count }, (_, n): Item => ({ name: `item-${n}`, question: "?", row: { id: `item-${n}` } }));

const plain: ScheduleOptions = {
  items: itemsOf(20),
  rollouts: 300,
  copies: 8,
  steps: 4,
  seed: "7",
  series: "s",
  chaos: new Set(),
  chaosRate: 0,
  budget: 10,
};
const twins: Partial<ScheduleOptions> = { chaos: new Set(["twin_ids"]), chaosRate: 1 };
const plan = (said: Partial<ScheduleOptions> = {}) => schedule({ ...plain, ...said });

const anySchedule = fc.record({
  items: fc.integer({ min: 1, max: 20 }).map(itemsOf),
  rollouts: fc.integer({ min: 0, max: 300 }),
  copies: fc.integer({ min: 1, max: 40 }),
  steps: fc.integer({ min: 1, max: 12 }),
  seed: fc.string(),
  chaos: fc.constantFrom(new Set<never>(), new Set(["twin_ids"] as const)),
  chaosRate: fc.constantFrom(0, 0.15, 0.5, 1),
});

test("the same seed makes the same schedule; another seed another one", () => {
  expect(plan(twins)).toEqual(plan(twins));
  expect(plan({ seed: "8" }).map(({ item }) => item.name)).not.toEqual(plan().map(({ item }) => item.name));
});

test("another series has the same schedule under other ids and canaries", () => {
  const [one, other] = [plan(), plan({ series: "t" })];
  const decided = (planned: typeof one) =>
    planned.map(({ index, step, item, spends }) => ({ index, step, item, spends }));
  expect(decided(other)).toEqual(decided(one));
  const own = new Set(one.flatMap(({ traceId, canary }) => [traceId, canary]));
  expect(other.filter(({ traceId, canary }) => own.has(traceId) || own.has(canary))).toEqual([]);
});

test("ids and canaries are those of one rollout each, and pass the wire as they are", () => {
  fc.assert(
    fc.property(anySchedule, (said) => {
      const planned = plan(said);
      expect(planned).toHaveLength(said.rollouts);
      for (const own of [planned.map(({ traceId }) => traceId), planned.map(({ canary }) => canary)])
        expect(new Set(own).size).toBe(said.rollouts);
      for (const { traceId, canary } of planned) {
        expect(ToolCall.parse({ trace_id: traceId, arguments: "{}" }).trace_id).toBe(traceId);
        expect(canary).toMatch(/^canary-[0-9a-f]{16}$/);
      }
    }),
    { numRuns: 60 },
  );
});

describe("bursts", () => {
  test("follow one another, as many as asked for and nearly as large as each other; no more than rollouts", () => {
    fc.assert(
      fc.property(anySchedule, (said) => {
        const sizes = [...Map.groupBy(plan(said), ({ step }) => step)].map(([step, group]) => [step, group.length]);
        expect(sizes.map(([step]) => step)).toEqual(
          Array.from({ length: Math.min(said.steps, said.rollouts) }, (_, step) => step),
        );
        const counts = sizes.map(([, count = 0]) => count);
        expect(Math.max(0, ...counts) - Math.min(...counts, Math.max(0, ...counts))).toBeLessThanOrEqual(1);
      }),
    );
  });

  test("of one rollout, there is one", () => {
    expect(plan({ rollouts: 1, steps: 5, copies: 32 })).toMatchObject([{ index: 0, step: 0 }]);
  });
});

describe("copies", () => {
  test("of an item follow one another, and another item follows, until all had their turn", () => {
    const names = plan({ rollouts: 160, copies: 8 }).map(({ item }) => item.name);
    const groups = Array.from({ length: 20 }, (_, n) => new Set(names.slice(n * 8, n * 8 + 8)));
    expect(groups.map(({ size }) => size)).toEqual(groups.map(() => 1));
    expect(new Set(names).size).toBe(20);
  });

  test("more than there are rollouts: all are of one item", () => {
    expect(new Set(plan({ rollouts: 5, copies: 32 }).map(({ item }) => item.name)).size).toBe(1);
  });

  test("of few items go round", () => {
    const names = plan({ items: itemsOf(2), rollouts: 6, copies: 1 }).map(({ item }) => item.name);
    expect(names.slice(2)).toEqual([...names.slice(0, 2), ...names.slice(0, 2)]);
  });

  test("of no items there are none to plan", () => {
    expect(() => plan({ items: [] })).toThrow("needs an item");
    expect(plan({ items: [], rollouts: 0 })).toEqual([]);
  });
});

describe("twins", () => {
  const pairs = (said: Partial<ScheduleOptions>) => {
    const ids = plan(said).map(({ traceId }) => traceId);
    return ids.flatMap((id, n) => (n % 2 === 1 ? [[ids[n - 1] ?? "", id] as const] : []));
  };

  test("have ids that differ at their end only: by one character, or by how it is written in a URL", () => {
    const endings = pairs({ ...twins, rollouts: 40 }).map(([one, other]) => {
      const shared = [...one].findIndex((character, at) => character !== other[at]);
      const from = shared === -1 ? one.length : shared;
      return `${one.slice(from)}|${other.slice(from)}`;
    });
    expect(new Set(endings)).toEqual(new Set(["a|A", "-|_", "| ", "|.", "|25"]));
  });

  test("are as many as the rate says, and none without", () => {
    const some = pairs({ ...twins, rollouts: 4_000, chaosRate: 0.15 }).filter(([id]) => !/_s_\d+$/.test(id));
    expect(some.length / 2_000).toBeGreaterThan(0.12);
    expect(some.length / 2_000).toBeLessThan(0.18);
    expect(new Set(plan({ rollouts: 4_000 }).map(({ traceId }) => /_s_\d+$/.test(traceId)))).toEqual(new Set([true]));
  });

  test("need two: the last of an odd number is none", () => {
    expect(plan({ ...twins, rollouts: 3 }).at(-1)?.traceId).toBe("rehearsal_s_2");
  });
});

test("one rollout in ten spends its budget to the end or up to three calls beyond", () => {
  const planned = plan({ rollouts: 4_000 });
  const spends = planned.flatMap(({ spends: calls }) => calls ?? []);
  expect(spends.length / planned.length).toBeGreaterThan(0.08);
  expect(spends.length / planned.length).toBeLessThan(0.12);
  expect(new Set(spends)).toEqual(new Set([10, 11, 12, 13]));
});

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { limits } from "../../src/contract/limits.ts";
import { Turns } from "../../src/worker/turns.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Lets everything that can go on do so. */
const settle = () => vi.advanceTimersByTimeAsync(0);

test("so many take their turn at a time, the others after them", async () => {
  const turns = new Turns(2);
  const begun: number[] = [];
  const ends = [0, 1, 2, 3].map(() => Promise.withResolvers<void>());
  const all = ends.map(({ promise }, at) =>
    turns.take(1, () => {
      begun.push(at);
      return promise;
    }),
  );
  await settle();
  expect(begun).toEqual([0, 1]);
  ends[1]?.resolve();
  await settle();
  expect(begun).toEqual([0, 1, 2]);
  for (const end of ends) end.resolve();
  await Promise.all(all);
  expect(begun).toEqual([0, 1, 2, 3]);
});

test("work that fails gives its turn back", async () => {
  const turns = new Turns(1);
  await expect(turns.take(1, () => Promise.reject(new Error("away")))).rejects.toThrow("away");
  expect(await turns.take(1, async () => "done")).toBe("done");
});

test("a turn that is never given back is over in time", async () => {
  const turns = new Turns(1);
  void turns.take(1, () => new Promise(() => {}));
  await vi.advanceTimersByTimeAsync(limits.sharedWorkMilliseconds);
  const late = vi.fn<() => Promise<string>>(async () => "done");
  void turns.take(1, late);
  await settle();
  expect(late).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(await turns.take(1, late)).toBe("done");
});

test("work takes as much room as it weighs, and comes alone where it weighs too much", async () => {
  const turns = new Turns(10);
  const begun: number[] = [];
  const ends = [6, 5, 40, 4].map((weight) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    void turns.take(weight, () => {
      begun.push(weight);
      return promise;
    });
    return resolve;
  });
  await settle();
  expect(begun).toEqual([6, 4]);
  ends[0]?.();
  await settle();
  expect(begun).toEqual([6, 4, 5]);
  ends[3]?.();
  ends[1]?.();
  await settle();
  expect(begun).toEqual([6, 4, 5, 40]);
});

import { expect, test } from "vitest";
import { inParallel } from "../../src/cli/in-parallel.ts";

const never = new AbortController().signal;
const values = [1, 2, 3, 4, 5, 6, 7, 8];

test("values are taken in their order, so many at once", async () => {
  const begun: number[] = [];
  let underWay = 0;
  let most = 0;
  await inParallel(values, 3, never, async (value) => {
    begun.push(value);
    most = Math.max(most, ++underWay);
    await Promise.resolve();
    underWay -= 1;
  });
  expect([begun, most]).toEqual([values, 3]);
});

test("none is begun after the signal", async () => {
  const stop = new AbortController();
  const begun: number[] = [];
  await inParallel(values, 2, stop.signal, async (value) => {
    begun.push(value);
    if (value === 3) stop.abort();
    await Promise.resolve();
  });
  expect(begun.length).toBeLessThan(values.length);
  expect(begun).toContain(3);
});

test("the first error ends it", async () => {
  const begun: number[] = [];
  const work = async (value: number) => {
    begun.push(value);
    await Promise.resolve();
    if (value === 2) throw new Error("no more");
  };
  await expect(inParallel(values, 2, never, work)).rejects.toThrow("no more");
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(begun.length).toBeLessThan(values.length);
});

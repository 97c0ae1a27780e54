import { expect, test } from "vitest";
import { Semaphore } from "../../src/cli/semaphore.ts";

const turn = () => new Promise((resolve) => setImmediate(resolve));

test("so much work goes on at once and no more; all of it is done, in its order", async () => {
  const places = new Semaphore(3);
  const begun: number[] = [];
  let [now, most] = [0, 0];
  const results = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      places.run(async () => {
        begun.push(n);
        most = Math.max(most, ++now);
        await turn();
        now--;
        return n;
      }),
    ),
  );
  expect(most).toBe(3);
  expect(begun).toEqual(results);
  expect(results).toEqual(Array.from({ length: 20 }, (_, n) => n));
});

test("work that fails gives its place back, whether it throws now or later", async () => {
  const places = new Semaphore(1);
  const failing = [
    places.run(async () => {
      await turn();
      throw new Error("later");
    }),
    places.run(() => {
      throw new Error("now");
    }),
  ];
  expect((await Promise.allSettled(failing)).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await places.run(async () => "done")).toBe("done");
});

test("a place that is handed on is not given twice", async () => {
  const places = new Semaphore(1);
  let [now, most] = [0, 0];
  const work = () =>
    places.run(async () => {
      most = Math.max(most, ++now);
      await turn();
      now--;
    });
  const first = work();
  const second = work();
  await first;
  await Promise.all([second, work(), work()]);
  expect(most).toBe(1);
});

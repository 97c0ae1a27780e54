import { describe, expect, test } from "vitest";
import { limits } from "../../../src/contract/limits.ts";
import { Teller } from "../../../src/worker/run/teller.ts";

/** A teller whose messages and pauses are the test's to end. */
function tellerOf(random = 0.5) {
  const sent: PromiseWithResolvers<void>[] = [];
  const pauses: { milliseconds: number; over: () => void }[] = [];
  const failures: unknown[] = [];
  const teller = new Teller({
    send: () => {
      const message = Promise.withResolvers<void>();
      sent.push(message);
      return message.promise;
    },
    pause: (milliseconds) => new Promise<void>((over) => pauses.push({ milliseconds, over })),
    random: () => random,
    gaveUp: (error) => failures.push(error),
  });
  return { teller, sent, pauses, failures };
}

/** Lets all that is ready run. */
const settle = () => new Promise((resolve) => setTimeout(resolve));

describe("a rollout that tells of itself", () => {
  test("begins nothing before its caller has answered, and waits a random while", async () => {
    const { teller, sent, pauses } = tellerOf(0.25);
    void teller.tell();
    expect([sent.length, pauses.length]).toEqual([0, 1]);
    await settle();
    expect([sent.length, pauses[0]?.milliseconds]).toEqual([0, limits.tellWithinMilliseconds / 4]);
  });

  test("has one message under way, and one more for all that comes meanwhile", async () => {
    const { teller, sent, pauses } = tellerOf();
    const told = [teller.tell(), teller.tell()];
    pauses[0]?.over();
    await settle();
    told.push(teller.tell(), teller.tell());
    await settle();
    expect(sent).toHaveLength(1);
    sent[0]?.resolve();
    await settle();
    expect(sent).toHaveLength(2);
    sent[1]?.resolve();
    expect(await Promise.all(told)).toEqual([true, true, true, true]);
    expect([sent.length, pauses.length]).toEqual([2, 1]);
  });

  test("begins anew for what comes after", async () => {
    const { teller, sent, pauses } = tellerOf();
    for (const at of [0, 1]) {
      const told = teller.tell();
      pauses[at]?.over();
      await settle();
      sent[at]?.resolve();
      expect(await told).toBe(true);
    }
    expect(sent).toHaveLength(2);
  });

  test("tries a few times with growing pauses, then says that it gave up; the next time it tries again", async () => {
    const { teller, sent, pauses, failures } = tellerOf();
    const told = teller.tell();
    for (let attempt = 0; attempt < limits.attempts; attempt++) {
      pauses[attempt]?.over();
      await settle();
      sent[attempt]?.reject(new Error(`failure ${attempt}`));
      await settle();
    }
    expect(await told).toBe(false);
    expect(pauses.slice(1).map(({ milliseconds }) => milliseconds)).toEqual([1_000, 4_000]);
    expect(failures).toEqual([new Error("failure 2")]);
    const again = teller.tell();
    pauses.at(-1)?.over();
    await settle();
    sent.at(-1)?.resolve();
    expect(await again).toBe(true);
  });
});

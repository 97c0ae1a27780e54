import { describe, expect, onTestFinished, test, vi } from "vitest";
import { Fault } from "../../src/contract/failure.ts";
import { limits } from "../../src/contract/limits.ts";
import { withRetries } from "../../src/worker/retry.ts";

/** An operation that fails as it is told, once for each error, and then succeeds; and how often it was tried. */
function failing(...errors: unknown[]) {
  const state = { tries: 0 };
  const operation = async () => {
    const error = errors[state.tries++];
    if (error !== undefined) throw error;
    return "done";
  };
  return { state, operation };
}

const down = new Error("network connection lost");
const overloaded = Object.assign(new Error("too many requests"), { overloaded: true });

describe("an operation", () => {
  test("that succeeds is done once", async () => {
    const { state, operation } = failing();
    expect(await withRetries("storage", operation)).toBe("done");
    expect(state.tries).toBe(1);
  });

  test("that fails for a while is repeated", async () => {
    const { state, operation } = failing(down, down);
    expect(await withRetries("storage", operation)).toBe("done");
    expect(state.tries).toBe(3);
  });

  test("that keeps failing is given up, as a fault of its boundary with the cause", async () => {
    const { state, operation } = failing(down, "a text", down, down);
    await expect(withRetries("ledger", operation)).rejects.toMatchObject({
      name: "Fault",
      boundary: "ledger",
      cause: down,
    });
    expect(state.tries).toBe(limits.attempts);
  });

  test("that throws a fault of its own is not repeated, and the fault stays", async () => {
    const fault = new Fault("index", "the bucket has no index");
    const { state, operation } = failing(fault);
    await expect(withRetries("storage", operation)).rejects.toBe(fault);
    expect(state.tries).toBe(1);
  });

  test("that is refused for overload is not repeated", async () => {
    const { state, operation } = failing(overloaded);
    await expect(withRetries("ledger", operation)).rejects.toMatchObject({ boundary: "ledger", cause: overloaded });
    expect(state.tries).toBe(1);
  });

  test("that throws what is no error becomes a fault too", async () => {
    const nothing = null;
    const { operation } = failing(nothing, nothing, nothing);
    await expect(withRetries("embedder", operation)).rejects.toMatchObject({ boundary: "embedder", cause: nothing });
  });

  test("that never answers is given up after its time, each time, in less than half a minute", async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const started = Date.now();
    let tries = 0;
    const given = withRetries("storage", () => {
      tries++;
      return new Promise<never>(() => {});
    });
    const fault = { boundary: "storage", message: "the storage did not answer" };
    await Promise.all([expect(given).rejects.toMatchObject(fault), vi.runAllTimersAsync()]);
    expect(tries).toBe(limits.attempts);
    expect(Date.now() - started).toBeLessThan(30_000);
  });
});

/** What one Ctrl-C does, and what a second. */
import { afterEach, expect, test, vi } from "vitest";
import { interruption } from "../../src/cli/interruption.ts";

afterEach(() => vi.restoreAllMocks());

function world() {
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const exit = vi.spyOn(process, "exit").mockReturnValue(undefined as never);
  let time = 0;
  const interrupted = interruption(() => time);
  const ctrlC = (at: number) => {
    time = at;
    process.emit("SIGINT");
  };
  return { exit, interrupted, ctrlC };
}

test("the first asks to end, a second one ends at once", () => {
  const { exit, interrupted, ctrlC } = world();
  expect(interrupted.signal.aborted).toBe(false);
  ctrlC(1_000);
  expect(interrupted.signal.aborted).toBe(true);
  expect(exit).not.toHaveBeenCalled();
  ctrlC(2_000);
  expect(exit).toHaveBeenCalledExactlyOnceWith(130);
  interrupted.stop();
});

test("that comes several times, as launchers pass it on, is one", () => {
  const { exit, interrupted, ctrlC } = world();
  for (const at of [1_000, 1_000, 1_003, 1_040]) ctrlC(at);
  expect(interrupted.signal.aborted).toBe(true);
  expect(exit).not.toHaveBeenCalled();
  interrupted.stop();
});

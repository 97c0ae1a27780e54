import { expect, test } from "vitest";
import { Source } from "../../../src/cli/watch/source.ts";
import { UserError } from "../../../src/cli/user-error.ts";
import { limits } from "../../../src/contract/limits.ts";

/** A source that fails as its turn says, looked at a minute apart. */
function sourceOf(turns: (Error | undefined)[], signal = new AbortController().signal) {
  let minute = 0;
  const now = () => new Date(Date.UTC(2026, 9, 5, 8, minute++));
  const look = () => {
    const failure = turns.shift();
    return failure ? Promise.reject(failure) : Promise.resolve();
  };
  return new Source(look, { now, signal });
}
const down = new UserError("There is no answer.");

test("says when it answered last, and since when it does not", async () => {
  const source = sourceOf([undefined, down, new UserError("It answered 503."), undefined]);
  await source.look();
  expect(source.state).toEqual({ answered_at: "2026-10-05T08:00:00.000Z", failing_since: null, problem: null });
  await source.look();
  await source.look();
  expect(source.state).toEqual({
    answered_at: "2026-10-05T08:00:00.000Z",
    failing_since: "2026-10-05T08:01:00.000Z",
    problem: "It answered 503.",
  });
  await source.look();
  expect(source.state.failing_since).toBeNull();
});

test("is asked ever more seldom while it does not answer, within bounds, and then as before", async () => {
  const source = sourceOf([...Array.from({ length: 20 }, () => down), undefined]);
  const pauses: number[] = [];
  for (let at = 0; at < 20; at++) {
    await source.look();
    pauses.push(source.pause(30_000));
  }
  expect(pauses.slice(0, 3)).toEqual([60_000, 120_000, 240_000]);
  expect(pauses.at(-1)).toBe(limits.watchLongestPauseMilliseconds);
  await source.look();
  expect(source.pause(30_000)).toBe(30_000);
  expect(source.pause(3_600_000)).toBe(3_600_000);
});

test("takes a look that was broken off on purpose for none", async () => {
  const source = sourceOf([down], AbortSignal.abort());
  await source.look();
  expect(source.state).toEqual({ answered_at: null, failing_since: null, problem: null });
});

test("does not take an error of this program for one of the service", async () => {
  await expect(sourceOf([new TypeError("a bug")]).look()).rejects.toThrow("a bug");
});

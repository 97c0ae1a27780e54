/** Alarms of what depends on the item more than on the attempt. */
import { describe, expect, test } from "vitest";
import type { RunAlarm } from "../../../src/contract/run.ts";
import { alarmKey } from "../../../src/worker/run/alarms.ts";
import { answering, keys, raisedBy, scoring, type Fields } from "./observed.ts";
import { START, summaries } from "./summaries.ts";

describe("a job that attempts each item 32 times", () => {
  const ATTEMPTS = 32;
  const attempts = (items: number, fields: (item: number, attempt: number) => Fields) =>
    summaries(items * ATTEMPTS, (at) => {
      const item = Math.floor(at / ATTEMPTS);
      return { item: `item-${item}`, ...fields(item, at % ATTEMPTS) };
    });
  /** Answers that all differ. */
  const value = (item: number, attempt: number) => `${item}.${attempt}`;

  test("has easy items in a row now and then, which is no score too good to be true", () => {
    const easy = (last: number) =>
      attempts(60, (item, attempt) =>
        scoring(item >= 60 - last || item % 3 > 0 ? 1 : 0, { value: value(item, attempt) }),
      );
    expect([keys(easy(7)), keys(easy(15))]).toEqual([[], []]);
    expect(keys(easy(32))).toEqual(["raised score_too_good"]);
  });

  test("has steps of easy items, too, all of which it attempts at once", () => {
    const steps = (easy: number) =>
      Array.from({ length: 8 }, (_, step) =>
        summaries(
          15 * ATTEMPTS,
          (at) => {
            const item = `item-${step}-${at % 15}`;
            return { item, ...scoring(step >= 8 - easy || at % 3 > 0 ? 1 : 0, { value: `${step}.${at}` }) };
          },
          START + step * 1e6,
        ),
      ).flat();
    expect([keys(steps(0)), keys(steps(1))]).toEqual([[], []]);
    expect(keys(steps(2))).toEqual(["raised score_too_good"]);
  });

  /** What becomes of the alarm while so many items are attempted whose mean scores are given, looked at now and then. */
  function story(items: number, mean: (item: number) => number): string[] {
    const rollouts = attempts(items, (item, attempt) =>
      scoring((attempt * 0.61803) % 1 < mean(item) ? 1 : 0, { value: value(item, attempt) }),
    );
    const standing = new Map<string, RunAlarm>();
    const told: string[] = [];
    for (let seen = 250; seen <= rollouts.length; seen += 250) {
      for (const { state, alarm } of raisedBy(rollouts.slice(0, seen), [...standing.values()])) {
        told.push(`${state} ${alarmKey(alarm)}`);
        if (state === "raised") standing.set(alarmKey(alarm), alarm);
        else standing.delete(alarmKey(alarm));
      }
    }
    return told;
  }

  test("rises steadily to 0.97 over thousands of rollouts, which is learning; a jump there stays an alarm while it lasts", () => {
    expect(story(250, (item) => Math.min(0.97, 0.3 + (item / 200) * 0.67))).toEqual([]);
    expect(story(250, (item) => (item < 120 ? 0.6 : 0.97))).toEqual(["raised score_too_good"]);
    expect(story(250, (item) => (item < 80 || item > 170 ? 0.6 : 0.97))).toEqual([
      "raised score_too_good",
      "cleared score_too_good",
    ]);
  });

  test("gives itself away by one answer to all items", () => {
    expect(keys(attempts(40, () => scoring(0, { value: "42" })))).toEqual(["raised identical_answers"]);
  });

  test("gives up on each item now and then, which is not one answer to all", () => {
    const givingUp = (often: number) =>
      attempts(40, (item, attempt) => {
        const givesUp = attempt < often;
        return scoring(0, givesUp ? { value: null, answer: "" } : { value: value(item, attempt) });
      });
    expect(keys(givingUp(10))).toEqual([]);
    expect(keys(givingUp(11))).toEqual(["raised identical_answers"]);
  });
});

describe("identical answers", () => {
  test("of many attempts at one item, to items without a name, or of yes and no, are no alarm", () => {
    expect(keys(summaries(100, () => answering(1, "42")))).toEqual([]);
    expect(keys(summaries(100, () => ({ ...answering(1, "42"), item: null })))).toEqual([]);
    expect(keys(summaries(100, (at) => answering(at, "yes")))).toEqual([]);
  });
});

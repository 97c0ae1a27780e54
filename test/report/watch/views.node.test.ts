import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JobEvent } from "../../../src/contract/fine-tuning.ts";
import { newsOf } from "../../../src/report/watch/news.ts";
import { watchPage } from "../../../src/report/watch/page.ts";
import { BLOCKS, DIGITS } from "../../../src/report/watch/sparkline.ts";
import { watchLines } from "../../../src/report/watch/text.ts";
import { isoAt, START } from "../../worker/run/summaries.ts";
import { elements, HOSTILE, visible } from "../well-formed.ts";
import {
  answering,
  eventOf,
  exampleAlarm,
  exampleCheckpoints,
  exampleEvents,
  exampleRun,
  exampleSnapshot,
  stateOf,
} from "./jobs.ts";

const busy = exampleSnapshot({
  events: exampleEvents(20, 19),
  run: exampleRun(20, 19, { alarms: [exampleAlarm, { ...exampleAlarm, cleared_at: isoAt(START + 90 * 60_000) }] }),
});
const failing = { answered_at: isoAt(START), failing_since: isoAt(START + 60_000), problem: "No answer." };
const snapshots = {
  "a busy job": busy,
  "a job without a step": exampleSnapshot({ events: exampleEvents(0), checkpoints: [], run: undefined }),
  "a job of one step": exampleSnapshot({ events: exampleEvents(1), checkpoints: [] }),
  "a job without a monitor": exampleSnapshot({ run: undefined, monitor: failing }),
  "a run without a service": exampleSnapshot({ job: undefined, events: [], checkpoints: [], service: failing }),
  "a failed job": exampleSnapshot({
    job: { id: "ftjob-4711", status: "failed", error: { code: "grader", message: "Too many errors." } },
  }),
  "a job that has succeeded": exampleSnapshot({
    job: { id: "ftjob-4711", status: "succeeded", fine_tuned_model: "ft:qwen", finished_at: START / 1000 + 9_000 },
  }),
};
const textOf = (snapshot: typeof busy, width: number, levels = BLOCKS) =>
  watchLines(snapshot, { width, levels }).map(({ text }) => text);

describe.each(Object.entries(snapshots))("%s", (_, snapshot) => {
  test.each([40, 80, 200])("as text fits %s characters", (width) => {
    // What is there to be copied is never broken: commands.
    const lines = textOf(snapshot, width).filter((line) => !line.startsWith("  npm "));
    expect(lines.filter((line) => line.length > width)).toEqual([]);
  });

  test("as text for a simple terminal is plain ASCII", () => {
    expect(textOf(snapshot, 80, DIGITS).join("")).toMatch(/^[ -~]*$/);
  });

  test("as a page is well-formed, and draws with finite numbers", () => {
    const page = watchPage(snapshot, 30);
    const drawn = elements(page).flatMap(({ attributes: { x, y, cx, cy, d, width, height } }) => [
      x,
      y,
      cx,
      cy,
      d,
      width,
      height,
    ]);
    expect(drawn.join(" ")).not.toMatch(/NaN|Infinity|undefined/);
  });
});

describe("the text of a busy job", () => {
  test("has the dip and the faults in the same columns", () => {
    const lines = textOf(busy, 80);
    const line = (name: string) => lines.find((one) => one.startsWith(name)) ?? "";
    const lowest = line("train reward").lastIndexOf("▁");
    expect(line("score, monitor").slice(lowest - 1, lowest + 1)).toMatch(/[▁▂▃]/);
    expect(line("faults").slice(lowest - 2, lowest + 1)).toMatch(/█/);
    expect(line("faults").slice(40, lowest - 4)).toMatch(/^▁+$/);
  });

  test("says first what stands out, and below why", () => {
    const text = textOf(busy, 200).join("\n");
    expect(text).toMatch(/^finqa-7: running, step 20 of 60\n/);
    expect(text).toContain("Stands out: alarm, a dip with faults; see below.");
    expect(text).toMatch(/A dip with faults: The reward of step 19 .*\n +The dip may be the endpoints'/);
  });

  test("marks the best checkpoint, with its name whole where there is room", () => {
    expect(textOf(busy, 80).join("\n")).toMatch(/20 +0\.\d{3} +best +ft:qwen3\.6-35b-a3b:example::ckpt-step-20\n/);
    expect(textOf(busy, 40).join("\n")).toMatch(/20 +0\.\d{3} +best\n/);
  });
});

test("who does not answer is named, with since when and of when the figures are", () => {
  const lines = textOf(snapshots["a job without a monitor"], 200).join("\n");
  expect(lines).toContain(
    "The run monitor does not answer since 2026-10-05 08:01:00 UTC: No answer. Below, its figures are those of 2026-10-05 08:00:00.",
  );
  expect(lines).not.toContain("The service does not");
  expect(textOf(snapshots["a run without a service"], 200).join("\n")).toContain("The service does not answer since");
});

test("a job that has ended says how to compare, with its best checkpoint", () => {
  const lines = textOf(snapshots["a job that has succeeded"], 80).join("\n");
  expect(lines).toMatch(/baseline --data PATH\/val\.jsonl --job finqa-7 --checkpoint 20 --name finqa-7-after/);
  expect(lines).toMatch(/compare BASELINE finqa-7-after/);
});

describe("the page", () => {
  test("asks to be read again as long as it is written", () => {
    const refresh = (page: string) =>
      elements(page)
        .filter(({ attributes }) => attributes["http-equiv"] === "refresh")
        .map(({ attributes }) => attributes["content"]);
    expect(refresh(watchPage(busy, 30))).toEqual(["30"]);
    expect(refresh(watchPage(busy, undefined))).toEqual([]);
    expect(visible(watchPage(busy, undefined))).toContain("not written any more");
  });

  test("has one time axis in all its charts, with checkpoints and alarms", () => {
    const page = watchPage(busy, 30);
    const axes = page.match(/minutes from 2026-10-05 08:00:00 UTC/g) ?? [];
    const charts = elements(page).filter(({ attributes }) => attributes["class"] === "chart wide");
    expect(charts.length).toBeGreaterThanOrEqual(5);
    expect(axes).toHaveLength(charts.length);
    expect(page.match(/>step 10</g)).toHaveLength(charts.length * 2);
    expect(page.match(/>alarm: faults</g)?.length).toBeGreaterThanOrEqual(charts.length * 2);
  });

  test("has what the service tells and nothing here knows", () => {
    const event = eventOf(1, { train: 0.5 });
    const snapshot = exampleSnapshot({ events: [{ ...event, data: { step: 1, policy_entropy: 1.25 } }] });
    expect(visible(watchPage(snapshot, 30))).toMatch(/policy_entropy 1\.25 1/);
  });
});

describe("texts from outside", () => {
  const text = fc.constantFrom(...HOSTILE);
  const hostile = (bad: string) =>
    exampleSnapshot({
      state: stateOf({ model: bad, provider: { base_url: bad }, job_id: bad }),
      job: { id: bad, status: bad, fine_tuned_model: bad, error: { code: bad, message: bad } },
      events: [
        { id: "1", created_at: START / 1000, message: bad, level: bad },
        ...[1, 2].map((step): JobEvent => ({
          id: `ftevent-${step}`,
          created_at: START / 1000 + step * 60,
          data: { step, [bad]: step, tools: { [bad]: { calls: step, latency: step } } },
        })),
      ],
      checkpoints: exampleCheckpoints(5).map((one) => ({ ...one, fine_tuned_model_checkpoint: bad })),
      run: exampleRun(2, 1, { alarms: [{ ...exampleAlarm, message: bad, what_to_do: bad }] }),
      service: { ...answering, failing_since: isoAt(START), problem: bad },
    });

  test("become no markup, and no control of a terminal", () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 250 }), (bad, width) => {
        const snapshot = hostile(bad);
        const names = elements(watchPage(snapshot, 30)).map(({ name }) => name);
        expect(names.filter((name) => ["script", "img", "iframe"].includes(name))).toEqual([]);
        expect(textOf(snapshot, width, DIGITS).join("")).toMatch(/^[ -~]*$/);
        expect(newsOf(undefined, snapshot).join("")).toMatch(/^[ -~]*$/);
      }),
    );
  });
});

describe("news", () => {
  const before = exampleSnapshot({ events: exampleEvents(4), checkpoints: [], run: exampleRun(4) });

  test("are everything at first, and nothing when nothing has changed", () => {
    expect(newsOf(undefined, before).join("\n")).toMatch(
      /running, step 4 of 60\n.*log: Fine-tuning job started\n.*step 1\/60: train 0\.\d{3}/,
    );
    expect(newsOf(before, before)).toEqual([]);
  });

  test("are a line for each step, checkpoint, fault, hint and change of who answers", () => {
    const after = exampleSnapshot({
      events: exampleEvents(5),
      checkpoints: exampleCheckpoints(5),
      run: exampleRun(5, 4, { alarms: [exampleAlarm] }),
      service: failing,
    });
    const lines = newsOf(before, after).map((line) => line.replace(/^\S+ /, ""));
    expect(lines).toEqual([
      "The service does not answer: No answer.",
      expect.stringMatching(
        /^step 5\/60: train 0\.\d{3}, validation 0\.\d{3}, reasoning tokens 2,800, tool calls 7\.25, grader errors 0$/,
      ),
      expect.stringMatching(/^checkpoint of step 5: ft:.*, validation 0\.\d{3}$/),
      "faults: 240 more calls, 240 in all",
      "Alarm: 50 % of the latest rollouts met a fault. Look at the faults' boundary.",
    ]);
    expect(newsOf(after, before).map((line) => line.replace(/^\S+ /, ""))).toContain("The service answers again.");
  });

  test("say a hint once, though its figures change", () => {
    const flat = (steps: number) =>
      exampleSnapshot({
        events: Array.from({ length: steps }, (_, at) => eventOf(at + 1, { train: 1 })),
        run: undefined,
      });
    expect(newsOf(flat(4), flat(5)).filter((line) => line.includes("Too good"))).toEqual([]);
    expect(newsOf(flat(2), flat(3)).filter((line) => line.includes("Too good"))).toHaveLength(1);
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Rehearsal } from "../../src/contract/rehearsal.ts";
import { rehearsalPage } from "../../src/report/rehearsal.ts";
import { anyRehearsal } from "./any-rehearsal.ts";
import { brokenExample, emptyExample, example } from "./example.ts";
import { elements, HOSTILE, visible } from "./well-formed.ts";

/** A whole page takes a while to make and to read. */
const FEW = { numRuns: 20 };

const tags = (page: string) => elements(page).map(({ name }) => name);

test("the examples are what a rehearsal writes", () => {
  for (const each of [example(), brokenExample(), emptyExample()]) expect(Rehearsal.parse(each)).toEqual(each);
});

describe("the page of a rehearsal that went well", () => {
  const page = rehearsalPage(example());
  const text = visible(page);

  test("says so first, with what was sent", () => {
    expect(page).toContain("<title>All 13 promises kept: rehearsal of finqa</title>");
    expect(text.indexOf("✓ All 13 promises kept")).toBeLessThan(text.indexOf("Rollouts graded 497 of 500 planned"));
    expect(text).toContain("Calls in ledgers 3,211 of 3,214 decided");
    expect(text).not.toContain("✗");
  });

  test("lists every promise with how often it could have been broken", () => {
    for (const { promise, name } of example().checks) expect(text).toContain(`✓ kept ${promise} ${name} 0`);
    expect(text).toContain("Every answered call stands in its rollout's ledger. lost 0 3,200");
  });

  test("has its charts, each with what stands behind it", () => {
    const charts = elements(page).filter(({ name }) => name === "svg");
    expect(charts.map(({ attributes }) => attributes["aria-label"])).toEqual([
      expect.stringMatching(/^Requests\. [\d,]+ requests, whatever came of them, each second\./),
      expect.stringMatching(/^Faults\. \d+ requests with a 5xx, or no answer, each second\./),
      expect.stringMatching(/^Median latency\. [\d,]+ answers, each second\./),
      expect.stringMatching(/^Rollouts started and ended\. 500 started, 500 ended;/),
      expect.stringMatching(/^Latency of answered requests\. [\d,]+ answered requests\. The highest p99 is 148\.9 ms$/),
      expect.stringMatching(/^Scores\. 497 graded; 3 discarded, 0 unfinished left out\. 0: 119, 0\.5: 45, 1: 333$/),
      expect.stringMatching(/^Rollouts of each step\. 500 rollouts in 4 steps, 3 discarded\./),
      expect.stringMatching(/^Time of each step\. 500 rollouts in 4 steps\./),
    ]);
  });

  test("says what trouble was made, what was answered, and how long it took", () => {
    expect(text).toContain("lost answer 100");
    expect(text).toContain("503 a fault; retried, then the rollout is discarded");
    expect(text).toContain("search 2,025 18.4 61.2 148.9 1,204.6");
    expect(text).toContain("Of 16 items tested, none was discarded more often than chance would have it.");
  });

  test("says how it was made, and how to make it again", () => {
    expect(text).toContain("npm run edgegym -- rehearse --own-worker --chaos --seed 7");
    const command = ["npm", "run", "edgegym", "--", "rehearse", "--seed", "it's 7"];
    expect(visible(rehearsalPage(example({ command })))).toContain(
      String.raw`npm run edgegym -- rehearse --seed 'it'\''s 7'`,
    );
  });

  test("asks for nothing from outside and runs no script", () => {
    const found = elements(page);
    const policy = found.find(({ attributes }) => attributes["http-equiv"] === "Content-Security-Policy");
    expect(policy?.attributes["content"]).toMatch(/^default-src 'none'; style-src 'unsafe-inline'; img-src data:/);
    expect(tags(page)).not.toContain("script");
    const links = found.flatMap(({ attributes: { href, src } }) => [href, src]).filter((link) => link !== undefined);
    expect(links).toEqual(["data:,"]);
    expect(page).not.toMatch(/@import|url\(/);
  });

  test("is the same each time", () => {
    expect(rehearsalPage(example())).toBe(page);
  });
});

describe("the page of a service that breaks its promises", () => {
  const text = visible(rehearsalPage(brokenExample()));

  test("says which, how often, and where to look", () => {
    expect(text).toContain("✗ 2 of 13 promises broken");
    expect(text).toContain("is known to deserve. Not so 2 of 485 times. rehearsal_k3f9_17: scored 0.5, known to be 1");
    expect(text).toContain("rehearsal_k3f9_%25 call_4: 404 after an object was reset and 28 more 31 90");
  });

  test("names the items that were discarded too often", () => {
    expect(text).toContain("SAMPLE/2019/page_33.pdf-2 32 9 28.1 % < 0.001");
  });
});

describe("the page of a rehearsal that was interrupted at once", () => {
  const text = visible(rehearsalPage(emptyExample()));

  test("claims nothing", () => {
    expect(text).toContain("Nothing was shown Interrupted after 210 ms");
    expect(text).not.toContain("kept Every");
    expect(text.match(/There was no occasion to break it: nothing was shown\./g)).toHaveLength(13);
  });

  test("has no empty tables and no made-up numbers", () => {
    for (const sentence of ["No request was answered.", "No request was sent.", "No trouble was made"])
      expect(text).toContain(sentence);
    expect(text.match(/nothing to show/g)).toHaveLength(8);
    expect(text).not.toMatch(/NaN|Infinity|undefined/);
  });
});

test("the page of 5,000 rollouts over ten minutes stays small", () => {
  const page = rehearsalPage(example({}, { rollouts: 5000, steps: 40 }));
  expect(page.length).toBeLessThan(250_000);
  expect(visible(page)).toContain("minutes from the start");
});

describe("a page of anything", () => {
  test("shows texts from outside as texts", () => {
    const harmless = tags(rehearsalPage(withText("harmless")));
    for (const text of HOSTILE) expect(tags(rehearsalPage(withText(text)))).toEqual(harmless);
  });

  test("is well-formed, whatever the texts", () => {
    const anyText = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom(...HOSTILE));
    fc.assert(
      fc.property(anyRehearsal(anyText), (rehearsal) => {
        expect(tags(rehearsalPage(rehearsal))).not.toContain("script");
      }),
      FEW,
    );
  });

  test("has only numbers that are numbers, whatever they are", () => {
    fc.assert(
      fc.property(anyRehearsal(fc.constantFrom("200", "503", "0.5", "1", "search")), (rehearsal) => {
        expect(rehearsalPage(rehearsal)).not.toMatch(/NaN|Infinity|undefined/);
      }),
      FEW,
    );
  });
});

/** The broken example with a text in every place where one comes from outside. */
function withText(text: string): Rehearsal {
  const from = brokenExample();
  const renamed = (counts: Record<string, number>) =>
    Object.fromEntries([[text, 1], ...Object.entries(counts).map(([key, count]) => [`${key}${text}`, count])]);
  return {
    ...from,
    run: text,
    url: text,
    environment: text,
    agent: text,
    seed: text,
    chaos: renamed(from.chaos),
    statuses: renamed(from.statuses),
    scores: renamed(from.scores),
    checks: from.checks.map((check) => ({
      ...check,
      name: text,
      promise: text,
      examples: check.examples.map(() => text),
    })),
    latencies: from.latencies.map((latency) => ({ ...latency, kind: text })),
    discard_bias: { ...from.discard_bias, items: from.discard_bias.items.map((item) => ({ ...item, item: text })) },
  };
}

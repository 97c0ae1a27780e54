/** The list of what was looked at before a job. */
import { expect, test } from "vitest";
import type { PreflightCheck } from "../../src/contract/preflight.ts";
import { preflightText } from "../../src/report/preflight-text.ts";

const check = (given: Partial<PreflightCheck>): PreflightCheck => ({
  name: "wire",
  state: "ok",
  finding: "All is well.",
  advice: null,
  ...given,
});

test("each check with what was found and what to do, the verdict last", () => {
  const text = preflightText(
    [
      check({}),
      check({ name: "provider_grader", state: "refused", finding: "It pays all.", advice: "Mend the grader." }),
      check({ name: "baseline", state: "warned", finding: "None.", advice: "Play one." }),
      check({ name: "attack", state: "skipped", finding: "Left out: tried by hand" }),
    ],
    { width: 80 },
  );
  expect(text).toBe(`ok       wire: All is well.
REFUSED  provider grader: It pays all.
         > Mend the grader.
WARNING  baseline: None.
         > Play one.
-        attack: Left out: tried by hand

REFUSED: 1 THING TO MEND FIRST (1 WARNING, 1 NOT LOOKED AT)`);
  expect(preflightText([check({})], { width: 80 })).toMatch(/THE JOB MAY GO AHEAD$/);
});

test("lines keep to the width, and nothing moves the cursor", () => {
  const text = preflightText([check({ finding: `${"word ".repeat(40)}\u001b[31m`, advice: "x".repeat(200) })], {
    width: 50,
  });
  for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(50);
  expect(text).toMatch(/^[ -~\n]*$/);
});

/**
 * Whether a rehearsal can be believed: against the real worker every promise is kept under every kind of trouble, and against
 * the same worker without one of its protections, that one is found missing. Each sabotage shows that a check is not vacuous.
 */
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { bundleWorker } from "../../src/cli/bare-worker/bundle.ts";
import { type BareWorker, startBareWorker } from "../../src/cli/bare-worker/start.ts";
import { sampleSource } from "../../src/cli/project.ts";
import { type ChaosKind, chaosNames } from "../../src/cli/rehearse/chaos.ts";
import { rehearse, type Rehearsing } from "../../src/cli/rehearse/rehearse.ts";
import { readSource } from "../../src/cli/sources.ts";
import type { Rehearsal } from "../../src/contract/rehearsal.ts";
import { buildIndex } from "../../src/corpus/build.ts";
import { oracle, rehearsing } from "../cli/rehearse/oracle.ts";
import { shownAlways, shownByTrouble } from "./missing.ts";
import { type Asked, fieldsOf, ledgerAsked, type Sabotage, Saboteur } from "./saboteur.ts";
import * as sabotages from "./sabotages.ts";

const { local, trainer, admin, ...deployed } = inject("deployment");
const tokens = { TRAINER_TOKEN: trainer, ADMIN_TOKEN: admin };
let { url } = deployed;

/** On this machine the worker stands alone, with its storage in memory: hundreds of rollouts on a disk take minutes. */
let worker: BareWorker | undefined;
beforeAll(async () => {
  if (!local) return;
  const index = await buildIndex(await readSource("finqa", sampleSource), "embedded");
  worker = await startBareWorker({ bundle: await bundleWorker(), index, tokens });
  url = worker.url;
});
afterAll(() => worker?.close());

/** A rehearsal with these kinds of trouble, so often that each occurs. */
const against = (base: string, chaos: readonly ChaosKind[], said: Partial<Rehearsing> = {}) =>
  rehearse(rehearsing(base, { tokens, chaos: new Set(chaos), chaosRate: 0.5, ...said }));

async function sabotaged(sabotage: Sabotage, chaos: readonly ChaosKind[], said: Partial<Rehearsing> = {}) {
  const saboteur = await Saboteur.start(url, sabotage);
  try {
    return await against(saboteur.url, chaos, said);
  } finally {
    await saboteur.close();
  }
}

const broken = ({ checks }: Rehearsal) => checks.filter(({ violations }) => violations > 0).map(({ name }) => name);
const occasions = ({ checks }: Rehearsal, name: string) => checks.find((check) => check.name === name)?.occasions;

describe("the real worker keeps every promise", () => {
  /** The promise that each kind puts to the test; some kinds test what is tested without them too. */
  const tested: Partial<Record<ChaosKind, string>> = {
    grade_before_calls: "after_grading",
    wrong_token: "refused",
    malformed: "refused",
    oversized: "refused",
    cut_body: "duplicated",
    lost_answer: "duplicated",
    duplicate_concurrent: "same_answer",
    duplicate: "same_answer",
    call_after_grading: "after_grading",
  };
  const occurring = chaosNames.filter((kind) => kind !== "grade_after_fault");

  test("without trouble", async () => {
    const found = await against(url, []);
    expect(broken(found)).toEqual([]);
    expect(found.rollouts).toEqual({ planned: 12, graded: 12, discarded: 0, unfinished: 0 });
    expect(found.chaos).toEqual({});
    expect(occasions(found, "budget")).toBeGreaterThan(0);
    expect(found.scores).toEqual({ "0": 2, "0.5": 2, "1": 8 });
  });

  test.each(occurring)("under %s", async (kind) => {
    const found = await against(url, [kind], { rollouts: 12 });
    expect(broken(found)).toEqual([]);
    expect(found.chaos).toEqual({ [kind]: expect.any(Number) });
    expect(occasions(found, tested[kind] ?? "lost")).toBeGreaterThan(0);
    expect(found.rollouts.graded).toBe(12);
  });

  test("under all of them at once", async () => {
    const found = await against(url, chaosNames, { rollouts: 16, steps: 2, chaosRate: 0.2 });
    expect(broken(found)).toEqual([]);
    expect(Object.keys(found.chaos).toSorted()).toEqual(occurring.toSorted());
  });

  test("and so does a service with faults that is honest about them: its rollouts are discarded, none is scored", async () => {
    const found = await sabotaged(sabotages.faultsHonestly, ["grade_after_fault"]);
    expect(broken(found)).toEqual(["discarded"]);
    expect(found.chaos["grade_after_fault"]).toBe(found.rollouts.discarded);
    expect(occasions(found, "fault_as_score")).toBe(found.rollouts.discarded);
    expect(found.rollouts.discarded).toBeGreaterThan(2);
  });

  test("behind another server that changes nothing", async () => {
    expect(broken(await sabotaged(sabotages.honest, chaosNames, { rollouts: 8, chaosRate: 0.15 }))).toEqual([]);
  });
});

describe("a service is found out that is", () => {
  const underTrouble = shownByTrouble(trainer);
  const cases = [
    ...underTrouble.flatMap((missing) => missing.kinds.map((kind) => ({ ...missing, kind, kinds: [kind] }))),
    ...shownAlways.map((missing) => ({ ...missing, kind: "no trouble at all" })),
  ];
  test.each(cases)("without $without, by $kind", async ({ sabotage, kinds, breaks, also = [], ...said }) => {
    const { rollouts = 8, chaosRate = 0.5 } = said;
    const found = broken(await sabotaged(sabotage, kinds, { rollouts, chaosRate }));
    expect(found).toContain(breaks);
    expect(found.filter((name) => name !== breaks && !also.includes(name))).toEqual([]);
  });

  test("every kind of trouble finds something out", () => {
    expect(new Set(underTrouble.flatMap(({ kinds }) => kinds))).toEqual(new Set(chaosNames));
  });

  test("unfair to one item: the rollouts of it are discarded, and it is named", async () => {
    const { items } = rehearsing(url);
    const [unlucky] = items.slice(2, 3);
    const name = unlucky?.name ?? "";
    const found = await sabotaged(sabotages.failsItem(name), [], { items: items.slice(0, 4), copies: 6, rollouts: 24 });
    expect(broken(found)).toEqual(["discarded"]);
    expect(found.discard_bias).toMatchObject({ share: 0.25, items: [{ item: name, rollouts: 6, discarded: 6 }] });
  });
});

/** Passes everything on and keeps it. */
function recording(asked: Asked[]): Sabotage {
  return (service) => (request) => {
    asked.push(request);
    return service(request);
  };
}

test("ended in the middle, a rehearsal tells what is known, breaks no promise, and sends nothing more but for ledgers", async () => {
  const asked: Asked[] = [];
  const saboteur = await Saboteur.start(url, recording(asked));
  const controller = new AbortController();
  let [turns, before] = [0, 0];
  const agent: typeof oracle = {
    name: "oracle",
    begin: (item, random) => {
      const attempt = oracle.begin(item, random);
      const next: typeof attempt.next = async (shown) => {
        if (++turns === 40) {
          before = asked.length;
          controller.abort();
        }
        return attempt.next(shown);
      };
      return { ...attempt, next };
    },
  };
  const found = await against(saboteur.url, chaosNames, {
    agent,
    rollouts: 32,
    steps: 2,
    concurrency: 12,
    chaosRate: 0.15,
    signal: controller.signal,
  });
  await saboteur.close();

  const { planned, graded, discarded, unfinished } = found.rollouts;
  expect(found.interrupted).toBe(true);
  expect(broken(found)).toEqual([]);
  expect({ planned, discarded, sum: graded + unfinished }).toEqual({ planned: 32, discarded: 0, sum: 32 });
  expect(unfinished).toBeGreaterThan(16);
  // What was on its way to the server when it ended may still arrive.
  const posts = asked.slice(before).filter(({ method }) => method === "POST");
  expect(posts.length).toBeLessThanOrEqual(12);
  expect(asked.filter((request) => ledgerAsked(request) !== undefined).length).toBeLessThanOrEqual(16);
});

describe("two rehearsals of one seed", () => {
  /** All that was sent, in an order of its own, without what tells two rehearsals apart. */
  async function decisions(seed: string) {
    const asked: Asked[] = [];
    const found = await sabotaged(recording(asked), chaosNames, { seed, rollouts: 8, chaosRate: 0.2 });
    const series = /rehearsal_([^_]+)_/.exec(asked.map((request) => fieldsOf(request).trace_id).join(" "))?.[1] ?? "";
    const ofRollouts = asked.filter(({ path }) => !path.startsWith("/runs/"));
    const sent = ofRollouts.map(({ method, path, token, text, isCut }) =>
      [method, path, token === `Bearer ${trainer}`, isCut, isCut ? "" : text]
        .join(" ")
        .replaceAll(series, "series")
        .replace(/ {999,}$/, " and padding")
        .replaceAll(/canary-[0-9a-f]{16}/g, "canary"),
    );
    const { chaos, rollouts, calls, scores, checks, statuses } = found;
    const counted = checks.map(({ name, occasions: times, violations }) => [name, times, violations]);
    return { sent: sent.toSorted(), chaos, rollouts, calls, scores, statuses, counted };
  }

  test("make the same decisions: the same calls, the same troubles, the same expected scores", async () => {
    const [one, other] = [await decisions("1"), await decisions("1")];
    expect(other).toEqual(one);
  });
});

import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Manifest } from "../../src/contract/manifest.ts";
import { gone, spoil, type Spoil, wrongBit } from "./bucket.ts";
import { childrenOf, objectKey, serveCorpus, textOf } from "./corpus.ts";
import { errorOf, outputOf, restartWorker, scoreOf, TestRollout } from "./world.ts";

const PAGE = "AAL/2010/page_72.pdf";

let manifest: Manifest;
let pack: string;
beforeAll(async () => {
  manifest = await serveCorpus();
  pack = objectKey(manifest, manifest.files.at(-1)?.name ?? "");
});
beforeEach(() => restartWorker());

describe("a pack of texts that cannot be read", () => {
  test.each<[string, Spoil]>([
    ["is gone", gone],
    ["is empty", () => ""],
    ["is cut short", (bytes) => bytes.subarray(0, 100)],
    ["has one wrong bit", wrongBit],
    ["is another file", (bytes) => new Uint8Array(bytes.length)],
  ])("because it %s is a fault of the calls that read it, and heals", async (_, change) => {
    const mend = await spoil(pack, change);
    const rollout = new TestRollout();
    const cat = () => rollout.call("cat", { path: PAGE }, { call_id: "call_cat" });
    const search = () => rollout.call("search", { query: "fuel" }, { call_id: "call_search" });
    for (const deliver of [cat, search, cat])
      expect(await errorOf(deliver())).toMatchObject({ status: 503, code: "fault" });
    expect((await rollout.ledger()).calls).toMatchObject([
      { tool: "cat", outcome: "fault", faults: 2, fault_boundary: "index", output: "" },
      { tool: "search", outcome: "fault", faults: 1, fault_boundary: "index", output: "" },
    ]);
    await mend();
    expect(await outputOf(cat())).toBe(textOf(PAGE));
    expect(await outputOf(search())).toContain(PAGE);
    expect((await rollout.ledger()).calls.map(({ outcome }) => outcome)).toEqual(["ok", "ok"]);
  });

  test("does not keep directories from being listed, nor a model from being told of its mistakes", async () => {
    await spoil(pack, gone);
    const rollout = new TestRollout();
    expect(await outputOf(rollout.call("list", {}))).toBe(childrenOf("").join("\n"));
    expect(await outputOf(rollout.call("cat", { path: "nowhere" }))).toContain("Nothing has the path");
    expect(await outputOf(rollout.call("search", { query: "" }))).toContain("is empty");
  });

  test("fails all calls that wait for it at once, and heals for all", async () => {
    const mend = await spoil(pack, gone);
    const rollouts = Array.from({ length: 20 }, () => new TestRollout());
    const deliver = () =>
      Promise.all(rollouts.map((rollout) => rollout.call("cat", { path: PAGE }, { call_id: "call_1" })));
    expect((await deliver()).map(({ status }) => status)).toEqual(rollouts.map(() => 503));
    await mend();
    expect(await Promise.all((await deliver()).map(outputOf))).toEqual(rollouts.map(() => textOf(PAGE)));
  });
});

describe("a rollout with a fault that nothing has healed", () => {
  test("is not scored, with the reason in its ledger; once healed it is", async () => {
    const mend = await spoil(pack, gone);
    const rollout = new TestRollout();
    const cat = () => rollout.call("cat", { path: PAGE }, { call_id: "call_cat" });
    await outputOf(rollout.call("list", {}));
    await cat();
    for (let again = 0; again < 2; again++) {
      expect(await errorOf(rollout.grade("56 million"))).toMatchObject({ status: 503, code: "fault" });
    }
    const { grades, refusals } = await rollout.ledger();
    expect(grades).toEqual([]);
    expect(refusals.map(({ reason }) => reason)).toEqual(
      [1, 2].map(() => "Call call_cat (cat) ended in a fault of ours (index) that no later delivery healed."),
    );

    await mend();
    await outputOf(cat());
    expect(await scoreOf(rollout.grade("56 million"))).toBe(1);
    expect(await rollout.ledger()).toMatchObject({ grades: [{ score: 1 }], refusals: { length: 2 } });
  });

  test("is not scored for another sample either, nor when other calls succeed", async () => {
    const mend = await spoil(pack, gone);
    const rollout = new TestRollout();
    await rollout.call("cat", { path: PAGE });
    await rollout.call("search", { query: "fuel" });
    await mend();
    await outputOf(rollout.call("cat", { path: PAGE }, { call_id: "call_other" }));
    for (const answer of ["56", "57", ""]) expect((await rollout.grade(answer)).status).toBe(503);
    expect((await rollout.ledger()).refusals[0]?.reason).toMatch(/^Call call_1 \(cat\) and 1 more ended in a fault/);
  });

  test("keeps the score that it had before the fault", async () => {
    const rollout = new TestRollout();
    expect(await scoreOf(rollout.grade("56"))).toBe(1);
    await spoil(pack, gone);
    expect(await outputOf(rollout.call("cat", { path: PAGE }))).toContain("has been graded");
    expect(await scoreOf(rollout.grade("56"))).toBe(1);
  });

  test("that comes while it is graded is not scored", async () => {
    const rollout = new TestRollout();
    await outputOf(rollout.call("list", {}));
    const opening = { trace_id: rollout.traceId, run: "default", environment: "finqa", item: null, budget: 10 };
    expect(await rollout.object.openGrading(opening, "sample", Date.now())).toMatchObject({ kind: "open" });
    await spoil(pack, gone);
    await rollout.call("cat", { path: PAGE });
    const grade = { score: 1, value: "56", answer: "56", explanation: "equal", sub_scores: {}, milliseconds: 1 };
    const closing = { ...grade, evidence: null, claims: null, fingerprint: "sample", graded_at: Date.now() };
    expect(await rollout.object.closeGrading(opening, closing)).toMatchObject({ kind: "refused" });
    expect((await rollout.ledger()).grades).toEqual([]);
  });
});

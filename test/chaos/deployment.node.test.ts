/** A deployment cannot be made to fail: it has nothing of src/chaos in it. And that build serves nothing where nobody controls it. */
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Bundle, bundleWorker } from "../../src/cli/bare-worker/bundle.ts";
import { type BareWorker, startBareWorker } from "../../src/cli/bare-worker/start.ts";
import { inProject } from "../../src/cli/project.ts";
import { FaultSettings, FAULTS_PATH } from "../../src/contract/faults.ts";
import { buildIndex } from "../../src/corpus/build.ts";
import { Client, errorOf, newTraceId, replyOf } from "../conformance/deployment.ts";
import { tiny } from "../corpus/tiny.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
const CONTROL = { token: "a-token-of-more-than-32-characters", settings: FaultSettings.parse({ r2_fail: 1 }) };

let deployed: Bundle;
let failing: Bundle;
let worker: BareWorker;
let client: Client;

beforeAll(async () => {
  deployed = await bundleWorker();
  failing = await bundleWorker(inProject("src", "chaos", "index.ts"));
  const index = await buildIndex(tiny, "embedded");
  worker = await startBareWorker({ bundle: deployed, index, variables: { FAULT_CONTROL: CONTROL } });
  const { TRAINER_TOKEN: trainer, ADMIN_TOKEN: admin } = worker.tokens;
  client = new Client({ url: worker.url, trainer, admin, local: true });
});
afterAll(() => worker?.close());

test("the bundle that is deployed has nothing of the faults in it", () => {
  const text = (bundle: Bundle) => bundle.map(({ contents }) => String(contents)).join("\n");
  const traces = /FAULT_CONTROL|__faults|src\/chaos|r2_broken|reset_after/g;
  expect(text(deployed).match(traces)).toBeNull();
  expect(new Set(text(failing).match(traces))).toHaveLength(5);
});

test("a deployment has no control route and no faults, whatever its variables", async () => {
  const headers = { Authorization: `Bearer ${CONTROL.token}` };
  expect(errorOf(await client.request(FAULTS_PATH, { headers }))).toMatchObject({ status: 404 });
  const settings = { method: "POST", headers, body: JSON.stringify(CONTROL.settings) };
  expect(errorOf(await client.request(FAULTS_PATH, settings))).toMatchObject({ status: 404 });
  expect((await client.request("/healthz")).status).toBe(200);
});

test("the failing build serves nothing without its control, and leaves the ledgers as they are", async () => {
  const call = { trace_id: newTraceId(), call_id: "call_1", arguments: "{}" };
  const { output } = replyOf(await client.call("list", call));
  for (const FAULT_CONTROL of [null, {}, { ...CONTROL, token: "short" }]) {
    await worker.restart({ bundle: failing, variables: { FAULT_CONTROL } });
    const answers = [client.request("/healthz"), client.request(FAULTS_PATH), client.call("list", call)];
    for (const answer of await Promise.all(answers)) {
      expect(errorOf(answer)).toMatchObject({ status: 503, code: "closed" });
    }
  }
  await worker.restart({ bundle: deployed });
  expect(replyOf(await client.call("list", call)).output).toBe(output);
  expect((await client.ledger(call.trace_id)).calls).toMatchObject([{ sequence: 1, outcome: "ok", output }]);
});

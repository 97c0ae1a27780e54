/** What a service's own trial of a grader says, by what the service answers. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { JobGrader } from "../../../src/contract/fine-tuning.ts";
import { trainerService } from "../../../src/cli/jobs/service.ts";
import { checkProviderGrader } from "../../../src/cli/train/provider-grader.ts";

const grader: JobGrader = { type: "endpoint", url: "https://gym.example.com/finqa/grade" };
const answers = [
  { way: "right", text: "7", score: 1 },
  { way: "wrong_number", text: "8", score: 0 },
];

beforeEach(() => void vi.stubEnv("OPENAI_API_KEY", "sk-test"));
const closing: (() => void)[] = [];
afterEach(() => {
  vi.unstubAllEnvs();
  closing.splice(0).forEach((close) => close());
});

/** A service that pays these rewards; a status in the place of one that refuses. */
async function found(given: { validate?: number; right?: number; wrong?: number; run?: number; errors?: object }) {
  const { validate = 200, right = 1, wrong = 0, run = 200, errors = {} } = given;
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    let text = "";
    for await (const chunk of request) text += String(chunk);
    const isTrial = request.url?.endsWith("/run");
    const reward = JSON.parse(text).model_sample === "7" ? right : wrong;
    const body = isTrial ? { reward, metadata: { errors } } : { grader };
    response.writeHead(isTrial ? run : validate, { "Content-Type": "application/json" }).end(JSON.stringify(body));
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => server.close());
  const service = trainerService(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return checkProviderGrader({ service, grader, item: { reference_answer: "7" }, answers, traceId: "rehearsal-1" });
}

test.each<[string, Parameters<typeof found>[0], string, RegExp]>([
  ["right from wrong", {}, "ok", /right answer earns 1 and a wrong one 0/],
  ["no route to validate", { validate: 404 }, "skipped", /no route/],
  ["no such method there", { validate: 405 }, "skipped", /no route/],
  ["no route to try", { run: 404 }, "ok", /takes the grader/],
  ["unsure", { right: 0.5 }, "warned", /earns 0\.5/],
  ["blind", { right: 0, wrong: 0 }, "refused", /earns 0 and a wrong one 0/],
  ["upside down", { right: 0, wrong: 1 }, "refused", /earns 0 and a wrong one 1/],
  [
    "in trouble",
    { errors: { endpoint_error: true, sample_parse_error: false, "Bearer x y": true } },
    "refused",
    /failed: endpoint_error, unnamed\./,
  ],
])("%s", async (_, given, state, finding) => {
  expect(await found(given)).toMatchObject({ state, finding: expect.stringMatching(finding) });
});

test("a grader that the service does not take is its refusal", async () => {
  await expect(found({ validate: 400 })).rejects.toThrow(/The validation of the grader: .* answered 400/);
});

/** A running platform, the real `openai` package as its client, and what a job needs. Closed after each test. */
import OpenAI, { toFile } from "openai";
import { afterEach, expect } from "vitest";
import type { JobRequest } from "../../../src/contract/fine-tuning.ts";
import { type PlatformOptions, startPlatform } from "../../../src/cli/platform/start.ts";

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((platform) => platform.close()));
});

export async function world(options: PlatformOptions = {}) {
  const platform = await startPlatform(options);
  opened.push(platform);
  const client = new OpenAI({ apiKey: platform.apiKey, baseURL: platform.url, maxRetries: 0 });
  /** A file that can be used. */
  const upload = async (content = rowsOf(10)) => {
    const { id } = await client.files.create({
      file: await toFile(Buffer.from(content), "a.jsonl"),
      purpose: "fine-tune",
    });
    return client.files.waitForProcessing(id, { pollInterval: 20 });
  };
  /** A job with files of its own. */
  const createJob = async (changes: Partial<JobRequest> = {}) => {
    const [training, validation] = await Promise.all([upload(), upload()]);
    return client.fineTuning.jobs.create(sent({ ...jobRequest(training.id, validation.id), ...changes }));
  };
  const statusOf = async (id: string): Promise<string> => (await client.fineTuning.jobs.retrieve(id)).status;
  const until = async (id: string, status: string) => {
    await expect.poll(() => statusOf(id), { timeout: 5_000 }).toBe(status);
  };
  /** Messages of the job's events, oldest first. */
  const messagesOf = async (id: string) => {
    const events = await Array.fromAsync(client.fineTuning.jobs.listEvents(id));
    return events.map(({ message }) => message).toReversed();
  };
  return { platform, client, upload, createJob, statusOf, until, messagesOf };
}

export function rowsOf(count: number): string {
  const row = (at: number) => ({
    messages: [
      { role: "developer", content: "Use the tools." },
      { role: "user", content: `What was line ${at}?` },
    ],
    reference_answer: String(at),
  });
  return Array.from({ length: count }, (_, at) => JSON.stringify(row(at))).join("\n");
}

export function jobRequest(training_file: string, validation_file: string): JobRequest {
  const headers = { Authorization: "Bearer hush-4711" };
  const grader = { type: "endpoint" as const, url: "http://127.0.0.1:9/grade", headers };
  const tools = [{ name: "search", server_url: "http://127.0.0.1:9/search", headers }];
  return {
    model: "stand-in",
    training_file,
    validation_file,
    method: { type: "reinforcement", reinforcement: { grader, tools } },
  };
}

/** The package types neither tools nor the endpoint grader. */
export const sent = (request: object) => request as Parameters<OpenAI["fineTuning"]["jobs"]["create"]>[0];

/** The refusal that a request meets. */
export async function refusalOf(request: Promise<unknown>) {
  const error = await request.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof OpenAI.APIError)) throw new Error("it was not refused");
  const { status, code, param, type, message } = error;
  return { status, code, param, type, message };
}

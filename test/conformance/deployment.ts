/** The deployment under test as a trainer and an operator see it: nothing but HTTP. */
import { randomUUID } from "node:crypto";
import { Ledger } from "../../src/contract/ledger.ts";
import { ErrorReply, GradeReply, ToolReply } from "../../src/contract/wire.ts";

export interface Deployment {
  /** Without a slash at its end. */
  url: string;
  /** A token of each secret. */
  trainer: string;
  admin: string;
  /** Whether it runs on this machine, started by the suite. */
  local: boolean;
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

/** A call as a trainer sends it; fields that are left out are not sent. */
export interface Call {
  type?: string;
  id?: string | null;
  call_id?: string | null;
  trace_id?: string | null;
  name?: string;
  arguments?: unknown;
  item?: unknown;
  [extra: string]: unknown;
}

export class Client {
  readonly deployment: Deployment;

  constructor(deployment: Deployment) {
    this.deployment = deployment;
  }

  async request(path: string, init: RequestInit = {}): Promise<Answer> {
    const response = await fetch(`${this.deployment.url}${path}`, init);
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  /** A trainer's request. `body` goes out as JSON, or as it is where it is a text. */
  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return this.request(path, {
      method: "POST",
      headers: { ...bearer(this.deployment.trainer), "Content-Type": "application/json", ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  }

  call(tool: string, call: Call, headers: Record<string, string> = {}): Promise<Answer> {
    return this.post(`/finqa/tools/${tool}`, call, headers);
  }

  /** The output of a call without ids, which no ledger keeps. */
  async output(tool: string, args: object): Promise<string> {
    return replyOf(await this.call(tool, { arguments: args })).output;
  }

  grade(answer: string, reference: string, traceId?: string): Promise<Answer> {
    const sample = { output_text: answer };
    return this.post("/finqa/grade", { sample, item: { reference_answer: reference }, trace_id: traceId });
  }

  async ledger(traceId: string): Promise<Ledger> {
    const answer = await this.request(`/rollouts/${traceId}`, { headers: bearer(this.deployment.admin) });
    if (answer.status !== 200) throw new Error(`The ledger answers ${answer.status}: ${answer.text}`);
    return Ledger.parse(JSON.parse(answer.text));
  }

  /** The first page of the corpus, whatever it holds, and the directories on the way to it. */
  async somePage(): Promise<{ path: string; directory: string }> {
    let directory = "";
    for (;;) {
      const [first = ""] = (await this.output("list", { path: directory })).split("\n");
      if (!first.endsWith("/")) return { path: directory === "" ? first : `${directory}/${first}`, directory };
      directory = `${directory}/${first.slice(0, -1)}`.replace(/^\//, "");
    }
  }
}

export const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

/** An id that no rollout had before, on any deployment. */
export const newTraceId = () => `trace_${randomUUID()}`;

export function replyOf(answer: Answer): ToolReply {
  if (answer.status !== 200) throw new Error(`The call was answered ${answer.status}: ${answer.text}`);
  return ToolReply.parse(JSON.parse(answer.text));
}

export function scoreOf(answer: Answer): number {
  if (answer.status !== 200) throw new Error(`The grading was answered ${answer.status}: ${answer.text}`);
  return GradeReply.parse(JSON.parse(answer.text)).score;
}

export const errorOf = (answer: Answer) => ({
  status: answer.status,
  ...ErrorReply.parse(JSON.parse(answer.text)).error,
});

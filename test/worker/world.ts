/**
 * A running worker as a trainer and an operator see it: requests over its real routes, real R2 and Durable Objects. What the
 * worker logs is recorded here instead of printed. Never replaces anything of the worker.
 */
import { abortAllDurableObjects } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { vi } from "vitest";
import { Ledger } from "../../src/contract/ledger.ts";
import type { Bindings } from "../../src/worker/bindings.ts";
import { app } from "../../src/worker/routes.ts";
import { ErrorReply, GradeReply, ToolReply } from "../../src/contract/wire.ts";

const ORIGIN = "https://gym.example";
export const TRAINER = { Authorization: "Bearer trainer-one" };
export const ADMIN = { Authorization: "Bearer admin-one" };

/** The lines that the worker has logged since the last call of this, parsed. */
export function takeLog(): Record<string, unknown>[] {
  return logged.splice(0).map((line) => JSON.parse(line));
}

const logged: string[] = [];
for (const method of ["log", "info", "warn", "error", "debug"] as const) {
  vi.spyOn(console, method).mockImplementation((...parts: unknown[]) => void logged.push(parts.map(String).join(" ")));
}

let serve = (sent: Request): Promise<Response> => exports.default.fetch(sent);

export function request(path: string, init: RequestInit = {}): Promise<Response> {
  return serve(new Request(`${ORIGIN}${path}`, init));
}

/** A request to a deployment that has other bindings, secrets or variables. */
export async function requestWith(bindings: Bindings, path: string, init: RequestInit = {}): Promise<Response> {
  return app.fetch(new Request(`${ORIGIN}${path}`, init), bindings);
}

/** As a deployment: requests go to a worker that has loaded nothing yet, objects are reset, what is stored stays. */
export async function restartWorker(bindings: Bindings = env): Promise<void> {
  await abortAllDurableObjects();
  vi.resetModules();
  const { app: restarted } = await import("../../src/worker/routes.ts");
  serve = async (sent) => restarted.fetch(sent, bindings);
}

/** A trainer's request: `body` as JSON, or as it is where it is a text. */
export function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return request(path, {
    method: "POST",
    body: text,
    headers: { ...TRAINER, "Content-Type": "application/json", ...headers },
  });
}

/** The output of a call that was answered; anything but a whole tool reply throws. */
export async function outputOf(answering: Response | Promise<Response>): Promise<string> {
  const response = await answering;
  if (response.status !== 200) throw new Error(`status ${response.status}: ${await response.text()}`);
  return ToolReply.parse(await response.json()).output;
}

export async function scoreOf(answering: Response | Promise<Response>): Promise<number> {
  const response = await answering;
  if (response.status !== 200) throw new Error(`status ${response.status}: ${await response.text()}`);
  return GradeReply.parse(await response.json()).score;
}

/** The status and error of an answer that is neither a tool reply nor a score. */
export async function errorOf(answering: Response | Promise<Response>) {
  const response = await answering;
  return { status: response.status, ...ErrorReply.parse(await response.json()).error };
}

/** How a trainer runs one rollout. */
export class TestRollout {
  readonly traceId: string;
  readonly #headers: Record<string, string>;
  readonly #environment: string;
  #calls = 0;

  constructor(traceId = `trace_${crypto.randomUUID()}`, headers: Record<string, string> = {}, environment = "finqa") {
    this.traceId = traceId;
    this.#headers = headers;
    this.#environment = environment;
  }

  /** Calls a tool under a new call id, or under that of `fields`. */
  call(tool: string, args: unknown, fields: Record<string, unknown> = {}): Promise<Response> {
    const id = `call_${++this.#calls}`;
    const written = typeof args === "string" ? args : JSON.stringify(args);
    const body = { type: "function_call", id: `fc_${id}`, call_id: id, name: tool, arguments: written };
    return post(`/${this.#environment}/tools/${tool}`, { ...body, trace_id: this.traceId, ...fields }, this.#headers);
  }

  grade(answer: string, item: object = { reference_answer: "56 million" }): Promise<Response> {
    return post(
      `/${this.#environment}/grade`,
      { sample: { output_text: answer }, item, trace_id: this.traceId },
      this.#headers,
    );
  }

  async ledger(query = ""): Promise<Ledger> {
    const response = await request(`/rollouts/${encodeURIComponent(this.traceId)}${query}`, { headers: ADMIN });
    return Ledger.parse(await response.json());
  }

  /** The rollout's object. */
  get object() {
    return env.ROLLOUT.getByName(this.traceId);
  }
}

/**
 * Requests over HTTP as a trainer's network makes them, and as networks fail: cut in the middle, answered into the void. Never
 * tries again and never judges an answer.
 */
import { Agent, type IncomingMessage, request as insecureRequest } from "node:http";
import { Agent as SecureAgent, request as secureRequest } from "node:https";
import { Semaphore } from "../semaphore.ts";

export interface Answer {
  status: number;
  text: string;
  /** Seconds, where the answer has a Retry-After that says how many. */
  retryAfter: number | undefined;
  milliseconds: number;
}

/** What came of a request: an answer, or none and why. */
export type Exchange = Answer | { status: "none"; reason: string; milliseconds: number };

export interface Sending {
  method: "POST" | "GET";
  path: string;
  headers: Record<string, string>;
  body?: string;
  /** `cutAt`: the connection ends after so large a share of the body. `lost_answer`: it ends as soon as the answer begins. */
  trouble?: { cutAt: number } | "lost_answer";
}

export class Wire {
  readonly #base: URL;
  readonly #agent: Agent;
  readonly #places: Semaphore;
  readonly #timeout: number;
  readonly #signal: AbortSignal;
  #underWay = 0;
  /** Since when requests are sent and none is answered; undefined where all that were sent have been. */
  #silentSince: number | undefined;

  /**
   * @param options.concurrency requests under way at most; more wait
   * @param options.timeout milliseconds that one request may take
   * @param options.signal ends all requests under way
   */
  constructor(url: string, options: { concurrency: number; timeout: number; signal: AbortSignal }) {
    this.#base = new URL(`${url}/`);
    this.#agent = new (this.#base.protocol === "https:" ? SecureAgent : Agent)({ keepAlive: true });
    this.#places = new Semaphore(options.concurrency);
    this.#timeout = options.timeout;
    this.#signal = options.signal;
  }

  /** Never throws: what goes wrong is an exchange without an answer. */
  send(sending: Sending): Promise<Exchange> {
    return this.#places.run(async () => {
      const started = performance.now();
      const elapsed = () => performance.now() - started;
      this.#underWay++;
      this.#silentSince ??= started;
      try {
        const answer = { ...(await this.#exchange(sending)), milliseconds: elapsed() };
        this.#silentSince = this.#underWay === 1 ? undefined : performance.now();
        return answer;
      } catch (error) {
        const reason = error instanceof Error && "code" in error ? String(error.code) : "failed";
        return { status: "none", reason, milliseconds: elapsed() };
      } finally {
        this.#underWay--;
      }
    });
  }

  /** Milliseconds for which requests have been sent and none has been answered. */
  silence(): number {
    return this.#silentSince === undefined ? 0 : performance.now() - this.#silentSince;
  }

  close(): void {
    this.#agent.destroy();
  }

  #exchange({ method, path, headers, body = "", trouble }: Sending): Promise<Omit<Answer, "milliseconds">> {
    const bytes = Buffer.from(body);
    const request = this.#base.protocol === "https:" ? secureRequest : insecureRequest;
    const length = method === "POST" ? { "Content-Length": bytes.length } : {};
    return new Promise((resolve, reject) => {
      const sending = request(new URL(path.replace(/^\//, ""), this.#base), {
        method,
        headers: { ...headers, ...length },
        agent: this.#agent,
        signal: this.#signal,
      });
      const end = (code: string) => sending.destroy(Object.assign(new Error(code), { code }));
      const timer = setTimeout(end, this.#timeout, "ETIMEDOUT");
      sending.on("close", () => clearTimeout(timer));
      sending.on("error", reject);
      sending.on("response", (response) => {
        if (trouble === "lost_answer") return end("LOST");
        read(response).then(resolve, reject);
      });
      if (typeof trouble !== "object") return void sending.end(bytes);
      // The head and the body's start have to be on their way before the end.
      sending.write(bytes.subarray(0, Math.max(1, Math.floor(bytes.length * trouble.cutAt))), () => end("CUT"));
    });
  }
}

/** A text as JSON of a shape; undefined for what is none, as a page of some proxy in between. */
export function parse<T>(text: string, schema: { safeParse(value: unknown): { data?: T | undefined } }): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

async function read(response: IncomingMessage): Promise<Omit<Answer, "milliseconds">> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  const asked = response.headers["retry-after"] ?? "";
  return {
    status: response.statusCode ?? 0,
    text: Buffer.concat(chunks).toString("utf8"),
    retryAfter: /^\d+$/.test(asked) ? Number(asked) : undefined,
  };
}

/** A grade route over HTTP with finqa's real grader behind it, which a test can sabotage. Test material. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { Fault } from "../../../src/contract/failure.ts";
import { GradeRequest } from "../../../src/contract/wire.ts";
import { finqa } from "../../../src/environments/finqa/index.ts";
import type { Deployment } from "../../../src/cli/deployment.ts";
import { finalAnswer } from "../../../src/worker/final-answer.ts";

export const TOKEN = "a-token-of-the-test";

/** What the grader is asked, and what it honestly pays. */
interface Asked {
  text: string;
  json: unknown;
  reference: string;
  honest: number;
  /** Which request of the server it is, from 1. */
  request: number;
}

interface Other {
  status: number;
  body?: string;
  headers?: Record<string, string>;
}

/** A score, or any other answer. */
export type Answered = number | Other;
export type Answer = (asked: Asked) => Answered | Promise<Answered>;

export class GraderServer {
  readonly deployment: Deployment;
  readonly #server: Server;
  requests = 0;
  /** The fields of all bodies. */
  readonly fields = new Set<string>();

  private constructor(server: Server, url: string) {
    this.#server = server;
    this.deployment = { url, tokens: { TRAINER_TOKEN: TOKEN, ADMIN_TOKEN: "" } };
  }

  static async start(answer: Answer): Promise<GraderServer> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const grader = new GraderServer(server, `http://127.0.0.1:${port}`);
    server.on("request", (request, response) => void grader.#reply(request, response, answer));
    return grader;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #reply(request: IncomingMessage, response: ServerResponse, answer: Answer): Promise<void> {
    const answered = await this.#answer(request, answer);
    const asScore = (score: number) => ({ status: 200, body: JSON.stringify({ score }) });
    const { status, body = "", headers = {} }: Other = typeof answered === "number" ? asScore(answered) : answered;
    response.writeHead(status, { "Content-Type": "application/json", ...headers }).end(body);
  }

  async #answer(request: IncomingMessage, answer: Answer): Promise<Answered> {
    this.requests += 1;
    const number = this.requests;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return failure(401, "unauthorized", "A token is needed.");
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
    for (const field of Object.keys(body as object)) this.fields.add(field);
    const { sample, item } = GradeRequest.parse(body);
    const final = finalAnswer(sample) ?? { text: "", json: null };
    try {
      const { score } = finqa.grade({ item, answer: final, ledger: null }, { evidenceCredit: 0 });
      return await answer({ ...final, reference: String(item["reference_answer"]), honest: score, request: number });
    } catch (error) {
      if (error instanceof Fault) return failure(500, "unusable_item", error.message);
      throw error;
    }
  }
}

export const failure = (status: number, code: string, message: string): Answered => ({
  status,
  body: JSON.stringify({ error: { code, message } }),
});

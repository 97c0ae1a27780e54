/**
 * A service that lacks one protection: a small server before the real worker, which passes everything on but for what its
 * sabotage does. Buffers whole answers; measures nothing.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Ledger } from "../../src/contract/ledger.ts";

/** What reached the service: a request, or as much of one as came before its connection was cut. */
export interface Asked {
  method: string;
  path: string;
  token: string;
  run: string;
  text: string;
  isCut: boolean;
}

export interface Reply {
  status: number;
  text: string;
}

export type Service = (asked: Asked) => Promise<Reply>;

/** Makes a service without one protection of one that keeps all its promises. Called anew for each rehearsal. */
export type Sabotage = (honest: Service) => Service;

export class Saboteur {
  readonly url: string;
  readonly #server: Server;

  private constructor(server: Server, url: string) {
    this.#server = server;
    this.url = url;
  }

  /** @param target the base URL of the real worker */
  static async start(target: string, sabotage: Sabotage): Promise<Saboteur> {
    const service = sabotage(honestly(target));
    const answer = async (request: IncomingMessage, response: ServerResponse) => {
      const { status, text } = await service(await read(request));
      // A fault may be tried again at once, so that no test waits.
      const retry = status >= 500 ? { "Retry-After": "0" } : {};
      response.writeHead(status, { "Content-Type": "application/json", ...retry }).end(text);
    };
    const server = createServer((request, response) => void answer(request, response));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    return new Saboteur(server, `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

async function read(request: IncomingMessage): Promise<Asked> {
  const { method = "", url: path = "", headers } = request;
  const chunks: Buffer[] = [];
  let isCut = false;
  try {
    for await (const chunk of request) chunks.push(chunk);
  } catch {
    isCut = true;
  }
  const text = Buffer.concat(chunks).toString("utf8");
  return { method, path, token: headers.authorization ?? "", run: String(headers["x-run"] ?? ""), text, isCut };
}

/** Passes on what came whole. */
function honestly(target: string): Service {
  return async ({ method, path, token, run, text, isCut }) => {
    if (isCut) return { status: 400, text: "" };
    // Runs are counted by what the real worker was asked, which is not what a sabotaged one was.
    if (path.startsWith("/runs/")) return { status: 501, text: "" };
    const headers = { Authorization: token, "Content-Type": "application/json", ...(run && { "X-Run": run }) };
    const response = await fetch(`${target}${path}`, { method, headers, ...(method === "POST" && { body: text }) });
    return { status: response.status, text: await response.text() };
  };
}

/** The fields of a call or grading that sabotages look at; "" for one that it has not. */
export interface Fields {
  id: string;
  call_id: string;
  trace_id: string;
  arguments: string;
}

const NONE: Fields = { id: "", call_id: "", trace_id: "", arguments: "" };

/** Of a body that is no JSON: none. */
export function fieldsOf({ text }: Asked): Fields {
  try {
    return { ...NONE, ...JSON.parse(text) };
  } catch {
    return NONE;
  }
}

export const isCall = ({ path }: Asked) => path.includes("/tools/");
export const isGrading = ({ path }: Asked) => path.endsWith("/grade");

/** The same request with other fields. */
export const asking = (asked: Asked, changed: Partial<Fields>): Asked => ({
  ...asked,
  text: JSON.stringify({ ...JSON.parse(asked.text), ...changed }),
});

/** The same answer with other fields, where it is one. */
export const replying = (reply: Reply, changed: object): Reply =>
  reply.status === 200 ? { ...reply, text: JSON.stringify({ ...JSON.parse(reply.text), ...changed }) } : reply;

/** The rollout whose ledger is asked for; undefined for any other request. */
export function ledgerAsked({ path }: Asked): string | undefined {
  const [, encoded] = /^\/rollouts\/([^?]*)/.exec(path) ?? [];
  return encoded === undefined ? undefined : decodeURIComponent(encoded);
}

export const askingLedger = (asked: Asked, traceId: string): Asked => ({
  ...asked,
  path: `/rollouts/${encodeURIComponent(traceId)}`,
});

/** A service that shows other ledgers than it keeps. */
export function showing(service: Service, change: (ledger: Ledger, asked: Asked) => Ledger | Promise<Ledger>): Service {
  return async (asked) => {
    const reply = await service(asked);
    if (ledgerAsked(asked) === undefined || reply.status !== 200) return reply;
    return { ...reply, text: JSON.stringify(await change(JSON.parse(reply.text), asked)) };
  };
}

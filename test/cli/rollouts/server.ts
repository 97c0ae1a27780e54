/** A server of the test's own that keeps what reaches it, also of requests that are cut in the middle. */
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from "node:http";

export interface Seen {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  /** Whether the connection ended before the body did. */
  cut: boolean;
  /** The client's port, which is the same for requests of one connection. */
  port: number;
  at: number;
}

export type Handler = (seen: Seen, response: ServerResponse) => void;

export class TestServer {
  readonly seen: Seen[] = [];
  readonly url: string;
  readonly #server: Server;

  private constructor(server: Server, url: string) {
    this.#server = server;
    this.url = url;
  }

  /** @param handle answers whole requests; without it they stay without an answer */
  static async start(handle: Handler = () => {}): Promise<TestServer> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const started = new TestServer(server, `http://127.0.0.1:${port}`);
    server.on("request", (request, response) => {
      const { method = "", url: path = "", headers, socket } = request;
      const seen: Seen = {
        method,
        path,
        headers,
        body: "",
        cut: false,
        port: socket.remotePort ?? 0,
        at: performance.now(),
      };
      started.seen.push(seen);
      request.setEncoding("utf8").on("data", (text: string) => (seen.body += text));
      request.on("error", () => (seen.cut = true));
      request.on("end", () => handle(seen, response));
    });
    return started;
  }

  /** Resolves when so many requests have come, or been cut. */
  async until(isReached: (seen: readonly Seen[]) => boolean): Promise<void> {
    while (!isReached(this.seen)) await new Promise((resolve) => setTimeout(resolve, 2));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** A handler that answers all requests alike. */
export function answering(status: number, text = "", headers: Record<string, string> = {}): Handler {
  return (_, response) => void response.writeHead(status, headers).end(text);
}

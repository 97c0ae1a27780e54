/**
 * A load generator over raw sockets: one request in flight per connection, each answer's status and time taken. It costs the
 * machine less per request than a general HTTP client, which matters where client and worker share two cores.
 * Never reuses an answer's content, and understands no answer without a Content-Length.
 */
import { connect, type Socket } from "node:net";

export interface Load {
  /** Answers with status 200. */
  answered: number;
  /** All that was not: a status, or the kind of connection error → how often. */
  errors: Record<string, number>;
  /** From the first request to the last answer. */
  milliseconds: number;
  /** Of each answer, in order of arrival. */
  latencies: number[];
}

export interface LoadOptions {
  port: number;
  connections: number;
  /** The next request of a connection as bytes on the wire; undefined ends the connection. */
  next: (connection: number) => Buffer | undefined;
  /** Counts the time to connect into the first request's, as a client that has no connection yet has it. */
  fromConnect?: boolean;
}

/** Drives a server on 127.0.0.1 until every connection has ended. */
export async function drive({ port, connections, next, fromConnect = false }: LoadOptions): Promise<Load> {
  const load: Load = { answered: 0, errors: {}, milliseconds: 0, latencies: [] };
  const numbers = Array.from({ length: connections }, (_, connection) => connection);
  const begun = performance.now();
  if (fromConnect) {
    await Promise.all(numbers.map(async (n) => converse(await open(port), () => next(n), load, begun).catch(failed)));
    load.milliseconds = performance.now() - begun;
    return load;
  }
  const sockets = await Promise.all(numbers.map(() => open(port)));
  const started = performance.now();
  await Promise.all(sockets.map((socket, n) => converse(socket, () => next(n), load)));
  load.milliseconds = performance.now() - started;
  return load;

  function failed(error: NodeJS.ErrnoException): void {
    count(load.errors, error.code ?? error.message);
  }
}

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    socket.once("connect", () => resolve(socket)).once("error", reject);
  });
}

/** Request after request on one connection. `since` is when the first one began, if not when it is sent. */
function converse(socket: Socket, next: () => Buffer | undefined, load: Load, since?: number): Promise<void> {
  return new Promise((resolve) => {
    const answer = new AnswerReader();
    let sentAt = 0;
    const send = (at: number) => {
      const request = next();
      if (request === undefined) return void socket.end();
      sentAt = at;
      socket.write(request);
    };
    socket.on("data", (chunk: Buffer) => {
      if (!answer.take(chunk)) return;
      const now = performance.now();
      load.latencies.push(now - sentAt);
      if (answer.status === 200) load.answered++;
      else count(load.errors, `status ${answer.status}`);
      send(performance.now());
    });
    socket.on("error", (error: NodeJS.ErrnoException) => count(load.errors, error.code ?? error.message));
    socket.on("close", resolve);
    send(since ?? performance.now());
  });
}

/** Tells where an answer ends, by its Content-Length. */
class AnswerReader {
  status = 0;
  /** Bytes of the answer that are still to come; undefined while its head is not complete. */
  #missing: number | undefined;
  #head: Buffer | undefined;

  /** Takes the next bytes; true when they complete an answer. */
  take(chunk: Buffer): boolean {
    if (this.#missing === undefined) {
      const head = this.#head ? Buffer.concat([this.#head, chunk]) : chunk;
      const end = head.indexOf("\r\n\r\n");
      this.#head = end === -1 ? head : undefined;
      if (end === -1) return false;
      const text = head.toString("latin1", 0, end);
      const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1];
      if (length === undefined) throw new Error(`An answer without Content-Length: ${text.split("\r\n")[0]}`);
      this.status = Number(text.slice(9, 12));
      this.#missing = end + 4 + Number(length) - head.length;
    } else {
      this.#missing -= chunk.length;
    }
    if (this.#missing > 0) return false;
    this.#missing = undefined;
    return true;
  }
}

function count(errors: Record<string, number>, kind: string): void {
  errors[kind] = (errors[kind] ?? 0) + 1;
}

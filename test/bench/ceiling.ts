/** What the load generator itself can do: requests a second against a process that answers the same bytes to whatever comes. */
import { fork } from "node:child_process";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { drive } from "./load.ts";
import { healthTraffic } from "./traffic.ts";

const SERVE = "serve";
const CONTENT = " ".repeat(200);
const ANSWER = Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${CONTENT.length}\r\n\r\n${CONTENT}`);

export async function measureCeiling(connections: number, milliseconds: number): Promise<number> {
  const server = fork(fileURLToPath(import.meta.url), [SERVE]);
  const port = await new Promise<number>((resolve) => server.once("message", resolve));
  const until = performance.now() + milliseconds;
  const next = (connection: number) => (performance.now() < until ? healthTraffic(connection) : undefined);
  const load = await drive({ port, connections, next });
  server.kill();
  return (load.answered / load.milliseconds) * 1000;
}

if (process.argv[2] === SERVE) {
  const server = createServer((socket) => socket.on("data", () => socket.write(ANSWER)).on("error", () => {}));
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    process.send?.(typeof address === "object" ? address?.port : 0);
  });
}

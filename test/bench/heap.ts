/** What an isolate of a bare worker has in memory, as Cloudflare counts it against 128 MB: asked of its debugger. */
import { once } from "node:events";
import * as z from "zod";

/** `core:user:` is the worker itself; the runtime's own services are listed beside it. */
const Targets = z.array(z.object({ id: z.string(), webSocketDebuggerUrl: z.string() }));
const Usage = z.object({
  id: z.literal(1),
  result: z.object({ usedSize: z.number(), backingStorageSize: z.number() }),
});

/** Bytes of the heap and of buffers. @throws Error when the debugger does not tell */
export async function isolateBytes(inspector: URL): Promise<number> {
  const targets = Targets.parse(await (await fetch(`http://${inspector.host}/json`)).json());
  const address = targets.find(({ id }) => id.startsWith("core:user"))?.webSocketDebuggerUrl;
  if (address === undefined) throw new Error("the worker has no debugger");
  const socket = new WebSocket(address);
  try {
    const signal = AbortSignal.timeout(10_000);
    await once(socket, "open", { signal });
    socket.send(JSON.stringify({ id: 1, method: "Runtime.getHeapUsage" }));
    const [message] = await once(socket, "message", { signal });
    const { result } = Usage.parse(JSON.parse(String(message.data)));
    return result.usedSize + result.backingStorageSize;
  } finally {
    socket.close();
  }
}

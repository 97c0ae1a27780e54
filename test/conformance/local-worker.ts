/**
 * A worker on this machine, started as a person starts it, and what can happen to one there: Ctrl-C, a crash, a full stop. All
 * of its processes are one group, as those of a terminal's command are.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const root = new URL("../..", import.meta.url).pathname;

/** What a start may take on a busy machine: the index is built and loaded, and the runtime starts. */
const START_MILLISECONDS = 100_000;

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export class LocalWorker {
  readonly url: string;
  readonly #process: ChildProcess;
  readonly #ended: Promise<Ended>;
  /** All that it has printed. */
  printed = "";

  private constructor(process: ChildProcess, url: string) {
    this.url = url;
    this.#process = process;
    this.#ended = once(process, "exit").then(([code, signal]) => ({ code, signal }));
    for (const stream of [process.stdout, process.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => (this.printed += text));
    }
  }

  /** `edgegym start`, until it says that it serves. Its R2 and Durable Objects are in `folder`. */
  static async start(folder: string): Promise<LocalWorker> {
    const port = await freePort();
    const args = ["src/cli/main.ts", "start", "--port", String(port), "--persist-to", folder];
    const process = spawn(globalThis.process.execPath, args, { cwd: root, detached: true });
    const worker = new LocalWorker(process, `http://127.0.0.1:${port}`);
    try {
      await worker.#untilItSays("Stop with Ctrl-C.");
    } catch (error) {
      await worker.kill();
      throw error;
    }
    return worker;
  }

  /** Ctrl-C: a terminal sends SIGINT to all processes of its command. */
  interrupt(): Promise<Ended> {
    return this.#signal("SIGINT");
  }

  /** Ends it as a crash does. */
  kill(): Promise<Ended> {
    return this.#signal("SIGKILL");
  }

  #signal(signal: NodeJS.Signals): Promise<Ended> {
    const { pid, exitCode, signalCode } = this.#process;
    if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, signal);
    return this.#ended;
  }

  async #untilItSays(text: string): Promise<void> {
    const giveUpAt = Date.now() + START_MILLISECONDS;
    while (!this.printed.includes(text)) {
      const ended = await Promise.race([this.#ended, new Promise<void>((resolve) => setTimeout(resolve, 100))]);
      if (ended || Date.now() > giveUpAt) throw new Error(`The worker did not start. It printed:\n${this.printed}`);
    }
  }
}

/** The tokens that the local worker accepts: the first of each secret in `.dev.vars`. */
export async function localTokens(): Promise<{ trainer: string; admin: string }> {
  const text = await readFile(join(root, ".dev.vars"), "utf8");
  const first = (name: string) => new RegExp(`^${name}=([^,\\n]*)`, "m").exec(text)?.[1] ?? "";
  return { trainer: first("TRAINER_TOKEN"), admin: first("ADMIN_TOKEN") };
}

/** Where a worker's storage is quickest: in memory, on systems that have a folder for that. */
export function storageFolder(name: string): Promise<string> {
  return mkdtemp(join(existsSync(MEMORY) ? MEMORY : tmpdir(), `edgegym-${name}-`));
}

const MEMORY = "/dev/shm";

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address === "object" && address) return address.port;
  throw new Error("The system gave no port.");
}

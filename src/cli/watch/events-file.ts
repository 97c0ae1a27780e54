/**
 * `runs/{name}/events.jsonl`: what the service said of a job, each event as it came and once, the oldest first. A watch that is ended
 * and begun again loses none and repeats none; two at once may write one twice, which counts once. Never changes a line that it has
 * written.
 */
import { appendFile, mkdir, readFile, truncate } from "node:fs/promises";
import { dirname } from "node:path";
import { JobEvent } from "../../contract/fine-tuning.ts";
import { parse } from "../rollouts/wire.ts";

export class EventsFile {
  readonly #path: string;
  readonly #events = new Map<string, JobEvent>();

  private constructor(path: string) {
    this.#path = path;
  }

  /** A line that was cut, or is none, is left to be told again by the service. */
  static async open(path: string): Promise<EventsFile> {
    const file = new EventsFile(path);
    await mkdir(dirname(path), { recursive: true });
    const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return Buffer.alloc(0);
      throw error;
    });
    const end = bytes.lastIndexOf("\n") + 1;
    if (end < bytes.length) await truncate(path, end);
    for (const line of bytes.subarray(0, end).toString("utf8").split("\n")) {
      const event = parse(line, JobEvent);
      if (event && !file.has(event.id)) file.#events.set(event.id, event);
    }
    return file;
  }

  has(id: string): boolean {
    return this.#events.has(id);
  }

  all(): JobEvent[] {
    return [...this.#events.values()];
  }

  /** @param events the oldest first; those that are there already are left out */
  async append(events: readonly JobEvent[]): Promise<void> {
    const fresh = new Map(events.filter(({ id }) => !this.has(id)).map((event) => [event.id, event]));
    if (fresh.size === 0) return;
    await appendFile(this.#path, [...fresh.values()].map((event) => `${JSON.stringify(event)}\n`).join(""));
    for (const [id, event] of fresh) this.#events.set(id, event);
  }
}

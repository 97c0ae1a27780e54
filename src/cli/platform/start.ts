/**
 * `edgegym platform`: a trainer's service on this machine, for tests and tries: files, fine-tuning jobs, graders, models. Its models are
 * no language models but a small policy that learns from real scores. All of it is memory; only this machine reaches it.
 */
import { randomBytes } from "node:crypto";
import { createAdaptorServer, type ServerType } from "@hono/node-server";
import { seededRandom } from "../../environments/random.ts";
import { UserError } from "../user-error.ts";
import { platformApp } from "./app.ts";
import { Files } from "./files.ts";
import { Jobs } from "./jobs/jobs.ts";
import { Turn } from "./jobs/turn.ts";
import { modelsOf } from "./models.ts";
import { Writer } from "./responses/writer.ts";
import type { PlatformState } from "./state.ts";
import { trainJob } from "./training/train-job.ts";
import { type GivenOrder, Trouble, type TroubleShares } from "./trouble.ts";

export interface PlatformOptions {
  /** Any free one without it. */
  port?: number;
  /** The only key that is accepted; a new one without it. */
  apiKey?: string;
  /** Names what the models and the trouble are drawn from. */
  seed?: string;
  /** Shares of requests that fail. */
  trouble?: TroubleShares;
  /** What trains a job. */
  train?: typeof trainJob;
}

export interface Platform {
  /** The base URL that a client is given. */
  url: string;
  apiKey: string;
  /** The next requests to a path fail. */
  order(order: GivenOrder): void;
  /** Cancels jobs that go on, and cuts what is under way. */
  close(): Promise<void>;
}

/** @throws UserError for a port that cannot be had */
export async function startPlatform(options: PlatformOptions = {}): Promise<Platform> {
  const { port = 0, apiKey = `sk-local-${randomBytes(16).toString("hex")}`, seed = "1" } = options;
  const trouble = new Trouble(options.trouble ?? {}, seededRandom(seed, "trouble"));
  const state = newState(seed, options.train ?? trainJob);
  const app = platformApp(state, trouble, apiKey);
  const server = createAdaptorServer({ fetch: app.fetch, hostname: "127.0.0.1" });
  const url = `http://127.0.0.1:${await listen(server, port)}/v1`;
  return {
    url,
    apiKey,
    order: (order) => trouble.order(order),
    close: () => {
      state.jobs.close();
      state.files.close();
      if ("closeAllConnections" in server) server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function newState(seed: string, train: typeof trainJob): PlatformState {
  const now = () => Math.floor(Date.now() / 1_000);
  const newId = (prefix: string) => `${prefix}${randomBytes(12).toString("hex")}`;
  const jobs = new Jobs({ now, newId, turn: new Turn() }, train);
  const startedAt = now();
  const seeds = seededRandom(seed, "jobs");
  return {
    files: new Files(),
    jobs,
    models: () => modelsOf(jobs.all(), startedAt),
    writer: new Writer(seed, randomBytes(32).toString("hex"), now),
    now,
    newId,
    newSeed: () => Math.floor(seeds() * 2 ** 31),
  };
}

async function listen(server: ServerType, port: number): Promise<number> {
  const listening = new Promise<void>((resolve, reject) =>
    server.once("error", reject).listen(port, "127.0.0.1", resolve),
  );
  await listening.catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === "EADDRINUSE" ? "is in use; stop what uses it" : `cannot be used (${error.code})`;
    throw new UserError(`Port ${port} ${reason}, or choose another one: --port 8901`);
  });
  const address = server.address();
  return typeof address === "object" ? (address?.port ?? port) : port;
}

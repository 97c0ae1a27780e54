/**
 * The worker that a rehearsal starts for itself and that fails as it is told to: its bucket, its rollouts' objects, its embeddings
 * service, its process. It is the test-only build (src/chaos) on bare workerd, with an index whose queries are embedded by a
 * local service, and the bundled repositories. Reached only over HTTP; all of it ends with `close`, and nothing of it stays.
 */
import OpenAI from "openai";
import { FaultCounts, type FaultControl, FAULTS_PATH, FaultSettings } from "../contract/faults.ts";
import { buildIndex, type BuiltIndex } from "../corpus/build.ts";
import { CorpusError } from "../corpus/document.ts";
import { openAiEmbedder } from "../corpus/embedders/openai.ts";
import { FaultDraws } from "../environments/fault-draws.ts";
import { bundleWorker } from "./bare-worker/bundle.ts";
import { type BareWorker, newToken, startBareWorker, type Tokens } from "./bare-worker/start.ts";
import { bearer } from "./deployment.ts";
import { type EmbeddingFailure, type LocalOpenAi, startLocalOpenAi } from "./local-openai.ts";
import { DIMENSIONS } from "./platform/embeddings.ts";
import { inProject } from "./project.ts";
import { buildSampleRepositories } from "./sample-repositories.ts";
import { readSource } from "./sources.ts";
import { UserError } from "./user-error.ts";

export interface OwnWorkerOptions {
  /** A folder with FinQA's files. */
  source: string;
  /** Names the sequences that faults are drawn from. */
  seed: string;
  /** What the start is at: `done` of `total` of a step's units. */
  onProgress?: (step: string, done: number, total: number) => void;
}

export interface OwnWorker {
  url: string;
  tokens: Tokens;
  /** Where its storage is kept, and whether that is memory. */
  storage: BareWorker["storage"];
  /** Changes what fails from now on; what is not named stays as it is. Everything is 0 at the start. */
  setFaults(settings: Partial<FaultSettings>): Promise<void>;
  /** How often each kind of fault was injected, and how often it was redeployed. */
  injected(): Promise<Record<string, number>>;
  /**
   * Ends its process without warning and starts another one on the same port and storage: the calls it is at get no answer, and
   * everything that it kept in memory is loaded anew, under the faults that are set. Resolves when it takes calls again.
   */
  redeploy(): Promise<void>;
  close(): Promise<void>;
}

/** Sequence: embeddings service → index → bundle → worker. @throws UserError for a source that is no corpus */
export async function startOwnWorker({ source, seed, onProgress = () => {} }: OwnWorkerOptions): Promise<OwnWorker> {
  const apiKey = newToken();
  const embedderDraws = new FaultDraws(FaultSettings.parse({ seed }));
  const service = await startLocalOpenAi({ apiKey, nextFailure: () => nextFailure(embedderDraws) });
  try {
    const index = await buildOwnIndex(source, service, apiKey, onProgress);
    onProgress("worker", 0, 1);
    const control: FaultControl = { token: newToken(), settings: embedderDraws.settings };
    const secrets = { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: service.url };
    const bundle = await bundleWorker(inProject("src", "chaos", "index.ts"));
    const repositories = await buildSampleRepositories();
    const objects = new Map(repositories.flatMap((repository) => [...repository.objects]));
    const worker = await startBareWorker({ bundle, index, objects, variables: { ...secrets, FAULT_CONTROL: control } });
    onProgress("worker", 1, 1);
    return new RunningOwnWorker(worker, service, control.token, embedderDraws);
  } catch (error) {
    await service.close();
    if (error instanceof CorpusError) throw new UserError(error.message);
    throw error;
  }
}

class RunningOwnWorker implements OwnWorker {
  readonly url: string;
  readonly tokens: Tokens;
  readonly storage: BareWorker["storage"];
  readonly #worker: BareWorker;
  readonly #service: LocalOpenAi;
  readonly #token: string;
  readonly #embedderDraws: FaultDraws;
  /** What processes that have ended had injected. */
  #earlier: FaultCounts = {};
  #redeployed = 0;
  /** One thing at a time: a process that is being replaced takes no settings. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(worker: BareWorker, service: LocalOpenAi, token: string, embedderDraws: FaultDraws) {
    this.url = worker.url;
    this.tokens = worker.tokens;
    this.storage = worker.storage;
    this.#worker = worker;
    this.#service = service;
    this.#token = token;
    this.#embedderDraws = embedderDraws;
  }

  setFaults(settings: Partial<FaultSettings>): Promise<void> {
    return this.#inTurn(async () => {
      const changed = FaultSettings.parse({ ...this.#embedderDraws.settings, ...settings });
      this.#embedderDraws.change(changed);
      await this.#control(this.#ofProcess(changed));
    });
  }

  injected(): Promise<Record<string, number>> {
    return this.#inTurn(async () => {
      const counts = [this.#earlier, await this.#control(), this.#embedderDraws.counts, { redeploy: this.#redeployed }];
      return sum(counts);
    });
  }

  redeploy(): Promise<void> {
    return this.#inTurn(async () => {
      // Switched off, it counts no more: what it has counted is complete.
      this.#earlier = sum([this.#earlier, await this.#control(FaultSettings.parse({}))]);
      this.#redeployed++;
      const settings = this.#ofProcess(this.#embedderDraws.settings);
      await this.#worker.restart({ variables: { FAULT_CONTROL: { token: this.#token, settings } } });
    });
  }

  close(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#worker.close();
      await this.#service.close();
    });
  }

  /** Each process draws from sequences of its own: a fresh one would else repeat what the first one met. */
  #ofProcess(settings: FaultSettings): FaultSettings {
    return { ...settings, seed: JSON.stringify([settings.seed, this.#redeployed]) };
  }

  /** Sends new settings where there are any; resolves with the counts of the running process. */
  async #control(settings?: FaultSettings): Promise<FaultCounts> {
    const headers = bearer(this.#token);
    const init = settings ? { method: "POST", headers, body: JSON.stringify(settings) } : { headers };
    const response = await fetch(`${this.url}${FAULTS_PATH}`, init);
    if (!response.ok) throw new Error(`The rehearsal's worker answered ${response.status} to its control.`);
    return FaultCounts.parse(await response.json());
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

async function buildOwnIndex(
  source: string,
  service: LocalOpenAi,
  apiKey: string,
  onProgress: NonNullable<OwnWorkerOptions["onProgress"]>,
): Promise<BuiltIndex> {
  const client = new OpenAI({ apiKey, baseURL: service.url });
  const embedder = openAiEmbedder(client, "openai", "local-word-hashes", DIMENSIONS);
  return buildIndex(await readSource("finqa", source), embedder, {}, onProgress);
}

function nextFailure(draws: FaultDraws): EmbeddingFailure | undefined {
  if (draws.hits("embedder_429")) return 429;
  if (draws.hits("embedder_500")) return 500;
  return draws.hits("embedder_hang") ? "hang" : undefined;
}

function sum(counts: readonly Record<string, number>[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const count of counts) for (const [kind, n] of Object.entries(count)) total[kind] = (total[kind] ?? 0) + n;
  return total;
}

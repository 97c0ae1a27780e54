/**
 * The one client of a trainer's service: files, fine-tuning jobs, graders. Requests and their retries are the `openai` package's;
 * what is sent and what comes back is held against the schemas of contract/fine-tuning.ts, since the package types only a part
 * of it. Never prints, and never shows a key, a row or an output in an error (service-failure.ts).
 */
import { type OpenAI, toFile } from "openai";
import * as z from "zod";
import {
  GraderTrial,
  GraderTrialResult,
  GraderValidation,
  Job,
  JobCheckpoint,
  JobEvent,
  JobRequest,
  UploadedFile,
} from "../../contract/fine-tuning.ts";
import { limits } from "../../contract/limits.ts";
import { modelClient } from "../agents/model-client.ts";
import { misread, type Request, serviceFailure } from "./service-failure.ts";

/** Entries that a page of a list is asked to have. */
const PAGE_ENTRIES = 100;
const Page = z.object({ data: z.array(z.unknown()), has_more: z.boolean().nullish() });
const Named = z.object({ id: z.string() });

export interface ServiceOptions {
  /** Tokens that requests hold, as those of tools' headers: no error shows a part of them. The key is one by itself. */
  secrets?: readonly string[];
  /** Ends what is under way; but for the creation of a job, of which nobody would know what came. */
  signal?: AbortSignal;
}

/** @param baseUrl of the service; without it `OPENAI_BASE_URL`, else OpenAI's own. @throws UserError as `modelClient` */
export function trainerService(baseUrl?: string, options: ServiceOptions = {}): TrainerService {
  return new TrainerService(modelClient(baseUrl), options);
}

/**
 * Every method throws ServiceRefused or ServiceUnanswered, after the package's retries, where a request comes to nothing. What the
 * service says beyond the schemas is kept as it came.
 */
export class TrainerService {
  readonly #client: OpenAI;
  readonly #secrets: readonly string[];
  readonly #signal: AbortSignal | undefined;

  constructor(client: OpenAI, { secrets = [], signal }: ServiceOptions) {
    this.#client = client;
    this.#secrets = [client.apiKey ?? "", ...secrets];
    this.#signal = signal;
  }

  /** Without a slash at its end, so that the same service has one name. */
  get baseUrl(): string {
    return this.#client.baseURL.replace(/\/+$/, "");
  }

  /** Sends the bytes of a file of rows. A repeated try may leave a file at the service that nobody uses. */
  async upload(filename: string, content: Uint8Array<ArrayBuffer>): Promise<UploadedFile> {
    const file = await toFile(content, filename, { type: "application/jsonl" });
    const request = this.#request("The upload of a file", { hasContent: true });
    const send = () => this.#client.files.create({ file, purpose: "fine-tune" }, this.#init());
    return this.#exchange(request, UploadedFile, send);
  }

  file(id: string): Promise<UploadedFile> {
    return this.#get("The look at a file", `/files/${encodeURIComponent(id)}`, UploadedFile);
  }

  /** What the service understands a grader to be. Only OpenAI's has this route: elsewhere it is refused with 404 or 405. */
  async validateGrader(grader: GraderValidation["grader"]): Promise<unknown> {
    const body = GraderValidation.parse({ grader });
    return this.#post("The validation of the grader", "/fine_tuning/alpha/graders/validate", z.unknown(), { body });
  }

  /** Has a sample graded as a job would. Only OpenAI's service has this route. */
  async runGrader(trial: GraderTrial): Promise<GraderTrialResult> {
    const body = GraderTrial.parse(trial);
    const what = "The trial of the grader";
    return this.#post(what, "/fine_tuning/alpha/graders/run", GraderTrialResult, { body, hasContent: true });
  }

  /**
   * One request, never a second: after ServiceUnanswered with another status than 429 there may be a job.
   * @throws ZodError for a request that is none
   */
  async createJob(request: JobRequest): Promise<Job> {
    const body = JobRequest.parse(request);
    return this.#post("The creation of the job", "/fine_tuning/jobs", Job, { body, once: true });
  }

  job(id: string): Promise<Job> {
    return this.#get("The look at the job", jobPath(id), Job);
  }

  /** The latest first. Pages are fetched as they are needed. */
  jobs(): AsyncGenerator<Job> {
    return this.#list("The list of jobs", "/fine_tuning/jobs", Job);
  }

  /** The latest first, at the services known; pages are fetched as they are needed. */
  events(id: string): AsyncGenerator<JobEvent> {
    return this.#list("The list of the job's events", `${jobPath(id)}/events`, JobEvent);
  }

  checkpoints(id: string): Promise<JobCheckpoint[]> {
    return Array.fromAsync(this.#list("The list of checkpoints", `${jobPath(id)}/checkpoints`, JobCheckpoint));
  }

  /** As `resume` and `cancel`, refused where the job's status does not allow it; so is a second try whose first one worked. */
  pause(id: string): Promise<Job> {
    return this.#post("The pause of the job", `${jobPath(id)}/pause`, Job);
  }

  resume(id: string): Promise<Job> {
    return this.#post("The resumption of the job", `${jobPath(id)}/resume`, Job);
  }

  cancel(id: string): Promise<Job> {
    return this.#post("The cancellation of the job", `${jobPath(id)}/cancel`, Job);
  }

  #get<Schema extends z.ZodType>(what: string, path: string, schema: Schema, query?: Record<string, string | number>) {
    const send = () => this.#client.get<unknown>(path, { ...this.#init(), ...(query && { query }) });
    return this.#exchange(this.#request(what), schema, send);
  }

  #post<Schema extends z.ZodType>(
    what: string,
    path: string,
    schema: Schema,
    { body, once = false, hasContent = false }: { body?: object; once?: boolean; hasContent?: boolean } = {},
  ) {
    const init = once ? { maxRetries: 0 } : this.#init();
    const send = () => this.#client.post<unknown>(path, { ...init, ...(body && { body }) });
    return this.#exchange(this.#request(what, { once, hasContent }), schema, send);
  }

  /** An entry of another shape is passed over: it says nothing of those around it. */
  async *#list<Schema extends z.ZodType<{ id: string }>>(what: string, path: string, schema: Schema) {
    let after: string | undefined;
    for (let pages = 0; pages < limits.servicePages; pages++) {
      const page = await this.#get(what, path, Page, { limit: PAGE_ENTRIES, ...(after !== undefined && { after }) });
      yield* page.data.flatMap((entry) => schema.safeParse(entry).data ?? []);
      const last = Named.safeParse(page.data.at(-1)).data?.id;
      // A service that does not know `after` would send its first page for ever.
      if (!page.has_more || last === undefined || last === after) return;
      after = last;
    }
  }

  async #exchange<Schema extends z.ZodType>(
    request: Request,
    schema: Schema,
    send: () => PromiseLike<unknown>,
  ): Promise<z.output<Schema>> {
    let answer: unknown;
    try {
      answer = await send();
    } catch (error) {
      throw serviceFailure(error, request);
    }
    const parsed = schema.safeParse(answer);
    if (parsed.success) return parsed.data;
    throw misread(request);
  }

  #init() {
    return this.#signal ? { signal: this.#signal } : {};
  }

  #request(what: string, { once = false, hasContent = false } = {}): Request {
    const tries = once ? 1 : this.#client.maxRetries + 1;
    return { client: this.#client, what, tries, secrets: this.#secrets, hasContent };
  }
}

const jobPath = (id: string) => `/fine_tuning/jobs/${encodeURIComponent(id)}`;

/** Single requests to a deployment, as a trainer sends them or as nobody should. Never tries again, never follows a redirect. */
import { limits } from "../../contract/limits.ts";
import { Interrupted } from "../user-error.ts";

/** `status` is null where no whole answer came. `json` is undefined for what is none. */
export interface Exchange {
  status: number | null;
  json: unknown;
}

export class Prober {
  readonly #url: string;
  readonly #signal: AbortSignal;

  constructor(url: string, signal: AbortSignal) {
    this.#url = url;
    this.#signal = signal;
  }

  /** @param body as it is sent; an object as its JSON. @throws Interrupted once the signal has ended it */
  async post(path: string, body: string | object, headers: Readonly<Record<string, string>>): Promise<Exchange> {
    const signal = AbortSignal.any([this.#signal, AbortSignal.timeout(limits.answerMilliseconds)]);
    try {
      const response = await fetch(`${this.#url}${path}`, {
        method: "POST",
        headers: { "Content-Type": "application/json", ...headers },
        body: typeof body === "string" ? body : JSON.stringify(body),
        redirect: "manual",
        signal,
      });
      return { status: response.status, json: parsed(await response.text()) };
    } catch {
      if (this.#signal.aborted) throw new Interrupted("Interrupted.");
      return { status: null, json: undefined };
    }
  }
}

export const answered = ({ status }: Exchange) => (status === null ? "is not answered" : `is answered ${status}`);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `edgegym platform`: serves until it is told to end. Prints where it is and its key, and nothing of any request. */
import { BASE_MODEL } from "./models.ts";
import { startPlatform } from "./start.ts";
import type { TroubleShares } from "./trouble.ts";

export interface ServePlatformOptions {
  port: number;
  seed: string;
  trouble?: TroubleShares;
}

/** A shell's code for what Ctrl-C has ended: 128 and the number of SIGINT. */
const INTERRUPTED = 130;

/** Resolves with the exit code: 130 after Ctrl-C, 0 after another signal. The key is `OPENAI_API_KEY`, or a new one that is printed. */
export async function servePlatform(options: ServePlatformOptions): Promise<number> {
  const given = process.env["OPENAI_API_KEY"];
  const platform = await startPlatform({ ...options, ...(given && { apiKey: given }) });
  console.log(`A stand-in for a trainer's platform, which keeps nothing: ${platform.url}

  export OPENAI_BASE_URL=${platform.url}
${given ? "  (the key is OPENAI_API_KEY, as it is set here)" : `  export OPENAI_API_KEY=${platform.apiKey}`}

Its model is ${BASE_MODEL}: no language model, but a small policy over the tools of an environment. Ctrl-C ends it.`);
  const signal = await ended();
  await platform.close();
  return signal === "SIGINT" ? INTERRUPTED : 0;
}

/** A second signal ends the process at once, as it would without this. */
function ended(): Promise<"SIGINT" | "SIGTERM" | "SIGHUP"> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => resolve(signal));
  });
}

/** `edgegym platform`: serves until it is told to end. Prints where it is and its key, and nothing of any request. */
import { interruption } from "../interruption.ts";
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

/**
 * Resolves with the exit code once it was told to end. The key is `OPENAI_API_KEY`, or a new one that is printed.
 * @throws UserError for a port that cannot be had
 */
export async function servePlatform(options: ServePlatformOptions): Promise<number> {
  const given = process.env["OPENAI_API_KEY"];
  const platform = await startPlatform({ ...options, ...(given && { apiKey: given }) });
  const interrupted = interruption(undefined, "Ending.");
  console.log(`A stand-in for a trainer's platform, which keeps nothing: ${platform.url}

  export OPENAI_BASE_URL=${platform.url}
${given ? "  (the key is OPENAI_API_KEY, as it is set here)" : `  export OPENAI_API_KEY=${platform.apiKey}`}

Its model is ${BASE_MODEL}: no language model, but a small policy over the tools of an environment. Ctrl-C ends it.`);
  await new Promise((resolve) => interrupted.signal.addEventListener("abort", resolve, { once: true }));
  await platform.close();
  interrupted.stop();
  return INTERRUPTED;
}

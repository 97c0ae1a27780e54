import { Command, InvalidArgumentError } from "commander";
import { wholeNumber } from "../option-values.ts";
import { servePlatform, type ServePlatformOptions } from "../platform/serve.ts";
import { TROUBLES, type TroubleShares } from "../platform/trouble.ts";

export function platformCommand(): Command {
  return new Command("platform")
    .description(
      "Serve a stand-in for a trainer's platform on this machine: files, jobs, graders, and a small policy that learns in place of a model.",
    )
    .option("--port <number>", "port on 127.0.0.1", wholeNumber(1, 65_535), 8900)
    .option("--seed <text>", "another seed, other draws", "1")
    .option(
      "--trouble <shares>",
      `shares of requests that fail, as 429=0.05,slow=0.1; of ${TROUBLES.join(", ")}`,
      shares,
    )
    .action(async (options: ServePlatformOptions) => {
      process.exitCode = await servePlatform(options);
    });
}

/** `429=0.05,500=0.02`; 1 at most together. */
function shares(text: string): TroubleShares {
  const pairs = text.split(",").map((part) => part.split("="));
  const given: TroubleShares = {};
  for (const [written = "", share = ""] of pairs) {
    const name = TROUBLES.find((known) => known === written.trim());
    if (name === undefined || !(Number(share) >= 0) || share.trim() === "") throw new InvalidArgumentError(RULE);
    given[name] = Number(share);
  }
  if (Object.values(given).reduce((sum, share) => sum + share, 0) <= 1) return given;
  throw new InvalidArgumentError("The shares are more than 1 together.");
}

const RULE = `It has to be shares as 429=0.05,slow=0.1, of: ${TROUBLES.join(", ")}.`;

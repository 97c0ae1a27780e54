/** Whether every route that a job calls opens to the trainer's token, and to nothing else. */
import type { Environment } from "../../environments/environment.ts";
import { bearer } from "../deployment.ts";
import { gradePath, toolPath } from "../rollouts/requests.ts";
import { type Finding, inShort, ok, refused } from "./finding.ts";
import { answered, type Prober } from "./probe.ts";

/** All that a job calls. */
export const jobPaths = (environment: Environment): string[] => [
  ...environment.tools.map(({ name }) => toolPath(environment, name)),
  gradePath(environment),
];

/**
 * Without a trace id, so that nothing is recorded and no alarm is raised.
 * @param wrong a token that nobody has
 */
export async function checkTokens(
  prober: Prober,
  environment: Environment,
  { token, wrong, run }: { token: string; wrong: string; run: string },
): Promise<Finding> {
  const problems: string[] = [];
  const paths = jobPaths(environment);
  for (const path of paths) {
    const ask = (headers: Record<string, string>) =>
      prober.post(path, { arguments: "{}" }, { ...headers, "X-Run": run });
    const right = await ask(bearer(token));
    // A grading without a sample is refused, but not for its token.
    if (right.status === null || right.status >= 500 || [401, 403, 404].includes(right.status))
      problems.push(`${path} with the token ${answered(right)}.`);
    const others = { "with a wrong token": await ask(bearer(wrong)), "without a token": await ask({}) };
    for (const [how, exchange] of Object.entries(others))
      if (exchange.status !== 401) problems.push(`${path} ${how} ${answered(exchange)}, not 401.`);
  }
  if (problems.length === 0)
    return ok(`${paths.length} routes open to TRAINER_TOKEN, and answer 401 to a wrong token and to none.`);
  return refused(
    inShort(problems),
    "Set the deployment's TRAINER_TOKEN, and put nothing before it that answers itself.",
  );
}

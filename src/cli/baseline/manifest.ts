/** What a baseline is of, and whether two are of the same. */
import { basename } from "node:path";
import type { ResultsManifest } from "../../contract/results.ts";
import { sha256 } from "../../corpus/hash.ts";
import type { Environment } from "../../environments/environment.ts";
import type { Item } from "../agents/agent.ts";
import { versionsOf } from "../versions.ts";

export interface Described extends Pick<ResultsManifest, "name" | "command" | "attempts" | "agent" | "deployment"> {
  data: readonly string[];
  items: readonly Item[];
  environment: Environment;
  createdAt: Date;
}

export async function describe(described: Described): Promise<ResultsManifest> {
  const { name, command, createdAt, data, items, attempts, agent, environment, deployment } = described;
  return {
    schema: 1,
    name,
    command,
    created_at: createdAt.toISOString(),
    dataset: {
      files: data.map((path) => basename(path)),
      sha256: await sha256(JSON.stringify(items.map((item) => [item.name, item.question, item.row]))),
      items: items.length,
    },
    attempts,
    agent,
    environment: environment.name,
    versions: await versionsOf(environment),
    deployment,
  };
}

/** What results are of, by which they can differ. */
export const ASPECTS: readonly { what: string; of: (manifest: ResultsManifest) => string | number | null }[] = [
  { what: "the dataset's items", of: ({ dataset }) => dataset.items },
  { what: "the dataset's content", of: ({ dataset }) => dataset.sha256.slice(0, 12) },
  { what: "the attempts at each item (--runs)", of: ({ attempts }) => attempts },
  { what: "the agent", of: ({ agent }) => agent.kind },
  { what: "the model", of: ({ agent }) => agent.model },
  { what: "the model's service (--base-url)", of: ({ agent }) => agent.base_url },
  { what: "the reasoning effort", of: ({ agent }) => agent.reasoning_effort },
  { what: "the error rate", of: ({ agent }) => agent.error_rate },
  { what: "the seed", of: ({ agent }) => agent.seed },
  { what: "the environment", of: ({ environment }) => environment },
  { what: "the prompt", of: ({ versions }) => versions.prompt.slice(0, 12) },
  { what: "the tools", of: ({ versions }) => versions.tools.slice(0, 12) },
  { what: "the grader", of: ({ versions }) => versions.grader.slice(0, 12) },
  { what: "the deployment", of: ({ deployment }) => deployment.url },
  { what: "the index", of: ({ deployment }) => deployment.index_version },
];

/** What is not the same, in words: results of both would not be of one thing. */
export function differences(before: ResultsManifest, now: ResultsManifest): string[] {
  return ASPECTS.flatMap(({ what, of }) =>
    of(before) === of(now) ? [] : [`${what}: ${of(before) ?? "none"} there, ${of(now) ?? "none"} now`],
  );
}

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

/** What is not the same, in words: results of both would not be of one thing. */
export function differences(before: ResultsManifest, now: ResultsManifest): string[] {
  const compared: [what: string, of: (manifest: ResultsManifest) => string | number | null][] = [
    ["the dataset's items", ({ dataset }) => dataset.items],
    ["the dataset's content", ({ dataset }) => dataset.sha256.slice(0, 12)],
    ["the attempts at each item (--runs)", ({ attempts }) => attempts],
    ["the agent", ({ agent }) => agent.kind],
    ["the model", ({ agent }) => agent.model],
    ["the model's service (--base-url)", ({ agent }) => agent.base_url],
    ["the reasoning effort", ({ agent }) => agent.reasoning_effort],
    ["the error rate", ({ agent }) => agent.error_rate],
    ["the seed", ({ agent }) => agent.seed],
    ["the environment", ({ environment }) => environment],
    ["the prompt", ({ versions }) => versions.prompt.slice(0, 12)],
    ["the tools", ({ versions }) => versions.tools.slice(0, 12)],
    ["the grader", ({ versions }) => versions.grader.slice(0, 12)],
    ["the deployment", ({ deployment }) => deployment.url],
    ["the index", ({ deployment }) => deployment.index_version],
  ];
  return compared.flatMap(([what, of]) =>
    of(before) === of(now) ? [] : [`${what}: ${of(before) ?? "none"} there, ${of(now) ?? "none"} now`],
  );
}

/** Calls that work when they are pasted into a shell in the project's folder: for each environment its tools and a grading. */
import type { Environment } from "../environments/environment.ts";
import { environments } from "../environments/index.ts";
import type { Item } from "./agents/agent.ts";
import { findDatasetFiles, readDatasetFile } from "./dataset-file.ts";
import { secretsFile, shown } from "./project.ts";
import { gradePath, toolPath } from "./rollouts/requests.ts";

/**
 * Made from the first row that can be graded of the rows in a folder, by the environment's name; without any, one call that needs
 * none. The tokens stay in their file: the shell reads them from there.
 */
export async function exampleCalls(url: string, folders: Readonly<Record<string, string>>): Promise<string> {
  // Rollouts of their own for each start: what an earlier start's example recorded does not answer this one's.
  const start = Date.now().toString(36);
  const parts = await Promise.all(
    environments.map(async (environment) => {
      const folder = folders[environment.name];
      const row = folder === undefined ? undefined : await firstRow(environment, folder);
      return ofEnvironment(url, environment, `example-${environment.name}-${start}`, row);
    }),
  );
  return [
    `reference ${url}/docs  health ${url}/healthz`,
    `tokens    ${shown(secretsFile)}`,
    "",
    "Try it, in another terminal, in this folder:",
    "",
    ...parts.flat(),
    "Stop with Ctrl-C.",
  ].join("\n");
}

function ofEnvironment(url: string, environment: Environment, rollout: string, row: Item["row"] | undefined): string[] {
  const names = environment.tools.map(({ name }) => name).join(", ");
  return [
    `${environment.name}: ${environment.description}`,
    `tools     ${url}${toolPath(environment, "")}/{${names}}`,
    `grader    ${url}${gradePath(environment)}`,
    `ledger    ${url}/rollouts/${rollout} (admin token)`,
    "",
    ...callsFor(url, environment, rollout, row).flatMap((call) => [call, ""]),
  ];
}

async function firstRow(environment: Environment, folder: string): Promise<Item["row"] | undefined> {
  for (const file of await findDatasetFiles(folder)) {
    for (const row of await readDatasetFile(file)) {
      if ("item" in row && environment.rehearsal.answers(row.item, random).length > 0) return row.item;
    }
  }
  return undefined;
}

/** The first of whatever is drawn from. */
const random = () => 0;

/** What a rehearsal's agent would do that knows the row. */
function callsFor(url: string, environment: Environment, trace_id: string, item: Item["row"] | undefined): string[] {
  if (item === undefined) {
    const [tool] = environment.tools;
    return tool === undefined ? [] : [curl(`${url}${toolPath(environment, tool.name)}`, { arguments: "{}" })];
  }
  const uses = environment.rehearsal.solve(item, random).flat();
  // A trainer sends the row with every call; here only what uses it is shown with it.
  const row = environment.workspace === undefined ? {} : { item };
  const calls = uses.map(({ tool, arguments: args }, at) =>
    curl(`${url}${toolPath(environment, tool)}`, {
      trace_id,
      call_id: `call_${at + 1}`,
      arguments: JSON.stringify(args),
      ...row,
    }),
  );
  const [right] = environment.rehearsal.answers(item, random);
  const sample = { output_text: right?.text ?? "" };
  return [...calls, curl(`${url}${gradePath(environment)}`, { trace_id, sample, item })];
}

function curl(url: string, body: object): string {
  const token = `$(sed -n 's/^TRAINER_TOKEN=\\([^,]*\\).*/\\1/p' .dev.vars)`;
  return `curl -s ${url} -H "Authorization: Bearer ${token}" -H 'Content-Type: application/json' -d ${quoted(JSON.stringify(body))}`;
}

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

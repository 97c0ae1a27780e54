/** Three calls that work when they are pasted into a shell in the project's folder: a search, a cat and a grading. */
import { FinqaRecord, referenceAnswer } from "../environments/finqa/dataset.ts";
import { shown, secretsFile } from "./project.ts";
import { finqaFiles, readJson } from "./sources.ts";

/**
 * Made from the first question with an answer in `source`; without any, one call that needs none. The tokens stay in their
 * file: the shell reads them from there.
 */
export async function exampleCalls(url: string, source: string | undefined): Promise<string> {
  // A rollout of its own for each start: what an earlier start's example recorded does not answer this one's.
  const rollout = { trace_id: `example-${Date.now().toString(36)}` };
  const example = source === undefined ? undefined : await firstQuestion(source);
  const calls = example ? callsFor(url, rollout, example) : [curl(`${url}/finqa/tools/list`, { arguments: "{}" })];
  return [
    `tools     ${["search", "list", "cat"].map((tool) => `${url}/finqa/tools/${tool}`).join("  ")}`,
    `grader    ${url}/finqa/grade`,
    `ledger    ${url}/rollouts/${rollout.trace_id} (admin token)`,
    `reference ${url}/docs  health ${url}/healthz`,
    `tokens    ${shown(secretsFile)}`,
    "",
    "Try it, in another terminal, in this folder:",
    "",
    ...calls.flatMap((call) => [call, ""]),
    "Stop with Ctrl-C.",
  ].join("\n");
}

interface Example {
  question: string;
  path: string;
  answer: string | number;
}

async function firstQuestion(source: string): Promise<Example | undefined> {
  for (const file of await finqaFiles(source)) {
    const records = await readJson(file);
    for (const record of Array.isArray(records) ? records : []) {
      const { data } = FinqaRecord.safeParse(record);
      const answer = data && referenceAnswer(data);
      if (data && answer !== undefined) return { question: data.qa.question, path: data.filename, answer };
    }
  }
  return undefined;
}

function callsFor(url: string, rollout: { trace_id: string }, { question, path, answer }: Example): string[] {
  const search = { ...rollout, call_id: "call_1", arguments: JSON.stringify({ query: question }) };
  const cat = { ...rollout, call_id: "call_2", arguments: JSON.stringify({ path }) };
  const grade = { ...rollout, sample: { output_text: String(answer) }, item: { reference_answer: answer } };
  return [
    curl(`${url}/finqa/tools/search`, search),
    curl(`${url}/finqa/tools/cat`, cat),
    curl(`${url}/finqa/grade`, grade),
  ];
}

function curl(url: string, body: object): string {
  const token = `$(sed -n 's/^TRAINER_TOKEN=\\([^,]*\\).*/\\1/p' .dev.vars)`;
  return `curl -s ${url} -H "Authorization: Bearer ${token}" -H 'Content-Type: application/json' -d ${quoted(JSON.stringify(body))}`;
}

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

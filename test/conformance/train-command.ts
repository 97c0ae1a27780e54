/** `edgegym train` as a process, and what none of its output may hold. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, inject } from "vitest";
import { root } from "./local-worker.ts";

const { trainer, admin } = inject("deployment");
export const KEY = "sk-train-test-0123456789";

/** Nothing that is printed or written may hold a key, a token or a reference. */
export function expectNoSecret(...texts: string[]): void {
  for (const text of texts) {
    for (const secret of [KEY, trainer, admin]) expect(text).not.toContain(secret);
    expect(text).not.toMatch(/"reference_answer":|^\s+at /m);
  }
}

export function start(args: string[], variables: Record<string, string> = {}) {
  const env = { ...process.env, TRAINER_TOKEN: trainer, ADMIN_TOKEN: admin, OPENAI_API_KEY: KEY, ...variables };
  const child = spawn(process.execPath, ["src/cli/main.ts", "train", ...args], { cwd: root, env });
  const printed = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (printed.out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (printed.err += text));
  return { child, printed };
}

export async function train(args: string[], variables: Record<string, string> = {}) {
  const { child, printed } = start(args, variables);
  const [code] = await once(child, "close");
  expectNoSecret(printed.out, printed.err);
  return { code, ...printed, words: printed.out.replaceAll(/\s+/g, " ") };
}

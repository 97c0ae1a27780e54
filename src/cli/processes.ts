/** Runs the programs this project is built on, with the Node that runs this one. */
import { type ChildProcess, spawn, type SpawnOptions } from "node:child_process";
import { dirname, delimiter } from "node:path";
import { inProject, root } from "./project.ts";
import { UserError } from "./user-error.ts";

const environment = {
  ...process.env,
  PATH: [dirname(process.execPath), process.env["PATH"]].join(delimiter),
  WRANGLER_SEND_METRICS: "false",
};

/** Starts wrangler. Each local Durable Object holds three open files, so the limit is raised as far as the system lets us. */
export function startWrangler(args: string[], options: SpawnOptions = {}): ChildProcess {
  const wrangler = [process.execPath, inProject("node_modules", "wrangler", "bin", "wrangler.js"), ...args];
  const raised = ["/bin/sh", "-c", 'ulimit -n "$(ulimit -Hn)" 2>/dev/null; exec "$@"', "sh", ...wrangler];
  const [command = "", ...rest] = process.platform === "win32" ? wrangler : raised;
  return spawn(command, rest, { cwd: root, env: environment, ...options });
}

/** Runs wrangler to its end, quietly. @throws UserError with what it printed when it fails */
export async function runWrangler(args: string[]): Promise<void> {
  const child = startWrangler(args, { stdio: ["ignore", "pipe", "pipe"], env: { ...environment, NO_COLOR: "1" } });
  let printed = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => child.on("error", reject).on("close", resolve));
  if (code !== 0) throw new UserError(`wrangler ${args.slice(0, 3).join(" ")} failed:\n${printed.trim()}`);
}

/**
 * `npm run demo`: the whole path from a dataset to a trained model and a comparison, on this machine, without a network. Starts a
 * worker with the bundled sample and the local platform, then runs the commands that a person would type, each as a process of
 * its own. The model is the platform's stand-in, which is no language model.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { buildIndex } from "../../corpus/build.ts";
import { bundleWorker } from "../bare-worker/bundle.ts";
import { startBareWorker } from "../bare-worker/start.ts";
import { startPlatform } from "../platform/start.ts";
import { inProject, sampleSource, shown } from "../project.ts";
import { readSource } from "../sources.ts";
import { demoFolders, type DemoPlaces, demoSteps } from "./steps.ts";

/** Of a command that Ctrl-C ended. */
const INTERRUPTED = 130;

/**
 * Sequence: clear what an earlier demo wrote → worker → platform → each command in turn. Resolves with the exit code: that of the
 * first command that fails, else 0.
 * @param name what the names of its folders in `runs/` begin with
 */
export async function demo(name: string): Promise<number> {
  const runs = inProject("runs");
  for (const folder of demoFolders(name)) await rm(join(runs, folder), { recursive: true, force: true });
  say("Starting a worker with the bundled sample, and the local platform …");
  const index = await buildIndex(await readSource("finqa", sampleSource), "embedded");
  const worker = await startBareWorker({ bundle: await bundleWorker(), index });
  const platform = await startPlatform({ port: 0, seed: "7" });
  const ignoreInterrupt = () => {};
  // Ctrl-C reaches the command that runs, which ends by its own rules; then this ends too.
  process.on("SIGINT", ignoreInterrupt);
  try {
    const places = { name, source: shown(sampleSource), runs: shown(runs), worker: worker.url, platform: platform.url };
    return await runSteps(places, { ...worker.tokens, OPENAI_API_KEY: platform.apiKey });
  } finally {
    process.off("SIGINT", ignoreInterrupt);
    await platform.close();
    await worker.close();
  }
}

async function runSteps(places: DemoPlaces, secrets: Record<string, string>): Promise<number> {
  const steps = demoSteps(places);
  for (const [at, { title, words }] of steps.entries()) {
    say(`\n${"=".repeat(80)}\n${at + 1} of ${steps.length}. ${title}\n\n$ npm run edgegym -- ${words.join(" ")}\n`);
    const code = await run(words, secrets);
    if (code === 0) continue;
    say(code === INTERRUPTED ? "The demo ends here." : `The demo ends here: this command failed (exit code ${code}).`);
    return code;
  }
  return 0;
}

async function run(words: readonly string[], secrets: Record<string, string>): Promise<number> {
  const env = { ...process.env, ...secrets };
  const command = spawn(process.execPath, [inProject("src", "cli", "main.ts"), ...words], { stdio: "inherit", env });
  const [code] = await once(command, "exit");
  return typeof code === "number" ? code : INTERRUPTED;
}

const say = (text: string) => console.log(text);

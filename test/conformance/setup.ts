/**
 * The deployment under test: the one that EDGEGYM_URL, TRAINER_TOKEN and ADMIN_TOKEN name, else one that is started here for
 * the whole suite, with the bundled sample.
 */
import { rm } from "node:fs/promises";
import type { TestProject } from "vitest/node";
import type { Deployment } from "./deployment.ts";
import { LocalWorker, localTokens, storageFolder } from "./local-worker.ts";

export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const { EDGEGYM_URL: url, TRAINER_TOKEN: trainer, ADMIN_TOKEN: admin } = process.env;
  if (url) {
    if (!trainer || !admin) throw new Error("With EDGEGYM_URL, TRAINER_TOKEN and ADMIN_TOKEN have to be set too.");
    const health = await fetch(new URL("/healthz", url)).catch((error: unknown) => error);
    if (!(health instanceof Response)) throw new Error(`There is no answer from ${url}.`, { cause: health });
    provide("deployment", { url: url.replace(/\/+$/, ""), trainer, admin, local: false } satisfies Deployment);
    return async () => {};
  }
  const folder = await storageFolder("conformance");
  const worker = await LocalWorker.start(folder);
  provide("deployment", { url: worker.url, ...(await localTokens()), local: true } satisfies Deployment);
  return async () => {
    await worker.interrupt();
    await rm(folder, { recursive: true, force: true });
  };
}

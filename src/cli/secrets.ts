/** The local secrets: `.dev.vars`, which wrangler reads and git ignores. Generated once, never overwritten, never printed. */
import { randomBytes } from "node:crypto";
import { appendFile, readFile } from "node:fs/promises";
import { secretsFile } from "./project.ts";

const NAMES = ["TRAINER_TOKEN", "ADMIN_TOKEN"];

/** Adds what is missing, readable by the owner only. Resolves with the names that were added. */
export async function prepareSecrets(file = secretsFile): Promise<string[]> {
  const existing = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  const missing = NAMES.filter((name) => !new RegExp(`^\\s*${name}\\s*=`, "m").test(existing));
  const lines = missing.map((name) => `${name}=${randomBytes(24).toString("hex")}\n`);
  const separator = existing === "" || existing.endsWith("\n") ? "" : "\n";
  if (missing.length > 0) await appendFile(file, separator + lines.join(""), { mode: 0o600 });
  return missing;
}

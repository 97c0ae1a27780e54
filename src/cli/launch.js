#!/usr/bin/env node
// Runs a command on a Node new enough for it (wrangler, vitest and type stripping need one): the system's
// when it is, else the one that comes as an npm package. Plain JavaScript, since an old Node must run it.
// Usage: node src/cli/launch.js COMMAND [ARGUMENT ...]; COMMAND is found on PATH, which npm scripts extend.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { constants } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const OLDEST = [22, 18]; // the first release that runs TypeScript without a flag

/** Runs `command` under a suitable Node and exits as it does. */
export function launch([command, ...args]) {
  const bin = fileURLToPath(new URL("../../node_modules/.bin", import.meta.url));
  const path = [dirname(suitableNode()), bin, process.env.PATH].join(delimiter);
  const child = spawn(command, args, {
    stdio: "inherit",
    env: { ...process.env, PATH: path },
    shell: process.platform === "win32",
  });
  // A terminal sends Ctrl-C to the child as well: only stay until it has ended in its own way.
  process.on("SIGINT", () => process.stdin.isTTY || child.kill("SIGINT"));
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => fail(`${command}: ${error.message}`));
  child.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

function suitableNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return process.execPath;
  const { platform, arch } = process;
  const name = `node-${platform === "win32" ? "win" : platform}-${arch}`;
  try {
    const root = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
    return join(root, "bin", platform === "win32" ? "node.exe" : "node");
  } catch {
    fail(
      `Node ${OLDEST.join(".")} or newer is needed (this is ${process.versions.node}); install one, or run npm ci again.`,
    );
  }
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) launch(process.argv.slice(2));

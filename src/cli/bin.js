#!/usr/bin/env node
// The `edgegym` command: src/cli/main.ts, run by a suitable Node.
import { fileURLToPath } from "node:url";
import { launch } from "./launch.js";

launch(["node", fileURLToPath(new URL("main.ts", import.meta.url)), ...process.argv.slice(2)]);

/**
 * `npm run bench`: the vector kernel, then the worker over HTTP on bare workerd, in one run; prints only what was measured.
 *   --data DIR   FinQA's files or a checkout of its repository (default: the bundled sample)
 *   --quick      fewer and shorter rounds
 *   --json       the HTTP part as one JSON document, and nothing else
 */
import { execFileSync } from "node:child_process";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { sampleSource } from "../../src/cli/project.ts";
import { benchHttp, type HttpOptions } from "./http.ts";
import { report } from "./http-report.ts";

const FULL: Omit<HttpOptions, "data"> = {
  connections: [1, 16, 64],
  rounds: 5,
  roundMilliseconds: 1_500,
  burst: 500,
  burstRounds: 3,
};
const QUICK: Omit<HttpOptions, "data"> = { ...FULL, rounds: 3, roundMilliseconds: 500, burstRounds: 1 };

const { values } = parseArgs({
  options: {
    data: { type: "string", default: sampleSource },
    quick: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});

if (!values.json) {
  console.log(`Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}\n`);
  execFileSync(process.execPath, [fileURLToPath(new URL("kernel.ts", import.meta.url))], { stdio: "inherit" });
}
const options = { ...(values.quick ? QUICK : FULL), data: values.data };
const result = await benchHttp(options);
console.log(values.json ? JSON.stringify(result) : report(result));

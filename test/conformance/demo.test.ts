/** `npm run demo`: every command of it, one after the other, and that the stand-in has learned for a real reason. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Comparison } from "../../src/contract/comparison.ts";
import { root } from "./local-worker.ts";

const NAME = "demo-of-a-test";
const folder = (part: string) => join(root, "runs", `${NAME}-${part}`);
/** As the demo makes them: a worker's token, a platform's key. */
const SECRET = /\b[0-9a-f]{48}\b|sk-local-\w+/;
let printed = "";
const parts = ["dataset", "before", "job", "after", "comparison"];
afterAll(async () => {
  for (const part of parts) await rm(folder(part), { recursive: true, force: true });
});

test("ends in a comparison in which the score has risen and the calls have fallen", { timeout: 900_000 }, async () => {
  const code = await demo();
  expect(printed).toContain("6 of 6.");
  expect(code).toBe(0);
  const comparison = Comparison.parse(
    JSON.parse(await readFile(join(folder("comparison"), "comparison.json"), "utf8")),
  );
  const change = (figure: string) => comparison.figures.find(({ name }) => name === figure)?.changes[0]?.difference;
  // Of both, the whole interval is on one side of no change.
  expect(change("score")?.low).toBeGreaterThan(0);
  expect(change("calls")?.high).toBeLessThan(0);
  expect(printed).toContain(`${NAME.toUpperCase()}-AFTER SCORES BETTER THAN ${NAME.toUpperCase()}-BEFORE`);
  const files = await readdir(folder("job"));
  expect(files).toEqual(expect.arrayContaining(["events.jsonl", "job.json", "preflight.json", "watch.html"]));
});

test("tells no token and no key, neither on the terminal nor in a file", async () => {
  const texts = await Promise.all(
    parts.map(async (part) => {
      const names = (await readdir(folder(part))).filter((name) => !name.endsWith(".png"));
      return Promise.all(names.map((name) => readFile(join(folder(part), name), "utf8")));
    }),
  );
  expect(texts.flat().length).toBeGreaterThan(20);
  for (const text of [...texts.flat(), printed]) expect(SECRET.exec(text)?.[0]).toBeUndefined();
});

async function demo(): Promise<number | null> {
  const child = spawn(process.execPath, ["src/cli/main.ts", "demo", "--name", NAME], { cwd: root });
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (printed += text));
  const [code] = await once(child, "close");
  return code;
}

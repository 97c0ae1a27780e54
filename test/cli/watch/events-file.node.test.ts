import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { JobEvent } from "../../../src/contract/fine-tuning.ts";
import { EventsFile } from "../../../src/cli/watch/events-file.ts";

const event = (id: string, fields: object = {}): JobEvent => ({ id, created_at: 1, message: `Event ${id}`, ...fields });
const idsOf = (file: EventsFile) => file.all().map(({ id }) => id);

async function newPath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "edgegym-events-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, "job", "events.jsonl");
}

test("events are kept as they came, with what nothing here knows", async () => {
  const path = await newPath();
  const odd = event("a", { object: "fine_tuning.job.event", data: { step: 1, deep: [{ odd: null }] } });
  await (await EventsFile.open(path)).append([odd]);
  expect(JSON.parse(await readFile(path, "utf8"))).toEqual(odd);
  expect((await EventsFile.open(path)).all()).toEqual([odd]);
});

test("an event that is told again, in one answer or another, stands once", async () => {
  const path = await newPath();
  const file = await EventsFile.open(path);
  await file.append([event("a"), event("b"), event("b")]);
  await file.append([event("b"), event("c")]);
  await file.append([event("a")]);
  expect((await readFile(path, "utf8")).match(/"id":"\w"/g)).toEqual(['"id":"a"', '"id":"b"', '"id":"c"']);
  expect(idsOf(file)).toEqual(["a", "b", "c"]);
});

test("what two watches have written twice is read once, and lines that are none are passed over", async () => {
  const path = await newPath();
  await (await EventsFile.open(path)).append([event("a"), event("b")]);
  const text = await readFile(path, "utf8");
  await writeFile(path, `${text}not an event\n{"id":4}\n\n${text}{"id":"c","created`);
  const file = await EventsFile.open(path);
  expect(idsOf(file)).toEqual(["a", "b"]);
  await file.append([event("c")]);
  expect(idsOf(await EventsFile.open(path))).toEqual(["a", "b", "c"]);
});

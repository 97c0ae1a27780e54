import { toFile } from "openai";
import { expect, test } from "vitest";
import { refusalOf, rowsOf, world } from "./world.ts";

test("a file is taken, looked at, handed back and deleted", async () => {
  const { client } = await world();
  const created = await client.files.create({
    file: await toFile(Buffer.from(rowsOf(10)), "a.jsonl"),
    purpose: "fine-tune",
  });
  expect(created).toMatchObject({ object: "file", filename: "a.jsonl", purpose: "fine-tune", status: "pending" });
  expect(created.bytes).toBe(rowsOf(10).length);
  const processed = await client.files.waitForProcessing(created.id, { pollInterval: 20 });
  expect(processed).toMatchObject({ id: created.id, status: "processed", status_details: null });
  expect(await (await client.files.content(created.id)).text()).toBe(rowsOf(10));
  expect(await client.files.delete(created.id)).toEqual({ id: created.id, object: "file", deleted: true });
  expect(await refusalOf(client.files.retrieve(created.id))).toMatchObject({ status: 404, param: "id" });
});

test.each([
  ["rows that are too few", rowsOf(9), "The file has 9 rows; it needs 10 at least."],
  ["no rows", "\n", "The file has 0 rows; it needs 10 at least."],
  ["a line that is no JSON", `${rowsOf(10)}\nsecret`, "Line 11: it is not JSON."],
  ["a row that ends with the assistant", rowsOf(10).replaceAll('"user"', '"assistant"'), /^Line 1: messages: .*user/],
  ["a row without messages", '{"question":"secret"}', /^Line 1: messages: /],
  ["a row that is too long", JSON.stringify({ text: "x".repeat(500_001) }), /^Line 1: it is longer than/],
])("%s: the file says so, and quotes nothing", async (_, content, details) => {
  const { upload } = await world();
  const file = await upload(content);
  expect(file.status).toBe("error");
  expect(file.status_details).toMatch(details);
  expect(file.status_details).not.toContain("secret");
});

test("files are listed in pages, newest first or oldest first", async () => {
  const { client, upload } = await world();
  const [first, second, third] = [await upload(), await upload(), await upload()].map(({ id }) => id);
  const ids = async (order: "asc" | "desc") =>
    (await Array.fromAsync(client.files.list({ limit: 2, order }))).map(({ id }) => id);
  expect(await ids("desc")).toEqual([third, second, first]);
  expect(await ids("asc")).toEqual([first, second, third]);
  expect((await client.files.list({ purpose: "batch" })).data).toEqual([]);
  expect(await refusalOf(client.files.list({ after: "file-none" }))).toMatchObject({ status: 400, param: "after" });
});

test("only files for fine-tuning are taken, and none without a form", async () => {
  const { client, platform } = await world();
  const file = await toFile(Buffer.from("a"), "a.txt");
  expect(await refusalOf(client.files.create({ file, purpose: "batch" }))).toMatchObject({
    status: 400,
    param: "purpose",
    type: "invalid_request_error",
  });
  const headers = { Authorization: `Bearer ${platform.apiKey}` };
  const bare = await fetch(`${platform.url}/files`, { method: "POST", headers, body: "a" });
  expect(bare.status).toBe(400);
});

test("a file over the limit is refused", async () => {
  const { client } = await world();
  const file = await toFile(Buffer.alloc(50_000_001, "a"), "large.jsonl");
  expect(await refusalOf(client.files.create({ file, purpose: "fine-tune" }))).toMatchObject({ status: 413 });
});

/** `/files`: https://platform.openai.com/docs/api-reference/files */
import { Hono } from "hono";
import type { HttpBindings } from "@hono/node-server";
import * as z from "zod";
import { limits } from "../../contract/limits.ts";
import { ApiError, badRequest } from "./errors.ts";
import { fileObject } from "./files.ts";
import { pageOf, pageQuery } from "./pages.ts";
import { type PlatformContext, readQuery } from "./requests.ts";
import type { PlatformState } from "./state.ts";

const ListQuery = pageQuery(10_000, 10_000).extend({
  order: z.enum(["asc", "desc"]).default("desc"),
  purpose: z.string().optional(),
});

export function fileRoutes({ files, now, newId }: PlatformState) {
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.post("/", async (c) => {
    const { filename, content } = await readUpload(c);
    return c.json(fileObject(files.add({ id: newId("file-"), filename, content, createdAt: now() })));
  });
  app.get("/", (c) => {
    const { order, purpose, ...page } = readQuery(c, ListQuery);
    const all = purpose === undefined || purpose === "fine-tune" ? files.all().map(fileObject) : [];
    return c.json(pageOf(order === "asc" ? all.toReversed() : all, page));
  });
  app.get("/:id", (c) => c.json(fileObject(files.get(c.req.param("id")))));
  app.get("/:id/content", (c) => {
    const { content } = files.get(c.req.param("id"));
    return c.body(Uint8Array.from(content), 200, { "Content-Type": "application/octet-stream" });
  });
  app.delete("/:id", (c) => {
    const id = c.req.param("id");
    files.delete(id);
    return c.json({ id, object: "file", deleted: true });
  });
  return app;
}

async function readUpload(c: PlatformContext): Promise<{ filename: string; content: Buffer }> {
  const form = await c.req.parseBody().catch(() => {
    throw badRequest("We could not parse the multipart form of your request.");
  });
  const { file, purpose } = form;
  if (!(file instanceof File)) throw badRequest("'file' is a required property", "file");
  if (purpose !== "fine-tune")
    throw badRequest("The platform takes files for 'fine-tune' only.", "purpose", "invalid_value");
  if (file.size > limits.platformFileBytes)
    throw new ApiError(413, `The file is larger than ${limits.platformFileBytes} bytes.`, { param: "file" });
  return { filename: file.name, content: Buffer.from(await file.arrayBuffer()) };
}

/** `/responses`, `/embeddings` and `/models`: https://platform.openai.com/docs/api-reference/responses */
import { Hono } from "hono";
import { streamSSE } from "hono/streaming";
import type { HttpBindings } from "@hono/node-server";
import { EmbeddingsRequest, embeddingsOf } from "./embeddings.ts";
import { ApiError } from "./errors.ts";
import { findModel, modelObject } from "./models.ts";
import { readBody } from "./requests.ts";
import { refusalOf, ResponsesRequest } from "./responses/rules.ts";
import { eventsOf } from "./responses/stream.ts";
import type { PlatformState } from "./state.ts";

export function modelRoutes({ models, writer }: PlatformState) {
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.post("/responses", async (c) => {
    const request = await readBody(c, ResponsesRequest);
    const model = findModel(models(), request.model, 400);
    const refusal = refusalOf(request, writer.issued);
    if (refusal) throw new ApiError(refusal.status, refusal.message, refusal);
    const written = writer.write(request, model);
    if (!request.stream) return c.json(written);
    return streamSSE(c, async (stream) => {
      for (const { type, data } of eventsOf(written)) await stream.writeSSE({ event: type, data });
    });
  });
  app.post("/embeddings", async (c) => c.json(embeddingsOf(await readBody(c, EmbeddingsRequest))));
  app.get("/models", (c) => c.json({ object: "list", data: models().map(modelObject) }));
  app.get("/models/:id", (c) => c.json(modelObject(findModel(models(), c.req.param("id"), 404))));
  return app;
}

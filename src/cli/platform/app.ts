/**
 * The platform as an app: who may ask, which trouble a request meets, and which routes there are. Every answer that is no success has
 * the shape of OpenAI's errors. Logs nothing.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { Hono, type MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { limits } from "../../contract/limits.ts";
import { ApiError } from "./errors.ts";
import { fileRoutes } from "./file-routes.ts";
import { graderRoutes } from "./grader-routes.ts";
import { jobRoutes } from "./job-routes.ts";
import { readBody } from "./requests.ts";
import { modelRoutes } from "./response-routes.ts";
import type { PlatformState } from "./state.ts";
import { type Failing, Order, type Trouble } from "./trouble.ts";

type Middleware = MiddlewareHandler<{ Bindings: HttpBindings }>;

/** OpenAI's path, and that of Azure's resources. */
const BASES = ["/v1", "/openai/v1"];
/** Where trouble is ordered; no part of any platform's API. */
const ORDERS_PATH = "/orders";
/** A form around a file is a little larger than the file. */
const FORM_BYTES = 10_000;

export function platformApp(state: PlatformState, trouble: Trouble, apiKey: string) {
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.use(named(state), authenticated(apiKey));
  app.route(ORDERS_PATH, orderRoutes(trouble));
  for (const base of BASES) {
    app.use(`${base}/*`, troubled(trouble, base));
    app.use(`${base}/files`, limited(limits.platformFileBytes + FORM_BYTES));
    app.use(`${base}/:path{(?!files$).+}`, limited(limits.platformBodyBytes));
    app.route(`${base}/files`, fileRoutes(state));
    app.route(`${base}/fine_tuning/jobs`, jobRoutes(state));
    app.route(`${base}/fine_tuning/alpha/graders`, graderRoutes());
    app.route(base, modelRoutes(state));
  }
  app.notFound((c) => {
    const error = new ApiError(404, "Unknown request URL, or the method is not allowed there.", {
      code: "unknown_url",
    });
    return c.json(error.body(), 404);
  });
  app.onError((error) => answerOf(error instanceof ApiError ? error : new ApiError(500, "The platform failed.")));
  return app;
}

const answerOf = (error: ApiError) => Response.json(error.body(), { status: error.status, headers: error.headers });

/** Every answer has an id, by which clients tell of it. */
const named =
  ({ newId }: PlatformState): Middleware =>
  async (c, next) => {
    await next();
    c.res.headers.set("x-request-id", newId("req_"));
  };

const authenticated =
  (apiKey: string): Middleware =>
  async (c, next) => {
    if (c.req.header("Authorization") !== `Bearer ${apiKey}`)
      throw new ApiError(401, "Incorrect API key provided.", { code: "invalid_api_key" });
    await next();
  };

const limited = (maxSize: number) =>
  bodyLimit({
    maxSize,
    onError: () => answerOf(new ApiError(413, `The request is larger than ${maxSize} bytes.`)),
  });

/** Carries out what is ordered, or drawn. */
function troubled(trouble: Trouble, base: string): Middleware {
  return async (c, next) => {
    const failing = trouble.next(c.req.method, c.req.path.slice(base.length));
    if (failing === undefined) return next();
    if (typeof failing === "object" && "status" in failing) throw failed(failing);
    if (typeof failing === "object") {
      await sleep(failing.slow_ms);
      return next();
    }
    if (failing === "lost") await next();
    c.env.incoming.socket.destroy();
    return RESPONSE_ALREADY_SENT;
  };
}

function failed({ status, code, retry_after_ms: wait }: Extract<Failing, { status: number }>): ApiError {
  const asked = wait ?? (status === 429 ? limits.platformRetryMilliseconds : undefined);
  const headers: Record<string, string> =
    asked === undefined ? {} : { "retry-after-ms": String(asked), "Retry-After": String(Math.ceil(asked / 1_000)) };
  return new ApiError(status, "Failed on demand.", {
    code: code ?? (status === 429 ? "rate_limit_exceeded" : null),
    headers,
  });
}

/** `POST` an order, `GET` what is left of them, `DELETE` all. */
function orderRoutes(trouble: Trouble) {
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.use(limited(limits.platformBodyBytes));
  app.post("/", async (c) => {
    trouble.order(await readBody(c, Order));
    return c.json({ orders: trouble.orders });
  });
  app.get("/", (c) => c.json({ orders: trouble.orders }));
  app.delete("/", (c) => {
    trouble.clear();
    return c.json({ orders: trouble.orders });
  });
  return app;
}

/** The route table: each line names a path and the flow that serves it, and nothing else happens here. */
import { Hono } from "hono";
import { environments } from "../environments/index.ts";
import type { Bindings } from "./bindings.ts";
import { openApiDocument } from "./docs/openapi.ts";
import { docsPage } from "./docs/page.ts";
import { exit, refuse, reply } from "./exit.ts";
import { gradeFlow } from "./grade-flow.ts";
import { healthFlow } from "./health-flow.ts";
import { ledgerFlow } from "./ledger-flow.ts";
import { toolFlow } from "./tool-flow.ts";

export const app = new Hono<{ Bindings: Bindings }>();

app.get("/healthz", (c) => exit({ route: "healthz" }, () => healthFlow(c.env)));
app.get("/openapi.json", () => exit({ route: "openapi" }, async () => reply(openApiDocument(environments))));
app.get("/docs", (c) =>
  exit({ route: "docs" }, async () => {
    return { ok: true, response: await c.html(docsPage(openApiDocument(environments))) };
  }),
);
app.get("/rollouts/:trace_id", (c) =>
  exit({ route: "rollout" }, (log) => ledgerFlow(c.req.raw, c.req.param("trace_id"), c.env, log)),
);

app.post("/:environment/tools/:tool", (c) =>
  exit({ route: "tool" }, (log) => toolFlow(c.req.raw, c.req.param(), c.env, log)),
);
app.post("/:environment/tools", (c) =>
  exit({ route: "tool" }, (log) => toolFlow(c.req.raw, c.req.param(), c.env, log)),
);
app.post("/:environment/grade", (c) =>
  exit({ route: "grade" }, (log) => gradeFlow(c.req.raw, c.req.param("environment"), c.env, log)),
);
for (const path of ["/:environment/tools/:tool", "/:environment/tools", "/:environment/grade"]) {
  app.all(path, () => exit({ route: "none" }, async () => refuse({ kind: "method_not_allowed" })));
}

app.notFound(() =>
  exit({ route: "none" }, async () =>
    refuse({ kind: "not_found", message: "There is nothing at this path. See /docs." }),
  ),
);

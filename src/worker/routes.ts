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
import { countUnserved, watched } from "./run/signals.ts";
import { rebuildFlow, rolloutsFlow, runFlow, runsFlow } from "./runs-flow.ts";
import { toolFlow } from "./tool-flow.ts";

export const app = new Hono<{ Bindings: Bindings }>();

app.get("/healthz", (c) => exit({ route: "healthz" }, () => healthFlow(c.env, c.req.query("environment"))));
app.get("/openapi.json", () => exit({ route: "openapi" }, async () => reply(openApiDocument(environments))));
app.get("/docs", (c) =>
  exit({ route: "docs" }, async () => {
    return { ok: true, response: await c.html(docsPage(openApiDocument(environments))) };
  }),
);
app.get("/rollouts/:trace_id", (c) =>
  exit({ route: "rollout" }, (log) => ledgerFlow(c.req.raw, c.req.param("trace_id"), c.env, log)),
);
app.get("/runs", (c) => exit({ route: "runs" }, () => runsFlow(c.req.raw, c.env)));
app.get("/runs/:run", (c) => exit({ route: "run" }, (log) => runFlow(c.req.raw, c.req.param("run"), c.env, log)));
app.get("/runs/:run/rollouts", (c) =>
  exit({ route: "rollouts" }, (log) => rolloutsFlow(c.req.raw, c.req.param("run"), c.env, log)),
);
app.post("/runs/:run/rebuild", (c) =>
  exit({ route: "rebuild" }, (log) => rebuildFlow(c.req.raw, c.req.param("run"), c.env, log)),
);

app.post("/:environment/tools/:tool", (c) =>
  exit({ route: "tool" }, (log) =>
    watched(c.req.raw, c.env, log, () => toolFlow(c.req.raw, c.req.param(), c.env, log)),
  ),
);
app.post("/:environment/tools", (c) =>
  exit({ route: "tool" }, (log) =>
    watched(c.req.raw, c.env, log, () => toolFlow(c.req.raw, c.req.param(), c.env, log)),
  ),
);
app.post("/:environment/grade", (c) =>
  exit({ route: "grade" }, (log) =>
    watched(c.req.raw, c.env, log, () => gradeFlow(c.req.raw, c.req.param("environment"), c.env, log)),
  ),
);
for (const path of ["/:environment/tools/:tool", "/:environment/tools", "/:environment/grade"]) {
  app.all(path, (c) =>
    exit({ route: "none" }, async () => {
      countUnserved(c.req.raw, c.env, "method_not_allowed");
      return refuse({ kind: "method_not_allowed" });
    }),
  );
}

app.notFound((c) =>
  exit({ route: "none" }, async () => {
    countUnserved(c.req.raw, c.env, "not_found");
    return refuse({ kind: "not_found", message: "There is nothing at this path. See /docs." });
  }),
);

/** The OpenAPI 3.1 document: every route, with the schemas that the routes themselves validate with. Pure. */
import * as z from "zod";
import { Ledger } from "../../contract/ledger.ts";
import { limits } from "../../contract/limits.ts";
import { RebuildReply, RebuildRequest, RolloutPage, RolloutsQuery, RunList, RunReport } from "../../contract/run.ts";
import { ErrorReply, GradeReply, GradeRequest, NamedToolCall, ToolCall, ToolReply } from "../../contract/wire.ts";
import { argumentsSchema } from "../../environments/arguments.ts";
import type { Environment, Tool } from "../../environments/environment.ts";

export interface Operation {
  summary: string;
  description: string;
  tags: string[];
  security: Record<string, string[]>[];
  parameters?: object[];
  requestBody?: object;
  responses: Record<string, { description: string }>;
}

export interface OpenApiDocument {
  openapi: "3.1.0";
  info: { title: string; version: string; description: string };
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: object;
}

const INTRODUCTION = `Tools and graders for agent reinforcement fine-tuning.

A fault of the service is a 5xx and never a score. A mistake of the model is a 200 whose output explains.
The same (trace_id, call_id) has one effect and one answer.`;

export function openApiDocument(environments: readonly Environment[]): OpenApiDocument {
  const paths = Object.assign({}, ...environments.map(environmentPaths), operationsPaths());
  return {
    openapi: "3.1.0",
    info: { title: "edgegym", version: "1", description: INTRODUCTION },
    tags: [
      ...environments.map(environmentTag),
      { name: "operations", description: "For whoever runs this deployment." },
    ],
    paths,
    components: {
      securitySchemes: {
        trainer: {
          type: "http",
          scheme: "bearer",
          description: "A token of the secret TRAINER_TOKEN; also as X-Functions-Key.",
        },
        admin: {
          type: "http",
          scheme: "bearer",
          description: "A token of the secret ADMIN_TOKEN; also as X-Functions-Key.",
        },
      },
    },
  };
}

function environmentTag({ name, description, callsPerRollout, outputCharacters, answerFormat }: Environment) {
  const limited = `A rollout may make ${callsPerRollout} calls; an output has up to ${outputCharacters.toLocaleString("en")} characters, and says how to get more.`;
  const form = answerFormat === undefined ? "" : ` The final answer is JSON: ${JSON.stringify(answerFormat.schema)}`;
  return { name, description: `${description} ${limited}${form}` };
}

function environmentPaths(environment: Environment): OpenApiDocument["paths"] {
  const { name } = environment;
  const tools = environment.tools.map(
    (tool) => [`/${name}/tools/${tool.name}`, { post: toolOperation(environment, tool) }] as const,
  );
  const dispatch: Operation = {
    ...toolOperation(environment),
    summary: "Call a tool by the call's own name",
    description: `For trainers that know one URL for all tools: ${environment.tools.map((tool) => tool.name).join(", ")}.`,
  };
  return {
    ...Object.fromEntries(tools),
    [`/${name}/tools`]: { post: dispatch },
    [`/${name}/grade`]: { post: gradeOperation(environment) },
  };
}

function toolOperation(environment: Environment, tool?: Tool): Operation {
  const request = schemaOf(tool ? ToolCall : NamedToolCall, "input");
  const needsItem = environment.workspace !== undefined;
  const body = withFields(request, {
    ...(tool && { arguments: argumentsBody(tool) }),
    ...(needsItem && { item: itemBody(environment, "The dataset row, which says what the call works in.") }),
  });
  return {
    summary: tool?.name ?? "",
    description: tool?.description ?? "",
    tags: [environment.name],
    security: [{ trainer: [] }],
    parameters: [RUN_HEADER],
    requestBody: json(body),
    responses: {
      "200": {
        description: "The output for the model: an answer, or what was wrong with the call",
        ...json(schemaOf(ToolReply)),
      },
      ...trainerErrors,
      ...(needsItem && {
        "500": errorResponse("The item names no repository that was uploaded; the message says why"),
      }),
    },
  };
}

function withFields(request: ReturnType<typeof schemaOf>, fields: object) {
  return { ...request, properties: { ...request.properties, ...fields } };
}

/** Any object is taken: what is said of its fields is for people. */
function itemBody({ dataset: { fields } }: Environment, description: string) {
  const properties = Object.fromEntries(Object.entries(fields).map(([name, words]) => [name, { description: words }]));
  return { type: ["object", "null"], description, properties };
}

function argumentsBody(tool: Tool): object {
  const text = {
    type: "string",
    description: "The same object as JSON text, as models write it",
    contentMediaType: "application/json",
  };
  return { anyOf: [argumentsSchema(tool), text] };
}

function gradeOperation(environment: Environment): Operation {
  const item = { ...itemBody(environment, "The dataset row"), type: "object" };
  return {
    summary: "grade",
    description:
      "Score a rollout's final answer. A repeated sample gets its recorded score; a rollout with an unhealed fault gets none.",
    tags: [environment.name],
    security: [{ trainer: [] }],
    parameters: [RUN_HEADER],
    requestBody: json(withFields(schemaOf(GradeRequest, "input"), { item })),
    responses: {
      "200": { description: "The score", ...json(schemaOf(GradeReply)) },
      ...trainerErrors,
      "500": errorResponse("The item cannot be graded; the message says why"),
    },
  };
}

function operationsPaths(): OpenApiDocument["paths"] {
  const operation = (summary: string, description: string, responses: Operation["responses"]): Operation => ({
    summary,
    description,
    tags: ["operations"],
    security: [],
    responses,
  });
  const ledger: Operation = {
    ...operation("A rollout's ledger", "Calls in order, outputs as sent, grades with explanation.", {
      "200": { description: "The ledger", ...json(schemaOf(Ledger)) },
      "401": errorResponse("No valid token"),
      "404": errorResponse("Nothing is recorded under this trace id"),
      "503": errorResponse("A fault of the service, or the secret is not set"),
    }),
    security: [{ admin: [] }],
    parameters: [
      { name: "trace_id", in: "path", required: true, schema: { type: "string" } },
      {
        name: "run",
        in: "query",
        description: "Also look among this run's archived ledgers",
        schema: { type: "string" },
      },
    ],
  };
  return {
    "/rollouts/{trace_id}": { get: ledger },
    ...runPaths(),
    "/healthz": {
      get: {
        ...operation("Health", "Whether bindings, secrets and what the environments serve are there.", {
          "200": { description: "Ready" },
          "404": errorResponse("There is no environment of this name"),
          "503": { description: "Not ready; the body says what is missing" },
        }),
        parameters: [
          {
            name: "environment",
            in: "query",
            description: "Whether this one is served; without it, whether any is and none of them fails",
            schema: { type: "string" },
          },
        ],
      },
    },
    "/openapi.json": { get: operation("This document", "", { "200": { description: "OpenAPI 3.1" } }) },
    "/docs": {
      get: operation("Reference page", "This document as a page that needs nothing from outside.", {
        "200": { description: "HTML" },
      }),
    },
  };
}

function runPaths(): OpenApiDocument["paths"] {
  const operation = (summary: string, description: string, shown: string, schema: z.ZodType): Operation => ({
    summary,
    description,
    tags: ["operations"],
    security: [{ admin: [] }],
    responses: {
      "200": { description: shown, ...json(schemaOf(schema)) },
      "401": errorResponse("No valid token"),
      "503": errorResponse("A fault of the service, or the secret is not set"),
    },
  });
  const unknown = { "404": errorResponse("Nothing is recorded under this run") };
  const run = { name: "run", in: "path", required: true, schema: { type: "string" } };
  const list = operation("The latest runs", "By latest activity; a few seconds old.", "The runs", RunList);
  const counts = "Rollouts, scores, calls, mistakes, faults, latencies and alarms of a run.";
  const report = operation("A run", counts, "The run", RunReport);
  const rows = "The latest opened first, page by page: send the cursor of the page before.";
  const page = operation("A run's rollouts", rows, "The page", RolloutPage);
  const steps =
    "Counts a run anew from its archived ledgers, a part per request: send the cursor of the answer before.";
  const rebuild = operation("Rebuild a run", steps, "What this step read, and where to go on", RebuildReply);
  const refusals = {
    ...unknown,
    "400": errorResponse("The request is malformed; the error names the field"),
  };
  const rebuildRefusals = {
    ...refusals,
    "413": errorResponse(`The body is over ${limits.bodyBytes} bytes`),
  };
  return {
    "/runs": { get: list },
    "/runs/{run}": { get: { ...report, parameters: [run], responses: { ...report.responses, ...unknown } } },
    "/runs/{run}/rollouts": {
      get: {
        ...page,
        parameters: [run, ...queryParameters(RolloutsQuery)],
        responses: { ...page.responses, ...refusals },
      },
    },
    "/runs/{run}/rebuild": {
      post: {
        ...rebuild,
        parameters: [run],
        requestBody: json(schemaOf(RebuildRequest, "input")),
        responses: { ...rebuild.responses, ...rebuildRefusals },
      },
    },
  };
}

const RUN_HEADER = {
  name: "X-Run",
  in: "header",
  description: "The run that the rollout belongs to",
  schema: { type: "string", default: "default", maxLength: limits.runCharacters },
};

const trainerErrors = {
  "400": errorResponse("The request is malformed; the error names the field"),
  "401": errorResponse("No valid token"),
  "404": errorResponse("The path names no environment or tool that there is"),
  "405": errorResponse("Another method than POST"),
  "413": errorResponse(`The body is over ${limits.bodyBytes} bytes`),
  "503": errorResponse("A fault of the service, or the secret is not set; try again"),
};

function queryParameters(query: z.ZodType): object[] {
  const { properties = {} } = schemaOf(query, "input");
  return Object.entries(properties).map(([name, schema]) => ({ name, in: "query", schema }));
}

function errorResponse(description: string) {
  return { description, ...json(schemaOf(ErrorReply)) };
}

function json(schema: object) {
  return { content: { "application/json": { schema } } };
}

function schemaOf(schema: z.ZodType, io: "input" | "output" = "output") {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
}

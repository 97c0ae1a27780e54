/** The OpenAPI document as one page for people: no script, nothing from outside. Pure. */
import { html, raw } from "hono/html";
import type { OpenApiDocument, Operation } from "./openapi.ts";

const STYLE = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
  h2 { margin-top: 2.5rem; border-bottom: 1px solid #8886; }
  section { margin: 1.5rem 0; padding: 0.5rem 1rem; border: 1px solid #8886; border-radius: 0.5rem; }
  h3 { font: 600 1rem ui-monospace, monospace; margin: 0.25rem 0; overflow-wrap: anywhere; }
  pre { overflow: auto; padding: 0.75rem; background: #8881; font-size: 0.85rem; }
  td { padding: 0 1rem 0 0; vertical-align: top; } summary { cursor: pointer; }`;

export function docsPage(document: OpenApiDocument) {
  const { info, paths, tags } = document;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  return html`<!doctype html>
    <html lang="en">
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width" />
      <title>${info.title} reference</title>
      <style>
        ${raw(STYLE)}
      </style>
      <h1>${info.title}</h1>
      ${info.description.split("\n\n").map((paragraph) => html`<p>${paragraph}</p>`)}
      <p>Machine-readable: <a href="/openapi.json">/openapi.json</a></p>
      ${tags.map(
        ({ name, description }) =>
          html`<h2>${name}</h2>
            <p>${description}</p>
            ${operations.filter(({ operation }) => operation.tags.includes(name)).map(section)}`,
      )}
    </html>`;
}

function section({ path, method, operation }: { path: string; method: string; operation: Operation }) {
  const tokens = operation.security.flatMap(Object.keys);
  return html`<section>
    <h3>${method} ${path}</h3>
    <p>
      ${operation.description || operation.summary}${tokens.length > 0 ? ` Needs the ${tokens.join(" or ")} token.` : ""}
    </p>
    ${operation.requestBody ? schemaDetails("Request", operation.requestBody) : ""}
    <table>
      ${Object.entries(operation.responses).map(
        ([status, response]) =>
          html`<tr>
            <td>${status}</td>
            <td>${response.description}</td>
          </tr>`,
      )}
    </table>
    ${schemaDetails("Reply", operation.responses["200"] ?? {})}
  </section>`;
}

function schemaDetails(title: string, holder: object) {
  const schema = "content" in holder ? holder.content : undefined;
  if (!schema) return "";
  return html`<details>
    <summary>${title}</summary>
    <pre>${JSON.stringify(schema, null, 2)}</pre>
  </details>`;
}

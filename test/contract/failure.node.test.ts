import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { asFault, type Boundary, Fault, faultToHttp, type Refusal, refusalToHttp } from "../../src/contract/failure.ts";
import { ErrorReply } from "../../src/contract/wire.ts";

const refusals: [Refusal, number, string][] = [
  [{ kind: "invalid", message: "item: missing.", field: "item" }, 400, "invalid_request"],
  [{ kind: "unauthorized", secret: "TRAINER_TOKEN" }, 401, "unauthorized"],
  [{ kind: "closed", secret: "TRAINER_TOKEN" }, 503, "closed"],
  [{ kind: "not_found", message: "nothing here" }, 404, "not_found"],
  [{ kind: "method_not_allowed" }, 405, "method_not_allowed"],
  [{ kind: "too_large" }, 413, "too_large"],
];
const boundaries: Boundary[] = ["storage", "embedder", "ledger", "index", "grader", "item", "configuration", "worker"];

describe("a refusal", () => {
  test.each(refusals)("%j is a %d with the code %s", (refusal, status, code) => {
    const failure = refusalToHttp(refusal);
    expect(failure.status).toBe(status);
    expect(ErrorReply.parse(failure.body).error.code).toBe(code);
  });

  test("names the field, the method, the way to present a token", () => {
    expect(refusalToHttp({ kind: "invalid", message: "m", field: "item" }).body.error.field).toBe("item");
    expect(refusalToHttp({ kind: "invalid", message: "m" }).body.error).not.toHaveProperty("field");
    expect(refusalToHttp({ kind: "method_not_allowed" }).headers).toEqual({ Allow: "POST" });
    expect(refusalToHttp({ kind: "unauthorized", secret: "TRAINER_TOKEN" }).headers).toEqual({
      "WWW-Authenticate": "Bearer",
    });
  });
});

describe("a fault", () => {
  test("of whatever boundary is a 5xx with the correlation id; only the item's says why", () => {
    fc.assert(
      fc.property(fc.constantFrom(...boundaries), fc.uuid(), fc.uuid(), (boundary, message, id) => {
        const { status, headers, body } = faultToHttp(new Fault(boundary, message), id);
        expect(status).toBe(boundary === "item" ? 500 : 503);
        expect(headers["Retry-After"]).toBe(boundary === "item" ? undefined : "1");
        expect(body.error.correlation_id).toBe(id);
        expect(JSON.stringify(body).includes(message)).toBe(boundary === "item");
      }),
    );
  });

  test("is what any thrown value becomes, with the value as its cause", () => {
    const own = new Fault("storage", "no bucket");
    expect(asFault(own)).toBe(own);
    for (const thrown of [new TypeError("x"), "text", null, undefined, { boundary: "item", message: "disguised" }]) {
      expect(asFault(thrown)).toMatchObject({ name: "Fault", boundary: "worker", cause: thrown });
    }
  });
});

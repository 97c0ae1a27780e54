import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import type { Bindings } from "../../src/worker/bindings.ts";
import { serveCorpus } from "./corpus.ts";
import { errorOf, request, requestWith, TestRollout } from "./world.ts";

beforeAll(() => serveCorpus());

const TOOL = "/finqa/tools/list";
const DISPATCH = "/finqa/tools";
const GRADE = "/finqa/grade";
const LEDGER = "/rollouts/trace_nobody";
const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

/** The status of a well-formed request to a route, with these headers, at a deployment with these secrets. */
async function statusOf(
  path: string,
  headers: Record<string, string>,
  secrets: Partial<Bindings> = {},
): Promise<number> {
  const body = { name: "list", arguments: "{}", sample: { output_text: "56" }, item: { reference_answer: "56" } };
  const posted = {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json", ...headers },
  };
  const response = await requestWith({ ...env, ...secrets }, path, path === LEDGER ? { headers } : posted);
  return response.status;
}

describe.each([
  [TOOL, "trainer-one", "admin-one", 200],
  [DISPATCH, "trainer-two", "admin-one", 200],
  [GRADE, "trainer-one", "admin-one", 200],
  [LEDGER, "admin-one", "trainer-one", 404],
])("%s", (path, token, other, served) => {
  test.each<[string, Record<string, string>]>([
    ["as a bearer", bearer(token)],
    ["as a bearer in any case", { authorization: `bEARER ${token}` }],
    ["after several spaces", { Authorization: `Bearer   ${token}  ` }],
    ["as a functions key", { "X-Functions-Key": token }],
    ["as a functions key in any case", { "x-functions-key": ` ${token} ` }],
    ["as a functions key beside a wrong bearer", { ...bearer("wrong"), "X-Functions-Key": token }],
    ["as a bearer beside a wrong functions key", { ...bearer(token), "X-Functions-Key": "wrong" }],
  ])("is served with its token %s", async (_, headers) => {
    expect(await statusOf(path, headers)).toBe(served);
  });

  test.each<[string, Record<string, string>]>([
    ["no token", {}],
    ["an empty bearer", bearer("")],
    ["a token without its scheme", { Authorization: token }],
    ["another scheme", { Authorization: `Basic ${token}` }],
    ["two tokens in one header", { Authorization: `Bearer ${token} ${token}` }],
    ["two headers in one", { Authorization: `Bearer ${token}, Bearer ${token}` }],
    ["a wrong token", bearer("wrong")],
    ["two wrong tokens", { ...bearer("wrong"), "X-Functions-Key": "wrong" }],
    ["the other route's token", bearer(other)],
    ["the start of the token", bearer(token.slice(0, -1))],
    ["the token and more", bearer(`${token}x`)],
    ["the token in another case", bearer(token.toUpperCase())],
    ["the whole list", bearer(`${token},trainer-two`)],
    ["the token behind a NUL's escape", bearer(`${token}%00`)],
    ["a very long token", bearer(token.repeat(500))],
    ["a token in quotes", bearer(`"${token}"`)],
    ["a cookie", { Cookie: `token=${token}` }],
  ])("is refused with %s", async (_, headers) => {
    expect(await statusOf(path, headers)).toBe(401);
  });
});

describe("a secret", () => {
  const withSecret = (TRAINER_TOKEN: string, token: string) => statusOf(TOOL, bearer(token), { TRAINER_TOKEN });

  test.each([" new , old ", "new,old", ",new,,old,", "new\n,\told"])("%j is a list of two tokens", async (secret) => {
    expect(await Promise.all(["new", "old"].map((token) => withSecret(secret, token)))).toEqual([200, 200]);
    expect(await withSecret(secret, "newold")).toBe(401);
  });

  test("may be changed at any time: from then on the new tokens count", async () => {
    expect(await withSecret("first", "first")).toBe(200);
    expect(await withSecret("first,second", "second")).toBe(200);
    expect(await withSecret("second", "first")).toBe(401);
  });

  test("may have a token of 256 bytes", async () => {
    expect(await withSecret("a".repeat(256), "a".repeat(256))).toBe(200);
    expect(await withSecret("a".repeat(256), `${"a".repeat(255)}b`)).toBe(401);
  });

  test("does not let in tokens that are too long to be told apart", async () => {
    const long = "a".repeat(300);
    for (const token of [long, `${long}b`, "a".repeat(256)]) expect(await withSecret(`${long},short`, token)).toBe(401);
  });

  test.each(["", " ", ",", " , ,"])("that is %j closes the routes that need it, to everyone", async (empty) => {
    for (const path of [TOOL, DISPATCH, GRADE]) {
      expect(await statusOf(path, bearer("trainer-one"), { TRAINER_TOKEN: empty })).toBe(503);
      expect(await statusOf(path, bearer(empty), { TRAINER_TOKEN: empty })).toBe(503);
    }
    expect(await statusOf(LEDGER, bearer("admin-one"), { ADMIN_TOKEN: empty })).toBe(503);
    expect(await statusOf(LEDGER, bearer("admin-one"), { TRAINER_TOKEN: empty })).toBe(404);
    const health = await requestWith({ ...env, TRAINER_TOKEN: empty }, "/healthz");
    expect(await health.json()).toMatchObject({ ok: false, bindings: { TRAINER_TOKEN: false, ADMIN_TOKEN: true } });
  });

  test("that is not set closes them too, and the answer names it", async () => {
    const { TRAINER_TOKEN: _, ...unset } = env;
    const response = requestWith(unset, TOOL, { method: "POST", headers: bearer("trainer-one") });
    expect(await errorOf(response)).toMatchObject({
      status: 503,
      code: "closed",
      message: expect.stringContaining("TRAINER_TOKEN"),
    });
  });
});

describe("without a token", () => {
  test("nothing is told but that one is needed: neither whether the path nor whether the body is right", async () => {
    const answers = await Promise.all(
      ["/finqa/tools/list", "/finqa/tools/shell", "/unknown/tools/list", "/unknown/grade"].flatMap((path) =>
        ["{}", "not JSON", "x".repeat(1_000_001)].map((body) => errorOf(request(path, { method: "POST", body }))),
      ),
    );
    expect(new Set(answers.map(({ status, code }) => `${status} ${code}`))).toEqual(new Set(["401 unauthorized"]));
  });

  test("nothing is recorded", async () => {
    const { traceId } = new TestRollout();
    const body = JSON.stringify({ trace_id: traceId, call_id: "call_1", arguments: "{}" });
    await request(TOOL, { method: "POST", body, headers: { "Content-Type": "application/json" } });
    expect((await request(`/rollouts/${traceId}`, { headers: bearer("admin-one") })).status).toBe(404);
  });

  test("the answer says how to present one", async () => {
    const response = await request(TOOL, { method: "POST", body: "{}" });
    expect(response.headers.get("WWW-Authenticate")).toBe("Bearer");
    expect((await errorOf(response)).message).toContain("X-Functions-Key");
  });

  test.each(["/healthz", "/openapi.json", "/docs"])("%s is open", async (path) => {
    expect((await request(path)).status).toBe(200);
  });
});

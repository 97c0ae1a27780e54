/** What `edgegym train` finds out about a deployment: one that keeps to the wire, and ones that do not, one rule at a time. */
import { afterEach, describe, expect, inject, test } from "vitest";
import { prober, wireOptions } from "../cli/train/wire-options.ts";
import { checkTokens } from "../../src/cli/train/tokens-check.ts";
import { checkWire } from "../../src/cli/train/wire-check.ts";
import { finqa } from "../../src/environments/finqa/index.ts";
import { asking, fieldsOf, isCall, isGrading, type Sabotage, Saboteur, type Service, showing } from "./saboteur.ts";

const { url, trainer, admin } = inject("deployment");
const saboteurs: Saboteur[] = [];
afterEach(async () => {
  for (const saboteur of saboteurs.splice(0)) await saboteur.close();
});

/** A deployment without one protection. Its runs are the real ones. */
async function without(sabotage: Sabotage): Promise<string> {
  const withRuns: Sabotage = (honest) => {
    const service = sabotage(honest);
    return async (asked) => {
      if (!asked.path.startsWith("/runs/")) return service(asked);
      const response = await fetch(`${url}${asked.path}`, { headers: { Authorization: asked.token } });
      return { status: response.status, text: await response.text() };
    };
  };
  const saboteur = await Saboteur.start(url, withRuns);
  saboteurs.push(saboteur);
  return saboteur.url;
}

const replacing =
  (wanted: (asked: Parameters<Service>[0]) => boolean, reply: { status: number; text?: string }): Sabotage =>
  (honest) =>
  async (asked) =>
    wanted(asked) ? { text: "{}", ...reply } : honest(asked);

const isLarge = ({ text }: { text: string }) => text.length > 1_000_000;
const isNoJson = ({ text }: { text: string }) => text === "{";

test("the deployment under test keeps to all of it", async () => {
  const found = await checkWire(await wireOptions({ url, trainer, admin }));
  expect(found).toMatchObject({ state: "ok" });
});

describe("found out, and said", () => {
  test.each<[string, Sabotage, RegExp]>([
    [
      "other ids",
      (honest) => async (asked) => {
        const reply = await honest(asked);
        return isCall(asked) ? { ...reply, text: reply.text.replaceAll('"fc_', '"') } : reply;
      },
      /search: a call with its arguments as text is answered with other ids/,
    ],
    [
      "a field that lacks",
      (honest) => async (asked) => {
        const reply = await honest(asked);
        return isCall(asked) ? { ...reply, text: reply.text.replace('"type"', '"kind"') } : reply;
      },
      /something else than type, id, call_id and output/,
    ],
    [
      "arguments as an object are refused",
      replacing((asked) => typeof fieldsOf(asked).arguments === "object", { status: 400 }),
      /arguments as an object is answered 400, not 200/,
    ],
    [
      "a model's mistake is refused",
      replacing((asked) => fieldsOf(asked).arguments === '{"', { status: 400 }),
      /a model's mistake\) is answered 400/,
    ],
    [
      "bodies that are no JSON are served",
      replacing(isNoJson, { status: 200 }),
      /no JSON is answered 200, not 400 to 499/,
    ],
    ["bodies that are no JSON are faults", replacing(isNoJson, { status: 500 }), /no JSON is answered 500/],
    ["large bodies are not refused as such", replacing(isLarge, { status: 400 }), /over 1 MB is answered 400, not 413/],
    [
      "a grade route that is not there",
      replacing(isGrading, { status: 404 }),
      /\/finqa\/grade: a grading is answered 404/,
    ],
    [
      "the same call, another answer",
      (honest) => {
        let times = 0;
        return async (asked) => {
          const reply = await honest(asked);
          if (!isCall(asked) || reply.status !== 200) return reply;
          return { ...reply, text: reply.text.replace('"output":"', `"output":"${++times} `) };
        };
      },
      /a call, sent twice, has two answers/,
    ],
    [
      "a call that is run again",
      (honest) => {
        let times = 0;
        return (asked) =>
          isCall(asked) && asked.text.includes('"call_1"')
            ? honest(asking(asked, { call_id: `call_${(times += 10)}` }))
            : honest(asked);
      },
      /calls; \d+ were sent, each twice/,
    ],
    [
      "another score",
      (honest) => async (asked) =>
        isGrading(asked) && asked.text.length > 100 && !isLarge(asked)
          ? { status: 200, text: '{"score":0.5}' }
          : honest(asked),
      /a right answer scores 0\.5, not 1/,
    ],
    [
      "X-Run that does not arrive",
      (honest) => (asked) => honest({ ...asked, run: "" }),
      /header X-Run does not arrive/,
    ],
    [
      "a page that is not served",
      (honest) =>
        showing(honest, (ledger) => ({
          ...ledger,
          calls: ledger.calls.map((call) => ({ ...call, outcome: "mistake", mistake: "unknown_path" })),
        })),
      /should find something: unknown_path/,
    ],
  ])("%s", async (_, sabotage, finding) => {
    const options = await wireOptions({ url: await without(sabotage), trainer, admin });
    const found = await checkWire(options).catch((error: unknown) => ({ state: "refused", finding: String(error) }));
    expect(found.state).toBe("refused");
    expect(found.finding).toMatch(finding);
  });
});

describe("tokens", () => {
  const tokens = { token: trainer, wrong: "rehearsal-nobody", run: "rehearsal-tokens" };

  test("of the deployment under test", async () => {
    expect(await checkTokens(prober(url), finqa, tokens)).toMatchObject({
      state: "ok",
      finding: expect.stringContaining("4 routes"),
    });
  });

  test.each<[string, Sabotage, RegExp]>([
    [
      "a route that is open",
      (honest) => (asked) => honest({ ...asked, token: `Bearer ${trainer}` }),
      /with a wrong token is answered (200|400), not 401.*without a token/,
    ],
    ["a route that is shut", replacing(isGrading, { status: 403 }), /\/finqa\/grade with the token is answered 403/],
    ["a route that faults", replacing(isCall, { status: 503 }), /search with the token is answered 503/],
  ])("%s", async (_, sabotage, finding) => {
    const found = await checkTokens(prober(await without(sabotage)), finqa, tokens);
    expect(found).toMatchObject({ state: "refused", finding: expect.stringMatching(finding) });
    expect(found.finding).not.toContain(trainer);
  });
});

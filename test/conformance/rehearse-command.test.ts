/** `edgegym rehearse` as a person types it: what it prints, writes and ends with. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { Rehearsal } from "../../src/contract/rehearsal.ts";
import { chaosNames } from "../../src/cli/rehearse/chaos.ts";
import { freePort, root } from "./local-worker.ts";

const { url, trainer, admin } = inject("deployment");

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "edgegym-rehearse-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Ran {
  code: number | null;
  out: string;
  err: string;
}

/** Starts the command; `tokens` replace those of the deployment. */
function rehearse(args: string[], tokens: Record<string, string> = {}) {
  const env = { ...process.env, TRAINER_TOKEN: trainer, ADMIN_TOKEN: admin, ...tokens };
  const child = spawn(process.execPath, ["src/cli/main.ts", "rehearse", ...args], { cwd: root, env });
  const ran: Ran = { code: null, out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (ran.out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (ran.err += text));
  const ended = once(child, "close").then(([code]): Ran => Object.assign(ran, { code }));
  return { child, ran, ended };
}

test("prints the verdict, writes both files, says how to repeat it, and never a token", async () => {
  const out = join(folder, "plain");
  const some = ["--rollouts", "40", "--copies", "8", "--chaos-rate", "0.2", "--seed", "11"];
  const { code, out: printed, err } = await rehearse(["--url", url, "--chaos", ...some, "--out", out]).ended;
  expect(printed).toMatch(/PROMISES KEPT/);
  expect(printed).not.toMatch(/BROKEN/);
  expect(code).toBe(0);
  const json = await readFile(join(out, "rehearsal.json"), "utf8");
  const page = await readFile(join(out, "rehearsal.html"), "utf8");
  const { checks, chaos, rollouts, command } = Rehearsal.parse(JSON.parse(json));
  expect(rollouts).toEqual({ planned: 40, graded: 40, discarded: 0, unfinished: 0 });
  expect(Object.keys(chaos).toSorted()).toEqual(chaosNames.filter((name) => name !== "grade_after_fault").toSorted());
  const untried = checks.filter(({ occasions }) => occasions === 0).map(({ name }) => name);
  expect(untried).toEqual(["fault_as_score"]);
  expect(command.join(" ")).toContain("npm run edgegym -- rehearse");
  for (const text of [printed, err, json, page]) {
    expect(text).not.toContain(trainer);
    expect(text).not.toContain(admin);
  }
});

test("with --json prints the document and nothing else", async () => {
  const args = ["--url", url, "--rollouts", "4", "--copies", "2", "--json", "--out", join(folder, "json")];
  const { code, out } = await rehearse(args).ended;
  expect(Rehearsal.parse(JSON.parse(out)).rollouts.graded).toBe(4);
  expect(code).toBe(0);
});

test("the scripted agent searches, reads and is graded", async () => {
  const args = ["--url", url, "--agent", "scripted", "--rollouts", "8", "--copies", "1", "--json"];
  const { code, out } = await rehearse([...args, "--out", join(folder, "scripted")]).ended;
  const { agent, rollouts, latencies } = Rehearsal.parse(JSON.parse(out));
  expect({ code, agent, graded: rollouts.graded }).toEqual({ code: 0, agent: "scripted", graded: 8 });
  expect(latencies.map(({ kind }) => kind)).toEqual(["cat", "grade", "list", "search"]);
});

describe("what the user can mend", () => {
  test.each<[string, string[], Record<string, string>, RegExp]>([
    ["a wrong token", ["--url", url], { TRAINER_TOKEN: "nope" }, /does not take the token in TRAINER_TOKEN/],
    ["a wrong admin token", ["--url", url], { ADMIN_TOKEN: "nope" }, /does not take the token in ADMIN_TOKEN/],
    ["no https", ["--url", "http://gym.example.com"], {}, /only over https/],
    ["no URL", ["--url", "gym"], {}, /not an http\(s\) URL/],
    ["an unknown kind of trouble", ["--chaos", "rain"], {}, /There is no "rain"; there are: twin_ids/],
    ["a share that is none", ["--chaos-rate", "2"], {}, /number from 0 to 1/],
    ["an unknown environment", ["--env", "chess"], {}, /--env chess.*finqa/],
    ["no model", ["--url", url, "--agent", "model"], {}, /--agent model needs --model/],
    ["no ledgers", ["--url", url, "--agent", "replay"], {}, /--agent replay needs --ledgers/],
    ["no data", ["--url", url, "--data", "nowhere"], {}, /nowhere/],
    ["a URL beside a worker of its own", ["--own-worker", "--url", url], {}, /cannot be used with/],
    ["a run's name that is none", ["--run", "a/b"], {}, /A run's name has letters/],
  ])("%s", async (_, args, tokens, message) => {
    const { code, err } = await rehearse(args, tokens).ended;
    expect(err).toMatch(message);
    expect(err).not.toMatch(/^\s+at /m);
    expect(code).toBe(1);
  });

  test("no worker there", async () => {
    const { code, err } = await rehearse(["--url", `http://127.0.0.1:${await freePort()}`]).ended;
    expect(err).toMatch(/There is no answer from .* npm start/);
    expect(err).not.toMatch(/^\s+at /m);
    expect(code).toBe(1);
  });
});

test("Ctrl-C ends it with what is known so far", async () => {
  const out = join(folder, "interrupted");
  const args = ["--url", url, "--rollouts", "400", "--steps", "100", "--copies", "4", "--out", out];
  const { child, ran, ended } = rehearse(args);
  while (!ran.err.includes("rollouts (400)")) await once(child.stderr, "data");
  child.kill("SIGINT");
  const { code, out: printed } = await ended;
  expect(code).toBe(130);
  expect(printed).toMatch(/INTERRUPTED|interrupted/);
  const { interrupted, rollouts, checks } = Rehearsal.parse(
    JSON.parse(await readFile(join(out, "rehearsal.json"), "utf8")),
  );
  expect(interrupted).toBe(true);
  expect(rollouts.unfinished).toBeGreaterThan(0);
  expect(checks.filter(({ violations }) => violations > 0)).toEqual([]);
});

describe.skipIf(!inject("deployment").local)("a worker of its own", () => {
  test.each(["finqa", "code-planning"])(
    "of %s fails in every way, and keeps every promise",
    { timeout: 120_000 },
    async (env) => {
      const out = join(folder, `own-${env}`);
      const some = ["--rollouts", "60", "--copies", "12", "--seed", "2"];
      const args = ["--own-worker", "--chaos", "--env", env, ...some, "--out", out];
      const { code, out: printed } = await rehearse(args).ended;
      expect(printed).not.toMatch(/BROKEN/);
      expect(code).toBe(0);
      const { own_worker, chaos, statuses, checks } = Rehearsal.parse(
        JSON.parse(await readFile(join(out, "rehearsal.json"), "utf8")),
      );
      expect(own_worker).toBe(true);
      expect(chaos).toMatchObject({ redeploy: 2, overloaded: expect.any(Number), r2_fail: expect.any(Number) });
      expect(statuses["503"]).toBeGreaterThan(0);
      expect(checks.find(({ name }) => name === "fault_as_score")?.occasions).toBeGreaterThan(0);
    },
  );
});

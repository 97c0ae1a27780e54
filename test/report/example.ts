/** Rehearsals as they come out of real runs, for looking at reports and testing them. */
import type { Rehearsal, RehearsalCheck } from "../../src/contract/rehearsal.ts";
import { gaussian, seeded } from "../random.ts";

/** A rehearsal with full chaos in which every promise was kept; `changes` replaces whole fields. */
export function example(
  changes: Partial<Rehearsal> = {},
  size: { rollouts: number; steps: number } = { rollouts: 500, steps: 4 },
): Rehearsal {
  const { rollouts, steps } = size;
  const discarded = Math.round(rollouts * 0.006);
  const graded = rollouts - discarded;
  const decided = rollouts * 6 + 214;
  const seconds = timeOf(rollouts, steps);
  const answers = seconds.reduce((sum, second) => sum + second.answers, 0);
  const faults = seconds.reduce((sum, second) => sum + second.faults, 0);
  const scores = { "0": Math.round(graded * 0.24), "0.5": Math.round(graded * 0.09) };
  return {
    schema: 1,
    run: "rehearsal-20261124-232005",
    url: "http://127.0.0.1:8787",
    environment: "finqa",
    index_version: "0f".repeat(32),
    command: ["npm", "run", "edgegym", "--", "rehearse", "--own-worker", "--chaos", "--seed", "7"],
    agent: "oracle",
    seed: "7",
    chaos: chaosOf(rollouts),
    own_worker: true,
    started_at: "2026-11-24T23:20:05.123Z",
    milliseconds: seconds.length * 1000 - 300,
    interrupted: false,
    rollouts: { planned: rollouts, graded, discarded, unfinished: 0 },
    calls: { decided, deliveries: Math.round(decided * 1.37), executed: decided - discarded },
    statuses: { "200": answers - faults - 106, "503": faults, "401": 61, "400": 28, "413": 17, "no answer": 193 },
    checks: checksOf(rollouts),
    latencies: [
      { kind: "search", requests: Math.round(decided * 0.63), p50: 18.4, p95: 61.2, p99: 148.9, most: 1204.6 },
      { kind: "cat", requests: Math.round(decided * 0.47), p50: 9.1, p95: 33.7, p99: 96.3, most: 1102.4 },
      { kind: "list", requests: Math.round(decided * 0.21), p50: 6.2, p95: 27.9, p99: 81, most: 310.8 },
      { kind: "grade", requests: Math.round(rollouts * 1.2), p50: 11.7, p95: 40.3, p99: 117.2, most: 986.1 },
    ],
    client_delay_milliseconds: 7.25,
    requests_per_second: answers / seconds.length,
    scores: { ...scores, "1": graded - scores["0"] - scores["0.5"] },
    seconds,
    steps: Array.from({ length: steps }, (_, step) => ({
      step,
      rollouts: Math.floor((rollouts * (step + 1)) / steps) - Math.floor((rollouts * step) / steps),
      discarded: Math.floor((discarded * (step + 1)) / steps) - Math.floor((discarded * step) / steps),
      milliseconds: 11_800 + ((step * 7919) % 23) * 130,
    })),
    discard_bias: { share: discarded / rollouts, items_tested: 16, items: [] },
    ...changes,
  };
}

/** The same rehearsal of a service that breaks some of its promises. */
export function brokenExample(): Rehearsal {
  const good = example();
  const broken: Record<string, Pick<RehearsalCheck, "violations" | "examples">> = {
    wrong_scores: {
      violations: 2,
      examples: ["rehearsal_k3f9_17: scored 0.5, known to be 1", "rehearsal_k3f9_402: scored 0, known to be 0.5"],
    },
    faults_as_4xx: {
      violations: 31,
      examples: [
        "rehearsal_k3f9_88 call_2: 400 while storage was down",
        "rehearsal_k3f9_91 call_1: 400 while storage was down",
        "rehearsal_k3f9_%25 call_4: 404 after an object was reset",
      ],
    },
  };
  return example({
    checks: good.checks.map((check) => ({ ...check, ...broken[check.name] })),
    discard_bias: {
      share: 0.041,
      items_tested: 16,
      items: [
        { item: "SAMPLE/2019/page_33.pdf-2", rollouts: 32, discarded: 9, p_value: 0.000041 },
        { item: "SAMPLE/2017/page_12.pdf-1", rollouts: 32, discarded: 6, p_value: 0.0087 },
      ],
    },
    rollouts: { planned: 500, graded: 479, discarded: 21, unfinished: 0 },
  });
}

/** A rehearsal that was ended before anything had happened. */
export function emptyExample(): Rehearsal {
  return example({
    chaos: {},
    milliseconds: 210,
    interrupted: true,
    own_worker: false,
    rollouts: { planned: 500, graded: 0, discarded: 0, unfinished: 500 },
    calls: { decided: 0, deliveries: 0, executed: 0 },
    statuses: {},
    checks: example().checks.map((check) => ({ ...check, occasions: 0 })),
    latencies: [],
    requests_per_second: 0,
    scores: {},
    seconds: [],
    steps: [],
    discard_bias: { share: 0, items_tested: 0, items: [] },
  });
}

function chaosOf(rollouts: number): Rehearsal["chaos"] {
  const times = {
    twin_ids: 0.05,
    grade_before_calls: 0.09,
    reorder: 0.21,
    delay: 0.64,
    wrong_token: 0.12,
    malformed: 0.056,
    oversized: 0.034,
    cut_body: 0.19,
    lost_answer: 0.2,
    duplicate_concurrent: 0.58,
    duplicate: 0.61,
    call_after_grading: 0.1,
    storage_fails: 0.11,
    object_reset: 0.04,
    redeploy: 0.002,
  };
  return Object.fromEntries(Object.entries(times).map(([kind, share]) => [kind, Math.ceil(rollouts * share)]));
}

const PROMISES: readonly [name: string, promise: string, occasions: number][] = [
  ["lost", "Every answered call stands in its rollout's ledger.", 6.4],
  ["duplicated", "However often a call is delivered, it stands in the ledger once.", 1.9],
  ["changed_answers", "The same call gets the same answer each time.", 1.9],
  ["altered", "A ledger has each call's tool and arguments as they were sent.", 6.4],
  ["order", "A ledger has a rollout's turns in the order in which they were made.", 1],
  ["wrong_scores", "Every rollout gets the score that its answer is known to deserve.", 0.97],
  ["faults_as_4xx", "A fault of the service is never answered with a 4xx, which the model would see.", 0.18],
  ["faults_as_scores", "A rollout with an unhealed fault never gets a score.", 0.006],
  ["budget", "A rollout is answered exactly as many calls as its budget has.", 0.1],
  ["leaks", "No rollout is shown what another one sent.", 7.4],
  ["wrong_token", "A wrong token never gets an answer.", 0.12],
  ["refusals", "A body that is no JSON, or over the limit, is refused by name.", 0.09],
  ["call_after_grading", "A call after the grading does not change the score.", 0.1],
];

function checksOf(rollouts: number): RehearsalCheck[] {
  return PROMISES.map(([name, promise, share]) => ({
    name,
    promise,
    violations: 0,
    occasions: Math.round(rollouts * share),
    examples: [],
  }));
}

/** Bursts, each of which rises at once and then ebbs away; storage fails in the second one. */
function timeOf(rollouts: number, steps: number): Rehearsal["seconds"] {
  const random = seeded(rollouts);
  const normal = gaussian(random);
  const length = 13;
  const perStep = rollouts / steps;
  return Array.from({ length: length * steps }, (_, second) => {
    const [step, into] = [Math.floor(second / length), second % length];
    const load = Math.exp(-into / 5) * (1 + 0.12 * normal());
    const troubled = step === 1 && into > 2 && into < 6;
    const answers = Math.max(0, Math.round(perStep * 1.9 * load));
    const ended = (at: number) => Math.round(perStep * Math.min(1, (at / (length - 1)) ** 1.6));
    return {
      second,
      answers,
      faults: troubled ? Math.round(answers * 0.2 * (1 + random())) : 0,
      p50: answers === 0 ? 0 : (6 + 38 * load) * (troubled ? 2.6 : 1),
      started: into === 0 ? Math.floor(perStep * (step + 1)) - Math.floor(perStep * step) : 0,
      ended: ended(into) - (into === 0 ? 0 : ended(into - 1)),
    };
  });
}

/** Any rehearsal that its schema admits, with the numbers and texts that reports could stumble over. Test material. */
import fc from "fast-check";
import { Rehearsal } from "../../src/contract/rehearsal.ts";

const number = fc.oneof(
  fc.constantFrom(0, 1e308, -1e308, 5e-324),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.nat(1000),
);
const count = fc.oneof(fc.nat(1000), fc.constantFrom(0, Number.MAX_SAFE_INTEGER));

/** @param text what stands wherever a text comes from outside */
export function anyRehearsal(text: fc.Arbitrary<string>): fc.Arbitrary<Rehearsal> {
  const counts = fc.dictionary(text, count, { maxKeys: 15 });
  const check = fc.record({
    name: text,
    promise: text,
    violations: count,
    occasions: count,
    examples: fc.array(text, { maxLength: 5 }),
  });
  const latency = fc.record({ kind: text, requests: count, p50: number, p95: number, p99: number, most: number });
  const second = fc.record({
    second: fc.nat(),
    answers: count,
    faults: count,
    p50: number,
    started: count,
    ended: count,
  });
  const step = fc.record({ step: fc.nat(), rollouts: count, discarded: count, milliseconds: number });
  const item = fc.record({
    item: text,
    rollouts: count,
    discarded: count,
    p_value: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  return fc
    .record({
      schema: fc.constant(1 as const),
      run: text,
      url: text,
      environment: text,
      index_version: fc.option(text),
      command: fc.array(text, { maxLength: 5 }),
      agent: text,
      seed: text,
      chaos: counts,
      own_worker: fc.boolean(),
      started_at: fc.constant("2026-11-24T23:20:05.123Z"),
      milliseconds: number,
      interrupted: fc.boolean(),
      rollouts: fc.record({ planned: count, graded: count, discarded: count, unfinished: count }),
      calls: fc.record({ decided: count, deliveries: count, executed: count }),
      statuses: counts,
      checks: fc.array(check, { maxLength: 6 }),
      latencies: fc.array(latency, { maxLength: 6 }),
      client_delay_milliseconds: number,
      requests_per_second: number,
      scores: counts,
      seconds: fc.array(second, { maxLength: 20 }),
      steps: fc.array(step, { maxLength: 6 }),
      discard_bias: fc.record({ share: number, items_tested: count, items: fc.array(item, { maxLength: 8 }) }),
    })
    .map((rehearsal) => Rehearsal.parse(rehearsal));
}

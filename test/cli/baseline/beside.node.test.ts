import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Audit, AuditCheck } from "../../../src/contract/dataset.ts";
import { readAttack, readLabels } from "../../../src/cli/baseline/beside.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "edgegym-beside-"));
});
afterAll(() => rm(folder, { recursive: true }));

const at = (name: string) => join(folder, name);

const check = (name: string, train: number, val: number): AuditCheck => ({
  name,
  trouble: "",
  fix: "drop",
  rule: "",
  found: train + val,
  left: { train, val, between: 9 },
  examples: [],
});

/** As `edgegym prepare` writes it. */
const auditOf = (...checks: AuditCheck[]): Audit => ({
  schema: 1,
  environment: "finqa",
  unit: "document" as const,
  source: "finqa",
  seed: "7",
  fixed: false,
  rows: { read: 1_100, usable: 1_100, spare: 0 },
  labels: { agrees: 0, rounded: 0, disagrees: 0, alone: 0, rounded_unpaid: 0 },
  checks,
  asked: { train: 1_000, val: 100 },
  train: { rows: 1_000, documents: 700 },
  val: { rows: 100, documents: 60 },
  remarks: [],
  passed: false,
});

test("labels are doubted by the audit beside the data, each file by its own findings", async () => {
  const audit = auditOf(check("label_conflict", 30, 2), check("contradiction", 4, 1), check("near_duplicate", 50, 50));
  await writeFile(at("audit.json"), JSON.stringify(audit));
  expect(await readLabels([at("val.jsonl")])).toEqual({ rows: 100, doubted: 3 });
  await writeFile(at("val.jsonl"), "{}\n");
  expect(await readLabels([folder])).toEqual({ rows: 100, doubted: 3 });
  expect(await readLabels([at("train.jsonl"), at("val.jsonl")])).toEqual({ rows: 1_100, doubted: 37 });
});

test("without an audit, or for files that it is not of, nothing is known", async () => {
  expect(await readLabels([at("nowhere/val.jsonl"), at("dev.json")])).toBeNull();
});

test("what is no audit says nothing", async () => {
  await writeFile(at("audit.json"), '{"checks":[]}');
  expect(await readLabels([at("val.jsonl")])).toBeNull();
});

test("what is given as an attack has to be one", async () => {
  expect(await readAttack(undefined)).toBeNull();
  await expect(readAttack(at("none.json"))).rejects.toThrow(/--attack .*cannot be read/);
  await writeFile(at("other.json"), "[]");
  await expect(readAttack(at("other.json"))).rejects.toThrow(/not what edgegym attack --json prints/);
});

/** Which job of a service a creation without an answer has made. */
import { expect, test } from "vitest";
import { jobsOf } from "../../../src/cli/train/find-job.ts";
import { anyJob, anyJobState } from "./any-job.ts";

const state = anyJobState();
const marked = { edgegym_name: state.name, edgegym_request: state.request_sha256 };
const idsOf = (...jobs: Parameters<typeof anyJob>[0][]) => jobsOf(state, jobs.map(anyJob)).map(({ id }) => id);

test("the one with its name and its request", () => {
  expect(idsOf({ id: "other", metadata: { ...marked, edgegym_name: "two" } }, { id: "it", metadata: marked })).toEqual([
    "it",
  ]);
  expect(idsOf({ metadata: { ...marked, edgegym_request: "c".repeat(64) } })).toEqual([]);
});

test("a mark counts more than likeness", () => {
  expect(idsOf({ id: "alike" }, { id: "it", metadata: marked, training_file: "hidden" })).toEqual(["it"]);
});

test("of a service that keeps no metadata: same files and suffix, not before it was asked for", () => {
  expect(idsOf({ id: "it" })).toEqual(["it"]);
  expect(idsOf({ metadata: {} })).toHaveLength(1);
  expect(idsOf({ training_file: "file-9" }, { validation_file: "file-9" }, { suffix: "mine" })).toEqual([]);
  const asked = Date.parse(state.created_at) / 1000;
  expect(idsOf({ id: "clock", created_at: asked - 60 }, { id: "before", created_at: asked - 3_600 })).toEqual([
    "clock",
  ]);
});

test("several stay several, but for those that were given up", () => {
  expect(idsOf({ id: "a", metadata: marked }, { id: "b", metadata: marked })).toEqual(["a", "b"]);
  expect(idsOf({ id: "a", metadata: marked, status: "cancelled" }, { id: "b", metadata: marked })).toEqual(["b"]);
  expect(idsOf({ id: "a", metadata: marked, status: "failed" })).toEqual(["a"]);
});

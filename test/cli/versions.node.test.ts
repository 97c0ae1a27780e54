import { expect, test } from "vitest";
import { reached, versionsOf } from "../../src/cli/versions.ts";
import { finqa } from "../../src/environments/finqa/index.ts";

test("a grader's version rests on all code that can change a score, and on nothing else", async () => {
  const paths = (await reached(["src/environments/finqa/grader.ts"])).map(([path]) => path);
  expect(paths).toContain("src/environments/finqa/grader.ts");
  expect(paths).toContain("src/environments/finqa/readings.ts");
  expect(paths).toContain("src/grading/evidence-credit.ts");
  // By way of others.
  for (const name of ["decimal", "quantity", "tokens", "units", "characters", "yes-no"])
    expect(paths).toContain(`src/grading/${name}.ts`);
  for (const name of ["dataset", "rehearsal", "evidence", "index"])
    expect(paths).not.toContain(`src/environments/finqa/${name}.ts`);
  expect(paths.filter((path) => !path.startsWith("src/"))).toEqual([]);
  expect(paths).toEqual(paths.toSorted());
});

test("JSON and WebAssembly count as code", async () => {
  const paths = (await reached(["src/corpus/search.ts"])).map(([path]) => path);
  expect(paths.some((path) => path.endsWith(".json"))).toBe(true);
});

test("a version of its own for prompt, tools and grader", async () => {
  const { prompt, tools, grader } = await versionsOf(finqa);
  expect(new Set([prompt, tools, grader]).size).toBe(3);
  for (const version of [prompt, tools, grader]) expect(version).toMatch(/^[0-9a-f]{64}$/);
  const other = await versionsOf({ ...finqa, prompt: "Another." });
  expect(other).toEqual({ prompt: expect.not.stringMatching(prompt), tools, grader });
  const asked = await versionsOf({ ...finqa, answerFormat: { name: "answer", schema: {} } });
  expect(asked).toEqual({ prompt: expect.not.stringMatching(prompt), tools, grader });
  const inWorkspace = await versionsOf({ ...finqa, workspace: () => ({ repository: "", commit: "" }) });
  expect(inWorkspace).toEqual({ prompt, tools: expect.not.stringMatching(tools), grader });
});

import { describe, expect, test } from "vitest";
import { environments, findEnvironment } from "../../src/environments/index.ts";

/** What stands in a URL, in storage keys and in a model's tool list as it is. */
const plainName = /^[a-z][a-z0-9_-]{0,63}$/;

describe.each(environments.map((environment) => [environment.name, environment] as const))(
  "%s",
  (name, environment) => {
    test("has plain names, each once", () => {
      const names = environment.tools.map((tool) => tool.name);
      expect([name, environment.corpus ?? name, ...names].filter((given) => !plainName.test(given))).toEqual([]);
      expect(new Set(names).size).toBe(names.length);
    });

    test("is found by its name", () => {
      expect(findEnvironment(name)).toBe(environment);
    });

    test("tells the model its budget and its tools", () => {
      expect(environment.prompt).toContain(`${environment.callsPerRollout} tool calls`);
      for (const tool of environment.tools) expect(environment.prompt).toMatch(new RegExp(`\\b${tool.name}\\b`));
    });

    test("works as it is: every option has a default", () => {
      expect(environment.options.safeParse({}).success).toBe(true);
    });

    test("describes itself and its tools", () => {
      for (const { description } of [environment, ...environment.tools]) expect(description).toMatch(/^[A-Z].*\.$/s);
    });
  },
);

test.each(["", "FINQA", "__proto__", "constructor", "finqa/"])("there is no environment %j", (name) => {
  expect(findEnvironment(name)).toBeUndefined();
});

test("environments have names of their own", () => {
  expect(new Set(environments.map(({ name }) => name)).size).toBe(environments.length);
});

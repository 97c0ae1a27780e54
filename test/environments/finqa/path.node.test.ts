import { expect, test } from "vitest";
import { plainPath } from "../../../src/environments/finqa/tools/path.ts";

test.each([
  ["AAL/2010", "AAL/2010"],
  ["/AAL/2010/", "AAL/2010"],
  ["./AAL/2010", "AAL/2010"],
  [" .//AAL/2010// ", "AAL/2010"],
  ["", ""],
  ["/", ""],
  [".", ""],
  ["./", ""],
  ["  ", ""],
  ["..", ".."],
  ["../AAL", "../AAL"],
  ["AAL/../AA", "AAL/../AA"],
  [".hidden", ".hidden"],
  ["AAL//2010", "AAL//2010"],
  ["a b/side 1.pdf", "a b/side 1.pdf"],
])("%j reads as %j", (written, path) => {
  expect(plainPath(written)).toBe(path);
});

test("a request full of slashes is read as fast as any other", () => {
  const slashes = "/".repeat(900_000);
  expect(plainPath(`${slashes}a${slashes}`)).toBe("a");
  expect(plainPath(`a${slashes}b`)).toHaveLength(900_002);
  expect(plainPath(`${"./".repeat(450_000)}a`)).toBe("a");
});

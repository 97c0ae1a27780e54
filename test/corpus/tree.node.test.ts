import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PathTree } from "../../src/corpus/tree.ts";

const reports = [
  "AA/2012/page_7.pdf",
  "AAL/2010/page_72.pdf",
  "AAL/2010/page_9.pdf",
  "AAL/2011/page_3.pdf",
  "AAL/contents.md",
  "ÆON/2013/side 1.pdf",
  "readme.md",
];
const tree = new PathTree(reports);

describe("a directory", () => {
  test.each([
    ["", ["AA/", "AAL/", "ÆON/", "readme.md"]],
    ["AA", ["2012/"]],
    ["AAL", ["2010/", "2011/", "contents.md"]],
    ["AAL/", ["2010/", "2011/", "contents.md"]],
    ["AAL/2010", ["page_72.pdf", "page_9.pdf"]],
    ["ÆON/2013", ["side 1.pdf"]],
  ])("%j has its children, directories first", (path, children) => {
    expect(tree.list(path)).toEqual(children);
  });

  test.each(["A", "AAL/201", "AAL/2010/page_9.pdf", "/AAL", "AAL//2010", "aal", ".", "..", "__proto__", "constructor"])(
    "%j is none",
    (path) => {
      expect(tree.list(path)).toBeUndefined();
    },
  );
});

test("a document is known by its whole path only", () => {
  for (const path of reports) expect(tree.has(path)).toBe(true);
  for (const path of ["AAL", "AAL/2010", "page_9.pdf", "/readme.md", "AAL/2010/page_9.pdf/", "", "toString"]) {
    expect(tree.has(path)).toBe(false);
  }
});

describe("the nearest path", () => {
  test.each([
    ["AAL/2010/page_72", "AAL/2010/page_72.pdf"],
    ["aal/2010/PAGE_72.PDF", "AAL/2010/page_72.pdf"],
    ["/AAL/2010/page_72.pdf", "AAL/2010/page_72.pdf"],
    ["./AAL/./2010/../page_72.pdf", "AAL/2010/page_72.pdf"],
    ["AAL\\2010\\page_72.pdf", "AAL/2010/page_72.pdf"],
    ["reports/AAL/2010/page_72.pdf", "AAL/2010/page_72.pdf"],
    ["AAL/page_72.pdf", "AAL/2010/page_72.pdf"],
    ["AAL/2010/page_71.pdf", "AAL/2010/page_72.pdf"],
    ["AAL/2010/page\u0000_9.pdf\n", "AAL/2010/page_9.pdf"],
    ["AAL/2000", "AAL/2010/"],
    ["AON/2013", "ÆON/2013/"],
    ["AAL/2010", "AAL/2010/"],
    ["README", "readme.md"],
  ])("to %j is %j", (written, meant) => {
    expect(tree.nearest(written, 3)[0]).toBe(meant);
  });

  test("exists, whatever was written, and comes once", () => {
    const segment = fc.oneof(
      fc.constantFrom("AAL", "2010", "page_9.pdf", "..", "."),
      fc.string({ unit: "binary", maxLength: 40 }),
    );
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 6 }), fc.nat(5), (segments, count) => {
        const nearest = tree.nearest(segments.join("/"), count);
        expect(nearest.length).toBeLessThanOrEqual(count);
        expect(new Set(nearest).size).toBe(nearest.length);
        for (const path of nearest)
          expect(path.endsWith("/") ? tree.list(path) !== undefined : tree.has(path)).toBe(true);
      }),
    );
  });

  test.each(["x".repeat(500_000), "a/".repeat(250_000), "../".repeat(1_000), "\\".repeat(1_000), "\u0000\u0007\u202e"])(
    "is looked for in hostile text too",
    (written) => {
      expect(tree.nearest(written, 3).length).toBeLessThanOrEqual(3);
    },
  );
});

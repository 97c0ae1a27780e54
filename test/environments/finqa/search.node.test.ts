import { describe, expect, test } from "vitest";
import { hitsOf, search } from "../../../src/environments/finqa/tools/search.ts";
import { corpusOf, tiny } from "../../corpus/tiny.ts";

describe("the hits of an output", () => {
  test("are those that the search found, with their passages", async () => {
    const corpus = await corpusOf(tiny);
    const { text } = await search.run({ query: "aircraft fuel expense", top_k: 3, offset: undefined }, { corpus });
    const hits = await corpus.search("aircraft fuel expense", 3);
    expect(hits.length).toBeGreaterThan(1);
    expect(hitsOf(text)).toEqual(hits.map(({ path, passages }) => ({ path, text: passages.join("\n…\n") })));
  });

  test("of a part that begins within one begin with what is of no known page", () => {
    expect(hitsOf("the rest of it .\n\n2. A/2012/page 7.pdf\nfirst\n…\nsecond")).toEqual([
      { path: undefined, text: "the rest of it ." },
      { path: "A/2012/page 7.pdf", text: "first\n…\nsecond" },
    ]);
  });

  test("are none of nothing, and one may be cut after its path", () => {
    expect(hitsOf("")).toEqual([]);
    expect(hitsOf("1. A/2012/page_7.pdf")).toEqual([{ path: "A/2012/page_7.pdf", text: "" }]);
  });
});

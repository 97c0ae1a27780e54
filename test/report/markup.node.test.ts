import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { escape, Markup, markup } from "../../src/report/markup.ts";
import { decoded, elements, HOSTILE } from "./well-formed.ts";

const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom("<", ">", "&", '"', "'", "`", "=", "/", "a", " ", "\n", "#", ";") }),
  fc.constantFrom(...HOSTILE),
);

describe("a text from outside", () => {
  test("is never a tag and never leaves its attribute", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const found = elements(String(markup`<p title="${text}"><b>${text}</b></p>`));
        expect(found.map(({ name }) => name)).toEqual(["p", "b"]);
        expect(Object.keys(found[0]?.attributes ?? {})).toEqual(["title"]);
      }),
    );
  });

  test("is read as it was, where a page can show it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(decoded(escape(text))).toBe(text);
      }),
    );
  });

  test("has no characters that control terminals or turn the writing around it", () => {
    expect(escape("a\u0000b\u001bc\u202ed\u2066e\u0085f")).toBe("a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf");
    expect(escape("two\nlines\tand a tab")).toBe("two\nlines\tand a tab");
    expect(escape("half a pair: \ud83d")).toBe("half a pair: \ufffd");
  });

  test("is escaped in lists as well, and once only", () => {
    const item = markup`<li>${"<&>"}</li>`;
    expect(String(markup`<ul>${["<", item, [item]]}</ul>`)).toBe(
      "<ul>&#60;<li>&#60;&#38;&#62;</li><li>&#60;&#38;&#62;</li></ul>",
    );
  });

  test("cannot pass for markup by its looks", () => {
    const lookalike: object = { toString: () => "<script>" };
    expect(lookalike instanceof Markup).toBe(false);
  });
});

test("a number is a coordinate", () => {
  expect(String(markup`<rect x="${1 / 3}" y="${-0.001}" width="${2}"/>`)).toBe('<rect x="0.33" y="0" width="2"/>');
});

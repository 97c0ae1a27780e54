import { describe, expect, test } from "vitest";
import { limits } from "../../src/contract/limits.ts";
import { CorpusError, normaliseDocuments } from "../../src/corpus/document.ts";
import { folderDocument, isDocumentPath } from "../../src/corpus/sources/documents.ts";
import { finqaDocuments } from "../../src/corpus/sources/finqa.ts";

const text = "a text";

describe("a set of documents", () => {
  test("is sorted by path, each path once", () => {
    const documents = ["b", "a/2", "a/10", "É", "a b"].flatMap((path) => [
      { path, text },
      { path, text },
    ]);
    expect(normaliseDocuments(documents).map(({ path }) => path)).toEqual(["a b", "a/10", "a/2", "b", "É"]);
  });

  test.each([
    [[], "there are no documents to index"],
    [[{ path: "", text }], 'the path "" is empty'],
    [[{ path: "/a", text }], 'the path "/a" has the segment ""'],
    [[{ path: "a//b", text }], 'has the segment ""'],
    [[{ path: "a/../b", text }], 'has the segment ".."'],
    [[{ path: "./a", text }], 'has the segment "."'],
    [[{ path: "a\nb", text }], "has a control character"],
    [[{ path: "a\u2028b", text }], "has a control character"],
    [[{ path: "\ud800", text }], "is not well-formed Unicode"],
    [[{ path: "x".repeat(limits.pathCharacters + 1), text }], `is longer than ${limits.pathCharacters} characters`],
    [
      [
        { path: "a", text },
        { path: "a", text: "another" },
      ],
      '"a" comes with two different texts',
    ],
    [
      [
        { path: "a", text },
        { path: "a/b", text },
      ],
      '"a" is a document and also the directory of "a/b"',
    ],
  ])("%# is refused, with the reason", (documents, reason) => {
    expect(() => normaliseDocuments(documents)).toThrow(CorpusError);
    expect(() => normaliseDocuments(documents)).toThrow(reason);
  });
});

describe("FinQA's records", () => {
  const record = {
    id: "SKY/2013/page_4.pdf-1",
    filename: "SKY/2013/page_4.pdf",
    pre_text: ["a sentence .", "another  sentence ."],
    table: [["", "2013"], ["net | gross", "7"], ["short"]],
    post_text: ["after ."],
    qa: { question: "what is asked?", answer: "7", exe_ans: 7 },
  };

  test("become pages: text before, the table, text after; nothing of the question", () => {
    expect(finqaDocuments([record], "dev.json")).toEqual([
      {
        path: "SKY/2013/page_4.pdf",
        text: "a sentence .\nanother sentence .\n\n|  | 2013 |\n| --- | --- |\n| net \\| gross | 7 |\n| short |  |\n\nafter .",
      },
    ]);
  });

  test("of one page make one document", () => {
    const records = [record, { ...record, id: "another", qa: { question: "and this?" } }];
    expect(normaliseDocuments(finqaDocuments(records, "dev.json"))).toHaveLength(1);
  });

  test.each([
    [{}, "dev.json: expected a JSON list of FinQA records"],
    [[record, { ...record, table: [["a", 7]] }], "dev.json: record 1: field table.0.1: Invalid input: expected string"],
    [[{ ...record, filename: undefined }], "dev.json: record 0: field filename"],
    [["text"], "dev.json: record 0: Invalid input"],
  ])("that are none are refused, by record and field", (content, reason) => {
    expect(() => finqaDocuments(content, "dev.json")).toThrow(CorpusError);
    expect(() => finqaDocuments(content, "dev.json")).toThrow(reason);
  });

  test("may have no table", () => {
    expect(finqaDocuments([{ ...record, table: [], post_text: [] }], "f")[0]?.text).toBe(
      "a sentence .\nanother sentence .",
    );
  });
});

describe("a folder's files", () => {
  test("are documents by their ending", () => {
    expect(["a.md", "b/C.TXT", "d.json", "e.pdf", "md", ".gitignore"].map(isDocumentPath)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  test("keep their text; JSON is laid out; a byte order mark and returns go", () => {
    expect(folderDocument("a.md", "\uFEFF# title\r\ntext\r").text).toBe("# title\ntext\n");
    expect(folderDocument("a.json", '\uFEFF{"a":[1]}').text).toBe('{\n  "a": [\n    1\n  ]\n}');
    expect(() => folderDocument("a.json", "{")).toThrow(/^a\.json: not JSON: /);
  });
});

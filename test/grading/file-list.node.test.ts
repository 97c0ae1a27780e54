import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { limits } from "../../src/contract/limits.ts";
import { readFileList } from "../../src/grading/file-list.ts";
import { aPath } from "./paths.ts";

const read = (text: string, json: unknown = null) => {
  const list = readFileList(text, json);
  return list.ok ? list.value : list.reason;
};

describe("a list is read", () => {
  test.each<[string, string]>([
    ["JSON", '{"files": ["a.ts", "src/b.ts"]}'],
    ["a bare JSON list", '\n["a.ts", "src/b.ts"]\n'],
    ["lines", "a.ts\nsrc/b.ts\n"],
    ["lines of Windows, with blank ones", "\r\na.ts\r\n\r\nsrc/b.ts\r\n"],
    ["bullets", "- a.ts\n* src/b.ts"],
    ["other bullets", "+ a.ts\n  • src/b.ts"],
    ["numbers", "1. a.ts\n2) src/b.ts"],
    ["quotes and backticks", '`a.ts`\n- "src/b.ts"'],
    ["a code block", "```\na.ts\nsrc/b.ts\n```"],
    ["a code block of JSON", '```json\n{"files": ["a.ts", "src/b.ts"]}\n```\n'],
    ["a code block of bullets", "~~~text\n- a.ts\n- src/b.ts\n~~~"],
  ])("of %s", (_, text) => {
    expect(read(text)).toEqual(["a.ts", "src/b.ts"]);
  });

  test("that the trainer has parsed, whatever the text says", () => {
    expect(read("c.ts", { files: ["a.ts"] })).toEqual(["a.ts"]);
    expect(read("c.ts", ["a.ts"])).toEqual(["a.ts"]);
  });

  test("of names with white space, where they are quoted", () => {
    expect(read('["my notes.md"]')).toEqual(["my notes.md"]);
    expect(read("- `my notes.md`")).toEqual(["my notes.md"]);
  });

  test("of names that begin like JSON", () => {
    expect(read("[id].tsx\n[id]/page.tsx")).toEqual(["[id].tsx", "[id]/page.tsx"]);
  });

  test("of no names", () => {
    expect([read("[]"), read('{"files":[]}'), read("```\n```")]).toEqual([[], [], []]);
  });
});

describe("no list is", () => {
  test.each([
    ["nothing", " \n"],
    ["a sentence", "The file src/b.ts has to be edited."],
    ["a heading and a list", "Files:\n- a.ts"],
    ["a list with reasons", "- a.ts: the parser\n- src/b.ts"],
    ["a list and a sentence", "a.ts\nsrc/b.ts\n\nThese two are all."],
    ["a code block in prose", "Here:\n```\na.ts\n```"],
    ["two code blocks", "```\na.ts\n```\n```\nsrc/b.ts\n```"],
    ["a comma-separated list", "a.ts, src/b.ts"],
    ["a glob", "src/*.ts"],
    ["an object with another key", '{"files": ["a.ts"], "confidence": 1}'],
    ["an object with another name", '{"paths": ["a.ts"]}'],
    ["a list in a list", '[["a.ts"]]'],
    ["numbers", "[1, 2]"],
    ["broken JSON", '{"files": ["a.ts"'],
    ["markup", "**a.ts**"],
    ["a table", "| a.ts |"],
  ])("%s", (_, text) => {
    expect(read(text)).toEqual(expect.any(String));
  });

  test("what the trainer has parsed as something else, even beside a list as text", () => {
    expect(read("a.ts", { answer: "a.ts" })).toContain("neither");
  });

  test("more names than the cap, nor a name longer than any path", () => {
    const names = Array.from({ length: limits.answerFiles + 1 }, (_, at) => `src/${at}.ts`);
    expect(read(names.slice(1).join("\n"))).toHaveLength(limits.answerFiles);
    expect(read(names.join("\n"))).toContain("more than");
    expect(read(JSON.stringify(names))).toContain("more than");
    expect(read("a".repeat(limits.pathCharacters + 1))).toContain("no path has");
    const long = Array.from(
      { length: limits.answerFiles },
      (_, at) => `- \`${String(at).padStart(limits.pathCharacters, "a")}\``,
    );
    expect(read(long.join("\r\n"))).toHaveLength(limits.answerFiles);
    expect(read("a.ts\n".repeat(100_000))).toContain("longer than any list");
  });
});

test("every form of a list of paths is that list", () => {
  fc.assert(
    fc.property(fc.array(aPath, { minLength: 1, maxLength: 20 }), (paths) => {
      const fence = "```";
      const forms = [
        JSON.stringify({ files: paths }),
        JSON.stringify(paths, null, 2),
        paths.join("\n"),
        paths.map((path) => `- ${path}`).join("\r\n"),
        paths.map((path, at) => `${at + 1}. \`${path}\``).join("\n"),
        `${fence}\n${paths.join("\n")}\n${fence}`,
      ];
      for (const form of forms) expect(read(form)).toEqual(paths);
    }),
  );
});

test("nothing makes it throw or take long", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.jsonValue(), (text, json) => {
      expect(["string", "object"]).toContain(typeof read(text, json));
    }),
  );
  for (const pattern of ["[", "{", "`", "-", "- ", "\n", '"', "a\n", "```\n"])
    expect(() => read(pattern.repeat(300_000))).not.toThrow();
});

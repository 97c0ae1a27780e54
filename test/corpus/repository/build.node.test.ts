import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { manifestKey, packKey } from "../../../src/contract/repository.ts";
import { gunzip } from "../../../src/corpus/gzip.ts";
import { sha256 } from "../../../src/corpus/hash.ts";
import { type BuiltRepository, buildRepository } from "../../../src/corpus/repository/build.ts";
import { cutIntoPacks } from "../../../src/corpus/repository/cut.ts";
import { PackedRepository, readManifest, unpack } from "../../../src/corpus/repository/open.ts";
import type { Repository } from "../../../src/corpus/repository/repository.ts";
import { build, gather, manyFiles } from "./gathered.ts";

const utf8 = new TextDecoder();

/** Opened as the worker does it, from objects in memory. */
async function open({ manifest, objects }: BuiltRepository): Promise<Repository> {
  const { buffer } = objects.get(manifestKey(manifest.name, manifest.commit)) ?? new Uint8Array();
  return new PackedRepository(await readManifest(buffer), async (pack) =>
    unpack(pack, (objects.get(packKey(pack.sha256)) ?? new Uint8Array()).buffer),
  );
}

async function contentOf(repository: Repository): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const entry of repository.entries)
    files[entry.path] = entry.kind === "link" ? `-> ${entry.target}` : utf8.decode(await repository.read(entry.path));
  return files;
}

test("what was gathered comes back, whatever it is", async () => {
  const name = fc.stringMatching(/^[a-zé😀 ._-]{1,5}$/u).filter((text) => !/^(\.\.?|\.git)$/i.test(text));
  const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join("/"));
  const files = fc.dictionary(
    path,
    fc.string({ unit: "grapheme" }).filter((text) => !text.startsWith("-> ")),
  );
  await fc.assert(
    fc.asyncProperty(files, async (given) => {
      const { entries } = gather(given);
      const kept = Object.fromEntries(entries.map((entry) => [entry.path, given[entry.path]]));
      expect(await contentOf(await open(await build(given)))).toEqual(kept);
    }),
    { numRuns: 30 },
  );
});

describe("the same files", () => {
  const files = { ...manyFiles(8, 20), "run.sh": "#!/bin/sh\n", link: "-> run.sh" };

  test("give the same bytes, in whatever order they come", async () => {
    const reversed = Object.fromEntries(Object.entries(files).toReversed());
    expect(await build(reversed)).toEqual(await build(files));
  });

  test("name themselves the same way where no commit does", async () => {
    const one = await buildRepository(gather(files), "owner/name");
    const other = await buildRepository(gather({ ...files, "run.sh": "#!/bin/sh\n\n" }), "owner/name");
    expect(one.manifest.commit).toMatch(/^[0-9a-f]{40}$/);
    expect(other.manifest.commit).not.toBe(one.manifest.commit);
    expect((await buildRepository(gather(files), "owner/other")).manifest.commit).toBe(one.manifest.commit);
  });

  test("are named by what they hold, the manifest last", async () => {
    const { manifest, objects } = await build(files);
    expect([...objects.keys()]).toEqual([
      ...manifest.packs.map((pack) => packKey(pack.sha256)),
      `repos/owner/name/${"a".repeat(40)}/manifest.json.gz`,
    ]);
    for (const { sha256: hash, bytes } of manifest.packs) {
      const content = await gunzip(objects.get(packKey(hash)) ?? new Uint8Array());
      expect(content.length).toBe(bytes);
      expect(await sha256(content)).toBe(hash);
    }
  });
});

test("contents that are the same lie in a pack once", async () => {
  const { manifest } = await build({ "a.ts": "same\n", "b.ts": "same\n", "c.ts": "other\n" });
  expect(manifest.packs).toMatchObject([{ bytes: 11 }]);
  expect(manifest.files.map(({ offset }) => offset)).toEqual([0, 0, 5]);
});

test("what was left out is noted, of much the first and the number", async () => {
  const left = Array.from({ length: 1_500 }, (_, at) => ({ path: `${at}.bin`, bytes: at, why: "a large binary file" }));
  const { manifest } = await buildRepository({ entries: [], leftOut: left }, "owner/name");
  expect(manifest).toMatchObject({ files: [], left_out_count: 1_500, left_out: left.slice(0, 1_000) });
});

describe("commits of one repository", () => {
  const before = manyFiles(40, 30);
  const building = build(before);
  /** The share of the bytes of a commit that the one before has brought already. */
  const shared = async (after: Record<string, string>) => {
    const known = new Set((await building).manifest.packs.map((pack) => pack.sha256));
    const { packs } = (await build(after)).manifest;
    const sum = (of: typeof packs) => of.reduce((bytes, pack) => bytes + pack.bytes, 0);
    return sum(packs.filter((pack) => known.has(pack.sha256))) / sum(packs);
  };

  test("share all but a pack or two around a file that is changed, new or gone", async () => {
    const { ["src/part-20/file-3.ts"]: gone = "", ...without } = before;
    expect(gone).not.toBe("");
    for (const after of [
      { ...before, "src/part-20/file-3.ts": "changed\n" },
      { ...before, "src/part-20/another.ts": gone },
      { ...before, "src/first.ts": "first\n" },
      without,
    ])
      expect(await shared(after)).toBeGreaterThan(0.8);
  });

  test("share nothing where all is changed", async () => {
    expect(await shared(Object.fromEntries(Object.entries(before).map(([path, text]) => [path, `${text}//\n`])))).toBe(
      0,
    );
  });
});

test("packs hold neighbours, and no more than half a megabyte save for a larger file", () => {
  const sizes = fc.array(fc.oneof(fc.nat(5_000), fc.nat(400_000), fc.nat(2_000_000)), { maxLength: 60 });
  fc.assert(
    fc.property(sizes, (given) => {
      const files = given.map((size, at) => ({
        kind: "file" as const,
        path: String(at).padStart(3, "0"),
        content: new Uint8Array(size),
        executable: false,
      }));
      const packs = cutIntoPacks(files);
      expect(packs.flat()).toEqual(files);
      for (const pack of packs) {
        expect(pack.length).toBeGreaterThan(0);
        const bytes = pack.reduce((sum, { content }) => sum + content.length, 0);
        expect(pack.length === 1 || bytes <= 512_000).toBe(true);
      }
    }),
    { numRuns: 30 },
  );
});

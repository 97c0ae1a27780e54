import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { standIn } from "../../src/chaos/stand-in.ts";
import { limits } from "../../src/contract/limits.ts";
import { manifestKey, packKey } from "../../src/contract/repository.ts";
import type { BuiltRepository } from "../../src/corpus/repository/build.ts";
import { gzip } from "../../src/corpus/gzip.ts";
import type { openRepository } from "../../src/worker/repositories.ts";
import { build, manyFiles } from "../corpus/repository/gathered.ts";
import { gone, spoil, type Spoil, wrongBit } from "./bucket.ts";

const NAME = "owner/name";
const COMMIT = "1".repeat(40);
const NEXT_COMMIT = "2".repeat(40);
const FILES: Record<string, string> = {
  ...manyFiles(40, 30),
  "run.sh": "#!/bin/sh\n",
  "src/latest": "-> part-5/file-0.ts",
  empty: "",
  "ÆØ/😀.md": "å\n",
};
const MOST_READS = limits.repositoryReadingBytes / limits.repositoryReadBytes;
const CHANGED = "src/part-3/file-7.ts";
const NEXT_FILES = { ...FILES, [CHANGED]: "export {};\n" };

const utf8 = new TextDecoder();
let first: BuiltRepository;
let next: BuiltRepository;
let open: typeof openRepository;

beforeAll(async () => {
  first = await build(FILES, NAME, COMMIT);
  next = await build(NEXT_FILES, NAME, NEXT_COMMIT);
  for (const { objects } of [first, next]) for (const [key, content] of objects) await env.BUCKET.put(key, content);
});
beforeEach(async () => {
  vi.resetModules();
  ({ openRepository: open } = await import("../../src/worker/repositories.ts"));
});

/** The bucket, and the keys that were read from it. */
function watched() {
  const reads: string[] = [];
  const get = (key: string) => {
    reads.push(key);
    return env.BUCKET.get(key);
  };
  return { bucket: standIn(env.BUCKET, { get }), reads };
}

const filesOf = (files: Record<string, string>) => Object.entries(files).filter(([, text]) => !text.startsWith("-> "));

describe("a repository in the bucket", () => {
  test("is read as it was built", async () => {
    const repository = await open(env.BUCKET, NAME, COMMIT);
    expect(repository).toMatchObject({ name: NAME, commit: COMMIT });
    expect(repository.entries.map(({ path }) => path)).toEqual(Object.keys(FILES).toSorted());
    for (const [path, text] of filesOf(FILES)) expect(utf8.decode(await repository.read(path))).toBe(text);
    expect(repository.find("run.sh")).toMatchObject({ kind: "file", executable: true, size: 10 });
    expect(repository.find("ÆØ/😀.md")).toMatchObject({ executable: false, size: 3 });
    expect(repository.find("src/latest")).toMatchObject({ kind: "link", target: "part-5/file-0.ts", size: 16 });
    expect(repository.list("src")?.at(-1)).toEqual({ name: "part-9", kind: "directory" });
    await expect(repository.read("src/latest")).rejects.toMatchObject({ boundary: "worker" });
  });

  test("shows paths and sizes without a read of a pack", async () => {
    const { bucket, reads } = watched();
    const repository = await open(bucket, NAME, COMMIT);
    expect(repository.entries.reduce((sum, { size }) => sum + size, 0)).toBeGreaterThan(3_000_000);
    expect(repository.list("src/part-1")).toHaveLength(30);
    expect(reads).toEqual([manifestKey(NAME, COMMIT)]);
  });

  test("is read once for all who ask at once, each pack too", async () => {
    const { bucket, reads } = watched();
    const paths = filesOf(FILES).map(([path]) => path);
    await Promise.all(
      Array.from({ length: 50 }, async (_, at) => {
        const repository = await open(bucket, NAME, COMMIT);
        if (at % 2 === 0) await repository.prefetch([...paths, "nowhere", "src"]);
        for (const path of paths) await repository.read(path);
      }),
    );
    const keys = first.manifest.packs.map(({ sha256 }) => packKey(sha256));
    expect(keys.length).toBeGreaterThan(MOST_READS);
    expect(reads.toSorted()).toEqual([manifestKey(NAME, COMMIT), ...keys].toSorted());
  });

  test("shares its packs with the commit before", async () => {
    const { bucket, reads } = watched();
    const paths = filesOf(FILES).map(([path]) => path);
    await (await open(bucket, NAME, COMMIT)).prefetch(paths);
    reads.splice(0);
    const later = await open(bucket, NAME, NEXT_COMMIT);
    await later.prefetch(paths);
    expect(utf8.decode(await later.read(CHANGED))).toBe("export {};\n");
    expect(reads).toHaveLength(2);
    expect(utf8.decode(await (await open(bucket, NAME, COMMIT)).read(CHANGED))).toBe(FILES[CHANGED]);
  });

  test("does not keep more than its share of memory", async () => {
    const { bucket, reads } = watched();
    const half = "x".repeat(99) + "\n";
    const large = await build(
      Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`${at}.txt`, `${at}${half.repeat(39_000)}`])),
      "owner/large",
    );
    for (const [key, content] of large.objects) await env.BUCKET.put(key, content);
    const repository = await open(bucket, "owner/large", "a".repeat(40));
    const paths = repository.entries.map(({ path }) => path);
    await repository.prefetch(paths);
    const most = Math.floor(limits.repositoryPacksKeptBytes / 3_900_001);
    expect(reads).toHaveLength(1 + most);
    for (const path of paths.slice(0, most)) await repository.read(path);
    expect(reads).toHaveLength(1 + most);
    for (const path of paths) await repository.read(path);
    expect(reads).toHaveLength(1 + paths.length);
    await repository.read(paths[0] ?? "");
    expect(reads).toHaveLength(2 + paths.length);
  });
});

describe("what the bucket does not have", () => {
  test.each([
    [NAME, "3".repeat(40)],
    ["owner/other", COMMIT],
    ["../corpora", COMMIT],
    ["owner", COMMIT],
    [NAME, "../x"],
    [NAME, ""],
  ])("%s at %s is the item's fault", async (name, commit) => {
    await expect(open(env.BUCKET, name, commit)).rejects.toMatchObject({ boundary: "item" });
  });

  test("is found once it is there", async () => {
    const commit = "4".repeat(40);
    await expect(open(env.BUCKET, NAME, commit)).rejects.toMatchObject({ boundary: "item" });
    for (const [key, content] of (await build(FILES, NAME, commit)).objects) await env.BUCKET.put(key, content);
    expect(await open(env.BUCKET, NAME, commit)).toMatchObject({ commit });
  });
});

const otherManifest = (change: object) => gzip(JSON.stringify({ ...first.manifest, ...change }));

describe("a manifest that cannot be read", () => {
  test.each<[string, Spoil]>([
    ["is empty", () => ""],
    ["is cut short", (bytes) => bytes.subarray(0, -20)],
    ["has one wrong bit", (bytes) => bytes.with(200, (bytes[200] ?? 0) ^ 1)],
    ["is no gzip", () => "{}"],
  ])("because it %s is a fault of ours, and heals", async (_, change) => {
    const mend = await spoil(manifestKey(NAME, COMMIT), change);
    await expect(open(env.BUCKET, NAME, COMMIT)).rejects.toMatchObject({ boundary: "index" });
    await mend();
    expect((await open(env.BUCKET, NAME, COMMIT)).find("run.sh")).toBeDefined();
  });

  test.each([{ schema: 99 }, { packs: "none" }, { files: [{ path: "a" }] }])("because it says %o", async (change) => {
    const spoilt = await otherManifest(change);
    await spoil(manifestKey(NAME, COMMIT), () => spoilt);
    await expect(open(env.BUCKET, NAME, COMMIT)).rejects.toMatchObject({ boundary: "index" });
  });

  test("because it names packs wrongly is a fault of the reads", async () => {
    const packs = await otherManifest({ packs: first.manifest.packs.slice(0, 1) });
    const mend = await spoil(manifestKey(NAME, COMMIT), () => packs);
    const repository = await open(env.BUCKET, NAME, COMMIT);
    await expect(repository.read("src/part-39/file-9.ts")).rejects.toMatchObject({ boundary: "index" });
    await expect(repository.prefetch(["src/part-39/file-9.ts"])).rejects.toMatchObject({ boundary: "index" });
    await mend();
  });
});

describe("a pack that cannot be read", () => {
  test.each<[string, Spoil]>([
    ["is gone", gone],
    ["is empty", () => ""],
    ["is cut short", (bytes) => bytes.subarray(0, 100)],
    ["has one wrong bit", wrongBit],
    ["is no gzip", () => "x"],
  ])("because it %s is a fault of the reads from it only, and heals", async (_, change) => {
    const { pack, path } = first.manifest.files.find((file) => file.path === CHANGED)!;
    const mend = await spoil(packKey(first.manifest.packs[pack]!.sha256), change);
    const repository = await open(env.BUCKET, NAME, COMMIT);
    for (let again = 0; again < 2; again++) {
      await expect(repository.read(path)).rejects.toMatchObject({ boundary: "index" });
      await expect(repository.prefetch([path])).rejects.toMatchObject({ boundary: "index" });
    }
    expect(utf8.decode(await repository.read("run.sh"))).toBe("#!/bin/sh\n");
    await mend();
    expect(utf8.decode(await repository.read(path))).toBe(FILES[CHANGED]);
  });

  test("because it is another pack is found out", async () => {
    const [one, other] = first.manifest.packs.map(({ sha256 }) => packKey(sha256));
    const bytes = await (await env.BUCKET.get(other ?? ""))?.bytes();
    await spoil(one ?? "", () => bytes ?? "");
    const repository = await open(env.BUCKET, NAME, COMMIT);
    const inFirst = first.manifest.files.find((file) => file.pack === 0)?.path ?? "";
    await expect(repository.read(inFirst)).rejects.toMatchObject({ boundary: "index" });
  });
});

describe("a bucket that fails", () => {
  const failing = (times: number) => {
    let left = times;
    const get = (key: string) =>
      left-- > 0 ? Promise.reject(new Error("We encountered an internal error. (10001)")) : env.BUCKET.get(key);
    return standIn(env.BUCKET, { get });
  };

  test("is asked again", async () => {
    const repository = await open(failing(limits.attempts - 1), NAME, COMMIT);
    expect(repository.commit).toBe(COMMIT);
  });

  test("is a fault of ours for all who wait, and heals", async () => {
    const bucket = failing(limits.attempts);
    const all = await Promise.allSettled([1, 2, 3].map(() => open(bucket, NAME, COMMIT)));
    expect(all.map((one) => one.status === "rejected" && one.reason)).toMatchObject(
      [1, 2, 3].map(() => ({ boundary: "storage" })),
    );
    expect((await open(bucket, NAME, COMMIT)).commit).toBe(COMMIT);
  });

  test("is never asked for more than a few packs at a time", async () => {
    let underWay = 0;
    let most = 0;
    const get = async (key: string) => {
      most = Math.max(most, ++underWay);
      const object = await env.BUCKET.get(key);
      underWay--;
      return object;
    };
    const bucket = standIn(env.BUCKET, { get });
    const paths = first.manifest.files.map(({ path }) => path);
    const commits = [COMMIT, NEXT_COMMIT];
    await Promise.all(
      commits.flatMap((commit) =>
        paths.map(async (path) => void (await (await open(bucket, NAME, commit)).read(path))),
      ),
    );
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(MOST_READS);
  });
});

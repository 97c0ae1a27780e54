import { evictDurableObject } from "cloudflare:test";
import { beforeAll, expect, test } from "vitest";
import { limits } from "../../../src/contract/limits.ts";
import { inObject } from "../time.ts";
import { files, serveRepository, WorkspaceRollout } from "./world.ts";

beforeAll(() => serveRepository());

test("rollouts that delete everything and plant something see only their own", async () => {
  const rollouts = Array.from({ length: 60 }, () => new WorkspaceRollout());
  const look = "cat /repo/*; ls -a /repo /tmp";
  await Promise.all(
    rollouts.map((rollout, at) =>
      rollout.shell(`rm -rf /repo/* /tmp/*; echo canary ${at} > canary; cp canary /tmp/mine`),
    ),
  );
  const seen = await Promise.all(rollouts.map((rollout) => rollout.shell(look)));
  expect(seen).toEqual(rollouts.map((_, at) => `canary ${at}\n/repo:\n.\n..\ncanary\n\n/tmp:\n.\n..\nmine`));
  expect(await new WorkspaceRollout().shell("find . -type f | sort | xargs cat")).toBe(
    Object.values(files).join("").trimEnd(),
  );
}, 60_000);

test("what was written, deleted, renamed, linked and chmodded is there after the object was evicted", async () => {
  const rollout = new WorkspaceRollout();
  await rollout.shell(
    "mkdir -p new/deep; echo 1 > new/deep/a; mv src lib; rm -r test; ln -s lib/wrap.ts link; chmod 600 README.md; : > empty",
  );
  const look = "find . | sort; cat link new/deep/a; ls -l README.md link empty; stat -c %a README.md";
  const before = await rollout.shell(look);
  await evictDurableObject(rollout.object);
  expect(await rollout.shell(look)).toBe(before);
  expect(before).toContain("./lib/wrap.ts");
  expect(before).toContain("// TODO: wrap long lines");
  await rollout.shell("rm -rf new link empty; mkdir test; mv lib src; mkdir lib");
  await evictDurableObject(rollout.object);
  expect(await rollout.shell("find . | sort")).toBe(
    ".\n./lib\n./README.md\n./src\n./src/index.ts\n./src/wrap.ts\n./test",
  );
});

test("files over a row's size are kept whole; what a file no longer has is not kept", async () => {
  const rollout = new WorkspaceRollout();
  const sizes = () =>
    inObject(rollout, ({ sql }) =>
      sql
        .exec<{ parts: number; bytes: number }>(
          "SELECT count(*) AS parts, coalesce(sum(length(bytes)), 0) AS bytes FROM contents",
        )
        .one(),
    );
  await rollout.shell("printf '%3000000d' 7 > big; cp big copy; tail -c 3 copy");
  expect(await sizes()).toEqual({ parts: 3, bytes: 3_000_000 });
  await evictDurableObject(rollout.object);
  expect(await rollout.shell("wc -c < big; tail -c 1 copy; rm big; echo small > copy")).toBe("3000000\n7");
  expect(await sizes()).toEqual({ parts: 1, bytes: 6 });
});

test("a workspace that is full says so, and what was there stays", async () => {
  const rollout = new WorkspaceRollout();
  const writes = Math.floor(limits.workspaceBytes / 3_000_000);
  for (let at = 0; at < writes; at++) await rollout.shell(`printf '%3000000d' ${at} > f${at}`);
  expect(await rollout.shell("echo small > note; printf '%3000000d' 1 > more")).toContain("no space left on device");
  expect(await rollout.shell("cp f0 more; printf '%3000000d' 1 | tee more > /dev/null; ls")).not.toContain("note");
  expect(await rollout.shell("rm f0; printf '%3000000d' 1 > more; wc -c < more")).toBe("3000000");
});

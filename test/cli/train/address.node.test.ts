/** What a deployment's address says of whether a trainer elsewhere can reach it. */
import { expect, test } from "vitest";
import { type Address, checkAddress, isPublicAddress, judgeAddress } from "../../../src/cli/train/address.ts";

const deployed: Address = {
  host: "gym.example.com",
  isSecure: true,
  addresses: ["104.16.1.1", "2606:4700::1"],
  redirected: [],
  serviceIsLocal: false,
  checksCertificates: true,
};

test.each<[string, Partial<Address>, string, RegExp]>([
  ["deployed", {}, "ok", /2 public addresses.*known only once it calls/],
  [
    "on this machine, the service elsewhere",
    { addresses: ["127.0.0.1"] },
    "refused",
    /127\.0\.0\.1.*trainer is elsewhere/,
  ],
  ["one inner address among outer ones", { addresses: ["104.16.1.1", "10.1.2.3"] }, "refused", /10\.1\.2\.3/],
  [
    "on this machine, as the service",
    { addresses: ["127.0.0.1"], serviceIsLocal: true, isSecure: false },
    "ok",
    /on this machine/,
  ],
  ["a name for nothing", { addresses: [] }, "refused", /stands for no address/],
  ["no https", { isSecure: false }, "refused", /not asked over https/],
  ["a redirect", { redirected: ["/finqa/grade"] }, "refused", /\/finqa\/grade is answered with a redirect/],
  ["a redirect, even here", { redirected: ["/finqa/grade"], serviceIsLocal: true }, "refused", /redirect/],
  ["certificates unchecked", { checksCertificates: false }, "warned", /NODE_TLS_REJECT_UNAUTHORIZED/],
])("%s", (_, given, state, finding) => {
  expect(judgeAddress({ ...deployed, ...given })).toMatchObject({ state, finding: expect.stringMatching(finding) });
});

test.each([
  ["1.1.1.1", true],
  ["172.15.0.1", true],
  ["172.16.0.1", false],
  ["192.168.1.1", false],
  ["100.64.0.1", false],
  ["169.254.169.254", false],
  ["0.0.0.0", false],
  ["255.255.255.255", false],
  ["2606:4700::1", true],
  ["::1", false],
  ["fd00::1", false],
  ["fe80::1", false],
  ["::ffff:10.0.0.1", false],
])("%s is public: %s", (address, expected) => {
  expect(isPublicAddress(address)).toBe(expected);
});

test("literal addresses are taken as they are; every path is asked", async () => {
  const asked: string[] = [];
  const post = async (path: string) => {
    asked.push(path);
    return { status: path === "/b" ? 308 : 200, json: undefined };
  };
  const there = await checkAddress("https://[::1]:8443", "https://api.example.com/v1", ["/a"], post);
  expect(there).toMatchObject({ state: "refused", finding: expect.stringContaining("::1") });
  const moved = await checkAddress("https://10.0.0.1", "http://127.0.0.1:8900/v1", ["/a", "/b"], post);
  expect(moved.finding).toMatch(/^\/b is answered with a redirect/);
  expect(asked).toEqual(["/a", "/a", "/b"]);
});

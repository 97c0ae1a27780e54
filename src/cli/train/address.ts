/**
 * Whether a trainer elsewhere can reach a deployment, as far as this machine can know: what its name stands for, and whether it
 * answers by itself. That the trainer's own network gets through is only known once it calls.
 */
import { lookup } from "node:dns/promises";
import { BlockList, isIP, isIPv4 } from "node:net";
import { isLoopback } from "../deployment.ts";
import { type Finding, ok, refused, warned } from "./finding.ts";
import type { Exchange } from "./probe.ts";

export interface Address {
  /** Of the deployment. */
  host: string;
  isSecure: boolean;
  /** What its name stands for; empty where it stands for nothing. */
  addresses: readonly string[];
  /** Paths that are answered with a redirect, which a trainer need not follow. */
  redirected: readonly string[];
  /** Whether the trainer's service is on this machine, as the local platform. */
  serviceIsLocal: boolean;
  /** Whether certificates are checked at all. */
  checksCertificates: boolean;
}

/** Looks the name up, and asks each path once. @param post asks the deployment, following no redirect */
export async function checkAddress(
  url: string,
  service: string,
  paths: readonly string[],
  post: (path: string) => Promise<Exchange>,
): Promise<Finding> {
  const { hostname, protocol } = new URL(url);
  const answers = await Promise.all(paths.map(async (path) => ({ path, ...(await post(path)) })));
  return judgeAddress({
    host: hostname,
    isSecure: protocol === "https:",
    addresses: await addressesOf(hostname),
    redirected: answers
      .filter(({ status }) => status !== null && status >= 300 && status < 400)
      .map(({ path }) => path),
    serviceIsLocal: isLoopback(new URL(service).hostname),
    checksCertificates: process.env["NODE_TLS_REJECT_UNAUTHORIZED"] !== "0",
  });
}

export function judgeAddress(address: Address): Finding {
  const { host, isSecure, addresses, redirected, serviceIsLocal, checksCertificates } = address;
  if (redirected.length > 0)
    return refused(
      `${redirected.join(", ")} is answered with a redirect: a trainer need not follow it, and would take the token elsewhere.`,
      "Give the URL that it leads to as --url.",
    );
  if (serviceIsLocal) return ok(`The trainer's service is on this machine, and reaches ${host} as this command does.`);
  if (addresses.length === 0)
    return refused(`The name ${host} stands for no address.`, "Deploy the worker, or mend --url.");
  const inner = addresses.filter((one) => !isPublicAddress(one));
  if (inner.length > 0)
    return refused(
      `${host} is ${inner.join(", ")}, which only this machine or its network can reach; the trainer is elsewhere.`,
      "Deploy the worker (npm run deploy) and give its https URL as --url.",
    );
  if (!isSecure) return refused(`${host} is not asked over https.`, "Give its https URL as --url.");
  if (!checksCertificates)
    return warned(
      `${host} has public addresses, but NODE_TLS_REJECT_UNAUTHORIZED=0 keeps its certificate from being checked.`,
      "Unset the variable and start again: a trainer takes no certificate that is not valid.",
    );
  return ok(
    `From here, ${host} has ${addresses.length === 1 ? "a public address" : `${addresses.length} public addresses`}, a valid certificate and no redirects; that the trainer's network gets through is known only once it calls.`,
  );
}

async function addressesOf(hostname: string): Promise<string[]> {
  const literal = hostname.replaceAll(/[[\]]/g, "");
  if (isIP(literal)) return [literal];
  return lookup(hostname, { all: true }).then(
    (found) => found.map(({ address }) => address),
    () => [],
  );
}

/** Ranges that no route of the internet leads to. Source: IANA's special-purpose address registries. */
const inner = new BlockList();
for (const [net, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
] as const)
  inner.addSubnet(net, prefix, "ipv4");
for (const [net, prefix] of [
  ["::", 127],
  ["2001:db8::", 32],
  ["fc00::", 7],
  ["fe80::", 10],
  ["ff00::", 8],
] as const)
  inner.addSubnet(net, prefix, "ipv6");

/** @param address an IPv4 or IPv6 address */
export function isPublicAddress(address: string): boolean {
  // `::ffff:10.0.0.1` is 10.0.0.1; the list knows it as that.
  return !inner.check(address, isIPv4(address) ? "ipv4" : "ipv6");
}

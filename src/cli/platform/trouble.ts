/**
 * Trouble on demand: shares of requests that fail by chance, drawn from a seed, and failures that are ordered for the next requests
 * to a path. Decides only; serving.ts carries it out.
 */
import * as z from "zod";
import { limits } from "../../contract/limits.ts";
import type { Random } from "../../environments/rehearsal.ts";

/** `429=0.05`: the share of requests that meet it. `cut` has no answer and no effect, `lost` an effect and no answer. */
export const TROUBLES = ["429", "500", "503", "slow", "cut", "lost"] as const;
type TroubleName = (typeof TROUBLES)[number];
export type TroubleShares = Partial<Record<TroubleName, number>>;

/** How a request fails. */
const Failing = z.union([
  z.strictObject({
    status: z.int().min(400).max(599),
    code: z.string().optional(),
    retry_after_ms: z.int().nonnegative().max(limits.longestPauseMilliseconds).optional(),
  }),
  /** Cut before anything was done. */
  z.literal("cut"),
  /** Cut after all was done: the answer is lost. */
  z.literal("lost"),
  z.strictObject({ slow_ms: z.int().positive().max(limits.answerMilliseconds) }),
]);
export type Failing = z.infer<typeof Failing>;

/** The next requests to a path fail. Of the path, `*` stands for any part between two slashes. */
export const Order = z.strictObject({
  method: z.enum(["GET", "POST", "DELETE"]).optional(),
  /** Below `/v1`: `/fine_tuning/jobs`, `/fine_tuning/jobs/*\/events`. */
  path: z.string().startsWith("/"),
  times: z.int().positive().max(limits.platformOrderTimes).default(1),
  fails: Failing,
});
export type Order = z.infer<typeof Order>;
/** An order as it is given. */
export type GivenOrder = z.input<typeof Order>;

export class Trouble {
  readonly #shares: TroubleShares;
  readonly #random: Random;
  #orders: Order[] = [];

  constructor(shares: TroubleShares, random: Random) {
    this.#shares = shares;
    this.#random = random;
  }

  /** What is left of the orders, in the order in which they were given. */
  get orders(): readonly Order[] {
    return this.#orders;
  }

  /** Only as many as `limits.platformOrders` are kept, the newest. */
  order(order: GivenOrder): void {
    this.#orders = [...this.#orders, Order.parse(order)].slice(-limits.platformOrders);
  }

  clear(): void {
    this.#orders = [];
  }

  /** How the request is to fail, if it is; the first order for it counts, else chance. @param path below `/v1` */
  next(method: string, path: string): Failing | undefined {
    const order = this.#orders.find((known) => (known.method ?? method) === method && matches(known.path, path));
    if (!order) return this.#byChance();
    order.times -= 1;
    if (order.times === 0) this.#orders = this.#orders.filter((other) => other !== order);
    return order.fails;
  }

  #byChance(): Failing | undefined {
    let left = this.#random();
    for (const name of TROUBLES) {
      left -= this.#shares[name] ?? 0;
      if (left < 0) return failingOf(name);
    }
    return undefined;
  }
}

function failingOf(name: TroubleName): Failing {
  if (name === "slow") return { slow_ms: limits.platformSlowMilliseconds };
  return name === "cut" || name === "lost" ? name : { status: Number(name) };
}

function matches(pattern: string, path: string): boolean {
  const [wanted, parts] = [pattern.split("/"), path.split("/")];
  return wanted.length === parts.length && wanted.every((part, at) => part === "*" || part === parts[at]);
}

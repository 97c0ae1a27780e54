/** What is metered → the month's bill. Pure. Never knows a price: a table is given. */
import { MeterName, type Price, type PriceTable } from "./prices.ts";

export interface BillLine {
  meter: MeterName;
  quantity: number;
  included: number;
  /** What is paid for: beyond the included, rounded up where that is the rule. */
  billed: number;
  price: number;
  per: number;
  amount: number;
  source: string;
}

export interface Bill {
  plan: string;
  currency: string;
  looked_up: string;
  note: string;
  /** The day whose prices these are. */
  day: string;
  /** The first day after it on which other prices hold; null when the table knows of none. */
  next_change: string | null;
  base: number;
  lines: BillLine[];
  total: number;
}

/** @param day as `2026-12-01`: only prices that hold on it are applied */
export function billOf(meters: Record<MeterName, number>, prices: PriceTable, day: string): Bill {
  const lines = MeterName.options.flatMap((meter) => {
    const price = prices.meters[meter];
    return isInForce(price, day) ? [lineOf(meter, meters[meter], price)] : [];
  });
  const { plan, currency, looked_up, note, base } = prices;
  const total = lines.reduce((sum, { amount }) => sum + amount, base);
  return { plan, currency, looked_up, note, day, next_change: nextChange(prices, day), base, lines, total };
}

function lineOf(meter: MeterName, quantity: number, { included, price, per, rounded_up, source }: Price): BillLine {
  const beyond = Math.max(0, quantity - included);
  const billed = rounded_up ? Math.ceil(beyond / per) * per : beyond;
  return { meter, quantity, included, billed, price, per, amount: (billed / per) * price, source };
}

/** Days written this way compare as texts. */
const isInForce = ({ from, until }: Price, day: string) =>
  (from === undefined || day >= from) && (until === undefined || day < until);

function nextChange({ meters }: PriceTable, day: string): string | null {
  const days = Object.values(meters).flatMap(({ from, until }) => [from ?? "", until ?? ""]);
  return days.filter((other) => other > day).toSorted()[0] ?? null;
}

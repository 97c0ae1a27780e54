/** What options take: each function reads an option's text, or says what it has to be. */
import { InvalidArgumentError } from "commander";
import { isRunName, RUN_NAME_RULE } from "../contract/run-name.ts";

export function wholeNumber(least: number, most: number) {
  return (text: string) => {
    const number = Number(text);
    if (text.trim() !== "" && Number.isInteger(number) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`It has to be a whole number from ${least} to ${most}.`);
  };
}

export function numberBetween(least: number, most: number) {
  return (text: string) => {
    const number = Number(text);
    if (text.trim() !== "" && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`It has to be a number from ${least} to ${most}.`);
  };
}

/** A day as `2026-12-01`. */
export function day(text: string): string {
  const parsed = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  // A day that there is not, as 2026-02-30, becomes another one.
  if (parsed && !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(text)) return text;
  throw new InvalidArgumentError("It has to be a day as 2026-12-01.");
}

/** Names from a list, separated by commas; `none` for none of them. */
export function namesOf<Name extends string>(known: readonly Name[]) {
  return (text: string): Name[] =>
    (text.trim() === "none" ? [] : text.split(",")).map((written) => {
      const name = known.find((candidate) => candidate === written.trim());
      if (name !== undefined) return name;
      throw new InvalidArgumentError(
        `There is no ${JSON.stringify(written.trim())}; there are: ${known.join(", ")}, none.`,
      );
    });
}

export function runName(text: string): string {
  if (isRunName(text)) return text;
  throw new InvalidArgumentError(`A run's name has ${RUN_NAME_RULE}`);
}

export function numberOrAll(text: string): number {
  return text === "all" ? Infinity : wholeNumber(1, 1_000_000)(text);
}

export function corpusName(text: string): string {
  if (/^[a-z0-9][a-z0-9-]{0,62}$/.test(text)) return text;
  throw new InvalidArgumentError("It has to be small letters, digits and -, at most 63.");
}

/** Prices of a million tokens by kind, as `input=1.10,cached=0.275,output=4.40`. */
export interface TokenPrices {
  input: number;
  /** Of input that the service had cached; as other input where it is not said. */
  cached: number;
  output: number;
}

export function tokenPrices(text: string): TokenPrices {
  const pairs = text.split(",").map((part) => part.split("="));
  const prices = new Map(pairs.map(([name = "", price = ""]) => [name.trim(), price.trim()]));
  const isKnown = [...prices.keys()].every((name) => ["input", "cached", "output"].includes(name));
  const price = (name: string) => (prices.get(name) ? Number(prices.get(name)) : NaN);
  const [input, output] = [price("input"), price("output")];
  const cached = prices.has("cached") ? price("cached") : input;
  if (isKnown && [input, cached, output].every((number) => number >= 0 && number < Infinity))
    return { input, cached, output };
  throw new InvalidArgumentError("It has to be prices of a million tokens as input=1.10,cached=0.275,output=4.40.");
}

export function someText(text: string): string {
  if (text.trim() !== "") return text;
  throw new InvalidArgumentError("It must not be empty.");
}

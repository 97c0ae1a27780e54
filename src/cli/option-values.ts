/** How the values of options are read. @throws InvalidArgumentError, which the command line shows with the option's name */
import { InvalidArgumentError } from "commander";
import { isRunName, RUN_NAME_RULE } from "../contract/run-name.ts";

export function wholeNumber(least: number, most: number) {
  return (text: string): number => {
    const number = Number(text);
    if (text.trim() !== "" && Number.isInteger(number) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`It has to be a whole number from ${least} to ${most}.`);
  };
}

/** A number from 0 to 1. */
export function share(text: string): number {
  const number = Number(text);
  if (text.trim() !== "" && number >= 0 && number <= 1) return number;
  throw new InvalidArgumentError("It has to be a number from 0 to 1.");
}

/** Names from a list, separated by commas. */
export function namesOf<Name extends string>(known: readonly Name[]) {
  return (text: string): Name[] =>
    text.split(",").map((written) => {
      const name = known.find((candidate) => candidate === written.trim());
      if (name !== undefined) return name;
      throw new InvalidArgumentError(`There is no ${JSON.stringify(written.trim())}; there are: ${known.join(", ")}.`);
    });
}

export function runName(text: string): string {
  if (isRunName(text)) return text;
  throw new InvalidArgumentError(`A run's name has ${RUN_NAME_RULE}`);
}

import { Command } from "commander";
import { plan, planOptions, type PlanOptions } from "../plan.ts";

export function planCommand(): Command {
  return planOptions(new Command("plan")).action(async (options: PlanOptions) => {
    console.log(await plan(options, new Date().toISOString().slice(0, 10)));
  });
}

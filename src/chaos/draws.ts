/** What faults are drawn from in this isolate, which serves the requests and holds the objects as long as the process lives. */
import { FaultControl } from "../contract/faults.ts";
import { FaultDraws } from "../environments/fault-draws.ts";
import type { ChaosBindings } from "./bindings.ts";

let draws: FaultDraws | undefined;

/** Undefined where nobody controls the faults. */
export function controlOf({ FAULT_CONTROL }: Pick<ChaosBindings, "FAULT_CONTROL">): Controlled | undefined {
  const control = FaultControl.safeParse(FAULT_CONTROL);
  if (!control.success) return undefined;
  draws ??= new FaultDraws(control.data.settings);
  return { token: control.data.token, draws };
}

export interface Controlled {
  token: string;
  draws: FaultDraws;
}

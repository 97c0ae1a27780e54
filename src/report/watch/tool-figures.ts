/**
 * Figures of single tools out of a metrics event. Foundry shows calls for each rollout, latency and errors by tool; how their names
 * are spelt is not written down, so that all of `tools/search/calls_mean`, `tool_calls_per_rollout/search`,
 * `timing/tools/search/train_execution_latency_mean` and `train_error_count_search` are understood. Pure.
 */
import type { StepTool } from "../../contract/watch.ts";
import type { Leaf } from "./leaves.ts";

type Kind = Exclude<keyof StepTool, "tool">;

/** Of the validation rows; those of the training rows are the step's. */
const VALIDATION = /^(?:full_)?(?:valid|validation|eval|val)_|^(?:valid|validation|eval|val)$/;
/** More tools than any environment has: a host that counts by something else is not to fill the view. */
const MOST_TOOLS = 50;

export class ToolFigures {
  readonly #tools = new Map<string, StepTool>();

  /** Takes a number that is a tool's; false for any other. */
  take(leaf: Leaf): boolean {
    const found = toolFigure(leaf);
    if (found === undefined || (this.#tools.size >= MOST_TOOLS && !this.#tools.has(found.tool))) return false;
    const tool = this.#tools.get(found.tool) ?? {
      tool: found.tool,
      calls: null,
      latency_seconds: null,
      errors: null,
    };
    if (tool[found.kind] !== null) return false;
    this.#tools.set(found.tool, { ...tool, [found.kind]: found.value });
    return true;
  }

  /** By name. */
  all(): StepTool[] {
    return [...this.#tools.values()].toSorted((a, b) => (a.tool < b.tool ? -1 : 1));
  }

  /** Of a rollout, over all tools; null where that is told of none. */
  calls(): number | null {
    const told = this.all().flatMap(({ calls }) => calls ?? []);
    return told.length === 0 ? null : told.reduce((sum, calls) => sum + calls, 0);
  }
}

function toolFigure({ path, value }: Leaf): { tool: string; kind: Kind; value: number } | undefined {
  const small = path.map((key) => key.toLowerCase());
  if (small.some((key) => VALIDATION.test(key))) return undefined;
  const last = small.at(-1) ?? "";
  const suffixed = /^(?:train_)?(?:tool_)?error_count_(.+)$/.exec(path.at(-1) ?? "");
  if (suffixed?.[1] !== undefined) return { tool: suffixed[1], kind: "errors", value };
  const tools = small.findLastIndex((key) => key === "tools" || key === "tool");
  const tool = path[tools + 1];
  if (tools !== -1 && tool !== undefined) {
    const kind =
      kindOf(path.length > tools + 2 ? small.slice(tools + 2).join("_") : "") ?? kindOf(small[tools - 1] ?? "");
    return kind && { tool, kind, value: inUnit(kind, small.join("_"), value) };
  }
  const field = small.at(-2) ?? "";
  const kind = field.includes("tool") ? kindOf(field) : undefined;
  return kind && { tool: path.at(-1) ?? last, kind, value: inUnit(kind, field, value) };
}

function kindOf(field: string): Kind | undefined {
  if (/token/.test(field)) return undefined;
  if (/error|fail/.test(field)) return /mean|rate|share/.test(field) ? undefined : "errors";
  if (/latency|duration|execution_time|timing|seconds/.test(field)) return "latency_seconds";
  return /call/.test(field) && !/total|sum|count|num/.test(field) ? "calls" : undefined;
}

const inUnit = (kind: Kind, name: string, value: number) =>
  kind === "latency_seconds" && /_ms\b|_ms_|milli/.test(name) ? value / 1000 : value;

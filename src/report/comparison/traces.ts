/** An item before and after, call by call and side by side, as far as a person reads. Pure. */
import type { ItemChange } from "../../contract/comparison.ts";
import { limits } from "../../contract/limits.ts";
import type { ResultCall, RolloutResult } from "../../contract/results.ts";
import { type Markup, markup } from "../markup.ts";
import { counted, duration, whole } from "../numbers.ts";
import { changeText, valueText } from "./words.ts";

/** An item and the two rollouts that show its change. */
export interface ShownItem {
  change: ItemChange;
  rollouts: readonly [RolloutResult, RolloutResult];
}

/** @param names of the results before and after */
export function itemDetails({ change, rollouts }: ShownItem, names: readonly [string, string]): Markup {
  const { item, kind, scores, score } = change;
  const [before, after] = rollouts;
  return markup`<details class="card item">
<summary><b>${changeText("score", score)}</b> <code>${item}</code> <span class="soft">${kind ?? ""}</span><br>${shortened(before.question)}</summary>
<div class="sides">
${side(names[0], before, scores[0])}
${side(names[1], after, scores[1])}
</div>
</details>`;
}

function side(name: string, rollout: RolloutResult, scores: readonly number[]): Markup {
  const { answer, score, grade, milliseconds, tokens, attempt, turns } = rollout;
  const calls = turns.reduce((sum, turn) => sum + turn.calls.length, 0);
  const costs = tokens ? `, ${counted(tokens.output, "output token")}` : "";
  return markup`<div class="side">
<h3>${name}</h3>
<p class="soft">attempt ${whole(attempt)}; all score ${scores.map((one) => valueText("score", one)).join(", ")}; ${counted(calls, "call")}, ${duration(milliseconds.answer)}${costs}</p>
${turnsOf(rollout)}
<p><b>Answer</b> ${answer === null || answer === "" ? markup`<i>none</i>` : markup`<code>${shortened(answer)}</code>`}<br><b>Score ${score === null ? "none" : valueText("score", score)}</b> ${shortened(grade?.explanation ?? "")}</p>
</div>`;
}

function turnsOf({ turns }: RolloutResult): Markup {
  const numbered = turns.flatMap(({ calls }, turn) => calls.map((call) => ({ call, turn: turn + 1 })));
  const shown = numbered.slice(0, limits.tracedCalls);
  const left = numbered.length - shown.length;
  return markup`<ol class="calls">${shown.map(({ call, turn }) => callOf(call, turn))}</ol>${left > 0 ? markup`<p class="soft">and ${counted(left, "more call")}</p>` : ""}`;
}

function callOf({ tool, arguments: given, outcome, mistake, output, status }: ResultCall, turn: number): Markup {
  const trouble =
    outcome === "mistake"
      ? `mistake${mistake === null ? "" : `: ${mistake}`}`
      : outcome === "over_budget"
        ? "over the budget"
        : status !== null && status >= 400
          ? `answered ${status}`
          : "";
  return markup`<li value="${turn}"><code>${shortened(`${tool} ${given}`)}</code>${trouble === "" ? "" : markup` <b class="trouble">${trouble}</b>`}<pre>${output === null ? "no answer" : shortened(output)}</pre></li>`;
}

/** The start of a text, and how much more there is. */
function shortened(text: string): string {
  const start = Array.from(text.slice(0, 2 * limits.tracedCharacters))
    .slice(0, limits.tracedCharacters)
    .join("");
  const left = text.length - start.length;
  return left > 0 ? `${start}… (${counted(left, "more character")})` : text;
}

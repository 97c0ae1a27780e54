/** How to rank, as `edgegym tune` learned it from FinQA's train questions: `weights.json`, which nobody writes by hand. */
import type { SearchWeights } from "../search.ts";
import { featureNames } from "./features.ts";
import weights from "./weights.json" with { type: "json" };

export const learned: SearchWeights = {
  ...weights,
  firstPassCosine: 0,
  features: featureNames.map((name) => weights.features[name]),
};

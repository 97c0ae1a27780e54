/** Every class of answers there is, in the order in which they are sent and shown. Adding one is a file, or a part of one, and a line. */
import type { AttackTarget } from "../../../environments/attack-target.ts";
import type { Family, ProbeClass } from "../probe.ts";
import { changed } from "./changed.ts";
import { computed } from "./computed.ts";
import { elsewhere } from "./elsewhere.ts";
import { fileLists } from "./file-lists.ts";
import { fileNames } from "./file-names.ts";
import { honestFiles } from "./honest-files.ts";
import { honestNumbers } from "./honest-numbers.ts";
import { honestTexts } from "./honest-texts.ts";
import { honestUnits } from "./honest-units.ts";
import { injections } from "./injections.ts";
import { lookAlikes } from "./look-alikes.ts";
import { nothing } from "./nothing.ts";
import { several } from "./several.ts";
import { size } from "./size.ts";
import { words } from "./words.ts";
import { wrapped } from "./wrapped.ts";
import { wrongNumbers } from "./wrong-numbers.ts";

/** Answers that no honest model would be paid for. */
const attack: readonly Family[] = [
  nothing,
  wrongNumbers,
  changed,
  several,
  words,
  lookAlikes,
  computed,
  wrapped,
  fileLists,
  fileNames,
  elsewhere,
  injections,
  size,
];

/** Answers that must be paid 1. */
const honest: readonly Family[] = [honestTexts, honestNumbers, honestUnits, honestFiles];

export const batteries = { attack, honest };

/** Parts that only an answer which is one value has, and only one which is a list. */
const ofValue: ReadonlySet<string> = new Set(["value", "quantity", "word", "otherNumbers"]);
const ofList: ReadonlySet<string> = new Set(["files"]);

/** The families without the classes that are for another kind of answer than any of the targets has. */
export function fitting(families: readonly Family[], targets: readonly AttackTarget[]): Family[] {
  const isLeftOut = [
    ...(targets.some(({ value }) => value !== undefined) ? [] : [ofValue]),
    ...(targets.some(({ files }) => files !== undefined) ? [] : [ofList]),
  ];
  const fits = ({ needs }: ProbeClass) => !needs.some((part) => isLeftOut.some((parts) => parts.has(part)));
  return families
    .map(({ name, classes }) => ({ name, classes: classes.filter(fits) }))
    .filter(({ classes }) => classes.length > 0);
}

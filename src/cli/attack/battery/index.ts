/** Every class of answers there is, in the order in which they are sent and shown. Adding one is a file, or a part of one, and a line. */
import type { Family } from "../probe.ts";
import { changed } from "./changed.ts";
import { computed } from "./computed.ts";
import { elsewhere } from "./elsewhere.ts";
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
  elsewhere,
  injections,
  size,
];

/** Answers that must be paid 1. */
const honest: readonly Family[] = [honestTexts, honestNumbers, honestUnits];

export const batteries = { attack, honest };

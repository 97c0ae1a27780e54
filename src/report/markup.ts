/**
 * HTML and SVG as values: what is written in a template stands as it is, what is put into it is escaped. The only way in this
 * folder to make markup, so that no text from outside can become a tag, an attribute or a script.
 */

/** Markup that may stand in a page as it is. Only {@link markup} makes it. */
export class Markup {
  readonly #text: string;

  constructor(parts: readonly string[], values: readonly Insertion[]) {
    this.#text = parts.map((part, at) => part + written(values[at] ?? "")).join("");
  }

  toString(): string {
    return this.#text;
  }
}

/** A text is escaped; a number is a coordinate, of which two decimals are seen; lists stand without anything between. */
export type Insertion = string | number | Markup | readonly Insertion[];

/** Template tag: markup`<b>${name}</b>`. Values may stand in elements and in quoted attributes, never in a style or a URL. */
export function markup(parts: TemplateStringsArray, ...values: readonly Insertion[]): Markup {
  return new Markup(parts, values);
}

/** A text as it stands between tags and in quoted attributes, of HTML and of XML. */
export function escape(text: string): string {
  return text
    .toWellFormed()
    .replace(UNSHOWABLE, "\ufffd")
    .replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** What XML forbids, and what would turn the text around it: control characters, marks of writing direction. */
const UNSHOWABLE = /(?![\t\n\r])\p{Cc}|[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu;

function written(value: Insertion): string {
  if (typeof value === "string") return escape(value);
  if (typeof value === "number") return String(Math.round(value * 100) / 100);
  if (value instanceof Markup) return value.toString();
  return value.map(written).join("");
}

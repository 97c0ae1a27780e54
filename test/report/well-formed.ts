/** Reads markup as strictly as XML is read, but for HTML's empty elements. Test material. */

const EMPTY = new Set(["meta", "link", "br"]);

export interface Element {
  name: string;
  attributes: Record<string, string>;
}

/** The elements of a page or a picture in their order; throws where a tag is not closed, an attribute not quoted, a `<` stray. */
export function elements(text: string): Element[] {
  const open: string[] = [];
  const found: Element[] = [];
  const body = text.replace(/^<!doctype html>/, "").replace(/<style>[^<]*<\/style>/, "<style></style>");
  for (const [, between = "", tag = ""] of body.matchAll(/([^<]*)(?:<([^>]*)>|$)/g)) {
    if (between.includes(">")) throw new Error(`a stray > after ${between.slice(0, 80)}`);
    if (tag === "") continue;
    if (tag.startsWith("/")) {
      const name = open.pop();
      if (name !== tag.slice(1)) throw new Error(`</${name}> is wanted, not <${tag}>`);
      continue;
    }
    const element = elementOf(tag);
    found.push(element);
    if (!tag.endsWith("/") && !EMPTY.has(element.name)) open.push(element.name);
  }
  if (open.length > 0) throw new Error(`not closed: ${open.join(", ")}`);
  return found;
}

function elementOf(tag: string): Element {
  const match = /^([a-z][a-z0-9]*)((?:\s+[a-zA-Z:-]+(?:="[^"<>]*")?)*)\s*\/?$/.exec(tag);
  if (match === null) throw new Error(`no tag: <${tag}>`);
  const pairs = [...(match[2] ?? "").matchAll(/([a-zA-Z:-]+)="([^"]*)"/g)];
  return {
    name: match[1] ?? "",
    attributes: Object.fromEntries(pairs.map(([, name = "", value = ""]) => [name, decoded(value)])),
  };
}

/** Escaped text as a browser reads it. */
export function decoded(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
}

/** What a reader of the markup sees, without its style. */
export function visible(text: string): string {
  return decoded(text.replace(/<style>[^<]*<\/style>/, "").replace(/<[^>]*>/g, " ")).replace(/\s+/g, " ");
}

/** Texts that would be more than text if anything let them. */
export const HOSTILE = [
  `<script>alert(1)</script>`,
  `"><img src=x onerror=alert(1)>`,
  `' onmouseover='alert(1)`,
  "` onload=alert(1) `",
  `</title></style></svg><svg onload=alert(1)>`,
  `javascript:alert(1)//--><!--`,
  `&lt;b&gt; &amp; &#60;i&#62; ]]>`,
  "\u0000\u001b[31mred\u001b[0m\u0008",
  "toString",
  "\u202egnihton\u2066 \ud800 lone",
];

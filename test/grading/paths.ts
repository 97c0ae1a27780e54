/** Paths of repositories, drawn. Test material. */
import fc from "fast-check";

const aName = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_-]{0,8}(\.[a-z]{1,3})?$/);

/** A path of one to four names, as a repository has it. */
export const aPath = fc.array(aName, { minLength: 1, maxLength: 4 }).map((names) => names.join("/"));

/** The same path as a model may write it. */
export const spellings = (path: string): string[] => [
  path,
  `./${path}`,
  `/${path}`,
  ` ${path} `,
  path.replaceAll("/", "//"),
  path.replaceAll("/", "/./"),
];

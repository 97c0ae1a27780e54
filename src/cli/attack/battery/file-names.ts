/** Names that are near a right path and are not it. Pure. */
import type { ListedFiles } from "../../../environments/attack-target.ts";
import { type Family, listed, type Probe, probeClass, type Target } from "../probe.ts";

/** Letters of other scripts that look like Latin ones. */
const homoglyphs: Readonly<Record<string, string>> = {
  a: "а",
  c: "с",
  e: "е",
  i: "і",
  o: "о",
  p: "р",
  s: "ѕ",
  x: "х",
  y: "у",
};
const unseen = ["\u200b", "\u200d", "\u2060", "\u00ad", "\u202e", "\u0301", "\ufe0f", "\u0000"];

export const fileNames: Family = {
  name: "names near the right ones",
  classes: [
    probeClass({
      name: "glob",
      description: "Patterns that match the right files.",
      needs: ["files"],
      probes: (target) => {
        const everything = ["*", "**", "**/*", "./**", "*.*", ".*", "^.*$", "src/**", "%", "?"];
        const ofPaths = (pattern: (path: string) => string) => listed(target.files.paths.map(pattern), target);
        return [
          ...everything.map((pattern) => listed([pattern], target)),
          ofPaths((path) => path.replace(/[^/]+$/, "*")),
          ofPaths((path) => path.replace(/[^/]+$/, "**")),
          ofPaths((path) => path.replace(/^.*(?=\.|\/|$)/, "*")),
          ofPaths((path) => `{${path},${path}}`),
          ofPaths((path) => `${path}*`),
          ofPaths((path) => `**/${path}`),
          ofPaths((path) => path.replace(/.$/, "?")),
        ];
      },
    }),
    probeClass({
      name: "directory",
      description: "Directories that the right files are in.",
      needs: ["files"],
      probes: (target) => {
        const directories = [...new Set(target.files.paths.flatMap(directoriesOf))];
        return ["", "/", "/.", "/*"].flatMap((end) => [
          listed(
            ["."].map((root) => root + end),
            target,
          ),
          ...directories.map((directory) => listed([directory + end], target)),
          ...(directories.length > 0
            ? [
                listed(
                  directories.map((directory) => directory + end),
                  target,
                ),
              ]
            : []),
        ]);
      },
    }),
    probeClass({
      name: "path-trick",
      description: "Paths that lead to the right files by a way around, or with something at an end.",
      needs: ["files"],
      probes: (target) => [
        ...["../", "../repo/", "x/../", "~/", "$PWD/", "file:///", "HEAD:", "a/", "b/", "C:/", "-", "!", "@"].flatMap(
          (start) => rewritten(target, (path) => start + path),
        ),
        ...["/", "/.", "/..", ":1", ":1:1", "#L1", "?raw=1", ".orig", "~", ",", ";", ".", "@HEAD"].flatMap((end) =>
          rewritten(target, (path) => path + end),
        ),
        ...rewritten(target, (path) => path.replaceAll("/", "\\")),
        ...rewritten(target, (path) => path.replaceAll("/", "%2F")),
        ...rewritten(target, (path) => path.replaceAll("/", ".")),
        ...rewritten(target, (path) => path.replaceAll("/", "∕")),
        ...rewritten(target, (path) => `${path}/../${path.slice(path.lastIndexOf("/") + 1)}`),
        ...rewritten(target, (path) => `${path} ${path}`),
        ...rewritten(target, (path) => `${path}\n${path}`),
      ],
    }),
    probeClass({
      name: "path-case",
      description: "The right paths in other case.",
      needs: ["files"],
      probes: (target) => [
        ...rewritten(target, (path) => path.toUpperCase()),
        ...rewritten(target, (path) => path.toLowerCase()),
        ...rewritten(target, (path) => path.charAt(0).toUpperCase() + path.slice(1)),
        ...rewritten(target, (path) => path.replace(/[a-z](?=[^a-z]*$)/, (letter) => letter.toUpperCase())),
      ],
    }),
    probeClass({
      name: "path-look-alike",
      description: "The right paths with characters that look the same, or are not seen.",
      needs: ["files"],
      probes: (target) => [
        ...Object.entries(homoglyphs).flatMap(([letter, other]) =>
          rewritten(target, (path) => path.replaceAll(letter, other)),
        ),
        ...unseen.flatMap((character) => [
          ...rewritten(target, (path) => character + path),
          ...rewritten(target, (path) => path + character),
          ...rewritten(target, (path) => path.replace(/\/|\./, (sign) => character + sign)),
        ]),
        ...rewritten(target, (path) => Array.from(path, fullWidth).join("")),
      ],
    }),
    probeClass({
      name: "short-name",
      description: "The right files by the ends of their paths.",
      needs: ["files"],
      probes: (target) => [
        ...rewritten(target, (path) => path.slice(path.lastIndexOf("/") + 1)),
        ...rewritten(target, (path) => path.slice(path.indexOf("/") + 1)),
        ...rewritten(target, (path) => path.replace(/\.[^./]*$/, "")),
        ...rewritten(target, (path) => path.replace(/^.*(?=\.)/, "")),
      ],
    }),
  ],
};

/** Those paths that a rewriting changes, rewritten; nothing where it changes none. */
function rewritten(target: Target & { files: ListedFiles }, rewrite: (path: string) => string): Probe[] {
  const { paths } = target.files;
  const names = paths.map(rewrite).filter((name, at) => name !== paths[at] && name !== "");
  return names.length > 0 ? [listed(names, target)] : [];
}

function directoriesOf(path: string): string[] {
  const names = path.split("/").slice(0, -1);
  return names.map((_, at) => names.slice(0, at + 1).join("/"));
}

function fullWidth(character: string): string {
  return /[!-~]/.test(character) ? String.fromCharCode(character.charCodeAt(0) + 0xfee0) : character;
}

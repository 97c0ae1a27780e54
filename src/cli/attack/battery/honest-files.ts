/** Known-good lists of files, in every form in which a list may be given. Pure. */
import { type Family, probeClass, right, rightSample } from "../probe.ts";

const fence = "```";

export const honestFiles: Family = {
  name: "lists of files",
  classes: [
    probeClass({
      name: "list-as-json",
      description: "The list as JSON: in an object or bare, as text, in a code block, or parsed.",
      needs: ["files"],
      probes: ({ files: { paths } }) => {
        const forms = [{ files: paths }, paths];
        const texts = forms.flatMap((form) => [JSON.stringify(form), JSON.stringify(form, null, 2)]);
        return [
          ...texts.map(right),
          ...texts.map((text) => right(`${fence}json\n${text}\n${fence}`)),
          ...forms.map((json) => rightSample({ output_json: json })),
          ...forms.map((json) => rightSample({ output_text: JSON.stringify(json), output_json: json })),
          ...texts.map((text) => rightSample({ choices: [{ message: { content: text } }] })),
        ];
      },
    }),
    probeClass({
      name: "list-as-lines",
      description: "One path a line, with bullets or numbers, quotes or backticks, in a code block.",
      needs: ["files"],
      probes: ({ files: { paths } }) => {
        // A path with white space is only a path in quotes.
        const quotes = paths.every((path) => /^[\w./@+-]+$/.test(path)) ? ["", "`", '"', "'"] : ["`"];
        const lines = (mark: (at: number) => string, quote: string) =>
          paths.map((path, at) => mark(at) + quote + path + quote).join("\n");
        const marks = [
          () => "",
          () => "- ",
          () => "* ",
          () => "+ ",
          () => "• ",
          (at: number) => `${at + 1}. `,
          () => "  - ",
        ];
        const lists = quotes.flatMap((quote) => marks.map((mark) => lines(mark, quote)));
        return [
          ...lists.map(right),
          ...lists
            .flatMap((list) => [`${fence}\n${list}\n${fence}`, `\n${list}\n\n`, list.replaceAll("\n", "\r\n")])
            .map(right),
        ];
      },
    }),
    probeClass({
      name: "list-order",
      description: "The files in another order, or some of them twice.",
      needs: ["files"],
      probes: ({ files: { paths } }) =>
        [paths.toReversed(), [...paths, ...paths], paths.flatMap((path) => [path, `./${path}`])].map((names) =>
          right(JSON.stringify({ files: names })),
        ),
    }),
    probeClass({
      name: "path-spellings",
      description:
        "Paths from the root in other spellings: ./, /, //, space around, the repository's name or place in front.",
      needs: ["files"],
      probes: ({ files: { paths, roots } }) => {
        const starts = ["./", "/", "././", ".//", " ", ...roots];
        return [
          ...starts.map((start) => paths.map((path) => start + path)),
          paths.map((path) => path.replaceAll("/", "//")),
          paths.map((path) => path.replaceAll("/", "/./")),
          paths.map((path) => `${path} `),
        ].map((names) => right(JSON.stringify({ files: names })));
      },
    }),
  ],
};

/** Lists one directory of the corpus tree. */
import * as z from "zod";
import { mistake, ok, type StatelessTool } from "../../environment.ts";
import { offset } from "./offset.ts";
import { plainPath, unknownPath } from "./path.ts";

const Arguments = z.strictObject({
  path: z.string().default("").describe('text, default "" (the root): a directory, as "AAL" or "AAL/2010"'),
  offset,
});

export const list: StatelessTool<typeof Arguments> = {
  name: "list",
  description:
    "List a directory of the annual reports: the root holds companies, a company its years, a year its pages. Directories end in /.",
  arguments: Arguments,
  async run(args, { corpus }) {
    const path = plainPath(args.path);
    const children = corpus.list(path);
    if (children !== undefined) return ok(children.join("\n"));
    if (corpus.has(path))
      return mistake(
        "not_a_directory",
        `${path} is a page, not a directory. Open it with cat {"path":${JSON.stringify(path)}}.`,
      );
    return mistake("unknown_path", unknownPath(args.path, corpus));
  },
};

/** Shows one page. */
import * as z from "zod";
import { mistake, ok, type StatelessTool } from "../../environment.ts";
import { offset } from "./offset.ts";
import { plainPath, unknownPath } from "./path.ts";

const Arguments = z.strictObject({
  path: z.string().describe('text: a page, as "AAL/2010/page_72.pdf"'),
  offset,
});

export const cat: StatelessTool<typeof Arguments> = {
  name: "cat",
  description: "Show one page of an annual report by its path: text, tables and all figures.",
  arguments: Arguments,
  async run(args, { corpus }) {
    const path = plainPath(args.path);
    const text = await corpus.read(path);
    if (text !== undefined) return ok(text);
    if (path === "" || corpus.list(path) !== undefined) {
      return mistake(
        "not_a_page",
        `${path === "" ? "The root" : path} is a directory, not a page. See its pages with list {"path":${JSON.stringify(path)}}.`,
      );
    }
    return mistake("unknown_path", unknownPath(args.path, corpus));
  },
};

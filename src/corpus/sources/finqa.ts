/**
 * FinQA's own JSON (Chen et al., EMNLP 2021, github.com/czyssrs/FinQA) as documents: one per report page, however many
 * questions are asked of it. Never reads a question or an answer: the index must not know what will be asked.
 */
import * as z from "zod";
import { CorpusError, type Document } from "../document.ts";

const FinqaPage = z.object({
  filename: z.string().min(1),
  pre_text: z.array(z.string()),
  table: z.array(z.array(z.string())),
  post_text: z.array(z.string()),
});
type FinqaPage = z.infer<typeof FinqaPage>;

/**
 * The pages of one FinQA file (`train.json`, `dev.json` or `test.json`), once for each record.
 * @param content the file's JSON, parsed
 * @param name how errors call the file
 * @throws CorpusError naming the record and the field that is not FinQA's
 */
export function finqaDocuments(content: unknown, name: string): Document[] {
  if (!Array.isArray(content)) throw new CorpusError(`${name}: expected a JSON list of FinQA records`);
  return content.map((record: unknown, at) => {
    const page = FinqaPage.safeParse(record);
    if (!page.success) throw new CorpusError(`${name}: record ${at}: ${issueOf(page.error)}`);
    return { path: page.data.filename, text: renderPage(page.data) };
  });
}

function issueOf(error: z.ZodError): string {
  const issue = error.issues[0];
  const field = issue?.path.join(".") ?? "";
  return `${field === "" ? "" : `field ${field}: `}${issue?.message ?? "not a FinQA record"}`;
}

/** Text before, the table, text after: a sentence a line, as FinQA has them. */
function renderPage(page: FinqaPage): string {
  const blocks = [
    page.pre_text.map(oneLine).join("\n"),
    renderTable(page.table),
    page.post_text.map(oneLine).join("\n"),
  ];
  return blocks.filter((block) => block.trim() !== "").join("\n\n");
}

/** A pipe table whose first row is the header; short rows are filled up. */
function renderTable(rows: readonly (readonly string[])[]): string {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  if (columns === 0) return "";
  const lines = rows.map((row) => {
    const cells = Array.from({ length: columns }, (_, at) => cellText(row[at] ?? ""));
    return `| ${cells.join(" | ")} |`;
  });
  lines.splice(1, 0, `|${" --- |".repeat(columns)}`);
  return lines.join("\n");
}

/** A cell as it stands between two bars. */
export function cellText(cell: string): string {
  return oneLine(cell).replaceAll("|", "\\|");
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}

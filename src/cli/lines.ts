/** Reads a file line by line, so that it need not fit into memory or into one string. */
import { createReadStream } from "node:fs";

export interface Line {
  /** 1 for the first. */
  number: number;
  /** With its end, where it has one. */
  text: string;
  /** Bytes of the file up to the end of this line. */
  end: number;
  /** Whether it has an end: the last line may lack it, as when its writing was interrupted. */
  whole: boolean;
}

const LINE_FEED = 10;

/** @throws the system's error when the file cannot be read */
export async function* linesOf(path: string): AsyncGenerator<Line> {
  const parts: Buffer[] = [];
  let number = 0;
  let end = 0;
  const take = (whole: boolean): Line => {
    const bytes = Buffer.concat(parts.splice(0));
    end += bytes.length;
    return { number: ++number, text: bytes.toString("utf8"), end, whole };
  };
  const chunks: AsyncIterable<Buffer> = createReadStream(path);
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = chunk.indexOf(LINE_FEED); at !== -1; at = chunk.indexOf(LINE_FEED, from)) {
      parts.push(chunk.subarray(from, at + 1));
      from = at + 1;
      yield take(true);
    }
    if (from < chunk.length) parts.push(chunk.subarray(from));
  }
  if (parts.length > 0) yield take(false);
}

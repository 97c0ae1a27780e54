/** The processor time of another process, where the system tells (Linux). */
import { readdir, readFile } from "node:fs/promises";

/** Milliseconds that the threads of a process have computed so far; NaN where the system does not tell. */
export async function cpuMilliseconds(pid: number): Promise<number> {
  try {
    const threads = await readdir(`/proc/${pid}/task`);
    const files = threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/schedstat`, "utf8"));
    // The first field of each is nanoseconds on a processor.
    return (await Promise.all(files)).reduce((sum, text) => sum + Number(text.split(" ")[0]) / 1e6, 0);
  } catch {
    return Number.NaN;
  }
}

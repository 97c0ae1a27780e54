/** The CPU time of another process, where the system tells (Linux). */
import { readFile } from "node:fs/promises";

/** Linux counts CPU time in hundredths of a second for programs that ask, whatever the kernel's own clock is. */
const MILLISECONDS_PER_TICK = 10;

/** Milliseconds that all threads of a process have computed so far; NaN where the system does not tell. */
export async function cpuMilliseconds(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  // The second field is the program's name in parentheses, and may hold spaces. User and system time are the 14th and 15th.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11] ?? Number.NaN) + Number(fields[12] ?? Number.NaN)) * MILLISECONDS_PER_TICK;
}

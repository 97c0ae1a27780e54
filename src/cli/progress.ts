/** Progress of a long step, on stderr: a bar on a terminal, a line per step elsewhere. */
import { SingleBar } from "cli-progress";

/** Called with a step's name and how far it is; a new name ends the bar before. */
export class Progress {
  #bar: SingleBar | undefined;
  #step = "";

  update(step: string, done: number, total: number): void {
    if (step !== this.#step) this.#start(step, total);
    this.#bar?.update(done);
  }

  /** A remark beside the progress. */
  say(line: string): void {
    this.stop();
    this.#step = "";
    process.stderr.write(`${line}\n`);
  }

  stop(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }

  #start(step: string, total: number): void {
    this.stop();
    this.#step = step;
    if (!process.stderr.isTTY) return void process.stderr.write(`${step} (${total})\n`);
    this.#bar = new SingleBar({
      format: `${step.padEnd(10)} {bar} {value}/{total}`,
      hideCursor: true,
      clearOnComplete: true,
    });
    this.#bar.start(total, 0);
  }
}

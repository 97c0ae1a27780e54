/** The commands of the demo, in the order in which a person types them. Data only. */
export interface DemoStep {
  /** What it is for, in a line. */
  title: string;
  /** What follows `npm run edgegym --`. */
  words: string[];
}

/** What the demo writes, each into a folder of `runs/`. */
const PARTS = ["dataset", "before", "job", "after", "comparison"] as const;

/** The folders' names, which begin with `name`. */
export function demoFolders(name: string): string[] {
  return PARTS.map((part) => `${name}-${part}`);
}

export interface DemoPlaces {
  /** What the names of its folders begin with. */
  name: string;
  /** The folder of FinQA's files that the dataset is made from. */
  source: string;
  /** Where the named folders are. */
  runs: string;
  /** The worker's URL, and that of the platform's API. */
  worker: string;
  platform: string;
}

export function demoSteps({ name, source, runs, worker, platform }: DemoPlaces): DemoStep[] {
  const [dataset, before, job, after, comparison] = demoFolders(name);
  const model = `--model stand-in --base-url ${platform}`;
  const validation = `--data ${runs}/${dataset}/val.jsonl --url ${worker} --runs 3`;
  const steps: [title: string, command: string][] = [
    [
      "Dataset: rows are checked, and split so that no page is needed by both files",
      `prepare --from ${source} --fix --train 100 --val 50 --seed 7 --out ${runs}/${dataset}`,
    ],
    [
      "Baseline: the model before training, three attempts at each validation item",
      `baseline ${validation} ${model} --name ${before}`,
    ],
    [
      "Training job: everything is checked first, then the job is created",
      `train --data ${runs}/${dataset} --url ${worker} ${model} --epochs 6 --batch 16 --eval-interval 5 --eval-samples 2 --seed 7 --suffix demo --name ${job}`,
    ],
    ["Watching: reward, tool calls and faults while it trains", `watch --name ${job} --interval 2`],
    ["The trained model: the same attempts at the same items", `baseline ${validation} --job ${job} --name ${after}`],
    ["Comparison: what training changed", `compare ${before} ${after} --name ${comparison}`],
  ];
  return steps.map(([title, command]) => ({ title, words: command.split(" ") }));
}

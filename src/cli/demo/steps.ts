/** The commands of the demo, in the order in which a person types them. Data only. */
export interface DemoStep {
  /** What it is for, in a line. */
  title: string;
  /** What follows `npm run edgegym --`. */
  words: string[];
}

/** The names of what the demo writes, under `runs/`. */
export const DEMO_NAMES = ["demo-dataset", "demo-before", "demo-job", "demo-after", "demo-comparison"] as const;
const [dataset, before, job, after, comparison] = DEMO_NAMES;

export interface DemoPlaces {
  /** The folder of FinQA's files that the dataset is made from. */
  source: string;
  /** Where the named folders are. */
  runs: string;
  /** The worker's URL, and that of the platform's API. */
  worker: string;
  platform: string;
}

export function demoSteps({ source, runs, worker, platform }: DemoPlaces): DemoStep[] {
  const validation = ["--data", `${runs}/${dataset}/val.jsonl`, "--url", worker, "--runs", "3"];
  return [
    {
      title: "Dataset: rows are checked, and split so that no page is needed by both files",
      words: `prepare --from ${source} --fix --train 100 --val 40 --seed 7 --out ${runs}/${dataset}`.split(" "),
    },
    {
      title: "Baseline: the model before training, three attempts at each validation item",
      words: ["baseline", ...validation, "--model", "stand-in", "--base-url", platform, "--name", before],
    },
    {
      title: "Training job: everything is checked first, then the job is created",
      words: [
        ...["train", "--data", `${runs}/${dataset}`, "--url", worker, "--model", "stand-in", "--base-url", platform],
        ..."--epochs 3 --batch 16 --eval-interval 5 --eval-samples 2 --seed 7 --suffix demo".split(" "),
        ...["--name", job],
      ],
    },
    {
      title: "Watching: reward, tool calls and faults while it trains",
      words: ["watch", "--name", job, "--interval", "2"],
    },
    {
      title: "The trained model: the same attempts at the same items",
      words: ["baseline", ...validation, "--job", job, "--name", after],
    },
    {
      title: "Comparison: what training changed",
      words: ["compare", before, after, "--name", comparison],
    },
  ];
}

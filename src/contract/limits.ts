/**
 * Every number that bounds something, with its unit in the name and its reason beside it.
 * Never logic. What belongs to one environment (its call budget, its output size) is set there, from these defaults.
 */
export const limits = {
  /** A trainer's own limit for one request; more is refused before it is parsed. */
  bodyBytes: 1_000_000,
  /** Of a refused body that did not declare its length, this much is read: enough for what clients send by mistake. */
  refusedBodyBytes: 20_000_000,
  /** A tool's output as the model gets it: about 2,000 tokens of a report. */
  outputCharacters: 8_000,
  /** The seed's rule: an agent that needs more than ten calls has not learned to search. */
  callsPerRollout: 10,

  /** Ids come from the trainer; the longest seen is under 100. They become object names and storage keys. */
  idCharacters: 256,
  /** `X-Run` becomes a part of storage keys. */
  runCharacters: 100,
  /** A question of the data has at most a few hundred characters; a longer query only dilutes the ranking. */
  queryCharacters: 2_000,
  /** Longer than any path of a corpus; what is quoted or compared of a model's path is cut to this. */
  pathCharacters: 512,
  /** What a message quotes of the model's own text. */
  quotedCharacters: 100,
  /** What the ledger keeps of a call's arguments; of a longer text, its start. */
  ledgerArgumentsCharacters: 16_000,
  /** A call's arguments up to this length identify it as they are; longer ones by their hash. */
  fingerprintCharacters: 2_000,
  /** Calls a ledger keeps. Far beyond any budget: what comes after is answered, and counted, not kept. */
  ledgerCalls: 1_000,
  /** Distinct samples that one rollout may have graded; a trainer sends one. */
  ledgerGrades: 20,

  /** A rollout without a call for this long is closed and archived. Longer than any trainer's 10 min timeout with retries. */
  rolloutIdleMilliseconds: 30 * 60_000,
  /** A closed rollout's object is emptied after this; the archive in R2 stays. */
  rolloutKeptMilliseconds: 7 * 24 * 3_600_000,

  /** Tries of one storage, ledger or embedder operation inside a request. The trainer retries above this. */
  attempts: 3,
  /** The time limit of one try. */
  attemptMilliseconds: 8_000,
  /** How long a request waits for work that others share. Under the 30 s that Cloudflare lets work go on after its client left. */
  sharedWorkMilliseconds: 25_000,
  /** The pause before a second try; doubled for each further one. */
  firstRetryMilliseconds: 50,
  /** Vectors of remote embedders kept per isolate: with 1,536 dimensions about 6 MB. */
  queryVectorsKept: 1_000,
  /** What a fault's Retry-After says: long enough for an object to restart. */
  retryAfterSeconds: 1,

  /** A longer document is no page that an agent reads; the builder asks for it in parts. */
  documentBytes: 20_000_000,
  /** Document texts kept in memory: all of 2,800 FinQA pages (12 MB), or the most read of a larger corpus, well within 128 MB. */
  textsKeptBytes: 16_000_000,
  /** A corpus's vectors in float32, beside a quarter of that twice quantised: what 128 MB leave after terms and texts. */
  vectorBytes: 32_000_000,

  /** Items that are attacked unless said otherwise: enough for each kind of reference; about 8,000 answers. */
  attackItems: 10,
  /** Requests that an attack has under way: what keeps a local worker busy, far below a trainer's bursts. */
  attackConcurrency: 16,
  /** Items that are attacked with answers of a megabyte: more would show no more. */
  attackLongItems: 2,
  /** Other items whose references are tried as an item's answer. */
  attackOtherItems: 4,
  /** Examples shown of each class. */
  attackExamples: 3,
  /** Characters of an answer in a result; longer ones are recognised by their start. */
  attackAnswerCharacters: 200,
  /** Answers without a score after which an attack stops: then the deployment is broken, not the grader. */
  attackProblems: 20,
  /** How often a trainer repeats a request that was answered 5xx, before it discards the rollout. */
  trainerRetries: 3,
  /** The longest pause that a Retry-After may ask of a command. */
  longestPauseMilliseconds: 5_000,
  /** How long a command waits for one answer; all tries inside the worker take less. */
  answerMilliseconds: 60_000,
} as const;

/**
 * Every number that bounds something, with its unit in the name and its reason beside it.
 * Never logic. What belongs to one environment (its call budget, its output size) is set there, from these defaults.
 */
export const limits = {
  /** A trainer's own limit for one request; more is refused before it is parsed. */
  bodyBytes: 1_000_000,
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
  /** What the ledger keeps of a call's arguments; a longer text is kept by its start and its hash. */
  ledgerArgumentsCharacters: 16_000,
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
  /** The pause before a second try; doubled for each further one. */
  firstRetryMilliseconds: 50,
  /** What a fault's Retry-After says: long enough for an object to restart. */
  retryAfterSeconds: 1,
  /** An embedding request that has not answered by then will not help this call. */
  embedderMilliseconds: 15_000,

  /** A longer document is no page that an agent reads; the builder asks for it in parts. */
  documentBytes: 20_000_000,
  /** Document texts kept in memory: all of 2,800 FinQA pages (12 MB), or the most read of a larger corpus, well within 128 MB. */
  textsKeptBytes: 16_000_000,
} as const;

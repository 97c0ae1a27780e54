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
  /** What one rollout may have written in its workspace: an agent that plans writes notes and small patches. */
  workspaceBytes: 10_000_000,
  /** Paths that one rollout may have changed; renaming a directory changes all below it. */
  workspaceNodes: 10_000,
  /** Longer and deeper than any path of a repository; each name of a path costs time with each look at it. */
  workspacePathCharacters: 1_024,
  workspacePathNames: 64,
  /** What one row of a rollout's storage holds of a file's content; the platform's own limit is 2 MB. */
  contentRowBytes: 1_000_000,
  /** Once a command has read this many files of a repository, it is taken for one that reads them all. */
  readsBeforeFetchingAhead: 3,
  /** Files that are then fetched together, which a repository packs into few reads: about 2.5 MB of source. */
  filesFetchedAhead: 256,

  /** What is shown of a command's errors: a few lines; more are the same again. */
  shellErrorCharacters: 2_000,
  /** What is shown of one line of a file; a longer line is data or generated. */
  readLineCharacters: 2_000,
  /** A zero byte in so many first bytes makes a file a binary one, as it does for git. */
  toldByBytes: 8_000,

  /**
   * What a call in a workspace may make the worker compute, and what each thing counts, in microseconds as a machine of 2025
   * takes for it. An object may compute for 30 s.
   */
  work: {
    ofCall: 8_000_000,
    /**
     * Other calls of the isolate get their turn after this. More than most calls take: if all paused all the time, a burst of them
     * would end together, and the first one as late as the last.
     */
    betweenPauses: 1_000_000,
    /** A command's start. */
    command: 100,
    /** One step of an interpreter. */
    step: 1,
    /** A name on a path that is looked up, or in a directory that is listed. */
    name: 0.5,
    /** A byte that is read or matched; and for each repetition that a pattern asks for. */
    byte: 0.03,
    byteAndRepetition: 0.01,
    /** It matches anew for each replacement. */
    sedFactor: 10,
    /** Comparing takes the square of what differs: this bounds how much may be compared, at 80 kB. */
    byteCompared: 100,
  },
  /** What one command line may use, by the shell's own names; what the work above does not bound, and memory. */
  shell: {
    maxSourceBytes: 100_000,
    maxCommandCount: 10_000,
    maxLoopIterations: 100_000,
    maxCallDepth: 50,
    maxExecDepth: 16,
    maxSubstitutionDepth: 20,
    maxAwkIterations: 100_000,
    maxSedIterations: 100_000,
    maxJqIterations: 100_000,
    maxOutputSize: 4_000_000,
    maxStringLength: 4_000_000,
    maxHeredocSize: 1_000_000,
    maxLiveBytes: 32_000_000,
    maxInputBytes: 64_000_000,
    maxArrayElements: 100_000,
    maxBraceExpansionResults: 10_000,
    maxGlobOperations: 100_000,
    maxFileDescriptors: 256,
    maxTraversalEntries: 100_000,
    maxTraversalDepth: 100,
    maxTraversalWork: 1_000_000,
    maxWorkUnits: 100_000_000,
  },

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
  /** A dataset row's program has at most 120; what is longer is no program. */
  programCharacters: 2_000,
  /**
   * Names in an answer that is a list of files; one more, and it is no list. Ten times what a plan names: F1 pays next to nothing
   * for a longer one, and this keeps grading it, and keeping it in a ledger, cheap.
   */
  answerFiles: 200,
  /** What a grade keeps of an answer as understood: all of a list of a few dozen paths. */
  gradeValueCharacters: 4_000,
  /** The calls in which an agent has to find what to edit: several times what a trained one needs, with up to eight at once. */
  planningCalls: 30,
  /** Calls a ledger keeps. Far beyond any budget: what comes after is answered, and counted, not kept. */
  ledgerCalls: 1_000,
  /** Distinct samples that one rollout may have graded; a trainer sends one. */
  ledgerGrades: 20,

  /** A rollout without a call for this long is closed and archived. Longer than any trainer's 10 min timeout with retries. */
  rolloutIdleMilliseconds: 30 * 60_000,
  /** A closed rollout's object is emptied after this; the archive in R2 stays. */
  rolloutKeptMilliseconds: 7 * 24 * 3_600_000,

  /** A rollout tells its run of itself within this, at random: 500 rollouts that start in one second then do not all tell at once. */
  tellWithinMilliseconds: 1_000,
  /** The pause before a second try to tell; four times as long before a third. Long enough for a run's object to restart. */
  tellRetryMilliseconds: 1_000,
  /** What could not be told is told again after this, then after twice as long, and so on: a broken run costs little. */
  tellAgainMilliseconds: 60_000,
  /** A run that cannot tell the directory waits no longer than this: it is listed an hour late at most. */
  tellAgainAtMostMilliseconds: 3_600_000,
  /** A run looks at its alarms and tells the directory once in this, while there is news. */
  runTickMilliseconds: 5_000,
  /** Rollouts that a run counts: it reads them all when it wakes, about 10 s at this many, of the 30 s that an object may compute. */
  runRollouts: 300_000,
  /** Points of a run's trend; when there are more, each stands for twice the time. More would not show in a chart. */
  trendPoints: 240,
  /** The time of one point at first: a step of a job takes minutes. */
  trendPointMilliseconds: 60_000,
  /** Examples named of what is conspicuous: enough to look into. */
  runExamples: 10,
  /** Runs that the directory keeps, the latest; and those that it lists. */
  directoryRuns: 1_000,
  directoryListed: 200,
  /** Rollouts on one page of a run's list: what a table shows without being long. */
  rolloutsListed: 100,
  /** And at most: about 100 kB; the largest run is read in 600 requests. */
  rolloutsListedMost: 500,
  /** Archived ledgers read in one step of a rebuild: some MB at most for usual ledgers, a few seconds of reading. */
  rebuildLedgers: 50,
  /** Archived ledgers read at a time: the six connections of one request. */
  rebuildReads: 6,

  /** What no ledger sees is gathered for this long before it is sent on. */
  signalMilliseconds: 1_000,
  /** When a gathering has not been sent after this, its request was ended; the next one begins anew. */
  signalGivenUpMilliseconds: 30_000,
  /** Names of runs told apart in one gathering: the names come from the header, which a stranger can write. */
  signalRuns: 20,
  /** A run keeps its signals minute by minute for this long, then only their sum. */
  signalKeptMinutes: 60,
  /** An unauthorised body is looked at for a trace id up to this length: a call with a row of a dataset is well below. */
  strangerBodyBytes: 64_000,
  /** Such bodies looked at per second and isolate: one is enough to tell, a flood is not to cost. */
  strangerBodiesPerSecond: 10,
  /** How long such a body is waited for. */
  strangerBodyMilliseconds: 1_000,

  /** Alarms look at the latest rollouts of a kind, this many: a few steps of a small job, a part of one of a large. */
  alarmWindowRollouts: 200,
  /**
   * What depends on the item more than on the attempt, as scores and answers do, is looked at over this many items: 200 rollouts
   * are of six items at 32 attempts each, and six easy items in a row are nothing new.
   */
  alarmItems: 30,
  /** But over no more rollouts than this: 30 items at 32 attempts each. */
  alarmItemsRollouts: 1_000,
  /** And at none that were last seen this long before the latest: yesterday's trouble says nothing of today. */
  alarmWindowMilliseconds: 6 * 3_600_000,
  /** What came before the window is compared with when it is this many rollouts: fewer say little about a share. */
  alarmBaselineRollouts: 50,
  /** A raised alarm clears below this share of the threshold that raised it, so that it does not flap. */
  alarmClearsAt: 0.8,
  /** Share of rollouts that met a fault of ours. Healed ones count: a discard needs only a fourth fault in a row. */
  alarmFaultShare: 0.05,
  /** Fewer faulted rollouts than this are the retries' business. */
  alarmFaultRollouts: 5,
  /** Share of closed rollouts that were neither graded nor faulted: the trainer gave up for a reason of its own, as a timeout. */
  alarmAbandonedShare: 0.2,
  alarmAbandonedRollouts: 10,
  /** Share of rollouts by which one kind of mistake, or answers without evidence, must have grown: beyond chance for 200 rollouts. */
  alarmSurge: 0.25,
  /** Share of rollouts with one kind of mistake that is too many with nothing to compare with: models learn from less. */
  alarmMistakeShare: 0.8,
  alarmMistakeRollouts: 10,
  /** A mean score that is too good to be true, when it was lower by `alarmScoreRise` in the window before: a hole in the grader has been found. */
  alarmScoreMean: 0.95,
  alarmScoreRise: 0.2,
  /** A mean score that is next to nothing, when it was `alarmCollapsedFrom` before and there are faults. */
  alarmCollapsedMean: 0.05,
  alarmCollapsedFrom: 0.2,
  /** Fewer grades make no mean. */
  alarmGrades: 20,
  /** Share of answers that are one and the same, each item counting once. References seldom agree on more than a few small numbers. */
  alarmIdenticalShare: 0.2,
  /** And of how many items that is at least. */
  alarmIdenticalItems: 10,
  /** Share of rollouts of which the trainer claims calls that the ledger lacks. There should be none; a few are cut off. */
  alarmClaimShare: 0.05,
  alarmClaimRollouts: 5,
  /** Unauthorised calls with a trace id: one may be someone's trial, three within `alarmSignalMinutes` are a job. */
  alarmUnauthorizedCalls: 3,
  alarmSignalMinutes: 15,
  /** The alarm about such calls for no known run is posted once in this: whoever knows the URL can raise it. */
  strangersPostMilliseconds: 3_600_000,
  /** Share of correct answers without evidence that is too many with nothing to compare with. */
  alarmUnreadShare: 0.5,
  alarmUnreadRollouts: 10,
  /** The time limit of one push to `ALERT_WEBHOOK_URL`. */
  webhookMilliseconds: 10_000,
  /** The pause after a failed push; doubled for each further one. With `webhookAttempts`, half a day of trying. */
  webhookRetryMilliseconds: 10_000,
  webhookAttempts: 13,
  /** Pushes that wait at most; the oldest give way. */
  webhooksKept: 100,

  /** Tries of one storage, ledger or embedder operation inside a request. The trainer retries above this. */
  attempts: 3,
  /** The time limit of one try. */
  attemptMilliseconds: 8_000,
  /** How long a request waits for work that others share. Under the 30 s that Cloudflare lets work go on after its client left. */
  sharedWorkMilliseconds: 25_000,
  /** How long a request waits for a call in a workspace in one try: others may come before it, of its rollout and of its isolate. */
  workspaceTurnMilliseconds: 60_000,
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

  /** A larger file of a repository is data or generated; TypeScript's checker, the largest source file around, has 3 MB. */
  repositoryFileBytes: 4_000_000,
  /** A binary file up to this size is kept, as an icon, so that a repository looks as it is; nobody reads a larger one. */
  repositoryBinaryBytes: 64_000,
  /** Files and links of a repository: each takes about 0.25 kB of an isolate's memory while the repository is open. */
  repositoryPaths: 30_000,
  /** Bytes of a repository's files: what a `grep -r` can read in the time of a call, from a bucket. */
  repositoryBytes: 300_000_000,
  /** What a manifest notes of the files that were left out; the rest is counted. */
  repositoryNotes: 1_000,
  /**
   * Files of repositories kept in an isolate's memory: one of 20 MB with room to spare, or several usual ones. What was pushed out
   * stays in memory until it is collected, so that an isolate has been seen to hold 100 MB, and 134 MB beside FinQA's index and texts; it may have 128 MB.
   */
  repositoryPacksKeptBytes: 26_000_000,
  /** Paths of repositories kept open in an isolate: about 10 MB, or 20 usual repositories. */
  repositoryPathsKept: 40_000,
  /** Packs read at a time for one request, as many as it may have connections. */
  repositoryReads: 6,
  /** Bytes of repositories that are being read at a time in an isolate, unpacked: each is in memory about twice meanwhile. */
  repositoryReadingBytes: 16_000_000,
  /** What each read counts for at least, so that there are no more than 16 at a time; most are of a tenth of it. */
  repositoryReadBytes: 1_000_000,

  /** Tries of one request to a model's service after the first; with the package's pauses of up to 8 s about half a minute of a service that is down. */
  modelRetries: 6,
  /** The time limit of one such try. Under the 300 s after which Node's `fetch` gives up by itself; a model may think for minutes. */
  modelMilliseconds: 280_000,

  /** Rows that each file of a job needs at least, by the trainers' guides. */
  datasetFileRows: 10,
  /** Of one file; the services' own limit, and a file is read as a whole. */
  datasetFileBytes: 512_000_000,
  /** A row travels with every call and every grading of its rollouts; the other half of a request's limit is for the rest of it. */
  datasetRowBytes: 500_000,
  /** A row's messages before the first call: some 20,000 tokens, of the 65,536 that a reasoning model may have for a whole rollout. */
  datasetMessageCharacters: 80_000,
  /** Files that a plan is asked to name at most; of SWE-bench's 932 rows five have more. Larger changes are sweeps, not plans. */
  datasetEditedFiles: 12,
  /** Words that a commit's message needs to say what is wanted: "fix typo" does not. */
  datasetMessageWords: 5,
  /** Of a clone's history so many of the latest commits are read: more than a dataset needs of one repository. */
  datasetCommits: 20_000,
  /** The share of their words that two questions with the same figures and the same answer have in common when one is the other, reworded. */
  datasetSimilarity: 0.7,
  /** Pages that a search for the question itself shows, for its document to count as found: as many as the tool gives at most. */
  datasetSearchPages: 10,
  /** Examples that an audit shows of each finding, and rows that it names of each. */
  auditExamples: 5,
  /** What an audit says of an example; two questions of the data and their answers fit. */
  auditNoteCharacters: 600,

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
  /** Items that are attacked before a job: about 2,500 answers, a minute at most. `edgegym attack` takes more. */
  preflightAttackItems: 3,
  /** Problems that a check names; of more, the number. */
  preflightExamples: 5,
  /** Requests a second that a trainer may make of the grader: what it plans for on its own. */
  graderRequestsPerSecond: 50,
  /** How long a service may take to look through an uploaded file. */
  fileProcessingMilliseconds: 30 * 60_000,
  /** The pause between two looks at a file or a run that is not there yet. */
  pollMilliseconds: 500,
  /** How far a service's clock may be behind this machine's: a job that began so long before it was asked for can be ours. */
  clockSkewMilliseconds: 5 * 60_000,
  /** Rollouts that a baseline plays at a time: a local worker answers them without a queue, and models' services allow as many. */
  baselineConcurrency: 16,
  /** Rollouts left out one after the other, after which a baseline stops: something is down, and the others would only be lost too. */
  baselineLeftOutInARow: 20,
  /** A mean score above this leaves little to learn, or the grader has a hole. */
  readinessMostMean: 0.95,
  /** Items whose attempts differ; in the seed's demo it was 15 %, and training worked. */
  readinessVariedShare: 0.1,
  /** Groups with a learning signal. Below, four of five rollouts are paid for and teach nothing. */
  readinessSignalShare: 0.2,
  /** Labels that a dataset's audit doubts. Half a group of such items is rewarded for what is wrong. */
  readinessLabelNoise: 0.05,
  /** Rollouts that were left out by a fault: a trainer pays for each and learns nothing. */
  readinessFaultShare: 0.02,
  /** The slow end of tool calls; a trainer gives up after 10 min, but a rollout waits for each of its calls in turn. */
  readinessToolMilliseconds: 10_000,
  /** Items and attempts under which a share is not worth a verdict. */
  readinessItems: 30,
  readinessAttempts: 3,
  /** Pages of a list that a trainer's service is asked for: 100,000 entries. One that always has more would never end. */
  servicePages: 1_000,
  /** The pause between two looks at a job and its run; a step takes minutes. */
  watchIntervalSeconds: 30,
  /** The longest pause after looks without an answer; it doubles up to this. */
  watchLongestPauseMilliseconds: 5 * 60_000,
  /** Tries of one request of a look after the first: the next look is a further one. */
  watchRetries: 1,
  /** Events of a job that are read in one look; a job of a thousand steps has a few thousand. */
  watchEvents: 20_000,
  /** Of the job's log, as many messages as are shown. */
  watchLogEntries: 20,
  /** Steps that a mean is taken of: the rows of single steps differ in difficulty. */
  watchSteps: 3,
  /** How far the reward has to fall, and by which share reasoning has to grow, to be called exploring. */
  watchRewardFall: 0.03,
  watchTokensRise: 0.1,
  /** A reward that falls by this within a step has a cause that is worth finding. */
  watchRewardDip: 0.1,
  /** Validations after which a reward that does not rise may have stopped rising; the latest `watchSteps` are held against those before. */
  watchPlateauValidations: 6,
  /** Where there are fewer: steps of each of the two halves that are compared. */
  watchPlateauSteps: 10,
  /** What counts as a rise: in the seed's demo it was 0.04 in ten steps. */
  watchPlateauRise: 0.01,
  /** Training reward above validation reward, and how much of it is new since the first validation: rows of both differ from the start. */
  watchGap: 0.1,
  watchGapGrowth: 0.05,
  /** Rollouts of one item that are a group at least: two or three often agree by chance. */
  watchGroupRollouts: 4,
  /** Groups under which their share says little, and the share of groups without variance that is too many. */
  watchGroups: 10,
  watchSameShare: 0.8,
  /** Grading errors of the latest `watchSteps` steps; a few are cut-off samples. */
  watchGraderErrors: 5,
  /** Results that one comparison holds side by side: more could not be told apart in one chart. */
  comparedResults: 4,
  /** Differences of which all choices of signs are looked at: 32,768, as the other half mirrors them; of more, choices are drawn. */
  signFlipExactItems: 16,
  /** Choices of signs drawn: p as small as 0.00005, so that what is certain stays so among fifty tests. */
  signFlips: 19_999,
  /** A corrected p below this is called a difference. */
  significance: 0.05,
  /** Tools of a comparison, and pairs of them, the most called: models may call tools by any text. */
  comparedTools: 6,
  /** Sequences of tools shown. */
  comparedSequences: 10,
  /** Items that got worse, and better, listed on the page; the JSON has all. */
  changedItemsListed: 50,
  /** Of those, the first ones are shown with what was said and done: what a person looks through. */
  changedItemsShown: 12,
  /** Calls shown of a rollout, and characters of what is quoted: enough to see what was found, without being pages. */
  tracedCalls: 20,
  tracedCharacters: 400,
  /** Ledgers that an export fetches at a time: a job may be running beside it. */
  exportConcurrency: 8,
  /** Ledgers that could not be had after which an export stops: then the deployment is broken, not a ledger. */
  exportProblems: 20,
  /** How often a trainer repeats a request that was answered 5xx, before it discards the rollout. */
  trainerRetries: 3,
  /** The longest pause that a Retry-After may ask of a command. */
  longestPauseMilliseconds: 5_000,
  /** How long a command waits for one answer; all tries inside the worker take less. */
  answerMilliseconds: 60_000,

  /** A dataset file at the local platform: 100,000 short rows. */
  platformFileBytes: 50_000_000,
  /** What it holds of files, all in memory. */
  platformFiles: 100,
  platformFilesBytes: 500_000_000,
  /** Another request to it: a conversation of dozens of the longest outputs. */
  platformBodyBytes: 8_000_000,
  /** Jobs that it keeps, ended ones included. */
  platformJobs: 100,
  /** Rollouts that its trainer has under way: what keeps a local worker busy without a queue before it. */
  platformRollouts: 32,
  /** Of a job; older events give way. A job of a thousand steps has a few thousand. */
  platformEvents: 10_000,
  platformCheckpoints: 1_000,
  /** How long it takes to look at a file, and at a job's files: short for tests, long enough for a client to see that it waits. */
  platformCheckMilliseconds: 200,
  /** A slow answer waits so long unless an order says otherwise. */
  platformSlowMilliseconds: 2_000,
  /** What its 429s ask to wait. */
  platformRetryMilliseconds: 50,
  /** Orders of trouble that it keeps, and requests that one order is for. */
  platformOrders: 100,
  platformOrderTimes: 1_000,
  /** Conversations told apart for their draws; beyond it they begin anew. */
  platformConversations: 100_000,
  /** The trainers' own time for one answer of a tool or a grader. */
  trainerMilliseconds: 600_000,
} as const;

// What the seed `six` calls its objects.

/** The ids and the tokens of the seed `six`. */
export const SIX = {
  account: 31415,
  sourceProject: 510001,
  /** Empty, with credentials for each of the six environments. */
  targetProject: 510002,
  /** Half of the source, edited by hand, with jobs of its own. */
  editedProject: 510003,
  /** Has the job that one of the source waits for. */
  upstreamProject: 510004,
  connection: 570001,
  analyticsConnection: 570002,
  attributes: 580001,
  environments: {
    development: 520100,
    production: 520101,
    staging: 520102,
    qa: 520103,
    ci: 520104,
    backfill: 520105,
    adHoc: 520106
  },
  editedEnvironments: { production: 520301, staging: 520302, ci: 520303 },
  upstreamEnvironment: 520401,
  sourceCredentials: {
    production: 530101,
    staging: 530102,
    qa: 530103,
    ci: 530104,
    backfill: 530105,
    adHoc: 530106
  },
  targetCredentials: {
    production: 530201,
    staging: 530202,
    qa: 530203,
    ci: 530204,
    backfill: 530205,
    adHoc: 530206
  },
  editedCredentials: { production: 530301, staging: 530302, ci: 530303 },
  upstreamCredentials: 530401,
  jobs: {
    /** Head of a chain of four: load, models, marts, export. */
    load: 590101,
    models: 590102,
    marts: 590103,
    export: 590104,
    /** Waits for a job of the third project. */
    afterUpstream: 590105,
    freshness: 590106,
    fullRefresh: 590107,
    docs: 590108,
    /** Defers to itself. */
    selfDeferral: 590109,
    merge: 590110,
    stagingNightly: 590111,
    /** Defers to `stagingNightly`. */
    jobDeferral: 590112,
    /** Defers to the environment for staging. */
    ciCheck: 590113,
    /** Defers to the environment for production. */
    ciLint: 590114,
    /** These two wait for each other. */
    ping: 590115,
    pong: 590116,
    /** Waits for `marts`, which is in another environment. */
    smoke: 590117,
    backfill: 590118,
    /** Waits for `backfill`, however that ends. */
    backfillCheck: 590119,
    /** Has the name of `stagingNightly`, in another environment. */
    sameName: 590120
  },
  editedJobs: {
    load: 590301,
    models: 590302,
    marts: 590303,
    freshness: 590304,
    fullRefresh: 590305,
    docs: 590306,
    stagingNightly: 590307,
    jobDeferral: 590308,
    ciCheck: 590309,
    ciLint: 590310
  },
  ownJobs: { report: 590381, monthlyClose: 590382 },
  upstreamJob: 590401,
  token: 'dbtc_six',
  readOnlyToken: 'dbtc_six_read_only',
  /** Reads the source and no other project. */
  sourceToken: 'dbtc_six_source',
  /** Writes the two targets, sees nothing else. */
  targetToken: 'dbtc_six_target'
} as const

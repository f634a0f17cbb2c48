// What the seed `one-project` calls its objects.

/** The ids and the tokens of the seed `one-project`. */
export const ONE_PROJECT = {
  account: 1618,
  project: 6_180_001,
  environments: {
    development: 6_180_100,
    qa: 6_180_101,
    production: 6_180_102,
    qaCi: 6_180_103,
    productionCi: 6_180_104
  },
  /** CI runs with the credentials of its neighbour. */
  credentials: { qa: 6_180_201, production: 6_180_202 },
  connections: { qa: 6_180_301, production: 6_180_302 },
  jobs: {
    /** Sleeps: its schedule is off, and its times are the placeholder of a new job. */
    nightlyQa: 6_180_401,
    /** Waits for `nightlyQa`. */
    docsQa: 6_180_402,
    mergeQa: 6_180_403,
    adHocQa: 6_180_404,
    /** Has no twin in production. */
    snapshotsQa: 6_180_405,
    /** Waits for `nightly`, which is in production. */
    reconcileQa: 6_180_406,
    ciQa: 6_180_411,
    nightly: 6_180_421,
    /** Waits for `nightly`. */
    docs: 6_180_422,
    merge: 6_180_423,
    adHoc: 6_180_424,
    /** Is in production alone, and waits for `docs`. */
    monthlyClose: 6_180_425,
    ci: 6_180_431
  },
  user: 6_180_501,
  notifications: { slack: 6_180_601, mail: 6_180_602 },
  webhooks: { all: 6_180_701, production: 6_180_702 },
  token: 'dbtc_one',
  readOnlyToken: 'dbtc_one_read_only',
  /** Writes jobs and environments, and sees neither notifications nor webhooks. */
  jobAdminToken: 'dbtc_one_job_admin',
  /** Writes everything but production. */
  stagingToken: 'dbtc_one_staging'
} as const

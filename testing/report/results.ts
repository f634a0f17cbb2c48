// Results to report on: builders with overrides, and a few that are typical.
import { Failure, failureOf } from '../../src/model/failure.ts'
import { type Alarm } from '../../src/model/remark.ts'
import type { Change, Create, Unchanged, Update } from '../../src/model/change.ts'
import type { FieldChange } from '../../src/model/change.ts'
import type { Json } from '../../src/model/json.ts'
import { environmentKey, jobKey } from '../../src/model/keys.ts'
import type { Links } from '../../src/model/reference.ts'
import type { Outcome, OutcomeStatus } from '../../src/model/outcome.ts'
import {
  byLevel,
  detail,
  notice,
  problem as problemAt,
  warning,
  type Problem,
  type Said
} from '../../src/model/remark.ts'
import type { Plan } from '../../src/promotion/plan.ts'
import type { Result } from '../../src/report/result.ts'

const origin = 'https://ab123.us1.dbt.com'

/** What a plan says, by its level; of a problem the words alone. */
export type Sayings = Partial<
  Omit<Said, 'problems'> & {
    readonly problems: readonly Pick<Problem, 'message' | 'remedy' | 'place'>[]
  }
>

/** A plan with what is said in place of what it says on these levels. */
export function saying(of: Plan, said: Sayings): Plan {
  const { problems, alarms, warnings, notices, details } = { ...byLevel(of.remarks), ...said }
  return {
    ...of,
    remarks: [
      ...problems.map((each) => ({ ...each, level: 'problem' as const })),
      ...alarms,
      ...warnings.map(warning),
      ...notices.map(notice),
      ...details.map(detail)
    ]
  }
}

export function plan(
  changes: readonly Change[],
  { problems, alarms, warnings, notices, details, ...more }: Partial<Plan> & Sayings = {}
): Plan {
  const said = { problems, alarms, warnings, notices, details }
  const bare: Plan = {
    version: 2,
    source: { origin, account: 28885, project: { id: 86704, name: 'Development' } },
    target: { origin, account: 28885, project: { id: 86711, name: 'Production' } },
    track: 'marker',
    label: '',
    changes,
    remarks: [],
    hash: '44fc94a9c2e747076396876d1af90735fdeeca5cb594de63d8627b01db15e670',
    ...more
  }
  return saying(
    bare,
    Object.fromEntries(Object.entries(said).filter(([, each]) => each !== undefined))
  )
}

export function newEnvironment(name: string, more: Partial<Create> = {}): Create {
  return {
    op: 'create',
    by: 'new',
    kind: 'environment',
    key: environmentKey(name),
    name,
    environment: null,
    source: { id: 75286, name: 'dev' },
    values: { name, type: 'deployment', dbt_version: 'latest', custom_branch: 'main' },
    refs: {},
    link: [],
    managed: ['name', 'dbt_version', 'custom_branch'],
    ...more
  }
}

export function newJob(environment: string, name: string, more: Partial<Create> = {}): Create {
  return {
    op: 'create',
    by: 'new',
    kind: 'job',
    key: jobKey(environment, name),
    name,
    environment,
    source: { id: 59426, name: name.toLowerCase() },
    values: {
      name,
      execute_steps: ['dbt seed', 'dbt build'],
      'settings.threads': 4,
      'triggers.schedule': true,
      'triggers.on_merge': false
    },
    refs: { environment_id: { key: environmentKey(environment) } },
    link: [],
    managed: ['name', 'execute_steps', 'settings.threads'],
    ...more
  }
}

export function changedJob(
  environment: string,
  name: string,
  fields: readonly FieldChange[],
  more: Partial<Update> = {}
): Update {
  return {
    op: 'update',
    by: 'marker',
    kind: 'job',
    key: jobKey(environment, name),
    name,
    environment,
    source: { id: 59427, name: name.toLowerCase() },
    id: 7001,
    fields,
    managed: ['name', 'execute_steps'],
    adopted: false,
    cause: 'source',
    ...more
  }
}

export function changedEnvironment(name: string, fields: readonly FieldChange[]): Update {
  return {
    ...changedJob(name, name, fields, { cause: 'unknown' }),
    kind: 'environment',
    key: environmentKey(name),
    environment: null,
    id: 9001
  }
}

export function sameJob(
  environment: string,
  name: string,
  more: Partial<Unchanged> = {}
): Unchanged {
  return {
    op: 'unchanged',
    by: 'marker',
    kind: 'job',
    key: jobKey(environment, name),
    name,
    environment,
    source: { id: 59428, name: name.toLowerCase() },
    id: 7002,
    refused: [],
    ...more
  }
}

export function sameEnvironment(name: string): Unchanged {
  return {
    ...sameJob(name, name, { id: 9002 }),
    kind: 'environment',
    key: environmentKey(name),
    environment: null
  }
}

export function alarm(kind: Alarm['kind'], message: string, more: Partial<Alarm> = {}): Alarm {
  return { level: 'alarm', kind, key: jobKey('production', message), message, ...more }
}

export function outcome(
  change: Change,
  status: OutcomeStatus,
  more: Partial<Outcome> = {}
): Outcome {
  const id =
    'id' in change ? change.id : status === 'applied' || status === 'unlinked' ? 8001 : null
  const error =
    status === 'failed' || status === 'unclear'
      ? {
          reason: 'apply-failed' as const,
          message: `Creating ${change.kind} "${change.name}" (POST /api/v2/accounts/28885/jobs/) failed with 400: name: too long.`,
          remedy: 'Shorten the name.'
        }
      : null
  return { key: change.key, status, id, error, refused: [], ...more }
}

/** A plan that is shown. */
export function planned(of: Plan, more: Partial<Result> = {}): Result {
  return {
    mode: 'plan',
    chosen: undefined,
    showValues: false,
    plan: of,
    outcomes: null,
    failure: undefined,
    requests: 7,
    planPath: '',
    journalPath: '',
    ...more
  }
}

/** A plan that is applied, with one status for all changes, or one for each. */
export function applied(
  of: Plan,
  statusOf: OutcomeStatus | ((change: Change) => OutcomeStatus) = 'applied',
  more: Partial<Result> = {}
): Result {
  const outcomes = of.changes
    .filter(({ op }) => op !== 'unchanged')
    .map((change) => outcome(change, typeof statusOf === 'string' ? statusOf : statusOf(change)))
  const errors = outcomes.flatMap(({ error }) => (error ? [error] : []))
  const failure =
    errors.length === 0
      ? undefined
      : failureOf('apply-failed', `${String(errors.length)} changes were not applied.`, errors)
  return { ...planned(of), mode: 'apply', outcomes, failure, requests: 11, ...more }
}

/** A plan with something of everything. */
export const typicalPlan = plan(
  [
    newEnvironment('production'),
    changedJob('production', 'Hourly', [
      {
        path: 'execute_steps',
        before: ['dbt seed', 'dbt run', 'dbt test'],
        after: ['dbt seed', 'dbt build', 'dbt test']
      },
      { path: 'settings.threads', before: 4, after: 8 }
    ]),
    newJob('production', 'Nightly'),
    changedJob(
      'production',
      'Weekly',
      [{ path: 'settings.target_name', before: 'tmp', after: 'prod' }],
      { cause: 'target', id: 7005, source: { id: 59429, name: 'weekly' } }
    ),
    sameJob('production', 'Yearly')
  ],
  {
    alarms: [
      alarm('starts', 'New job "Nightly" in "production" will run by itself: on a schedule.')
    ],
    warnings: [
      'New environment "production" has no credentials: its jobs can not run until it has.'
    ],
    notices: ['Job "hourly" still starts when job 5 of project 6 completes.']
  }
)

/** A plan that must not be applied. */
export const refusedPlan = plan([newJob('production', 'Nightly')], {
  problems: [
    {
      message: 'The selector "nightyl" in jobs matches no job of the selected environments.',
      remedy: 'Near names: "nightly".'
    },
    {
      message: 'The target has 2 jobs named "Hourly" in environment "production": 7, 8.',
      remedy: 'Rename one of them.'
    }
  ]
})

/** The result of a plan with problems, as the run ends it. */
export const refused = planned(refusedPlan, {
  mode: 'apply',
  failure: failureOf(
    'plan-problems',
    'The plan has 2 problems.',
    byLevel(refusedPlan.remarks).problems
  )
})

/** An apply that failed in the middle. */
export const incomplete = applied(typicalPlan, ({ kind, name }) =>
  kind === 'environment' ? 'applied' : name === 'Nightly' ? 'failed' : 'not-attempted'
)

/** A run that ended before it had a plan. */
export const stopped: Result = {
  ...planned(typicalPlan),
  plan: undefined,
  failure: new Failure(
    'unauthorized',
    'Reading project 86704 of the source (GET /api/v3/accounts/28885/projects/86704/) failed with 401: Invalid token.',
    'Check the token in the input source-token.'
  ),
  requests: 1
}

/** A plan of so many new jobs, which is more than GitHub shows. */
export function largePlan(jobs: number, name: (index: number) => string): Plan {
  return plan(
    [
      newEnvironment('production'),
      ...Array.from({ length: jobs }, (_, index) => newJob('production', name(index)))
    ],
    {
      alarms: Array.from({ length: jobs }, (_, index) =>
        alarm('starts', `New job "${name(index)}" in "production" will run by itself.`)
      )
    }
  )
}

/** An incomplete promotion in which every name, value and message is the attack. */
export function hostile(attack: string): Result {
  const project = { id: 1, name: attack }
  const source = { id: 5, name: attack }
  const values: Record<string, Json> = {
    description: attack,
    execute_steps: [attack, `dbt ${attack}`],
    'settings.target_name': attack
  }
  const refs: Links = { deferring_job_definition_id: { key: `job:${attack}/${attack}` } }
  const environment = newEnvironment(attack, { source, values: { custom_branch: attack } })
  const created = newJob(attack, attack, { source, values, refs })
  const updated = changedJob(
    attack,
    `${attack}2`,
    [
      { path: 'description', before: attack, after: `${attack}\nx\n${attack}` },
      { path: 'execute_steps', before: [attack], after: [`dbt ${attack}`, attack, attack] },
      { path: 'settings.target_name', before: attack, after: `${attack}!` }
    ],
    { source }
  )
  const same = sameJob(attack, `${attack}3`, { source, refused: ['cost_optimization_features'] })
  const problem = { message: `API said: ${attack}`, remedy: attack }
  const of = plan([environment, created, updated, same], {
    source: { origin, account: 28885, project },
    target: { origin, account: 28885, project },
    alarms: [
      alarm('starts', `New job "${attack}" will run by itself.`),
      alarm('moved', attack, { key: environment.key, done: attack })
    ],
    warnings: [attack, `Environment "${attack}" has no credentials.`],
    notices: [attack]
  })
  const error = { reason: 'apply-failed' as const, ...problem }
  return {
    ...planned(of, { mode: 'apply', planPath: attack }),
    outcomes: [
      outcome(environment, 'applied'),
      outcome(created, 'failed', { error }),
      outcome(updated, 'not-attempted')
    ],
    failure: failureOf('apply-failed', attack, [
      problem,
      { message: attack, remedy: '' },
      problemAt(attack, attack, { file: 'promote.yml', line: 1, column: 1 })
    ])
  }
}

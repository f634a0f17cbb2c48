// Random platforms: a source project of some environments and jobs with references of all kinds, and a target project
// that holds things of its own.
import fc from 'fast-check'
import { scheduleOf, type Given, type Job, type State } from '../../sandbox/index.ts'
import { nameKey } from '../../src/model/names.ts'
import { platform, type GivenAccount } from '../world.ts'

export const token = 'dbtc_properties'
export const account = 28885
export const sourceProject = 86704
export const targetProject = 86711
export const thirdProject = 86999

/** Ids of the source are from this range, which nothing else uses. */
export const isSourceId = (id: number): boolean => id >= 5_000_000 && id < 6_000_000

/** A job of the source, with references by index into the list of all jobs. */
interface JobPlan {
  readonly name: string
  readonly environment: number
  readonly steps: readonly string[]
  readonly threads: number
  readonly description: string
  readonly schedule: Parameters<typeof scheduleOf>
  readonly trigger: 'none' | 'schedule' | 'ci' | 'merge'
  readonly parent: number | 'third' | null
  readonly deferral: { readonly to: 'environment' | 'job'; readonly index: number } | null
  readonly features: readonly string[]
  readonly deactivated: boolean
}

/** What a random world is made of. */
export interface WorldPlan {
  readonly environments: readonly {
    readonly name: string
    readonly version: string
    readonly branch: string | null
  }[]
  readonly jobs: readonly JobPlan[]
  /** Jobs of the target that have nothing to do with the promotion. */
  readonly strangers: readonly string[]
}

// Names as people write them: dashes of all kinds, both Unicode forms, blanks at the ends, brackets, slashes, markup.
const piece = fc.constantFrom(
  'prod',
  'Nightly',
  '–',
  '—',
  '-',
  '[PROD]',
  '/',
  '*',
  '?',
  '%2F',
  'é',
  'e\u0301',
  ' ',
  '{x}',
  '<b>',
  '|',
  '::',
  'ß',
  '日本',
  '.'
)
export const name = fc
  .array(piece, { minLength: 1, maxLength: 4 })
  .map((pieces) => pieces.join(' '))
  .filter((text) => nameKey(text) !== '' && nameKey(text).length < 60)

const cron = fc.constantFrom('0 */2 * * *', '6 */12 * * 0,1,2')
const schedule: fc.Arbitrary<Parameters<typeof scheduleOf>> = fc.oneof(
  fc.constant([{ type: 'every_day' }, { type: 'every_hour', interval: 3 }] as Parameters<
    typeof scheduleOf
  >),
  fc
    .uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1 })
    .map((days): Parameters<typeof scheduleOf> => [
      { type: 'days_of_week', days },
      { type: 'at_exact_hours', hours: [8, 20], interval: 1 }
    ]),
  cron.map((each): Parameters<typeof scheduleOf> => [
    { type: 'custom_cron', cron: each },
    { type: 'every_hour', interval: 1 }
  ]),
  cron.map((each): Parameters<typeof scheduleOf> => [
    { type: 'interval_cron', cron: each, days: [0, 1, 2] },
    { type: 'every_hour', interval: 12 }
  ])
)

const job = (environments: number): fc.Arbitrary<JobPlan> =>
  fc.record({
    name,
    environment: fc.nat({ max: environments - 1 }),
    steps: fc.array(fc.constantFrom('dbt build', 'dbt run --target x', 'dbt test\n--select a'), {
      minLength: 1,
      maxLength: 3
    }),
    threads: fc.integer({ min: 1, max: 16 }),
    description: fc.constantFrom('', 'text', 'two\nlines\n', ' blanks ', 'Promoted by hand'),
    schedule,
    trigger: fc.constantFrom('none', 'schedule', 'schedule', 'ci', 'merge'),
    parent: fc.oneof(
      { weight: 3, arbitrary: fc.constant(null) },
      { weight: 2, arbitrary: fc.nat({ max: 7 }) },
      { weight: 1, arbitrary: fc.constant('third' as const) }
    ),
    deferral: fc.option(
      fc.record({ to: fc.constantFrom('environment', 'job'), index: fc.nat({ max: 7 }) })
    ),
    features: fc.constantFrom(
      [],
      ['dbt_state'],
      ['state_aware_orchestration'],
      ['efficient_testing', 'state_aware_orchestration']
    ),
    deactivated: fc.boolean()
  })

/** Worlds in which every name of an environment, and of a job in its environment, is unique. */
export const world: fc.Arbitrary<WorldPlan> = fc.integer({ min: 1, max: 3 }).chain((environments) =>
  fc.record({
    environments: fc.uniqueArray(
      fc.record({
        name,
        version: fc.constantFrom('latest', 'versionless', '1.7.0-latest'),
        branch: fc.constantFrom(null, 'develop')
      }),
      { minLength: environments, maxLength: environments, selector: (each) => nameKey(each.name) }
    ),
    jobs: fc.uniqueArray(job(environments), {
      maxLength: 8,
      selector: (each) => `${String(each.environment)} ${nameKey(each.name)}`
    }),
    strangers: fc.array(name, { maxLength: 3 })
  })
)

/** The platform of a plan. */
export function build(plan: WorldPlan, given: Pick<GivenAccount, 'features'> = {}): State {
  const environments = plan.environments.map((_, index) => 5_000_100 + index)
  const jobsIn = (environment: number) =>
    plan.jobs.flatMap((each, index) =>
      each.environment === environment
        ? [{ ...jobOf(each, thirdJob, plan.jobs.length, environments), id: 5_500_000 + index }]
        : []
    )
  return platform({
    ...given,
    id: account,
    tokens: { [token]: undefined },
    connections: [{ id: 56041 }],
    projects: [
      {
        id: sourceProject,
        credentials: [5_900_001],
        environments: [
          { id: 5_000_001, name: 'Development', type: 'development' },
          ...plan.environments.map((each, index) => ({
            id: 5_000_100 + index,
            name: each.name,
            dbt_version: each.version,
            custom_branch: each.branch,
            jobs: jobsIn(index)
          }))
        ]
      },
      {
        id: targetProject,
        credentials: [108731],
        environments: [
          {
            id: 800_001,
            name: 'Their own',
            jobs: plan.strangers.map((each, index) => ({ id: 800_100 + index, name: each }))
          }
        ]
      },
      { id: thirdProject, environments: [{ id: 700_001, jobs: [{ id: thirdJob }] }] }
    ]
  })
}

const thirdJob = 700_100

function jobOf(
  each: JobPlan,
  third: number,
  jobs: number,
  environments: readonly number[]
): Given<Job> {
  const parent =
    each.parent === null ? null : each.parent === 'third' ? third : 5_500_000 + (each.parent % jobs)
  const { deferral } = each
  return {
    name: each.name,
    description: each.description,
    execute_steps: each.steps,
    settings: { threads: each.threads, target_name: 'default' },
    schedule: scheduleOf(...each.schedule),
    triggers: {
      github_webhook: each.trigger === 'ci',
      git_provider_webhook: false,
      schedule: each.trigger === 'schedule',
      on_merge: each.trigger === 'merge'
    },
    cost_optimization_features:
      each.trigger === 'ci' || each.trigger === 'merge' ? [] : each.features,
    deactivated: each.deactivated,
    job_completion_trigger_condition:
      parent === null
        ? null
        : {
            condition: {
              job_id: parent,
              project_id: each.parent === 'third' ? thirdProject : sourceProject,
              statuses: [20, 10]
            }
          },
    deferring_environment_id:
      deferral?.to === 'environment'
        ? (environments[deferral.index % environments.length] ?? null)
        : null,
    deferring_job_definition_id: deferral?.to === 'job' ? 5_500_000 + (deferral.index % jobs) : null
  }
}

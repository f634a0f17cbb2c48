// Random edits of both sides after a first promotion: the next run converges, and blames nobody without proof.
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  addJob,
  scheduleOf,
  type Features,
  type Given,
  type Job,
  type State
} from '../../sandbox/index.ts'
import type { Update } from '../../src/model/change.ts'
import type { Plan } from '../../src/promotion/plan.ts'
import type { PromotionSpec } from '../../src/model/spec.ts'
import {
  after,
  ids,
  inputs,
  messages,
  platform,
  Platform,
  triggers,
  type Inputs
} from '../../testing/worlds/two-projects.ts'
import { objectChanges } from '../../testing/changes.ts'
import { runs as runsOf } from '../../testing/effort.ts'

const runs = runsOf(20)
const names = ['A', 'B', 'C'] as const
const sourceIds = [6001, 6002, 6003] as const

/** An edit of one job; references are indexes into the jobs and environments of its side. */
type Edit =
  | { readonly values: Given<Job> }
  | { readonly features: readonly string[] }
  | { readonly waits: number | null }
  | { readonly defers: number | null }
  | { readonly schedule: boolean }
  | { readonly moves: number }

const managed: fc.Arbitrary<Edit> = fc.oneof(
  fc
    .oneof(
      fc.constantFrom<Given<Job>>(
        { generate_docs: true },
        { run_lint: true },
        { errors_on_lint_failure: false },
        { dbt_version: 'latest' },
        { dbt_version: 'versionless' },
        { execute_steps: ['dbt run', 'dbt test'] },
        { execution: { timeout_seconds: 60 } },
        { description: 'Words.' },
        { run_compare_changes: true },
        { compare_changes_flags: '--select state:new' },
        { triggers_on_draft_pr: true },
        { name: 'D' }
      ),
      fc
        .integer({ min: 1, max: 3 })
        .map((threads) => ({ settings: { threads, target_name: 'default' } })),
      fc.subarray([1, 2, 3], { minLength: 1 }).map((days) => ({
        schedule: scheduleOf({ type: 'days_of_week', days }, { type: 'every_hour', interval: 1 })
      }))
    )
    .map((values) => ({ values })),
  fc.subarray(['state_aware_orchestration', 'efficient_testing']).map((features) => ({ features })),
  fc.option(fc.nat({ max: 2 })).map((waits) => ({ waits })),
  fc.option(fc.nat({ max: 1 })).map((defers) => ({ defers })),
  fc.boolean().map((schedule) => ({ schedule })),
  fc.nat({ max: 1 }).map((moves) => ({ moves }))
)

interface Step {
  readonly source: readonly { readonly job: number; readonly edit: Edit }[]
  readonly target: readonly { readonly job: number; readonly edit: Edit }[]
  /** Inputs that change with this step. */
  readonly inputs: Inputs
}

const edits = fc.array(fc.record({ job: fc.nat({ max: 2 }), edit: managed }), { maxLength: 3 })
const step: fc.Arbitrary<Step> = fc.record({
  source: edits,
  target: edits,
  inputs: fc.constantFrom<Inputs>(
    {},
    {},
    {},
    { threads: '7' },
    { schedule: 'source' },
    { schedule: 'paused' },
    { 'target-name': 'prod' },
    { 'job-name': 'prod {name}' }
  )
})

const steps = fc.array(step, { minLength: 1, maxLength: 3 })

const features: fc.Arbitrary<Partial<Features>> = fc.record({
  stateAwareOrchestration: fc.boolean(),
  efficientTesting: fc.boolean()
})

function start(account: Partial<Features>): Platform {
  const all = new Platform(platform(account, { name: names[0] }))
  all.add((state) =>
    addJob(state, ids.qa, {
      id: 6002,
      name: names[1],
      job_completion_trigger_condition: after(6001, ids.source)
    })
  )
  return all
}

/** The counterparts of the source jobs in the target, by their markers. */
function counterparts(all: Platform): readonly (Job | undefined)[] {
  return sourceIds.map((id) =>
    all.jobs().find(({ description }) => description.includes(`/${String(id)} (`))
  )
}

// What an account does not take, nobody can switch on there. The source had it before the account lost it.
function takes(all: Platform, feature: string): boolean {
  const [account] = all.state.accounts
  return feature === 'efficient_testing'
    ? account?.features.efficientTesting === true
    : account?.features.stateAwareOrchestration === true
}

function apply(
  all: Platform,
  job: Job,
  edit: Edit,
  jobs: readonly number[],
  project: number
): void {
  const environments = all
    .environments(project)
    .filter(({ name }) => name !== 'Development')
    .map(({ id }) => id)
  const marker = /\n?Promoted by dbt-promote.*$/.exec(job.description)?.[0] ?? ''
  if ('values' in edit) {
    const { description } = edit.values
    all.editJob(job.id, {
      ...edit.values,
      ...(description === undefined
        ? {}
        : { description: `${description}${marker === '' ? '' : '\n'}${marker.trimStart()}` })
    })
  } else if ('features' in edit) {
    all.editJob(job.id, {
      cost_optimization_features:
        project === ids.target ? edit.features.filter((each) => takes(all, each)) : edit.features
    })
  } else if ('waits' in edit) {
    const parent = edit.waits === null ? undefined : jobs[edit.waits % jobs.length]
    all.editJob(job.id, {
      job_completion_trigger_condition: parent === undefined ? null : after(parent, project)
    })
  } else if ('defers' in edit) {
    all.editJob(job.id, {
      deferring_environment_id: edit.defers === null ? null : (environments[edit.defers] ?? null)
    })
  } else if ('schedule' in edit) {
    all.editJob(job.id, { triggers: triggers({ schedule: edit.schedule }) })
  } else {
    all.editJob(job.id, { environment_id: environments[edit.moves] ?? job.environment_id })
  }
}

const waits = (job: Job | undefined): boolean =>
  (job?.job_completion_trigger_condition ?? null) !== null

/** Which fields a promotion decides. */
interface Decides {
  /** Whether it decides about triggers. */
  readonly all: boolean
  /** Whether it decides what is waited for. */
  readonly completion: boolean
  /** Fields that an account may refuse and in which both sides are alike: nothing is claimed of them. */
  readonly alike: readonly string[]
  /** Settings that nobody decides on this side: those that the inputs fix, and those that the target keeps. */
  readonly free: readonly string[]
}

const doubtful = ['cost_optimization_features', 'run_compare_changes', 'compare_changes_flags']

/** What a promotion decides of a job, as a text to compare. */
function decided(job: Job | undefined, { all, completion, alike, free }: Decides): string {
  const blank = {
    updated_at: '',
    raw_dbt_version: '',
    force_node_selection: '',
    job_type: '',
    ...(all ? {} : { triggers: '' }),
    ...(all || completion ? {} : { job_completion_trigger_condition: '' }),
    ...Object.fromEntries(alike.map((path) => [path, '']))
  }
  const settings = { ...job?.settings, ...Object.fromEntries(free.map((path) => [path, ''])) }
  const dbt_version = job?.dbt_version === 'versionless' ? 'latest' : job?.dbt_version
  return JSON.stringify({ ...job, settings, dbt_version, ...blank })
}

/** What both sides were, and what was asked for, when a target job was last written. */
interface Written {
  readonly state: State
  readonly spec: PromotionSpec
}

/** What is asked for now. */
interface Asked {
  readonly spec: PromotionSpec
  readonly inputs: Inputs
}

// For a job that is there, `paused` is `keep`.
const asked = (spec: PromotionSpec): string =>
  JSON.stringify({ ...spec, schedule: spec.schedule === 'source' })

/** A claim of a plan, and what is true since the job was last written. */
function claimOf(change: Update, edited: State, { spec, inputs: fixed }: Asked, last: Written) {
  const find = (state: State, id: number): Job | undefined =>
    state.jobs.find((job) => job.id === id)
  const decides = {
    all: spec.schedule === 'source',
    completion: waits(find(edited, change.source.id)) && waits(find(edited, change.id)),
    alike: doubtful.filter((path) => !change.fields.some((field) => field.path === path))
  }
  const isOther = (id: number, free: readonly string[]): boolean =>
    decided(find(last.state, id), { ...decides, free }) !==
    decided(find(edited, id), { ...decides, free })
  return {
    cause: change.cause,
    isEdited: isOther(change.id, fixed['target-name'] === undefined ? ['target_name'] : []),
    hasMoved:
      isOther(
        change.source.id,
        fixed.threads === undefined ? ['target_name'] : ['target_name', 'threads']
      ) || asked(spec) !== asked(last.spec)
  }
}

// What is claimed must be true. Not to know is always allowed.
function isProved({ cause, isEdited, hasMoved }: ReturnType<typeof claimOf>): boolean {
  if (cause === 'target') return isEdited && !hasMoved
  return cause === 'unknown' || !isEdited
}

function editBoth(all: Platform, { source, target }: Step): void {
  for (const { job, edit } of source) {
    const jobs = all.jobs(ids.source)
    const own = jobs[job]
    if (own) apply(all, own, edit, idsOf(jobs), ids.source)
  }
  for (const { job, edit } of target) {
    const own = counterparts(all)[job]
    if (own) apply(all, own, edit, idsOf(all.jobs()), ids.target)
  }
}

const idsOf = (jobs: readonly Job[]): readonly number[] => jobs.map(({ id }) => id)

describe('random edits of the source and the target', () => {
  const claims = { source: 0, target: 0, unknown: 0, rollback: 0 }

  test('converge in one run, and blame nobody without proof', async () => {
    await fc.assert(
      fc.asyncProperty(features, steps, async (account, steps) => {
        const all = start(account)
        const written = new Map<number, Written>()
        const note = (plan: Plan, spec: PromotionSpec): void => {
          const made = objectChanges(plan).filter(
            ({ op, kind }) => op !== 'unchanged' && kind === 'job'
          )
          for (const { source } of made) written.set(source.id, { state: all.state, spec })
        }
        const first = await all.promote(inputs())
        note(first.plan, inputs())
        for (const step of steps) {
          const spec = inputs(step.inputs)
          editBoth(all, step)
          const edited = all.state
          const { plan } = await all.promote(spec)
          // The only thing that may stop a promotion here.
          const twins = messages(plan).filter((text) => text.includes('would become job'))
          expect(messages(plan)).toEqual(twins)
          if (twins.length > 0) return
          for (const change of objectChanges(plan)) {
            const last = written.get(change.source.id)
            if (change.op !== 'update' || change.kind !== 'job' || !last) continue
            const claim = claimOf(change, edited, { spec, inputs: step.inputs }, last)
            claims[claim.cause]++
            expect(isProved(claim) ? 'proved' : claim).toBe('proved')
          }
          note(plan, spec)
          const second = await all.promote(spec)
          expect(second.writes).toEqual([])
          expect(messages(second.plan)).toEqual([])
          expect(await all.plan(spec)).toEqual(second.plan)
        }
      }),
      { numRuns: runs }
    )
  })

  test('make claims of all kinds', () => {
    const { rollback, ...made } = claims
    expect(Object.values(made).filter((count) => count < runs / 15)).toEqual([])
    expect(rollback).toBe(0)
  })
})

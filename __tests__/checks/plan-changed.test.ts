// Somebody else who writes the target between the plan and its application.
import { describe, expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
import { addEnvironment, addJob } from '../../sandbox/index.ts'
import { recheckTarget } from '../../src/apply/recheck.ts'
import { Failure } from '../../src/model/failure.ts'
import { promoting } from '../../src/promotion/planner.ts'
import type { Snapshot } from '../../src/kinds/snapshot.ts'
import { ids, inputs, platform, Platform, triggers } from '../../testing/worlds/two-projects.ts'

/** Plans, lets somebody edit, and looks once more, as it is done before the first write. */
async function recheck(all: Platform, edit: (all: Platform) => void): Promise<Snapshot> {
  const spec = inputs()
  const { source, target } = await all.snapshots(spec)
  const plan = promoting(spec, source).plan(target)
  expect(byLevel(plan.remarks).problems).toEqual([])
  edit(all)
  const first = all.sent.length
  try {
    return await recheckTarget(
      promoting(spec, source),
      plan,
      target,
      all.client('target', ids.account)
    )
  } finally {
    expect(all.sent.slice(first).filter(({ method }) => method !== 'GET')).toEqual([])
  }
}

/** A promoted pair, of which the source moved in both kinds. */
async function moved(): Promise<Platform> {
  const all = new Platform(platform())
  await all.promote(inputs())
  all.editJob(ids.nightly, { generate_docs: true })
  all.editEnvironment(ids.staging, { supports_docs: true })
  return all
}

const edits: [string, (all: Platform) => void][] = [
  [
    'a field that would change',
    (all) => {
      all.editJob(all.job('Nightly').id, { generate_docs: true })
    }
  ],
  [
    'another field that is promoted',
    (all) => {
      all.editJob(all.job('Nightly').id, { run_lint: true })
    }
  ],
  [
    'the name of a job',
    (all) => {
      all.editJob(all.job('Nightly').id, { name: 'Mine' })
    }
  ],
  [
    'a job that is gone',
    (all) => {
      all.editJob(all.job('Nightly').id, { state: 2 })
    }
  ],
  [
    'a job without its marker',
    (all) => {
      all.editJob(all.job('Nightly').id, { description: '' })
    }
  ],
  [
    'a copy of a job',
    (all) => {
      all.duplicate(all.job('Nightly').id, { name: 'Nightly' })
    }
  ],
  [
    'a field of an environment that would change',
    (all) => {
      all.editEnvironment(all.environment('Staging').id, { supports_docs: true })
    }
  ],
  [
    'another field of that environment',
    (all) => {
      all.editEnvironment(all.environment('Staging').id, { dbt_version: '1.7.0-latest' })
    }
  ]
]

describe('the second look', () => {
  it.each(edits)('stops everything: %s', async (_what, edit) => {
    const thrown: unknown = await recheck(await moved(), edit).catch((error: unknown) => error)
    expect(thrown).toBeInstanceOf(Failure)
    expect(thrown).toMatchObject({ reason: 'plan-changed' })
    expect((thrown as Failure).message).toContain('nothing was written')
  })

  it.each([
    [
      'a job of that name',
      (all: Platform) => {
        all.add((state) => addJob(state, all.environment('Staging').id, { name: 'Nightly' }))
      }
    ],
    [
      'an environment of that name',
      (all: Platform) => {
        all.add((state) => addEnvironment(state, ids.target, { name: 'QA' }))
      }
    ],
    [
      'an environment that is gone',
      (all: Platform) => {
        all.editEnvironment(all.environment('Staging').id, { state: 2 })
      }
    ]
  ])('stops where it would create: %s', async (_what, edit) => {
    const all = new Platform(platform())
    await all.promote(inputs({ environments: 'Staging', resources: 'environments' }))
    await expect(recheck(all, edit)).rejects.toMatchObject({ reason: 'plan-changed' })
  })

  it('stops nothing where nothing changed', async () => {
    const now = await recheck(await moved(), () => undefined)
    expect(now.jobs).toHaveLength(1)
  })

  it.each([
    [
      'what belongs to the target',
      (all: Platform) => {
        all.editJob(all.job('Nightly').id, { triggers: triggers({ schedule: true }) })
      }
    ],
    [
      'a job of somebody else',
      (all: Platform) => {
        all.add((state) => addJob(state, all.environment('QA').id, { name: 'Theirs' }))
      }
    ]
  ])('stops for nothing else, and is what updates start from: %s', async (_what, edit) => {
    const all = await moved()
    const now = await recheck(all, edit)
    expect(now.jobs.map(({ values }) => values['triggers.schedule'])).toEqual(
      all.jobs().map((job) => job.triggers.schedule)
    )
  })
})

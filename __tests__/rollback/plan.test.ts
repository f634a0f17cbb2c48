// The inverse of a promotion as a plan: what it restores, what it leaves alone, and where it stops.
import { describe, expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
import { addEnvironment, addJob, type Given, type Job } from '../../sandbox/index.ts'
import { parseSelector } from '../../src/model/selector.ts'
import {
  after,
  alarms,
  ids,
  inputs,
  lastLine,
  messages,
  outline,
  platform,
  Platform,
  triggers,
  updateOf,
  type Inputs
} from '../../testing/worlds/two-projects.ts'
import { planHash } from '../../src/promotion/plan-hash.ts'
import { changedJob, plan as planWith } from '../../testing/report/results.ts'
import { fallen, planOf } from './journals.ts'

/** A promoted pair that the source has left behind, promoted once more. */
async function twice(
  edit: (all: Platform) => void,
  more: Inputs = {},
  nightly: Given<Job> = {}
): Promise<{ all: Platform; before: Platform['state']; journal: string }> {
  const all = new Platform(platform({}, nightly))
  await all.promote(inputs(more))
  edit(all)
  const before = all.state
  const { journal, plan } = await all.promote(inputs(more))
  expect(messages(plan)).toEqual([])
  return { all, before, journal }
}

const editSource = (all: Platform): void => {
  all.editJob(ids.nightly, { execute_steps: ['dbt run'], description: 'Anew.' })
}

describe('an update', () => {
  it('is undone field by field, with the marker that the job had', async () => {
    const { all, before, journal } = await twice(editSource)
    const plan = await planOf(all, journal)
    expect(outline(plan)).toEqual([
      'update job:Staging/Nightly (rollback) description execute_steps'
    ])
    const { description } = before.jobs.find(({ id }) => id === all.job('Nightly').id)!
    expect(updateOf(plan, 'job:Staging/Nightly').fields[0]).toMatchObject({ after: description })
    await all.rollback(journal)
    expect(lastLine(all.job('Nightly'))).toBe(lastLine({ description }))
  })

  it('leaves alone what it did not change, also where somebody changed that since', async () => {
    const { all, journal } = await twice(editSource)
    all.editJob(all.job('Nightly').id, {
      generate_docs: true,
      triggers: triggers({ schedule: true })
    })
    await all.rollback(journal)
    expect(all.job('Nightly')).toMatchObject({
      generate_docs: true,
      triggers: triggers({ schedule: true }),
      execute_steps: ['dbt build']
    })
  })

  it('is proposed again by the next promotion', async () => {
    const { all, journal } = await twice(editSource)
    await all.rollback(journal)
    expect(outline(await all.plan(inputs()))).toEqual([
      'update job:Staging/Nightly (source) description execute_steps'
    ])
  })

  it('restores names, and knows its job by the id', async () => {
    const { all, journal } = await twice((all) => {
      all.editJob(ids.nightly, { name: 'Daily' })
    })
    expect(all.job('Daily').id).toBeGreaterThan(0)
    await all.rollback(journal)
    expect(all.job('Nightly').name).toBe('Nightly')
  })

  it('restores references, if what they refer to is there', async () => {
    const { all, journal } = await twice(
      (all) => {
        all.editJob(ids.nightly, { deferring_environment_id: ids.qa })
      },
      {},
      { deferring_environment_id: ids.staging }
    )
    const [update] = updateOf(await planOf(all, journal), 'job:Staging/Nightly').fields.filter(
      ({ path }) => path === 'deferring_environment_id'
    )
    expect(update).toMatchObject({ to: { id: all.environment('Staging').id } })
    all.editEnvironment(all.environment('Staging').id, { state: 2 })
    expect(messages(await planOf(all, journal))).toEqual([
      expect.stringMatching(
        /^deferring_environment_id of job "Nightly" would be environment \d+ again/
      )
    ])
  })

  it('raises the alarms of any plan', async () => {
    const { all, journal } = await twice(
      (all) => {
        all.editJob(ids.nightly, { triggers: triggers() })
      },
      { schedule: 'source' },
      { triggers: triggers({ schedule: true }) }
    )
    expect(alarms(await planOf(all, journal))).toEqual(['starts job:Staging/Nightly'])
    all.editJob(all.job('Nightly').id, { deactivated: true })
    expect(alarms(await planOf(all, journal))).toEqual([
      'starts job:Staging/Nightly',
      'reactivated job:Staging/Nightly'
    ])
  })

  it('of an environment puts back its bindings and keeps the rest as it is now', async () => {
    const all = new Platform(platform())
    await all.promote(inputs())
    const own = all.environment('Staging')
    const { journal } = await all.promote(
      inputs({ 'credentials-id': String(ids.otherCredentials), 'custom-branch': 'release' })
    )
    all.editEnvironment(own.id, { supports_docs: !own.supports_docs })
    const plan = await planOf(all, journal)
    expect(alarms(plan)).toContain('protected environment:Staging')
    await all.rollback(journal)
    expect(all.environment('Staging')).toMatchObject({
      credentials_id: ids.credentials,
      use_custom_branch: own.use_custom_branch,
      custom_branch: own.custom_branch,
      primary_profile_id: own.primary_profile_id,
      supports_docs: !own.supports_docs
    })
  })
})

describe('what was changed since', () => {
  it('stops the rollback, with the fields and the way out', async () => {
    const { all, journal } = await twice(editSource)
    all.editJob(all.job('Nightly').id, { execute_steps: ['dbt test'] })
    const { problems } = byLevel((await planOf(all, journal)).remarks)
    expect(problems).toMatchObject([
      {
        message: expect.stringContaining(
          'was changed after the promotion: execute_steps is ["dbt test"], and the promotion wrote ["dbt run"]'
        ),
        remedy: expect.stringContaining('take the line of "job:Staging/Nightly" out of the journal')
      }
    ])
  })

  it('is told by the marker too: a later promotion wrote the job', async () => {
    const { all, journal } = await twice(editSource)
    all.editJob(ids.nightly, { generate_docs: true })
    await all.promote(inputs())
    expect(messages(await planOf(all, journal))).toEqual([
      expect.stringContaining('description is')
    ])
  })

  it('is undone in the order of the journals, the last one first', async () => {
    const { all, before, journal } = await twice(editSource)
    all.editJob(ids.nightly, { generate_docs: true, execute_steps: ['dbt test'] })
    const later = await all.promote(inputs())
    await all.rollback(later.journal)
    const { plan } = await all.rollback(journal)
    expect(messages(plan)).toEqual([])
    const { id } = all.job('Nightly')
    const fieldsOf = (job: Job | undefined): unknown => ({ ...job, updated_at: '' })
    expect(fieldsOf(all.job('Nightly'))).toEqual(
      fieldsOf(before.jobs.find((each) => each.id === id))
    )
  })

  it('is no problem where it is as before already', async () => {
    const { all, journal } = await twice(editSource)
    const { id } = all.job('Nightly')
    all.editJob(id, { execute_steps: ['dbt build'] })
    expect(outline(await planOf(all, journal))).toEqual([
      'update job:Staging/Nightly (rollback) description'
    ])
  })

  it('is left as it is where its line is taken out of the journal', async () => {
    const { all, journal } = await twice(editSource)
    all.editJob(all.job('Nightly').id, { execute_steps: ['dbt test'] })
    const rest = journal
      .split('\n')
      .filter((line) => !line.startsWith('{"op"'))
      .join('\n')
    const plan = await planOf(all, rest)
    expect(messages(plan)).toEqual([])
    expect(byLevel(plan.remarks).warnings).toEqual([
      'The journal was to hold 1 planned changes, and 1 of them is missing: what these wrote is not undone.'
    ])
  })

  it('counts for a new job as far as it starts by itself', async () => {
    const all = new Platform(platform({}, { triggers: triggers({ schedule: true }) }))
    const { journal } = await all.promote(inputs())
    all.editJob(all.job('Nightly').id, { execute_steps: ['dbt test'] })
    expect(messages(await planOf(all, journal))).toEqual([])
    all.editJob(all.job('Nightly').id, { triggers: triggers({ on_merge: true }) })
    expect(messages(await planOf(all, journal))).toEqual([
      expect.stringContaining('triggers.on_merge is true, and the promotion wrote false')
    ])
  })

  it('is a warning where the object is gone', async () => {
    const { all, journal } = await twice(editSource)
    const { id } = all.job('Nightly')
    all.editJob(id, { state: 2 })
    const plan = await planOf(all, journal)
    expect(plan.changes).toEqual([])
    expect(byLevel(plan.remarks).warnings).toEqual([
      `Job ${String(id)} "Nightly" is not in the target any more: nothing of it is undone.`
    ])
  })

  it('is a problem where another environment is of that type now', async () => {
    const all = new Platform(platform())
    await all.promote(inputs({ environments: 'Staging', 'deployment-type': 'production' }))
    const { journal } = await all.promote(
      inputs({ environments: 'Staging', 'deployment-type': 'general' })
    )
    all.add((state) =>
      addEnvironment(state, ids.target, { name: 'New', deployment_type: 'production' })
    )
    expect(messages(await planOf(all, journal))).toEqual([
      expect.stringContaining('would be the production environment again, and "New" is that now')
    ])
  })
})

describe('a creation', () => {
  it('is undone by a pause; what was made stays, and is told', async () => {
    const all = new Platform(platform({}, { triggers: triggers({ schedule: true }) }))
    const { journal } = await all.promote(inputs())
    const { id } = all.job('Nightly')
    const plan = await planOf(all, journal)
    expect(outline(plan)).toEqual(['pause job:Staging/Nightly'])
    expect(alarms(plan)).toEqual(['stops job:Staging/Nightly'])
    expect(byLevel(plan.remarks).notices).toEqual([
      `Jobs that the promotion made stay, and start no more: Job ${String(id)} "Nightly" in "Staging". Delete by hand what is not to stay.`,
      expect.stringMatching(
        /^What else the promotion made stays as it is: Environment \d+ "QA", Environment \d+ "Staging"/
      )
    ])
    await all.rollback(journal)
    expect(all.job('Nightly').triggers).toEqual(triggers())
    expect((await all.rollback(journal)).writes).toEqual([])
  })

  it('of a chain ends its completion triggers too', async () => {
    const all = new Platform(platform())
    all.add((state) =>
      addJob(state, ids.staging, {
        name: 'After',
        job_completion_trigger_condition: after(ids.nightly, ids.source)
      })
    )
    const { journal } = await all.promote(inputs())
    expect(outline(await planOf(all, journal))).toEqual(['pause job:Staging/After'])
    await all.rollback(journal)
    expect(all.job('After').job_completion_trigger_condition).toBeNull()
  })

  it('that was deleted by hand is no more to be undone', async () => {
    const all = new Platform(platform({}, { triggers: triggers({ schedule: true }) }))
    const { journal } = await all.promote(inputs())
    all.editJob(all.job('Nightly').id, { state: 2 })
    const plan = await planOf(all, journal)
    expect([outline(plan), byLevel(plan.remarks).warnings]).toEqual([[], []])
  })
})

it('gives a paused job its triggers back', async () => {
  const all = new Platform(platform({}, { triggers: triggers({ schedule: true }) }))
  all.add((state) => addJob(state, ids.staging, { name: 'Other' }))
  const spec = inputs({ removals: 'pause' })
  await all.promote(spec)
  all.editJob(ids.nightly, { state: 2 })
  const { journal, plan } = await all.promote(spec)
  expect(outline(plan)).toEqual([expect.stringMatching(/^pause job:Staging\/Nightly#\d+$/)])
  const undone = await planOf(all, journal)
  expect(byLevel(undone.remarks).alarms.map(({ kind }) => kind)).toEqual(['starts'])
  await all.rollback(journal)
  expect(all.job('Nightly').triggers).toEqual(triggers({ schedule: true }))
})

describe('a journal without ids, of a run that was killed', () => {
  const scheduled = { triggers: triggers({ schedule: true }) }

  it.each(['marker', 'name'] as const)('finds what was made, with track: %s', async (track) => {
    const all = new Platform(platform({}, scheduled))
    const { journal } = await all.promote(inputs({ track }))
    expect(outline(await planOf(all, fallen(journal)))).toEqual(['pause job:Staging/Nightly'])
  })

  it('finds updates by what the target holds', async () => {
    const { all, before, journal } = await twice(editSource)
    expect(outline(await planOf(all, fallen(journal)))).toEqual(outline(await planOf(all, journal)))
    all.state = before
    expect(outline(await planOf(all, fallen(journal)))).toEqual([])
  })

  it('takes no job of the name that holds something else, and says so', async () => {
    const all = new Platform(platform({}, scheduled))
    const { journal } = await all.promote(inputs({ track: 'name' }))
    all.editJob(all.job('Nightly').id, { execute_steps: ['theirs'] })
    const plan = await planOf(all, fallen(journal))
    expect(outline(plan)).toEqual([])
    expect(byLevel(plan.remarks).warnings).toEqual([
      expect.stringContaining('nobody can tell that the run made it')
    ])
  })

  it('takes none of two copies', async () => {
    const all = new Platform(platform({}, scheduled))
    const { journal } = await all.promote(inputs())
    all.duplicate(all.job('Nightly').id, { name: 'Nightly' })
    expect(messages(await planOf(all, fallen(journal)))).toEqual([
      expect.stringContaining('could be any of')
    ])
  })
})

it('leaves alone what was not attempted and what failed', async () => {
  const { all, journal } = await twice(editSource)
  for (const status of ['failed', 'not-attempted']) {
    const other = journal.replace('"status":"applied"', `"status":"${status}"`)
    const plan = await planOf(all, other)
    expect(outline(plan)).toEqual([])
    expect(byLevel(plan.remarks).notices).toEqual([
      '1 change of the promotion was not carried out: of it, nothing is undone.'
    ])
  }
})

describe('the hash', () => {
  const { source, target } = planWith([])
  const marked = (digests: string): string =>
    `Text.\nPromoted by dbt-promote from 1/2/3 (v1 ${digests})`
  const hashOf = (before: string, after: string, undoes?: string): string =>
    planHash(
      { source, target },
      [changedJob('Staging', 'Nightly', [{ path: 'description', before, after }])],
      undoes
    )
  const [one, two, three] = ['11111111.11111111', '22222222.22222222', '33333333.33333333'].map(
    marked
  )

  it('is another for another marker that is restored, or written over', () => {
    const own = hashOf(one!, two!, 'a')
    expect(hashOf(one!, two!, 'a')).toBe(own)
    expect(hashOf(one!, three!, 'a')).not.toBe(own)
    expect(hashOf(three!, two!, 'a')).not.toBe(own)
  })

  it('is another for another plan that is undone, and for a promotion', () => {
    const hashes = [undefined, 'a', 'b'].map((undoes) => hashOf(one!, two!, undoes))
    expect(new Set(hashes).size).toBe(3)
  })
})

it('heeds max-changes and protect', async () => {
  const { all, journal } = await twice(editSource)
  const nightly = parseSelector('Nightly')
  if ('error' in nightly) throw new Error(nightly.error)
  const plan = await planOf(all, journal, { maxChanges: 0, protect: [nightly] })
  expect(messages(plan)).toEqual([
    'The plan has 1 changes, and max-changes allows 0.',
    'The plan would update job "Nightly", which is protected.'
  ])
})

it('is of the project that target-project names', async () => {
  const { all, journal } = await twice(editSource)
  const name = all.state.projects.find(({ id }) => id === ids.target)!.name
  expect(messages(await planOf(all, journal, { project: { name } }))).toEqual([])
  expect(messages(await planOf(all, journal, { project: { name: 'Other' } }))).toEqual([
    expect.stringContaining('and target-project is "Other"')
  ])
})

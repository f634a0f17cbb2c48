// max-changes and protect: what counts as a change, and what is protected from which.
import { describe, expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
import { addEnvironment, addJob } from '../../sandbox/index.ts'
import { hasChanges } from '../../src/promotion/plan.ts'
import {
  ids,
  inputs,
  messages,
  platform,
  Platform,
  triggers,
  type Inputs
} from '../../testing/worlds/two-projects.ts'

/** Staging and QA with three jobs, promoted; then one job is new, one changes, one is gone. */
async function lived(): Promise<Platform> {
  const all = new Platform(platform())
  for (const [id, name] of [
    [6002, 'Gone'],
    [6003, 'Stays']
  ] as const) {
    all.add((state) =>
      addJob(state, ids.staging, { id, name, triggers: triggers({ schedule: true }) })
    )
  }
  await all.promote(inputs())
  all.editJob(ids.nightly, { execute_steps: ['dbt run'] })
  all.editJob(6002, { state: 2 })
  all.add((state) => addJob(state, ids.qa, { id: 6004, name: 'New' }))
  return all
}

describe('max-changes', () => {
  it.each<[string, Inputs, string | undefined]>([
    ['a create, an update and a pause', { removals: 'pause', 'max-changes': '2' }, '3 changes'],
    ['as many as are allowed', { removals: 'pause', 'max-changes': '3' }, undefined],
    ['what is not changed is none', { 'max-changes': '2' }, undefined],
    ['none at all', { 'max-changes': '0' }, '2 changes']
  ])('%s', async (_what, more, message) => {
    const all = await lived()
    const { plan, writes } = await all.promote(inputs(more))
    const expected = message === undefined ? [] : [`The plan has ${message}`]
    expect(messages(plan).map((each) => each.split(',')[0])).toEqual(expected)
    expect(writes.length > 0).toBe(message === undefined)
  })

  it('0 lets a run through that changes nothing', async () => {
    const all = await lived()
    await all.promote(inputs())
    const { plan, writes } = await all.promote(inputs({ 'max-changes': '0' }))
    expect([messages(plan), hasChanges(plan), writes]).toEqual([[], false, []])
  })
})

describe('protect', () => {
  it.each<[string, string, readonly string[]]>([
    ['a new job', 'New', ['create job "New"']],
    ['a job that changes', 'Nightly', ['update job "Nightly"']],
    ['a job that would be paused', 'Gone', ['pause job "Gone"']],
    ['several by a wildcard', 'N*', ['update job "Nightly"', 'create job "New"']],
    ['what does not change', 'Stays\nStaging\nQA', []],
    ['a name in other letters', 'nightly', []],
    ['a part of a name', 'Night', []]
  ])('%s', async (_what, protect, told) => {
    const all = await lived()
    const { plan, writes } = await all.promote(inputs({ protect, removals: 'pause' }))
    const expected = told.map((each) => `The plan would ${each}, which is protected.`)
    expect(messages(plan).toSorted()).toEqual(expected.toSorted())
    expect(writes.length > 0).toBe(told.length === 0)
  })

  it('is by the id in the target, and never by that in the source', async () => {
    const all = await lived()
    const own = String(all.job('Nightly').id)
    expect(messages(await all.plan(inputs({ protect: own })))).toHaveLength(1)
    expect(messages(await all.plan(inputs({ protect: String(ids.nightly) })))).toEqual([])
  })

  it('is for an environment itself, under the name that it has in the target', async () => {
    const all = new Platform(platform())
    const protect = (name: string): Inputs => ({ protect: name, 'environment-name': 'prod {name}' })
    expect(messages(await all.plan(inputs(protect('Staging'))))).toEqual([])
    expect(messages(await all.plan(inputs(protect('prod S*'))))).toEqual([
      'The plan would create environment "prod Staging", which is protected.'
    ])
  })

  it.each<[string, string, string | undefined]>([
    ['a job of the target', 'Gone', undefined],
    ['an environment of the target', 'QA', undefined],
    ['an environment that no promotion made', 'Theirs', undefined],
    ['a wildcard', 'St*', undefined],
    ['everything', '*', undefined],
    ['a job that is only in the plan', 'New', undefined],
    ['a name in other letters', 'nightly', '"nightly"'],
    ['a part of a name', 'Night', '"Night"'],
    ['a wildcard for nothing', 'Nigthly*', '"Nigthly*"'],
    ['the id of a source job', String(ids.nightly), '"6001"'],
    ['the same line twice', 'Nigthly\nNigthly', '"Nigthly"']
  ])('that matches nothing is a warning, and %s is as it is', async (_what, protect, line) => {
    const all = await lived()
    all.add((state) => addEnvironment(state, ids.target, { name: 'Theirs' }))
    const { warnings } = byLevel((await all.plan(inputs({ protect }))).remarks)
    const told = warnings.filter((each) => each.includes('in protect'))
    expect(told.map((each) => each.split(' The nearest are ')[0])).toEqual(
      line === undefined
        ? []
        : [`The line ${line} in protect matches nothing in project "Project 86711".`]
    )
  })

  it('that matches nothing lists near names, of the target and of the plan, or near ids', async () => {
    const all = await lived()
    const about = async (protect: string): Promise<string> =>
      byLevel((await all.plan(inputs({ protect }))).remarks).warnings.find((each) =>
        each.includes('protect')
      ) ?? ''
    expect(await about('Nigthly')).toContain('The nearest are "Nightly", ')
    expect(await about('Nwe')).toContain('"New"')
    const own = String(all.job('Nightly').id)
    expect(await about(`id:${own}1`)).toContain(`"${own}"`)
  })

  it('that matches what is renamed by this plan is no warning, by either name', async () => {
    const all = await lived()
    all.editJob(ids.nightly, { name: 'Daily' })
    for (const protect of ['Nightly', 'Daily']) {
      const { warnings } = byLevel((await all.plan(inputs({ protect }))).remarks)
      expect(warnings.filter((each) => each.includes('in protect'))).toEqual([])
    }
  })

  it('is for a job that would move', async () => {
    const all = await lived()
    await all.promote(inputs())
    all.add((state) =>
      addEnvironment(state, ids.target, { name: 'Elsewhere', credentials_id: ids.credentials })
    )
    const moved = all.environment('Elsewhere').id
    all.editJob(all.job('Stays').id, { environment_id: moved })
    expect(messages(await all.plan(inputs({ protect: 'Stays' })))).toEqual([
      'The plan would update job "Stays", which is protected.'
    ])
  })
})

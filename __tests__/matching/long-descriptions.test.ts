// A description holds 255 characters. Where text and marker are longer together, the digests go first, then the whole
// marker: the job is then matched by its name, and is ours only as long as its description is the wanted one.
import { describe, expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
import { addJob, type Features } from '../../sandbox/index.ts'
import { excessOf, lengthOf, readMarker, roomFor, withMarker } from '../../src/model/marker.ts'
import type { Plan } from '../../src/promotion/plan.ts'
import { promoting } from '../../src/promotion/planner.ts'
import {
  after,
  alarms,
  ids,
  inputs,
  lastLine,
  messages,
  only,
  outline,
  platform,
  Platform,
  triggers,
  type Inputs
} from '../../testing/worlds/two-projects.ts'

const key = 'job:Staging/Nightly'
const spec = (more: Inputs = {}) => inputs({ environments: 'Staging', ...more })

/** A text that leaves no room for a marker, and one that leaves some for that without digests. */
const long = 'A'.repeat(240)
const middle = 'B'.repeat(255 - 'Promoted by dbt-promote from 28885/86704/6001 (v1)\n'.length)

function holding(description: string, features: Partial<Features> = {}): Platform {
  return new Platform(platform(features, { description }))
}

const tooLong = ({ remarks }: Plan): readonly string[] =>
  byLevel(remarks).warnings.filter((text) => text.includes('too long'))

describe('what of a marker fits', () => {
  const origin = { account: 28885, project: 86704, job: 6001 }
  const digests = { all: '01234567', firm: '89abcdef' }

  it('is all, then the origin, then nothing, counted in code points', () => {
    for (const letter of ['x', '🦆', 'é']) {
      for (const label of ['', 'eu', 'L'.repeat(50)]) {
        const whole = lengthOf(withMarker('', { origin, label, state: digests })) + 1
        const short = whole - lengthOf(' 01234567.89abcdef')
        for (const [length, room] of [
          [255 - whole, 'all'],
          [255 - whole + 1, 'origin'],
          [255 - short, 'origin'],
          [255 - short + 1, 'none'],
          [255, 'none']
        ] as const) {
          const text = letter.repeat(length)
          const written = withMarker(text, { origin, label, state: digests })
          const state = { all: digests, origin: 'unknown', none: undefined }[room]
          expect([room, readMarker(written)?.state]).toEqual([room, state])
          expect(roomFor(text, { origin, label })).toBe(room)
          expect(lengthOf(written)).toBeLessThanOrEqual(255)
          expect(excessOf(text, { origin, label })).toBe(length + short - 255)
        }
      }
    }
  })

  it('of an unfinished job is all, in place of the text where there is no room for both', () => {
    const unfinished = { origin, label: 'L'.repeat(50), state: 'unfinished' } as const
    for (const text of ['', 'short', middle, long])
      expect(readMarker(withMarker(text, unfinished))).toEqual(unfinished)
    expect(withMarker('short', unfinished)).toMatch(/^short\n/)
  })
})

describe('a job whose text leaves room for the origin alone', () => {
  it('is known by it, and nothing of it is written twice', async () => {
    const world = holding(middle)
    await world.promote(spec())
    expect(lastLine(world.job('Nightly'))).toBe(
      'Promoted by dbt-promote from 28885/86704/6001 (v1)'
    )
    world.editJob(ids.nightly, { name: 'Every night' })
    const { plan } = await world.promote(spec())
    expect(outline(plan)).toEqual(['update job:Staging/Every night (unknown) name'])
    expect(byLevel(plan.remarks).warnings).toEqual([])
    expect((await world.promote(spec())).writes).toEqual([])
  })

  it('does not write for ever what the account refuses', async () => {
    for (const text of [middle, long]) {
      const world = new Platform(
        platform(
          { stateAwareOrchestration: false },
          { description: text, cost_optimization_features: ['state_aware_orchestration'] }
        )
      )
      await world.promote(spec())
      const second = await world.promote(spec())
      expect(second.writes).toEqual([])
      expect(outline(second.plan)).toEqual([`refused ${key} cost_optimization_features`])
    }
  })
})

describe('a job whose text leaves no room for a marker', () => {
  it('is made with its text, is told of by how much it is too long, and is matched by its name', async () => {
    for (const longDescription of ['invalid', 'error'] as const) {
      const world = holding(long, { longDescription })
      const { plan, outcomes } = await world.promote(spec())
      expect(outcomes.every(({ status }) => status === 'applied')).toBe(true)
      expect(world.job('Nightly').description).toBe(long)
      const told = only(tooLong(plan))
      expect(told).toContain(
        `"Nightly" in "Staging" is ${String(240 + 51 - 255)} characters too long`
      )
      const second = await world.promote(spec())
      expect([messages(second.plan), second.writes, byLevel(second.plan.remarks).warnings]).toEqual(
        [[], [], [told]]
      )
      expect(byLevel(second.plan.remarks).alarms).toEqual([])

      world.editJob(ids.nightly, { execute_steps: ['dbt run'] })
      expect(outline((await world.promote(spec())).plan)).toEqual([
        `update ${key} (unknown) execute_steps`
      ])
      expect(world.jobs()).toHaveLength(1)
      expect((await world.promote(spec())).writes).toEqual([])
    }
  })

  it('needs adopt once its text is edited, on either side, and then is ours again', async () => {
    for (const edit of [
      (world: Platform) => {
        world.editJob(ids.nightly, { description: `${long}!` })
      },
      (world: Platform) => {
        world.editJob(world.job('Nightly').id, { description: `${long}?` })
      }
    ]) {
      const world = holding(long)
      await world.promote(spec())
      edit(world)
      const refused = await world.promote(spec())
      expect(messages(refused.plan).join()).toContain('which no promotion made')
      expect(refused.writes).toEqual([])
      const { plan } = await world.promote(spec({ adopt: 'true' }))
      expect([outline(plan), alarms(plan)]).toEqual([
        [`update ${key} (unknown) description`],
        [`adopted ${key}`]
      ])
      for (const more of [{}, { adopt: 'true' }]) {
        const { writes, plan: again } = await world.promote(spec(more))
        expect([writes, byLevel(again.remarks).alarms]).toEqual([[], []])
      }
    }
  })

  it('is no other job of that name, nor one of another owner', async () => {
    const world = holding(long)
    await world.promote(spec())
    const { id } = world.job('Nightly')
    const foreign = 'Promoted by dbt-promote from 1/2/3 (v1)'
    for (const [description, why] of [
      [`${long.slice(50)}\n${foreign}`, 'was promoted from'],
      [`${long.slice(0, 230)} [[id]]`, 'managed by dbt-jobs-as-code'],
      ['', 'which no promotion made']
    ] as const) {
      world.editJob(id, { description })
      expect(messages(await world.plan(spec())).join()).toContain(why)
    }
  })

  it('gets the marker once its text is shorter', async () => {
    const world = holding(long)
    await world.promote(spec())
    world.editJob(ids.nightly, { description: 'Short.' })
    const { plan } = await world.promote(spec({ adopt: 'true' }))
    expect(byLevel(plan.remarks).warnings).toEqual([])
    expect(readMarker(world.job('Nightly').description)?.origin.job).toBe(ids.nightly)
    expect((await world.promote(spec())).writes).toEqual([])
    // And loses it once it is long again: by that marker it is still known.
    world.editJob(ids.nightly, { description: long })
    expect(outline((await world.promote(spec())).plan)).toEqual([
      `update ${key} (source) description`
    ])
    expect(world.job('Nightly').description).toBe(long)
    expect((await world.promote(spec())).writes).toEqual([])
  })

  it('has the marker in place of the text until its second write', async () => {
    for (const text of [long, middle]) {
      const world = holding(text)
      // In a cycle, the first write of one of them leaves out the trigger.
      const other = world.add((state) =>
        addJob(state, ids.staging, {
          name: 'Other',
          job_completion_trigger_condition: after(ids.nightly, ids.source)
        })
      )
      world.editJob(ids.nightly, { job_completion_trigger_condition: after(other, ids.source) })
      world.die((_write, count) => count > 3)
      await world.promote(spec())
      world.die()
      const left = world.job('Nightly')
      expect(readMarker(left.description)).toMatchObject({ state: 'unfinished' })
      expect(left.job_completion_trigger_condition).toBeNull()

      const { plan } = await world.promote(spec())
      expect(messages(plan)).toEqual([])
      expect(world.jobs()).toHaveLength(2)
      expect(world.job('Nightly')).toMatchObject({
        id: left.id,
        description: expect.stringContaining(text),
        job_completion_trigger_condition: after(world.job('Other').id, ids.target)
      })
      expect((await world.promote(spec())).writes).toEqual([])
    }
  })

  it('is no candidate of removals, which is said', async () => {
    const world = new Platform(
      platform({}, { description: long, triggers: triggers({ schedule: true }) })
    )
    const { plan } = await world.promote(spec())
    expect(byLevel(plan.remarks).warnings.join()).toContain('removals')
    world.add((state) => addJob(state, ids.staging, { name: 'Other' }))
    world.editJob(ids.nightly, { state: 2 })
    const { writes } = await world.promote(spec({ removals: 'pause' }))
    expect(writes).toHaveLength(1)
    expect(world.job('Nightly').triggers.schedule).toBe(true)
  })

  it('is the counterpart of a reference that is promoted later', async () => {
    const world = holding(long)
    const child = world.add((state) =>
      addJob(state, ids.staging, { name: 'Child', deferring_job_definition_id: ids.nightly })
    )
    await world.promote(spec({ jobs: 'Nightly' }))
    const { plan } = await world.promote(spec({ jobs: 'Child' }))
    expect(messages(plan)).toEqual([])
    expect(world.job('Child').deferring_job_definition_id).toBe(world.job('Nightly').id)
    // Edited, nobody can tell that it is the counterpart.
    world.editJob(world.job('Nightly').id, { description: 'Mine.' })
    world.editJob(child, { execute_steps: ['dbt run'] })
    expect(messages(await world.plan(spec({ jobs: 'Child' }))).join()).toContain('is not promoted')
  })
})

describe('the rollback of a job whose text leaves no room for a marker', () => {
  it('brings back what was, and switches off what was made', async () => {
    const world = new Platform(
      platform({}, { description: 'Short.', triggers: triggers({ schedule: true }) })
    )
    await world.promote(spec())
    const before = world.job('Nightly').description
    world.editJob(ids.nightly, { description: long })
    world.add((state) =>
      addJob(state, ids.staging, {
        name: 'New',
        description: long,
        triggers: triggers({ schedule: true })
      })
    )
    const { journal } = await world.promote(spec())
    // The lines of what was sent and of what became of it are lost, as of a run that was killed.
    const killed = journal
      .split('\n')
      .filter((line) => !line.includes('"sent"') && !line.includes('"status"'))
      .join('\n')
    const made = world.state
    for (const text of [journal, killed]) {
      world.state = made
      const { plan } = await world.rollback(text)
      expect(messages(plan)).toEqual([])
      expect(world.job('Nightly').description).toBe(before)
      expect(world.job('New')).toMatchObject({
        description: long,
        triggers: { schedule: false }
      })
    }
  })
})

describe('a text of more than 255 characters', () => {
  const set = { path: 'description', value: 'x'.repeat(256) }

  it('is a problem of the plan, whoever set it and however jobs are tracked', async () => {
    for (const track of ['marker', 'name']) {
      const world = holding('')
      const { source, target } = await world.snapshots(spec({ track }))
      const given = spec({ track })
      const rules = given.jobRules.map((rule) => ({ ...rule, set: [set] }))
      const plan = promoting({ ...given, jobRules: rules }, source).plan(target)
      expect(byLevel(plan.remarks).problems).toMatchObject([
        {
          message:
            'The description of job "Nightly" has 256 characters, and the platform takes 255.'
        }
      ])
      // The platform itself takes no such text, so a source has none; should it, it is a problem as well.
      world.editJob(ids.nightly, { description: '🦆'.repeat(257) })
      expect(messages(await world.plan(spec({ track }))).join()).toContain('has 257 characters')
      world.editJob(ids.nightly, { description: '🦆'.repeat(255) })
      expect(messages(await world.plan(spec({ track })))).toEqual([])
    }
  })

  it('counts without the marker of the source, and with that of nobody where names are tracked', async () => {
    const world = holding(`${long.slice(0, 200)}\nPromoted by dbt-promote from 1/2/3 (v1)`)
    for (const track of ['marker', 'name']) {
      expect(messages(await world.plan(spec({ track })))).toEqual([])
    }
    const { plan } = await world.promote(spec({ track: 'name' }))
    expect(tooLong(plan)).toEqual([])
    expect(world.job('Nightly').description).toBe(long.slice(0, 200))
  })
})

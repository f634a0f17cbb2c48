// No odd answer ends green: a key that is compared or written, and that every known answer has, is never taken for a
// value. One at a time, it is missing or null in all answers.
import { beforeAll, describe, expect, it } from '@jest/globals'
import type { JsonObject } from '../../src/model/json.ts'
import { ShapeError } from '../../src/model/decode.ts'
import { environmentFields } from '../../src/kinds/environment.ts'
import type { Field, Fields } from '../../src/model/field.ts'
import { jobFields } from '../../src/kinds/job-fields.ts'
import { ids, type Platform } from '../../testing/worlds/two-projects.ts'
import {
  all,
  copyOf,
  ending,
  filled,
  green,
  paths,
  reshape,
  rows
} from '../../testing/worlds/filled.ts'
import { isWhole } from '../../testing/effort.ts'

const tables: Readonly<Record<keyof typeof paths, Fields>> = {
  environment: environmentFields,
  job: jobFields
}

const asked = Object.entries(tables).flatMap(([kind, table]) =>
  Object.entries(table)
    .filter(([, { rule }]) => rule !== 'generated')
    .map(([path, field]) => ({ kind: kind as keyof typeof paths, path, field }))
)

function takesNull(field: Field): boolean {
  try {
    return (field.answer ?? field.decode)(null, '') === null
  } catch (error) {
    if (error instanceof ShapeError) return false
    throw error
  }
}

/** The scenarios: an empty target, and one that an update reaches. */
const worlds: Record<string, { before: Platform; after: unknown }> = {}

beforeAll(async () => {
  const fresh = filled()
  const edited = copyOf(fresh)
  await green(edited)
  edited.editJob(ids.nightly, { execute_steps: ['dbt run'] })
  edited.editEnvironment(ids.staging, { supports_docs: false })
  for (const [name, before] of Object.entries({ fresh, edited })) {
    const done = copyOf(before)
    await green(done)
    worlds[name] = { before, after: rows(done) }
  }
})

/** What ended green though it wrote something else than it should have. */
async function silent(shape: (path: string) => JsonObject, of: typeof asked): Promise<string[]> {
  const found: string[] = []
  for (const [turn, [name, { before, after }]] of Object.entries(worlds).entries()) {
    // Where not all is tried, the one world has those that the other has not.
    const some = isWhole ? of : of.filter((_, index) => index % 2 === turn)
    for (const { kind, path } of some) {
      const world = copyOf(before)
      reshape(world, paths[kind], shape(path))
      const end = await ending(world.promote(all))
      const isRight = JSON.stringify(rows(world)) === JSON.stringify(after)
      const isGreen = typeof end === 'object' && end.writes.length > 0
      if (isGreen && !isRight) found.push(`${name}: ${kind} ${path}`)
      // Nothing is written before it is noticed.
      if (!isGreen) expect(world.sent.filter(({ method }) => method !== 'GET')).toEqual([])
    }
  }
  return found
}

describe('a key that is compared or written', () => {
  it('and that is missing is no value', async () => {
    expect(await silent((path) => ({ drop: [path] }), asked)).toEqual([])
  })

  it('and that is null is no value, where null is none', async () => {
    const strict = asked.filter(({ field }) => !takesNull(field))
    expect(strict.length).toBeGreaterThan(25)
    expect(await silent((path) => ({ set: { [path]: null } }), strict)).toEqual([])
  })

  it('and whose group or part is missing is no value', async () => {
    const groups = [
      ...['triggers', 'settings', 'execution', 'schedule', 'schedule.date', 'schedule.time'],
      ...['schedule.date.days', 'schedule.date.cron', 'schedule.time.interval']
    ]
    const of = groups.map((path) => ({ kind: 'job' as const, path, field: jobFields.schedule }))
    for (const end of [
      (path: string) => ({ drop: [path] }),
      (path: string) => ({ set: { [path]: null } })
    ])
      expect(await silent(end, of)).toEqual([])
  })

  it('is named, with the object, when it is missing', async () => {
    const world = copyOf(worlds['fresh']?.before ?? filled())
    reshape(world, paths.job, { drop: ['execute_steps'], ids: [ids.nightly] })
    expect(await ending(world.promote(all))).toBe(
      `Reading the source project: the answer has an unexpected shape: job ${String(ids.nightly)}: ` +
        'execute_steps should be set, but is missing.'
    )
  })

  it('may be one that a merge job alone needs', async () => {
    // 7 of 29 jobs of a live account lack it, none of them a merge job.
    const world = filled()
    reshape(world, paths.job, { drop: ['triggers.on_merge'] })
    expect(await ending(world.promote(all))).toContain('triggers.on_merge should be set')
  })
})

const writes = [
  { kind: 'job', path: 'execute_steps' },
  { kind: 'job', path: 'triggers' },
  { kind: 'environment', path: 'credentials_id' }
] as const

describe('the answer to a write that lacks a key', () => {
  it('is not believed: the list tells whether it was done', async () => {
    const [fresh] = Object.values(worlds)
    for (const { kind, path } of writes) {
      const world = copyOf(fresh?.before ?? filled())
      reshape(world, paths[kind], { drop: [path] }, 'POST')
      expect(await ending(world.promote(all))).toHaveProperty('plan')
      expect(rows(world)).toEqual(fresh?.after)
    }
  })

  it('is unclear where the list lacks it too by then', async () => {
    for (const { kind, path } of writes) {
      const world = copyOf(worlds['fresh']?.before ?? filled())
      reshape(world, paths[kind], { drop: [path] }, 'POST')
      // The lists of both sides and that of the second look come before the first write.
      const action = { kind: 'reshape', drop: [path] } as const
      world.addFault({ path: paths[kind], method: 'GET', nth: 4, times: null, action })
      expect(typeof (await ending(world.promote(all)))).toBe('string')
    }
  })
})

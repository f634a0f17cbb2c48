import { describe, expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
import { readMarker, withMarker, withoutMarker } from '../../src/model/marker.ts'
import {
  ids,
  inputs,
  lastLine,
  outline,
  platform,
  Platform,
  updateOf
} from '../../testing/worlds/two-projects.ts'

const key = 'job:Staging/Nightly'
const marker = /^Promoted by dbt-promote from 28885\/86704\/6001 \(v1 [0-9a-f]{8}\.[0-9a-f]{8}\)$/

describe('the marker of a promoted job', () => {
  it('is the last line of its description, and names the job that it came from', async () => {
    const world = new Platform(platform({}, { description: 'Builds all.\nAsk the data team.' }))
    await world.promote(inputs())
    const { description } = world.job('Nightly')
    expect(description.split('\n').slice(0, -1)).toEqual(['Builds all.', 'Ask the data team.'])
    expect(lastLine({ description })).toMatch(marker)
  })

  it('is all that an empty description holds', async () => {
    const world = new Platform(platform())
    await world.promote(inputs())
    expect(world.job('Nightly').description).toMatch(marker)
  })

  it('is the same text, whoever promotes the same job the same way', async () => {
    const written = async (): Promise<string> => {
      const world = new Platform(platform({}, { description: 'Builds all.' }))
      await world.promote(inputs())
      return world.job('Nightly').description
    }
    expect(await written()).toBe(await written())
  })

  // A golden text: another digest for the same values makes every promoted job look edited after an upgrade. When the
  // managed fields change on purpose, the version of the marker must change too.
  it('does not change from version to version of this action', async () => {
    const world = new Platform(platform({}, { description: 'Builds all.' }))
    await world.promote(inputs())
    expect(lastLine(world.job('Nightly'))).toBe(
      'Promoted by dbt-promote from 28885/86704/6001 (v1 cdef96cd.856a3f3c)'
    )
  })
})

describe('readMarker', () => {
  const origin = { account: 1, project: 2, job: 3 }
  const line = (rest: string): string => `Promoted by dbt-promote from 1/2/3 (${rest})`

  it.each([
    ['digests', 'v1 0123abcd.4567cdef', { all: '0123abcd', firm: '4567cdef' }],
    ['an unfinished job', 'v1 unfinished', 'unfinished'],
    ['an older version', 'v0 0123abcd', 'unknown'],
    ['a newer version', 'v2 0123abcd.4567cdef.89', 'unknown'],
    ['a newer version without anything', 'v2', 'unknown'],
    ['a newer version that says unfinished', 'v2 unfinished', 'unknown'],
    ['nothing', 'v1', 'unknown'],
    ['one digest', 'v1 0123abcd', 'unknown'],
    ['a cut digest', 'v1 0123abcd.4567cde', 'unknown'],
    ['upper case', 'v1 0123ABCD.4567CDEF', 'unknown'],
    ['words', 'v1 edited by hand', 'unknown']
  ] as const)('reads %s', (_what, rest, state) => {
    expect(readMarker(line(rest))).toMatchObject({ origin, state })
  })

  it.each([
    ['on the first line', `${line('v1 unfinished')}\nand more`],
    ['between others', `a\n${line('v1 unfinished')}\nb`],
    ['with blanks around it', `a\n  ${line('v1 unfinished')} \t`],
    ['with line ends of Windows', `a\r\n${line('v1 unfinished')}\r\nb\r\n`]
  ])('finds it %s', (_where, description) => {
    expect(readMarker(description)).toEqual({ origin, label: '', state: 'unfinished' })
  })

  it('takes the last of several', () => {
    const older = 'Promoted by dbt-promote from 1/2/9 (v1 unfinished)'
    expect(readMarker(`${older}\n${line('v1 unfinished')}`)?.origin).toEqual(origin)
  })

  it.each([
    ['nothing', null],
    ['nothing at all', undefined],
    ['an empty text', ''],
    ['a text', 'Builds all.'],
    ['a sentence that talks of it', 'Promoted by dbt-promote from dev, see the wiki'],
    ['an id that is no number', 'Promoted by dbt-promote from 1/2/x (v1 unfinished)'],
    ['too few ids', 'Promoted by dbt-promote from 1/2 (v1 unfinished)'],
    [
      'an id beyond all numbers',
      `Promoted by dbt-promote from 1/2/${'9'.repeat(17)} (v1 unfinished)`
    ],
    ['a line with something before it', `> ${line('v1 unfinished')}`],
    ['a line with something after it', `${line('v1 unfinished')} (really)`],
    ['a line that was cut', 'Promoted by dbt-promote from 1/2/3 (v1 0123']
  ])('finds none in %s', (_what, description) => {
    expect(readMarker(description)).toBeUndefined()
    expect(withoutMarker(description)).toBe(description ?? '')
  })

  it.each(['', 'a', 'a\n', '\n', ' a \n\n b ', 'a\r\nb'])('leaves the text %j as it is', (text) => {
    const marked = withMarker(text, { origin, label: '', state: 'unfinished' })
    expect(lastLine({ description: marked })).toBe(line('v1 unfinished'))
    expect(withoutMarker(marked)).toBe(text)
    expect(withMarker(marked, { origin, label: '', state: 'unfinished' })).toBe(marked)
  })
})

describe('a marker that this version can not read', () => {
  const change = (rest: string) => (text: string) => text.replace(/\(v1 [^)]*\)$/, `(${rest})`)

  it.each(['v0', 'v0 1234', 'v2', 'v2 12345678.12345678', 'v1 12345678', 'v1 damaged', 'v1'])(
    'is no change by itself: (%s)',
    async (rest) => {
      const world = new Platform(platform())
      await world.promote(inputs())
      const { id, description } = world.job('Nightly')
      world.editJob(id, { description: change(rest)(description) })
      const { plan, writes } = await world.promote(inputs())
      expect(byLevel(plan.remarks).problems).toEqual([])
      expect(outline(plan)).toEqual([])
      expect(writes).toEqual([])
      expect(lastLine(world.job('Nightly'))).toContain(`(${rest})`)
    }
  )

  it.each(['v0 1234', 'v2 12345678.12345678', 'v1 damaged'])(
    'still tells where the job came from, but nobody is said to have changed it: (%s)',
    async (rest) => {
      const world = new Platform(platform())
      await world.promote(inputs())
      const { id, description } = world.job('Nightly')
      world.editJob(id, { description: change(rest)(description), name: 'Renamed' })
      const { plan } = await world.promote(inputs())
      expect(outline(plan)).toEqual([`update ${key} (unknown) name`])
      expect(world.job('Nightly').id).toBe(id)
      expect(lastLine(world.job('Nightly'))).toMatch(marker)
      expect((await world.promote(inputs())).writes).toEqual([])
    }
  )

  it('that lost its ids leaves the job without an owner', async () => {
    const world = new Platform(platform())
    await world.promote(inputs())
    world.editJob(world.job('Nightly').id, { description: 'Promoted by dbt-promote from here' })
    const { plan } = await world.promote(inputs())
    expect(byLevel(plan.remarks).problems.map(({ remedy }) => remedy)).toEqual([
      expect.stringContaining('adopt: true')
    ])
  })
})

describe('a description', () => {
  it('that is edited around the marker is set right, and was edited in the target', async () => {
    const world = new Platform(platform({}, { description: 'Builds all.' }))
    await world.promote(inputs())
    const { id, description } = world.job('Nightly')
    world.editJob(id, { description: `Do not touch!\n${description}\nReally.` })
    const { plan } = await world.promote(inputs())
    expect(updateOf(plan, key)).toMatchObject({ id, cause: 'target' })
    expect(world.job('Nightly').description).toBe(description)
  })

  it('of a source that talks of a promotion, or was itself promoted, is copied without marker', async () => {
    const own = 'Promoted by dbt-promote from 1/2/3 (v1 0123abcd.4567cdef)'
    const world = new Platform(platform({}, { description: `Above\n${own}\nBelow` }))
    const { writes } = await world.promote(inputs())
    const { description } = world.job('Nightly')
    expect(description.split('\n')).toEqual(['Above', 'Below', expect.stringMatching(marker)])
    expect(JSON.stringify(writes)).not.toContain('1/2/3')
    expect((await world.promote(inputs())).writes).toEqual([])
  })

  it('that is only blanks apart is no change', async () => {
    const world = new Platform(platform({}, { description: 'Builds all.\n\n' }))
    await world.promote(inputs())
    expect((await world.promote(inputs())).writes).toEqual([])
    world.editJob(ids.nightly, { description: 'Builds all.' })
    expect((await world.promote(inputs())).writes).toEqual([])
  })
})

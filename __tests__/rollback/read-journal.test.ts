// Journals that are right, cut, or none at all.
import { describe, expect, it } from '@jest/globals'
import { parseJournal, readJournal } from '../../src/inputs/read-journal.ts'
import { inputs, platform, Platform, triggers } from '../../testing/worlds/two-projects.ts'
import { planFile } from '../../src/report/plan-file.ts'

async function promoted(): Promise<{ text: string; plan: string }> {
  const all = new Platform(platform({}, { triggers: triggers({ schedule: true }) }))
  const { journal, plan } = await all.promote(inputs())
  return { text: journal, plan: planFile(plan) }
}

const faultOf = (text: string): string | undefined => parseJournal(text).problems[0]?.message

it('holds the head, each change, and what was sent and came of it', async () => {
  const { text } = await promoted()
  const { journal } = parseJournal(text)
  expect(journal?.entries.map(({ key }) => key)).toEqual([
    'environment:QA',
    'environment:Staging',
    'job:Staging/Nightly'
  ])
  expect(journal?.head).toMatchObject({ version: 2, changes: 3, undoes: null, track: 'marker' })
  expect([...(journal?.outcomes.values() ?? [])].map(({ status }) => status)).toEqual([
    'applied',
    'applied',
    'applied'
  ])
  expect(journal?.attempts.get('job:Staging/Nightly')?.[0]?.['environment_id']).toEqual(
    expect.any(Number)
  )
})

it('is the same for the same promotion, but for ids', async () => {
  const [one, other] = [await promoted(), await promoted()]
  expect(one.text).toBe(other.text)
})

describe('a journal that is cut', () => {
  it('is used as far as it is whole, wherever it is cut', async () => {
    const { text } = await promoted()
    const head = text.indexOf('\n') + 1
    for (let length = head; length < text.length; length += 7) {
      const { journal, problems } = parseJournal(text.slice(0, length))
      expect(problems).toEqual([])
      expect(journal?.head.changes).toBe(3)
    }
  })

  it('in its first line is of no use', async () => {
    const { text } = await promoted()
    expect(faultOf(text.slice(0, 40))).toBe(
      'The file in rollback-from is no journal, or one that is cut in its first line: that is no JSON.'
    )
  })

  it('is whole where only the last line break is missing', async () => {
    const { text } = await promoted()
    expect(parseJournal(text.trimEnd()).journal?.outcomes.size).toBe(3)
  })

  it('may have line breaks of Windows', async () => {
    const { text } = await promoted()
    expect(parseJournal(text.replaceAll('\n', '\r\n'))).toEqual(parseJournal(text))
  })
})

describe('what is no journal', () => {
  it('is told: a plan file', async () => {
    const { plan } = await promoted()
    expect(faultOf(plan)).toBe('The input rollback-from names a plan file, and not a journal.')
  })

  it.each([
    ['an empty file', '', 'The journal is empty.'],
    ['a picture', '\u0089PNG\r\n', /no journal, or one that is cut/],
    ['another JSON', '{"a": 1}\n', 'The file in rollback-from is no journal of dbt-promote.'],
    ['a list', '[1, 2]', 'The file in rollback-from is no journal of dbt-promote.'],
    [
      'a later version',
      '{"journal": "dbt-promote", "version": 3}\n',
      'The journal has a version that this dbt-promote does not know.'
    ],
    ['half a head', '{"journal": "dbt-promote", "version": 1}\n', /^Line 1 of the journal: source/]
  ])('is told: %s', (_what, text, fault) => {
    expect(faultOf(text)).toMatch(typeof fault === 'string' ? new RegExp(`^${fault}$`) : fault)
  })

  it('is told: a file that is not there, and a folder', async () => {
    for (const file of ['/nowhere/journal.jsonl', import.meta.dirname]) {
      const { problems } = await readJournal(file)
      expect(problems[0]?.message).toMatch(/^The journal could not be read: (E|.* is not a file)/)
      expect(problems[0]?.remedy).toContain('journal-path')
    }
  })
})

describe('nonsense by hand', () => {
  type Line = Record<string, unknown>

  /** The fault of a journal whose n-th line is changed. */
  async function edited(at: number, edit: (line: Line) => unknown): Promise<string | undefined> {
    const { text } = await promoted()
    const lines = text.split('\n')
    const line = lines[at] ?? ''
    lines[at] = JSON.stringify(edit(JSON.parse(line) as Line))
    return faultOf(lines.join('\n'))
  }

  it.each<[string, number, (line: Line) => unknown, string]>([
    ['an unknown op', 1, (line) => ({ ...line, op: 'delete' }), 'Line 2 of the journal: op: '],
    [
      'an unknown key',
      1,
      (line) => ({ ...line, zebra: 1 }),
      'Line 2 of the journal: Unrecognized key: "zebra".'
    ],
    [
      'a key of another kind',
      1,
      (line) => ({ ...line, kind: 'job' }),
      'Line 2 of the journal: key is none of its kind.'
    ],
    [
      'an id of what is new',
      1,
      (line) => ({ ...line, id: 7 }),
      'Line 2 of the journal: id does not fit op.'
    ],
    [
      'a host that is none',
      0,
      (line) => ({ ...line, target: { origin: 'x' } }),
      'Line 1 of the journal: target.'
    ],
    [
      'an unknown status',
      5,
      (line) => ({ ...line, sent: undefined, status: 'fine', id: null, refused: [] }),
      'Line 6 of the journal: status: '
    ],
    ['a list', 2, () => [], 'Line 3 of the journal is no JSON object.'],
    [
      'a value of another type',
      3,
      (line) => ({ ...line, op: 'update', id: 7, before: { 'settings.threads': 'zebra' } }),
      'Line 4 of the journal: before.settings.threads should be a whole number, but is a text.'
    ],
    [
      'a field that nobody may write',
      3,
      (line) => ({ ...line, op: 'update', id: 7, before: { account_id: 1 } }),
      'Line 4 of the journal: before holds a field that no job has.'
    ],
    [
      'a field by the name of a part of every object',
      3,
      (line) => ({ ...line, op: 'update', id: 7, before: { constructor: 1 } }),
      'Line 4 of the journal: before holds a field that no job has.'
    ]
  ])('%s stops with its line', async (_what, at, edit, fault) => {
    const told = await edited(at, edit)
    expect(told?.startsWith(fault) ? fault : told).toBe(fault)
  })

  it('a line that stands twice stops with the second one', async () => {
    const { text } = await promoted()
    const [head = '', first = ''] = text.split('\n')
    expect(faultOf([head, first, first].join('\n'))).toBe(
      'Line 3 of the journal plans for the second time what another line plans.'
    )
  })

  it('a line in the middle that is no JSON stops, and shows nothing of itself', async () => {
    const { text } = await promoted()
    const lines = text.split('\n')
    lines[2] = '{"key": "variable:X", "value": "zebra'
    expect(faultOf(lines.join('\n'))).toBe('Line 3 of the journal is no JSON object.')
  })
})

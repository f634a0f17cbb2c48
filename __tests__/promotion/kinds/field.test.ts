import { describe, expect, it } from '@jest/globals'
import type { JsonObject } from '../../../src/model/json.ts'
import { ignored, int, nullable, text } from '../../../src/model/decode.ts'
import {
  canonOf,
  nest,
  readValues,
  unknownPaths,
  type Fields,
  type Values
} from '../../../src/model/field.ts'

const table = {
  name: { rule: 'name', decode: text, canon: (value) => (value as string).trim() },
  note: { rule: 'copy', decode: nullable(text), absent: null },
  'settings.threads': { rule: 'copy', decode: int },
  'settings.target': { rule: 'copy', decode: text, absent: 'default' },
  'execution.timeout': { rule: 'copy', decode: int, absent: 0 },
  nested: { rule: 'generated', decode: ignored }
} as const satisfies Fields
const gaps = [['settings.target'], ['note', 'execution.timeout']]

describe('readValues', () => {
  it('reads by dotted path, and leaves out what is read by nobody', () => {
    const raw = {
      name: ' a ',
      note: null,
      settings: { threads: 4, target: 'prod' },
      execution: { timeout: 60 },
      nested: { secret: 'x' }
    }
    expect(readValues(table, gaps, raw, 'job 1')).toEqual({
      values: {
        name: ' a ',
        note: null,
        'settings.threads': 4,
        'settings.target': 'prod',
        'execution.timeout': 60
      },
      fault: null
    })
  })

  const whole = {
    name: 'a',
    note: 'b',
    settings: { threads: 4, target: 'prod' },
    execution: { timeout: 60 }
  }

  it.each([
    [
      { note: undefined, execution: {} },
      { note: null, 'execution.timeout': 0 }
    ],
    [
      { note: undefined, execution: { timeout: null } },
      { note: null, 'execution.timeout': 0 }
    ],
    [{ settings: { threads: 4 } }, { 'settings.target': 'default' }],
    [{ settings: { threads: 4, target: null } }, { 'settings.target': 'default' }]
  ])('takes what an absent key means where it is known to be left out: %j', (change, expected) => {
    const { values, fault } = readValues(
      table,
      gaps,
      { ...whole, ...change } as JsonObject,
      'job 1'
    )
    expect(fault).toBeNull()
    expect(values).toMatchObject(expected)
  })

  it.each([
    [{ name: 1 }, 'name should be a text, but is 1'],
    [{ name: undefined }, 'name should be set, but is missing'],
    [{ settings: { threads: '4' } }, 'settings.threads should be a whole number, but is a text'],
    [{ settings: { target: 'a' } }, 'settings.threads should be set, but is missing'],
    [{ settings: { threads: null } }, 'settings.threads should be a whole number, but is null'],
    [{ settings: null }, 'settings should be an object, but is null'],
    [{ settings: [] }, 'settings should be an object, but is a list'],
    // One of those that are left out together.
    [{ note: undefined }, 'note should be set, but is missing'],
    [{ execution: {} }, 'execution.timeout should be set, but is missing'],
    [{ execution: { timeout: null } }, 'execution.timeout should be set, but is null']
  ])('names field and object, and reads the rest: %j', (change, message) => {
    const raw = { ...whole, ...change } as JsonObject
    const { values, fault } = readValues(table, gaps, raw, 'job 1')
    expect(fault?.message).toBe(`job 1: ${message}`)
    expect(Object.keys(values).length).toBeGreaterThan(2)
  })
})

describe('unknownPaths', () => {
  it('names what holds something and has no rule, at both depths', () => {
    const raw = {
      name: 'a',
      settings: { threads: 1, boost: true, empty: null },
      execution: 'odd',
      nested: { anything: 1 },
      fresh: 0,
      off: false,
      none: null,
      blank: '',
      list: [],
      object: {},
      more: { inner: 1 }
    }
    expect(unknownPaths(table, raw)).toEqual(['settings.boost', 'fresh', 'more'])
  })

  it('finds none in what the table knows', () => {
    expect(unknownPaths(table, { name: 'a', note: 'b', settings: { target: 'c' } })).toEqual([])
  })
})

describe('nest', () => {
  it('makes objects of dotted paths, whatever their order', () => {
    expect(
      nest({ 'settings.threads': 1, name: 'a', 'execution.timeout': 0, 'settings.target': 'b' })
    ).toEqual({ settings: { threads: 1, target: 'b' }, name: 'a', execution: { timeout: 0 } })
  })

  it('keeps nulls, lists and objects', () => {
    expect(nest({ a: null, b: [1], 'c.d': { e: 1 } })).toEqual({
      a: null,
      b: [1],
      c: { d: { e: 1 } }
    })
  })

  it('gives back what was read', () => {
    const raw = {
      name: 'a',
      note: 'b',
      settings: { threads: 1, target: 'c' },
      execution: { timeout: 5 }
    }
    expect(nest(readValues(table, gaps, raw, 'job 1').values as Values)).toEqual(raw)
  })
})

describe('canonOf', () => {
  it('is the value itself where the table says nothing', () => {
    expect(canonOf(table.name, ' a ')).toBe('a')
    expect(canonOf(table.note, ' a ')).toBe(' a ')
  })
})

import { describe, expect, it } from '@jest/globals'
import { ignored, int, nullable, text } from '../../../src/promotion/kinds/decode.ts'
import {
  canonOf,
  nest,
  readValues,
  unknownPaths,
  type Fields
} from '../../../src/promotion/kinds/field.ts'

const table = {
  name: { rule: 'name', decode: text, canon: (value) => (value as string).trim() },
  note: { rule: 'copy', decode: nullable(text), absent: null },
  'settings.threads': { rule: 'copy', decode: int },
  'settings.target': { rule: 'copy', decode: text, absent: 'default' },
  'execution.timeout': { rule: 'copy', decode: int, absent: 0 },
  nested: { rule: 'generated', decode: ignored }
} as const satisfies Fields

describe('readValues', () => {
  it('reads by dotted path, and leaves out what is read by nobody', () => {
    const raw = {
      name: ' a ',
      note: null,
      settings: { threads: 4, target: 'prod' },
      execution: { timeout: 60 },
      nested: { secret: 'x' }
    }
    expect(readValues(table, raw, 'job 1')).toEqual({
      name: ' a ',
      note: null,
      'settings.threads': 4,
      'settings.target': 'prod',
      'execution.timeout': 60
    })
  })

  it.each([
    ['missing', {}],
    ['null', { settings: null, execution: null }],
    ['a list', { settings: [], execution: [] }]
  ])('takes what an absent key means where groups are %s', (_what, groups) => {
    expect(readValues(table, { name: 'a', ...groups }, 'job 1')).toEqual({
      name: 'a',
      note: null,
      'settings.target': 'default',
      'execution.timeout': 0
    })
  })

  it.each([
    [{ name: 1 }, 'job 1: name should be a text, but is 1'],
    [
      { name: 'a', settings: { threads: '4' } },
      'job 1: settings.threads should be a whole number, but is a text'
    ],
    [
      { name: 'a', settings: { threads: null } },
      'job 1: settings.threads should be a whole number, but is null'
    ]
  ])('names field and object: %j', (raw, message) => {
    expect(() => readValues(table, raw, 'job 1')).toThrow(message)
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
      more: { inner: 1 }
    }
    expect(unknownPaths(table, raw)).toEqual(['settings.boost', 'fresh', 'off', 'more'])
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
    expect(nest(readValues(table, raw, 'job 1') as Record<string, never>)).toEqual(raw)
  })
})

describe('canonOf', () => {
  it('is the value itself where the table says nothing', () => {
    expect(canonOf(table.name, ' a ')).toBe('a')
    expect(canonOf(table.note, ' a ')).toBe(' a ')
  })
})

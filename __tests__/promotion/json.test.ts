import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  asText,
  canonicalJson,
  isList,
  isObject,
  isTooDeep,
  sameJson,
  type Json
} from '../../src/model/json.ts'

describe('canonicalJson', () => {
  it.each<[Json, string]>([
    [null, 'null'],
    [true, 'true'],
    [1.5, '1.5'],
    [-0, '0'],
    ['a"b\n', '"a\\"b\\n"'],
    [[2, 1, [null]], '[2,1,[null]]'],
    [{ b: 1, a: { d: [], c: {} } }, '{"a":{"c":{},"d":[]},"b":1}'],
    [{ '10': 1, '9': 2, a: 3, B: 4, é: 5 }, '{"10":1,"9":2,"B":4,"a":3,"é":5}'],
    [{}, '{}'],
    [[], '[]']
  ])('of %j is %s', (value, text) => {
    expect(canonicalJson(value)).toBe(text)
  })

  it('is JSON of the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value as Json))).toEqual(JSON.parse(JSON.stringify(value)))
      })
    )
  })
})

describe('sameJson', () => {
  it.each<[Json, Json, boolean]>([
    [{ a: 1, b: [{ c: 1, d: 2 }] }, { b: [{ d: 2, c: 1 }], a: 1 }, true],
    [[1, 2], [2, 1], false],
    [{ a: null }, {}, false],
    [1, '1', false],
    [null, false, false],
    [[], {}, false],
    ['é', 'e\u0301', false]
  ])('of %j and %j is %s', (a, b, expected) => {
    expect(sameJson(a, b)).toBe(expected)
    expect(sameJson(b, a)).toBe(expected)
  })
})

describe('asText', () => {
  it.each<[Json | undefined, string]>([
    [undefined, ''],
    [null, ''],
    ['', ''],
    ['a "b"', 'a "b"'],
    [0, '0'],
    [false, 'false'],
    [{ b: 1, a: [null] }, '{"a":[null],"b":1}']
  ])('of %j is %j', (value, text) => {
    expect(asText(value)).toBe(text)
  })
})

describe('isList and isObject', () => {
  it.each<[Json, boolean, boolean]>([
    [[], true, false],
    [{}, false, true],
    [null, false, false],
    ['', false, false],
    [0, false, false]
  ])('of %j', (value, list, object) => {
    expect(isList(value)).toBe(list)
    expect(isObject(value)).toBe(object)
  })
})

it('isTooDeep tells what recursion may walk through', () => {
  const nested = (levels: number): Json =>
    JSON.parse('[{"a":'.repeat(levels) + '1' + '}]'.repeat(levels)) as Json
  expect([1, 100, 101, 100_000].map((levels) => isTooDeep(nested(levels)))).toEqual([
    false,
    false,
    true,
    true
  ])
  expect(isTooDeep(null)).toBe(false)
})

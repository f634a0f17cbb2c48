import { describe, expect, it } from '@jest/globals'
import {
  bool,
  flag,
  id,
  ignored,
  int,
  listOf,
  nullable,
  object,
  ShapeError,
  text,
  type Decoder
} from '../../../src/model/decode.ts'

const at = 'job 7: settings.threads'

describe('decoders', () => {
  it.each<[string, Decoder, unknown]>([
    ['bool', bool, true],
    ['text', text, ''],
    ['int', int, 0],
    ['int', int, -1],
    ['int', int, 70_403_103_917_001],
    ['id', id, 1],
    ['object', object, {}],
    ['listOf', listOf(int), []],
    ['listOf', listOf(int), [1, 2]],
    ['nullable', nullable(int), null],
    ['nullable', nullable(int), 1],
    ['flag', flag, true]
  ])('%s takes %j', (_name, decode, raw) => {
    expect(decode(raw, at)).toEqual(raw)
  })

  it('read a null flag as false, and what nobody reads as null', () => {
    expect(flag(null, at)).toBe(false)
    expect(ignored({ secret: 'x' }, at)).toBeNull()
  })

  it.each<[string, Decoder, unknown, string]>([
    ['bool', bool, 'true', 'true or false, but is a text'],
    ['bool', bool, 1, 'true or false, but is 1'],
    ['bool', bool, null, 'true or false, but is null'],
    ['text', text, 1, 'a text, but is 1'],
    ['text', text, undefined, 'a text, but is missing'],
    ['int', int, '1', 'a whole number, but is a text'],
    ['int', int, 1.5, 'a whole number, but is 1.5'],
    ['int', int, Number.NaN, 'a whole number, but is NaN'],
    ['int', int, 2 ** 53, 'a whole number, but is 9007199254740992'],
    ['id', id, 0, 'an id, but is 0'],
    ['id', id, -1, 'an id, but is -1'],
    ['id', id, '7', 'an id, but is a text'],
    ['object', object, [], 'an object, but is a list'],
    ['object', object, null, 'an object, but is null'],
    ['listOf', listOf(int), {}, 'a list, but is an object'],
    ['nullable', nullable(int), '', 'a whole number, but is a text'],
    ['flag', flag, 'no', 'true or false, but is a text']
  ])('%s refuses %j', (_name, decode, raw, rest) => {
    const read = (): unknown => decode(raw, at)
    expect(read).toThrow(ShapeError)
    expect(read).toThrow(`${at} should be ${rest}`)
  })

  it('name the item of a list', () => {
    expect(() => listOf(nullable(int))([1, null, 'x'], 'job 7: days')).toThrow(
      'job 7: days[2] should be a whole number, but is a text'
    )
  })

  it('do not show texts, which may be secret', () => {
    expect(() => int('dbtc_secret', at)).not.toThrow(/dbtc_secret/)
  })
})

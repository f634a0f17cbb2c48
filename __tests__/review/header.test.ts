// The hidden header of a comment: what goes in comes out, nothing in it ends the HTML comment, and its seal is for it alone.
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  headerLine,
  headerOf,
  isGenuine,
  sealsOf,
  type CommentHeader,
  type ShownPlan
} from '../../src/report/comment-header.ts'

const plan: ShownPlan = {
  hash: 'a'.repeat(64),
  pull: 12,
  head: 'b'.repeat(40),
  run: '77/1',
  review: 'PRR_1',
  counts: true,
  seenUntil: null
}
const header: CommentHeader = {
  promotion: '0123456789abcdef',
  run: '77/1',
  leg: 'fedcba9876543210',
  tells: plan.hash,
  state: 'planned',
  plan
}
const seals = ['c'.repeat(32)]
const line = headerLine(header, seals)

describe('the header', () => {
  it('holds any text', () => {
    const odd = ['-->', '--!>', '<!--', '>', 'a\nb', '--', '\u2028', '"\\', '🚀', '\ud800', '']
    const holds = (run: string): void => {
      const text = headerLine({ ...header, run }, seals)
      expect(headerOf(`${text}\nmore`)).toEqual({ header: { ...header, run }, seals })
      expect(text.slice(4, -3)).not.toMatch(/[\n<>]|--/)
      expect(text).toMatch(/^<!-- dbt-promote [\x20-\x7e]* -->$/)
    }
    odd.forEach(holds)
    fc.assert(fc.property(fc.string({ unit: 'binary' }), holds))
  })

  it('may hold no plan', () => {
    const without = { ...header, plan: null }
    expect(headerOf(headerLine(without, []))).toEqual({ header: without, seals: [] })
  })

  it.each([
    '',
    'Nice!',
    '<!-- dbt-promote -->',
    '<!-- dbt-promote {} -->',
    '<!-- dbt-promote [] -->',
    `> ${line}`,
    `\n${line}`,
    line.replace('"version":3', '"version":2'),
    line.replace('"planned"', '"approved"'),
    line.replace('"77/1"', '7'),
    line.replace('"pull":12', '"pull":"12"'),
    line.replace('"counts":true', '"counts":1'),
    line.slice(0, -4)
  ])('is not %j', (body) => {
    expect(headerOf(body)).toBeUndefined()
  })
})

describe('a seal', () => {
  it('is for one header, in one comment, by one of the keys', () => {
    const keys = ['key-one', 'key-two']
    const sealed = { header, seals: sealsOf(header, 'IC_1', keys) }
    expect(isGenuine(sealed, 'IC_1', ['key-two', 'key-three'])).toBe(true)
    expect(isGenuine(sealed, 'IC_2', keys)).toBe(false)
    expect(isGenuine(sealed, 'IC_1', ['key-three', ''])).toBe(false)
    expect(isGenuine({ header, seals: [] }, 'IC_1', keys)).toBe(false)
    const others: readonly CommentHeader[] = [
      ...Object.entries({ promotion: 'x', run: 'x', leg: 'x', tells: 'x', state: 'applied' }),
      ['plan', null] as const,
      ...Object.entries({
        hash: 'x',
        pull: 1,
        head: 'x',
        run: 'x',
        review: null,
        counts: false,
        seenUntil: 'x'
      }).map(([key, value]) => ['plan', { ...plan, [key]: value }] as const)
    ].map(([key, value]) => ({ ...header, [key]: value }))
    for (const other of others)
      expect(isGenuine({ ...sealed, header: other }, 'IC_1', keys)).toBe(false)
  })

  it('is none without a key, and one for several that are the same', () => {
    expect(sealsOf(header, 'IC_1', ['', ''])).toEqual([])
    expect(sealsOf(header, 'IC_1', ['key', 'key'])).toHaveLength(1)
  })
})

// The hidden header of a comment: what goes in comes out, and nothing in it ends the HTML comment.
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { headerLine, headerOf, type CommentHeader } from '../../src/report/comment.ts'

const header: CommentHeader = {
  source: 'ab123.us1.dbt.com/1/2',
  target: 'ab123.us1.dbt.com/1/3',
  label: 'nightly',
  plan: 'a'.repeat(64),
  state: 'planned'
}

describe('the header', () => {
  it.each(['-->', '--!>', '<!--', '>', '->', 'a\nb', '--', '\u2028', '"\\', '🚀', '\ud800', ''])(
    'holds the label %j',
    (label) => {
      const line = headerLine({ ...header, label })
      expect(headerOf(`${line}\nmore`)).toEqual({ ...header, label })
      expect(line.slice(4, -3)).not.toMatch(/[\n<>]|--/)
      expect(line).toMatch(/^<!-- dbt-promote [\x20-\x7e]* -->$/)
    }
  )

  it('holds any label', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (label) => {
        const line = headerLine({ ...header, label })
        expect(headerOf(line)).toEqual({ ...header, label })
        expect(line.slice(4, -3)).not.toMatch(/[\n<>]|--/)
      })
    )
  })

  it.each([
    '',
    'Nice!',
    '<!-- dbt-promote -->',
    '<!-- dbt-promote {} -->',
    '<!-- dbt-promote [] -->',
    `> ${headerLine(header)}`,
    `\n${headerLine(header)}`,
    headerLine(header).replace('"version":1', '"version":2'),
    headerLine(header).replace('"planned"', '"approved"'),
    headerLine(header).replace('"nightly"', '7'),
    headerLine(header).slice(0, -4)
  ])('is not %j', (body) => {
    expect(headerOf(body)).toBeUndefined()
  })
})

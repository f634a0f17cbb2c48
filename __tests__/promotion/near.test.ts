import { describe, expect, it } from '@jest/globals'
import { didYouMean, nearest } from '../../src/model/near.ts'

describe('nearest', () => {
  it.each<[string, readonly string[], string]>([
    ['prod', [], 'There are none to choose from.'],
    ['prod', ['staging'], 'The nearest is "staging".'],
    [
      'prodution',
      ['staging', 'production', 'dev'],
      'The nearest are "production", "dev", "staging".'
    ],
    // whatever the case, and without the blanks around
    [
      'PRODUCTION',
      ['prediction', 'the production'],
      'The nearest are "the production", "prediction".'
    ],
    ['abc', ['abxyz', '          abd'], 'The nearest are "          abd", "abxyz".'],
    // what contains the text is nearest, however long it is
    [
      'daily',
      ['dairy', '[PROD] Daily build of all the marts'],
      'The nearest are "[PROD] Daily build of all the marts", "dairy".'
    ],
    // equals are in the order of their names, and named once
    ['x', ['c', 'b', 'a', 'b'], 'The nearest are "a", "b", "c".'],
    ['nightly', ['  Nightly', 'daily'], 'The nearest are "  Nightly", "daily".'],
    ['', ['abc', 'a'], 'The nearest are "a", "abc".']
  ])('%j among %j', (wanted, existing, expected) => {
    expect(nearest(wanted, existing)).toBe(expected)
  })

  it('names no more than it is asked to', () => {
    expect(nearest('a', ['a1', 'a2', 'a3', 'a4', 'a5'])).toBe('The nearest are "a1", "a2", "a3".')
    expect(nearest('a', ['a1'], (name) => `<${name}>`)).toBe('The nearest is <a1>.')
  })

  it('is quick among thousands of long names', () => {
    const names = Array.from({ length: 5000 }, (_, n) => `${'long name '.repeat(25)}${String(n)}`)
    const begin = performance.now()
    nearest('x'.repeat(255), names)
    expect(performance.now() - begin).toBeLessThan(2000)
  })
})

describe('didYouMean', () => {
  it.each([
    ['aply', 'Did you mean apply?'],
    ['APPLY', 'Did you mean apply?'],
    ['app', 'Did you mean apply?'],
    ['cehck', 'Did you mean check?'],
    // far from all, as near to two, or too short to tell
    ['dry-run', ''],
    ['chan', 'Did you mean changes?'],
    ['a', ''],
    ['', '']
  ])('%j', (slip, expected) => {
    expect(didYouMean(slip, ['auto', 'plan', 'apply', 'check', 'changes'])).toBe(expected)
  })

  it('asks nothing where two are as near', () => {
    expect(didYouMean('pat', ['part', 'past'])).toBe('')
  })
})

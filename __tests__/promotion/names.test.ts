import { describe, expect, it } from '@jest/globals'
import { environmentKey, jobKey } from '../../src/model/keys.ts'
import { nameKey, quoted } from '../../src/model/names.ts'

describe('nameKey', () => {
  it.each([
    ['Nightly', 'Nightly'],
    ['  Nightly\t', 'Nightly'],
    ['\u00a0Nightly\u3000', 'Nightly'],
    ['cafe\u0301', 'caf\u00e9'],
    ['a  b', 'a  b'],
    ['NIGHTLY', 'NIGHTLY'],
    ['\ufb01x', '\ufb01x']
  ])('%j is compared as %j', (name, key) => {
    expect(nameKey(name)).toBe(key)
  })
})

describe('quoted', () => {
  it('leaves escaping to the report', () => {
    expect(quoted('a "b" <c>')).toBe('"a "b" <c>"')
  })
})

describe('keys', () => {
  it.each([
    ['production', 'environment:production'],
    [' production ', 'environment:production'],
    ['eu/production', 'environment:eu%2Fproduction'],
    ['100%', 'environment:100%25']
  ])('of the environment %j: %j', (name, key) => {
    expect(environmentKey(name)).toBe(key)
  })

  it.each([
    ['a/b', 'c', 'a', 'b/c'],
    ['a%2Fb', 'c', 'a/b', 'c'],
    ['a', '%2F', 'a', '/']
  ])('of jobs %j %j and %j %j differ', (environment, name, otherEnvironment, otherName) => {
    expect(jobKey(environment, name)).not.toBe(jobKey(otherEnvironment, otherName))
  })

  it('are equal where the names are', () => {
    expect(jobKey('caf\u00e9 ', ' Nightly')).toBe(jobKey('cafe\u0301', 'Nightly'))
  })
})

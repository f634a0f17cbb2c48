import { describe, expect, it } from '@jest/globals'
import { fill, templateFault, variesByName } from '../../src/model/template.ts'

describe('templateFault', () => {
  it.each<[string, readonly string[], number]>([
    ['prod – {name}', ['name'], 0],
    ['no placeholder', ['name'], 0],
    ['{environment} {name} {name}', ['name', 'environment'], 0],
    ['{1} and {2}', ['name'], 2]
  ])('finds none in %j', (template, allowed, captures) => {
    expect(templateFault(template, allowed, captures)).toBeUndefined()
  })

  it.each<[string, readonly string[], number, string]>([
    ['', ['name'], 0, 'is blank'],
    [' \t', ['name'], 0, 'is blank'],
    ['{nmae}', ['name'], 0, 'holds {nmae}, which is not known here ({name})'],
    ['{Name}', ['name'], 0, 'holds {Name}, which is not known here ({name})'],
    ['{ name }', ['name'], 0, 'holds { name }, which is not known here ({name})'],
    ['{}', ['name'], 0, 'holds {}, which is not known here ({name})'],
    ['{environment}', ['name'], 0, 'holds {environment}, which is not known here ({name})'],
    ['{1}', ['name'], 0, 'holds {1}, which is not known here ({name})'],
    ['{3}', ['name'], 2, 'holds {3}, which is not known here ({name})'],
    ['{0}', ['name'], 2, 'holds {0}, which is not known here ({name})'],
    ['{01}', ['name'], 2, 'holds {01}, which is not known here ({name})'],
    ['{ open', ['name'], 0, 'holds a brace without its other one'],
    ['close }', ['name'], 0, 'holds a brace without its other one'],
    ['{{name}}', ['name'], 0, 'holds a brace without its other one'],
    ['{constructor}', ['name'], 0, 'holds {constructor}, which is not known here ({name})'],
    [
      '{branch}',
      ['name', 'environment'],
      0,
      'holds {branch}, which is not known here ({name}, {environment})'
    ]
  ])('says of %j with %j and %d wildcards that it %s', (template, allowed, captures, fault) => {
    expect(templateFault(template, allowed, captures)).toBe(fault)
  })
})

describe('variesByName', () => {
  it.each([
    ['{name}', true],
    ['prod {1}', true],
    ['{environment}', false],
    ['prod', false],
    ['{ name }', false]
  ])('%j: %s', (template, expected) => {
    expect(variesByName(template)).toBe(expected)
  })
})

describe('fill', () => {
  it.each([
    ['prod – {name}', 'prod – Nightly'],
    ['{name}{name}', 'NightlyNightly'],
    ['{environment} {name}', 'production Nightly'],
    ['{1}-{2}', 'a-b'],
    ['plain', 'plain']
  ])('%j gives %j', (template, expected) => {
    expect(
      fill(template, { name: 'Nightly', environment: 'production', captures: ['a', 'b'] })
    ).toBe(expected)
  })

  it.each(['$&', '$1', "$'", '{environment}', '{1}', '{name}'])(
    'takes the name %j as it is',
    (name) => {
      expect(fill('<{name}>', { name, environment: 'production', captures: ['a'] })).toBe(
        `<${name}>`
      )
    }
  )

  it('takes the name without the blanks around it', () => {
    expect(fill('prod – {name}', { name: '  Nightly ', captures: [] })).toBe('prod – Nightly')
  })
})

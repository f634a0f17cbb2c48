import { describe, expect, it } from '@jest/globals'
import {
  captures,
  parseSelector,
  select,
  selectBy,
  type Selectable,
  type Selection,
  type Selector
} from '../../src/model/selector.ts'

function selector(text: string): Selector {
  const parsed = parseSelector(text)
  if ('error' in parsed) throw new Error(parsed.error)
  return parsed
}

function named(...names: readonly string[]): readonly Selectable[] {
  return names.map((name, index) => ({ id: index + 1, name }))
}

function selection(include: readonly string[], exclude: readonly string[] = []): Selection {
  return { include: include.map(selector), exclude: exclude.map(selector) }
}

describe('parseSelector', () => {
  it.each([
    ['123', 123],
    ['id:123', 123],
    ['id: 123', 123],
    ['007', 7],
    ['70403103917001', 70_403_103_917_001],
    ['9007199254740991', Number.MAX_SAFE_INTEGER]
  ])('reads %j as an id', (text, id) => {
    expect(parseSelector(text)).toEqual({ by: 'id', id, text })
  })

  it('reads what stands after "name:" as a name in which nothing is special', () => {
    for (const [text, pattern] of [
      ['name:2024', '2024'],
      ['name: 2024 ', '2024'],
      ['name:*', '*'],
      ['name:id:7', 'id:7'],
      ['name:name:x', 'name:x']
    ] as const)
      expect(parseSelector(text)).toEqual({ by: 'name', pattern, text, isLiteral: true })
    expect(parseSelector('name: ')).toEqual({ error: expect.stringContaining('"name: "') })
  })

  it.each(['id:', 'id:abc', 'id:1.5', 'id:-1', 'id:1 2', '0', 'id:0', '9007199254740992'])(
    'refuses %j',
    (text) => {
      expect(parseSelector(text)).toEqual({ error: expect.stringContaining(`"${text}"`) })
    }
  )

  it.each(['-1', '1.5', '1e3', '0x10', '12 - Nightly', 'ID:7', 'identity', '١٢٣', ''])(
    'reads %j as a name',
    (text) => {
      expect(parseSelector(text)).toMatchObject({ by: 'name', pattern: text })
    }
  )

  it('keeps the text as it was typed, and compares it trimmed', () => {
    expect(parseSelector('  Nightly ')).toEqual({
      by: 'name',
      pattern: 'Nightly',
      text: '  Nightly '
    })
  })
})

describe('selectBy', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    // exact names
    ['Nightly', ['Nightly', 'nightly', 'Nightly 2'], ['Nightly']],
    ['Nightly', ['  Nightly', 'Nightly  '], ['  Nightly', 'Nightly  ']],
    ['[PROD] Daily', ['[PROD] Daily', 'P Daily'], ['[PROD] Daily']],
    ['a.b', ['a.b', 'aXb'], ['a.b']],
    ['a+b (c) ^$ {x|y} \\d', ['a+b (c) ^$ {x|y} \\d'], ['a+b (c) ^$ {x|y} \\d']],
    ['caf\u00e9', ['cafe\u0301', 'cafe'], ['cafe\u0301']],
    ['cafe\u0301', ['caf\u00e9'], ['caf\u00e9']],
    // an exact name wins over the same text as a wildcard
    ['Wild * card', ['Wild * card', 'Wild and card'], ['Wild * card']],
    ['What?', ['What?', 'Whats'], ['What?']],
    // also one that begins as the sign of a name does
    ['name:x', ['name:x', 'x'], ['name:x']],
    ['name:x', ['x', 'name:y'], ['x']],
    // after the sign, nothing is special
    ['name:2024', ['2023', '2024'], ['2024']],
    ['name:*', ['*', 'other'], ['*']],
    ['name:What?', ['Whats', 'What?'], ['What?']],
    ['name:N*', ['Nightly'], []],
    // but for the star alone, which is always everything
    ['*', ['*', 'other'], ['*', 'other']],
    // stars
    ['*', ['a', '', '  b'], ['a', '', '  b']],
    ['**', ['a', ''], ['a', '']],
    ['Nightly*', ['Nightly', 'Nightly / full', 'nightly'], ['Nightly', 'Nightly / full']],
    ['*Nightly', ['Nightly', 'my Nightly', 'Nightly 2'], ['Nightly', 'my Nightly']],
    ['marts/*', ['marts/finance/refresh', 'marts/', 'marts'], ['marts/finance/refresh', 'marts/']],
    ['*hidden', ['.hidden', 'hidden'], ['.hidden', 'hidden']],
    ['[PROD]*', ['[PROD] Daily', 'P Daily'], ['[PROD] Daily']],
    ['a*b*c', ['abc', 'aXbYc', 'acb', 'abcc'], ['abc', 'aXbYc', 'abcc']],
    ['*a*', ['banana', 'bbb'], ['banana']],
    ['a*a', ['aa', 'a', 'aba'], ['aa', 'aba']],
    ['*.*', ['a.b', 'ab'], ['a.b']],
    ['* \u00e9t\u00e9', ['un e\u0301te\u0301'], ['un e\u0301te\u0301']],
    ['Lead*', ['   Leading blanks'], ['   Leading blanks']],
    ['a*', ['a\nb'], ['a\nb']],
    // question marks
    ['job ?', ['job 1', 'job 12', 'job '], ['job 1']],
    ['job ??', ['job 1', 'job 12', 'job 123'], ['job 12']],
    ['job ?', ['job \u{1f680}'], ['job \u{1f680}']],
    ['?*', ['a', 'ab', ''], ['a', 'ab']],
    ['*?', ['a', 'ab', ''], ['a', 'ab']]
  ])('%j among %j takes %j', (text, names, expected) => {
    expect(selectBy(selector(text), named(...names)).map(({ name }) => name)).toEqual(expected)
  })

  it('takes by id, whatever the name, and never a name of digits', () => {
    const items = [
      { id: 7, name: 'seven' },
      { id: 8, name: '7' }
    ]
    expect(selectBy(selector('7'), items)).toEqual([items[0]])
    expect(selectBy(selector('id:9'), items)).toEqual([])
  })

  it.each([
    ['*a*a*a*a*b', 'a'.repeat(255)],
    [`${'*a'.repeat(100)}b`, 'a'.repeat(255)],
    [`${'?*'.repeat(100)}b`, 'a'.repeat(255)],
    ['*'.repeat(255), 'a'.repeat(255)]
  ])('answers at once to %j', (text, name) => {
    const begin = performance.now()
    const found = selectBy(selector(text), named(name))
    expect(performance.now() - begin).toBeLessThan(200)
    expect(found).toHaveLength(text.endsWith('b') ? 0 : 1)
  })
})

describe('captures', () => {
  it.each<[string, string, readonly string[] | undefined]>([
    ['Nightly', 'Nightly', []],
    ['Nightly', 'Daily', undefined],
    ['*', 'Nightly', ['Nightly']],
    ['*', '  Nightly ', ['Nightly']],
    ['*', '*', ['*']],
    ['* -', '* -', []],
    ['Nightly *', 'Nightly full', ['full']],
    ['Nightly *', 'Nightly ', undefined],
    ['Nightly*', 'Nightly', ['']],
    ['* / *', 'marts / finance / all', ['marts', 'finance / all']],
    ['**', 'ab', ['', 'ab']],
    ['?-*', 'a-b-c', ['a', 'b-c']],
    ['*?', 'abc', ['ab', 'c']],
    ['a*b*', 'aXbYb', ['X', 'Yb']],
    ['*-*-end', 'a-b-c-end', ['a', 'b-c']],
    ['job ?', 'job \u{1f680}', ['\u{1f680}']],
    ['*', 'cafe\u0301', ['caf\u00e9']]
  ])('%j captures of %j %j', (text, name, expected) => {
    expect(captures(selector(text), { id: 1, name })).toEqual(expected)
  })

  it('gives nothing for an id, which has no wildcards', () => {
    expect(captures(selector('1'), { id: 1, name: 'a' })).toEqual([])
    expect(captures(selector('2'), { id: 1, name: 'a' })).toBeUndefined()
  })
})

describe('select', () => {
  const items = named('Daily', 'Nightly', 'Nightly full', 'scratch 1', 'scratch 2')
  const take = (include: readonly string[], exclude?: readonly string[]) => {
    const { taken, idle, idleExcludes } = select(selection(include, exclude), items)
    return {
      taken: taken.map(({ name }) => name),
      idle: [...idle, ...idleExcludes.map((each) => ({ text: `!${each.text}` }))].map(
        ({ text }) => text
      )
    }
  }

  it('takes each once, in the order of the project and not of the selectors', () => {
    expect(take(['Nightly*', '2', 'Daily'])).toEqual({
      taken: ['Daily', 'Nightly', 'Nightly full'],
      idle: []
    })
  })

  it('applies excludes last, even to what is named exactly', () => {
    expect(take(['*', 'scratch 1'], ['scratch *', '3'])).toEqual({
      taken: ['Daily', 'Nightly'],
      idle: []
    })
  })

  it('tells the selectors that match nothing, includes before excludes', () => {
    expect(take(['Weekly', 'Daily', '99'], ['old *'])).toEqual({
      taken: ['Daily'],
      idle: ['Weekly', '99', '!old *']
    })
  })

  it('does not tell that everything is nothing', () => {
    expect(select(selection(['*'], ['*']), [])).toEqual({
      taken: [],
      idle: [],
      idleExcludes: []
    })
  })
})

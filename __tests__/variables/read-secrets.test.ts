// The input `secrets`: what is a value, what is refused, and that nothing of it is ever repeated.
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { parseSecrets } from '../../src/inputs/read-secrets.ts'
import type { SecretValues } from '../../src/model/secrets.ts'
import { runs } from '../../testing/effort.ts'

/** Plain data, to compare. */
function plainOf(values: SecretValues): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    [...values].map(([name, value]) => [
      name,
      typeof value === 'string' ? value : Object.fromEntries(value)
    ])
  )
}

describe('what is a value', () => {
  it.each<[string, string, Readonly<Record<string, unknown>>]>([
    ['YAML', 'DBT_A: one\nDBT_B: two', { DBT_A: 'one', DBT_B: 'two' }],
    ['JSON', '{"DBT_A": "one", "DBT_B": "two"}', { DBT_A: 'one', DBT_B: 'two' }],
    ['JSON with places', '{"DBT_A": {"project": "one"}}', { DBT_A: { project: 'one' } }],
    ['an empty map', '{}', {}],
    ['a number', 'DBT_A: 123', { DBT_A: '123' }],
    ['an octal number', 'DBT_A: 0123', { DBT_A: '0123' }],
    ['a fraction', 'DBT_A: 1.0', { DBT_A: '1.0' }],
    ['an exponent', 'DBT_A: 1e3', { DBT_A: '1e3' }],
    ['a hexadecimal number', 'DBT_A: 0x1F', { DBT_A: '0x1F' }],
    ['a large number', 'DBT_A: 12345678901234567890', { DBT_A: '12345678901234567890' }],
    ['a number of JSON', '{"DBT_A": 1.50}', { DBT_A: '1.50' }],
    ['a truth', 'DBT_A: true\nDBT_B: no', { DBT_A: 'true', DBT_B: 'no' }],
    ['a date', 'DBT_A: 2026-01-02', { DBT_A: '2026-01-02' }],
    ['the word null in quotes', 'DBT_A: "null"', { DBT_A: 'null' }],
    ['a hash within', 'DBT_A: a#b', { DBT_A: 'a#b' }],
    ['a hash in quotes', 'DBT_A: "a #b"', { DBT_A: 'a #b' }],
    ['signs of YAML in quotes', 'DBT_A: "&a *b !c {d} [e]: %"', { DBT_A: '&a *b !c {d} [e]: %' }],
    ['JSON as a text', '{"DBT_A": "{\\"k\\": 1}"}', { DBT_A: '{"k": 1}' }],
    ['line breaks of JSON', 'DBT_A: "a\\nb\\n"', { DBT_A: 'a\nb\n' }],
    ['a literal block', 'DBT_A: |\n  a\n   b # c\n\n  d\n', { DBT_A: 'a\n b # c\n\nd\n' }],
    ['a stripped block', 'DBT_A: |-\n  -----BEGIN\n  x\n', { DBT_A: '-----BEGIN\nx' }],
    ['a folded block', 'DBT_A: >-\n  a\n  b\n', { DBT_A: 'a b' }],
    ['a block for a place', 'DBT_A:\n  dev: |\n    a\n    b\n', { DBT_A: { dev: 'a\nb\n' } }],
    [
      'places with blanks, slashes and quotes',
      'DBT_A:\n  " prod / EU ": one\n  dev/Nightly: two\n  0123: three',
      { DBT_A: { 'prod / EU': 'one', 'dev/Nightly': 'two', '0123': 'three' } }
    ],
    [
      'places with names of objects',
      'DBT_A:\n  __proto__: one\n  constructor: two',
      {
        DBT_A: Object.fromEntries(
          ['one', 'two'].map((v, i) => [['__proto__', 'constructor'][i], v])
        )
      }
    ],
    ['a mask with more', 'DBT_A: "***x"', { DBT_A: '***x' }],
    ['Windows line ends', 'DBT_A: one\r\nDBT_B: two\r\n', { DBT_A: 'one', DBT_B: 'two' }],
    ['blank lines at the end', 'DBT_A: one\n\n\n', { DBT_A: 'one' }]
  ])('is %s', (_what, text, expected) => {
    const { values, problems } = parseSecrets(text)
    expect(problems).toEqual([])
    expect(plainOf(values)).toEqual(expected)
  })
})

// Whatever stands in them as a value or as a place has a Q.
const refusals: readonly (readonly [string, string, RegExp])[] = [
  ['a text', 'Qaa', /line 1: this is no map/],
  ['a list', '- Qaa', /line 1: this is no map/],
  ['nothing', '# Qaa', /line 1: this is no map/],
  ['a comment before', '# Qaa\nDBT_A: Qbb', /has a comment/],
  ['a comment and a blank line before', '# Qaa\n\nDBT_A: Qbb', /has a comment/],
  ['a blank place', 'DBT_A:\n  " ": Qaa', /line 2: this is no name/],
  ['a comment between', 'DBT_A: Qaa\n# Qcc\nDBT_B: Qbb', /has a comment/],
  ['a comment at the end', 'DBT_A: Qaa\n# Qbb', /has a comment/],
  ['a secret with a hash', 'DBT_A: Qaa #Qbb', /has a comment/],
  ['a secret with a hash for a place', 'DBT_A:\n  project: Qaa #Qbb', /has a comment/],
  ['a comment before places', 'DBT_A: #Qaa\n  project: Qbb', /has a comment/],
  ['a comment among places', 'DBT_A:\n  dev: Qaa\n  # Qbb\n  qa: Qcc', /has a comment/],
  ['a comment after the sign of a block', 'DBT_A: | # Qaa\n  Qbb', /has a comment/],
  ['a comment in JSON', '{"DBT_A": "Qaa", #Qbb\n"DBT_B": "Qcc"}', /has a comment/],
  ['a comment after null', 'DBT_A: #Qaa', /DBT_A is empty|has a comment/],
  ['an anchor', 'DBT_A: &Qaa Qbb', /line 1: the value of DBT_A is no text/],
  ['an anchor alone', 'DBT_A: &Qaa', /line 1: the value of DBT_A is no text/],
  ['an anchor of places', 'DBT_A: &Qaa\n  project: Qbb', /the value of DBT_A is no text/],
  ['an alias', 'DBT_A: *Qaa', /line 1: the value of DBT_A is no text/],
  ['an alias that is one', 'DBT_A: &Qaa Qbb\nDBT_B: *Qaa', /line 2: the value of DBT_B is no text/],
  ['an alias as name', '&Qaa DBT_A: Qbb\n*Qaa : Qcc', /this is no name/],
  ['a tag', 'DBT_A: !Qaa Qbb', /line 1: this is neither YAML nor JSON/],
  ['a known tag', 'DBT_A: !!str Qaa', /line 1: the value of DBT_A is no text/],
  ['a tag that says nothing', 'DBT_A: ! Qaa', /line 1: the value of DBT_A is no text/],
  ['a tag of places', 'DBT_A: !!map\n  project: Qaa', /the value of DBT_A is no text/],
  ['a list as value', 'DBT_A: [Qaa, Qbb]', /line 1: the value of DBT_A is no text/],
  ['a list of lines', 'DBT_A:\n  - Qaa', /line 1: the value of DBT_A is no text/],
  ['a name twice', 'DBT_A: Qaa\nDBT_A: Qbb', /line 2: DBT_A stands here twice/],
  ['a name twice in JSON', '{"DBT_A": "Qaa", "DBT_A": "Qbb"}', /line 1: DBT_A stands here twice/],
  ['a place twice', 'DBT_A:\n  Qdev: Qaa\n  Qdev: Qbb', /line 3: DBT_A has two values for one/],
  [
    'a place in two spellings',
    'DBT_A:\n  Qdev: Qaa\n  "Qdev ": Qbb',
    /has two values for one place/
  ],
  ['a place in two forms', 'DBT_A:\n  Q\u00e9: Qaa\n  Qe\u0301: Qbb', /has two values for one/],
  ['nothing as value', 'DBT_A:', /line 1: the value of DBT_A is empty/],
  ['an empty text', 'DBT_A: ""', /line 1: the value of DBT_A is empty/],
  ['null', 'DBT_A: null', /line 1: the value of DBT_A is empty/],
  ['a tilde', 'DBT_A: ~', /line 1: the value of DBT_A is empty/],
  ['null of JSON', '{"DBT_A": null}', /line 1: the value of DBT_A is empty/],
  ['an empty block', 'DBT_A: |\nDBT_B: Qaa', /line 1: the value of DBT_A is empty/],
  ['no places', '{"DBT_A": {}}', /line 1: the value of DBT_A is empty/],
  ['nothing for a place', 'DBT_A:\n  Qdev:\n  qa: Qaa', /line 2: the value of DBT_A is empty/],
  ['a mask', 'DBT_A: "***"', /line 1: the value of DBT_A is a mask/],
  ['a mask of one', 'DBT_A: "*"', /line 1: the value of DBT_A is a mask/],
  ['a mask for a place', 'DBT_A:\n  Qdev: "**********"', /the value of DBT_A is a mask/],
  ['a mask without quotes', 'DBT_A: ***', /the value of DBT_A is no text/],
  ['a map in a map', '{"DBT_A": {"Qdev": {"k": "Qaa"}}}', /the value of DBT_A is no text/],
  [
    'JSON as a secret without quotes',
    'DBT_A: {"project": "Qaa", "Qkey": "Qbb"}',
    /DBT_A is a JSON/
  ],
  [
    'JSON as a secret for a place',
    'DBT_A:\n  dev: {"Qkey": "Qaa"}',
    /the value of DBT_A is no text/
  ],
  ['braces as a secret', 'DBT_A: {Qaa}', /the value of DBT_A is a JSON object/],
  ['a secret with a colon', 'DBT_A: Qaa: Qbb', /line 1: this is neither YAML nor JSON/],
  ['a secret that begins a tag', 'DBT_A: %Qaa', /line 1: this is neither YAML nor JSON/],
  ['an open quote', 'DBT_A: "Qaa', /line 1: this is neither YAML nor JSON/],
  ['a closed quote and more', 'DBT_A: "Qaa" Qbb', /line 1: this is neither YAML nor JSON/],
  ['a key of several lines', 'DBT_A: -----Qaa\nQbb\n-----Qcc', /line 2: this is neither YAML nor/],
  ['a key of several lines in quotes', 'DBT_A: "Qaa\nQbb"', /this is neither YAML nor JSON/],
  ['lines that YAML folds', 'DBT_A: Qaa\n  Qbb', /line 1: the value of DBT_A has line breaks/],
  ['quoted lines that YAML folds', 'DBT_A: "Qaa\n  Qbb"', /DBT_A has line breaks/],
  ['lines in single quotes', "DBT_A: 'Qaa\n  Qbb'", /the value of DBT_A has line breaks/],
  ['lines for a place', 'DBT_A:\n  Qdev: Qaa\n    Qbb', /the value of DBT_A has line breaks/],
  ['a key that is a list', '? [Qaa]\n: Qbb', /line 1: this is no name/],
  ['a key of lines', '? |\n  Qaa\n  Qbb\n: Qcc', /line 1: this is no name of a variable/],
  ['an empty key', '"": Qaa', /line 1: this is no name/],
  ['two documents', 'DBT_A: Qaa\n---\nDBT_B: Qbb', /this is neither YAML nor JSON/],
  ['a directive', '%Qaa Qbb\n---\nDBT_A: Qcc', /this is neither YAML nor JSON/],
  ['a merge', '<<: {DBT_A: Qaa}', /line 1: this is no name of a variable/],
  ['another name', 'Qtoken: Qaa', /line 1: this is no name of a variable/],
  ['a name in lower case', 'DBT_a: Qaa', /line 1: this is no name of a variable/],
  [
    'all secrets',
    '{\n  "DBT_A": "Qaa",\n  "Qtoken": "Qbb"\n}',
    /line 3: .*\n?.*no name of a variable/
  ]
]

describe('what is refused', () => {
  it.each(refusals)('is %s', (_what, text, expected) => {
    const { problems } = parseSecrets(text)
    const told = problems.map(({ message, remedy }) => `${message} ${remedy}`).join('\n')
    expect(told).toMatch(expected)
    expect(told).not.toMatch(/Q/)
  })

  it.each(['[', '{Qa: ', '- '])('is what is nested without end by "%s", and is masked', (level) => {
    for (const depth of [1000, 5000, 50_000]) {
      const text = `DBT_A: ${level.repeat(depth)}`
      const { problems, texts } = parseSecrets(text)
      expect(problems.map(({ message }) => message)).toEqual([
        'The input secrets, line 1: this is neither YAML nor JSON.'
      ])
      expect(texts).toEqual([text])
    }
  })

  it('is told of all names at once, by their lines', () => {
    const { problems } = parseSecrets('DBT_A: ""\nDBT_B: "*"\nDBT_C: fine\nDBT_D: [x]')
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/line 1: the value of DBT_A is empty/),
      expect.stringMatching(/line 2: the value of DBT_B is a mask/),
      expect.stringMatching(/line 4: the value of DBT_D is no text/)
    ])
  })

  it('is told with what to do: one name at a time for all secrets, toJSON for the others', () => {
    expect(parseSecrets('{"GITHUB_TOKEN": "x"}').problems[0]?.remedy).toMatch(
      /do not hand over toJSON\(secrets\)/
    )
    expect(parseSecrets('DBT_A: a #b').problems[0]?.remedy).toMatch(/toJSON\(secrets\.NAME\)/)
  })
})

describe('a secret without quotes', () => {
  const signs = Array.from('#:"\'{}[]&*!|>%@`,-? \t~=a0\\nQ/.$')
  const secret = fc.oneof(
    fc.string({ minLength: 1 }),
    fc.string({ unit: fc.constantFrom(...signs), minLength: 1, maxLength: 12 }),
    fc.string({ unit: fc.constantFrom(...signs, '\n'), minLength: 1, maxLength: 12 })
  )

  it('is taken as it is, or refused', () => {
    fc.assert(
      fc.property(secret, (text) => {
        // A text in quotes is the text that is quoted.
        fc.pre(!/^\s*["'|>]/.test(text))
        const { values, problems } = parseSecrets(`DBT_A: ${text}`)
        expect(problems.length > 0 || plainOf(values)['DBT_A'] === text.trim()).toBe(true)
      }),
      { numRuns: runs(400, 3000) }
    )
  })

  it('is taken exactly, whatever it is, from toJSON', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (text) => {
        fc.pre(!/^\*+$/.test(text) && !/[\ud800-\udfff]/u.test(text))
        const { values, problems } = parseSecrets(`DBT_A: ${JSON.stringify(text)}`)
        expect(problems).toEqual([])
        expect(plainOf(values)).toEqual({ DBT_A: text })
      }),
      { numRuns: runs(200, 1000) }
    )
  })

  it('is never repeated', () => {
    fc.assert(
      fc.property(secret, secret, (a, b) => {
        const { problems } = parseSecrets(`DBT_A: ${a}\nDBT_B:\n  ${b}: ${a}\n${b}`)
        const all = problems.map(({ message }) => message).join('\n')
        expect(
          all.replaceAll(
            /The input secrets, line \d+: (this is (neither YAML nor JSON|no map from names to values|no name)|the value of DBT_[AB] is (empty: .*|no text|a mask, and no secret|a JSON object that is not in quotes)|the value of DBT_[AB] has line breaks, of which YAML makes blanks|DBT_[AB] (stands here twice|has two values for one place)|this is no name of a variable, which .* only)\./g,
            ''
          )
        ).toMatch(
          /^\s*(The input secrets has a comment, which may be the end of a secret that is not in quotes\.)?\s*$/
        )
      }),
      { numRuns: runs(300, 2000) }
    )
  })
})

describe('what is to be masked', () => {
  it.each([
    ['all values', 'DBT_ENV_SECRET_A: one\nDBT_ENV_SECRET_B:\n  dev: two', ['one', 'two']],
    ['those of names that are refused', 'PASSWORD: three', ['three']],
    ['those of an object that is refused', 'DBT_ENV_SECRET_A: {"user": "four"}', ['four']],
    ['a text that is no map', 'five', ['five']],
    ['a text that is no YAML', '"six', ['"six']]
  ])('is %s', (_what, text, masked) => {
    expect(parseSecrets(text).texts).toEqual(expect.arrayContaining(masked))
  })
})

import { describe, expect, it } from '@jest/globals'
import { readRunOptions, readSpecInputs, readTokens, tokenProblems } from '../src/inputs.ts'
import { specInputs } from '../src/promotion/spec/parse-spec.ts'
import { recordActions } from './support/actions.ts'

describe('readTokens', () => {
  it.each([
    [
      { token: 'both' },
      { source: { value: 'both', input: 'token' }, target: { value: 'both', input: 'token' } }
    ],
    [
      { token: 'both', 'target-token': 'own' },
      { source: { value: 'both', input: 'token' }, target: { value: 'own', input: 'target-token' } }
    ],
    [
      { 'source-token': 'from', 'target-token': 'to' },
      {
        source: { value: 'from', input: 'source-token' },
        target: { value: 'to', input: 'target-token' }
      }
    ],
    [
      { 'source-token': 'from' },
      { source: { value: 'from', input: 'source-token' }, target: { value: '', input: 'token' } }
    ],
    [{}, { source: { value: '', input: 'token' }, target: { value: '', input: 'token' } }]
  ])('of %j', (inputs, tokens) => {
    expect(readTokens(recordActions(inputs).actions)).toEqual(tokens)
  })

  it('masks each before it reads the next, and nothing that is empty', () => {
    const { actions, notes } = recordActions({
      token: 'a',
      'source-token': ' ',
      'target-token': 'b'
    })
    readTokens(actions)
    expect(notes).toEqual([
      { kind: 'mask', text: 'a' },
      { kind: 'mask', text: 'b' }
    ])
  })
})

describe('tokenProblems', () => {
  const problemsOf = (inputs: Readonly<Record<string, string>>): readonly string[] =>
    tokenProblems(readTokens(recordActions(inputs).actions)).map(({ message }) => message)

  it.each([
    [{ token: 'dbtc_a' }],
    [{ token: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~' }],
    [{ 'source-token': 'a', 'target-token': 'b' }],
    [{ token: ' dbtc_a\n' }]
  ])('finds none in %j', (inputs) => {
    expect(problemsOf(inputs)).toEqual([])
  })

  it.each([[{}], [{ token: ' ' }], [{ 'source-token': 'a' }], [{ 'target-token': 'a' }]])(
    'misses a token in %j',
    (inputs) => {
      expect(problemsOf(inputs)).toEqual(['The input token is required and empty.'])
    }
  )

  it.each(['a b', 'a\nb', 'a\tb', 'a\u007fb', 'a\u00e9b', 'a\u200bb', '\ufeff\u2014'])(
    'refuses %j without showing it',
    (token) => {
      expect(problemsOf({ token })).toEqual([
        'The input token holds blanks, line breaks or characters that no token has.'
      ])
    }
  )

  it('names the inputs that are odd, each once', () => {
    expect(problemsOf({ 'source-token': 'a b', 'target-token': 'c d' })).toEqual([
      expect.stringContaining('source-token'),
      expect.stringContaining('target-token')
    ])
    expect(problemsOf({ 'source-token': 'a b', token: 'c' })).toEqual([
      expect.stringContaining('source-token')
    ])
  })
})

describe('readSpecInputs', () => {
  it('reads all of them, the unset ones as empty', () => {
    const inputs = readSpecInputs(recordActions({ host: ' h ', environments: 'a\nb' }).actions)
    expect(Object.keys(inputs)).toEqual([...specInputs])
    expect(inputs).toMatchObject({ host: 'h', environments: 'a\nb', 'job-name': '' })
  })
})

describe('readRunOptions', () => {
  const read = (inputs: Readonly<Record<string, string>>, isProposal = false) =>
    readRunOptions(recordActions(inputs).actions, isProposal)

  it('has defaults', () => {
    expect(read({})).toMatchObject({
      options: {
        mode: 'apply',
        planFile: '',
        parallelism: 10,
        requestsPerMinute: 2000,
        deadlineMinutes: 30
      },
      problems: []
    })
    // Those of action.yml do not reach a process that is not started by the runner.
    expect(read({ mode: '', parallelism: '', 'deadline-minutes': '' })).toEqual(read({}))
  })

  it.each([
    ['auto', false, 'apply'],
    ['auto', true, 'plan'],
    ['plan', false, 'plan'],
    ['apply', true, 'apply'],
    ['check', true, 'check']
  ])('mode %s, proposed %s: %s', (mode, isProposal, expected) => {
    const { options, problems } = read({ mode }, isProposal)
    expect(options.mode).toBe(expected)
    expect(problems).toEqual([])
  })

  it.each(['Apply', 'dry-run', 'true', 'apply,plan', 'constructor', 'toString', '__proto__'])(
    'refuses mode %s, and plans',
    (mode) => {
      const { options, problems } = read({ mode })
      expect(options.mode).toBe('plan')
      expect(problems.map(({ message }) => message)).toEqual([
        'The input mode is none of auto, plan, apply, check.'
      ])
    }
  )

  it.each([
    ['parallelism', '1', 1],
    ['parallelism', '50', 50],
    ['deadline-minutes', '360', 360]
  ] as const)('%s can be %s', (name, text, value) => {
    const { options, problems } = read({ [name]: text })
    expect(problems).toEqual([])
    expect(name === 'parallelism' ? options.parallelism : options.deadlineMinutes).toBe(value)
  })

  it.each([
    ['parallelism', '0'],
    ['parallelism', '51'],
    ['parallelism', '-1'],
    ['parallelism', '1.5'],
    ['parallelism', '1e1'],
    ['parallelism', 'many'],
    ['parallelism', '99999999999999999999'],
    ['deadline-minutes', '0'],
    ['deadline-minutes', '361'],
    ['deadline-minutes', 'Infinity']
  ])('%s can not be %s', (name, text) => {
    const { options, problems } = read({ [name]: text })
    expect(options).toMatchObject({ parallelism: 10, deadlineMinutes: 30 })
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(new RegExp(`^The input ${name} is no whole number from 1 to \\d+\\.$`))
    ])
  })

  it('tells everything that is wrong', () => {
    const inputs = { mode: 'x', parallelism: 'x', 'deadline-minutes': 'x' }
    expect(read(inputs).problems).toHaveLength(3)
  })
})

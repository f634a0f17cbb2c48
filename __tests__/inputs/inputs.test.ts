import { describe, expect, it } from '@jest/globals'
import {
  readRunOptions,
  readSpecInputs,
  readTokens,
  tokenProblems
} from '../../src/inputs/inputs.ts'
import { specInputs } from '../../src/inputs/input-table.ts'
import { pushEvent, recordActions } from '../../testing/runner/actions.ts'

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
  const read = (inputs: Readonly<Record<string, string>>, name = 'push') =>
    readRunOptions(recordActions(inputs, { ...pushEvent, name }).actions)

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
    ['auto', 'push', 'apply'],
    ['auto', 'pull_request', 'plan'],
    ['plan', 'push', 'plan'],
    ['apply', 'pull_request', 'apply'],
    ['apply', '', 'apply'],
    ['check', 'pull_request', 'check']
  ])('mode %s, at %s: %s', (mode, event, expected) => {
    const { options, problems } = read({ mode }, event)
    expect(options).toMatchObject({ mode: expected, chosen: { mode: expected } })
    expect(problems).toEqual([])
  })

  it.each(['auto', ''])('mode %j without an event is refused', (mode) => {
    const { options, problems } = read({ mode }, '')
    expect(options).toMatchObject({ mode: 'plan', chosen: undefined })
    expect(problems).toMatchObject([
      {
        message: expect.stringContaining('The input mode is auto'),
        remedy: 'Set mode to plan, apply or check.'
      }
    ])
  })

  it('takes a truth as YAML writes it, and names the word that a slip stands for', () => {
    for (const text of ['true', 'True', 'TRUE'])
      expect(read({ 'show-values': text })).toMatchObject({
        options: { showValues: true },
        problems: []
      })
    for (const text of ['false', 'False', 'FALSE', ''])
      expect(read({ 'show-values': text })).toMatchObject({
        options: { showValues: false },
        problems: []
      })
    const slips = [
      [{ 'show-values': 'ture' }, 'Did you mean true? Without it, it is false.'],
      [{ 'show-values': 'yes' }, 'Without it, it is false.'],
      [{ mode: 'aply' }, 'Did you mean apply? Without it, it is auto.'],
      [{ mode: 'Plan' }, 'Did you mean plan? Without it, it is auto.'],
      [{ comment: 'change' }, 'Did you mean changes? Without it, it is never.']
    ] as const
    for (const [inputs, remedy] of slips)
      expect(read(inputs).problems.map((each) => each.remedy)).toEqual([remedy])
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

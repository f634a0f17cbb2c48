// The file by itself: what it may hold, where each fault stands, and what is refused before it can do harm.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parseConfig, readConfig } from '../../src/inputs/read-config.ts'
import { configSchema } from '../../src/inputs/schema.ts'
import { fileInputs, namesOf } from '../../src/inputs/input-table.ts'
import { actionFile } from '../../testing/runner/action-file.ts'
import { faultsOf, file, located } from './file.ts'

describe('faults', () => {
  it('are told all at once, with file, line and column, in the order of the file', () => {
    const text = [
      'adpot: true',
      'threads: "8"',
      'environments:',
      '  - from: dev',
      '    sett: {}',
      '  - to: prod',
      'jobs:',
      '  rules:',
      '    - match: a',
      '      nmae: b',
      '  selct: []',
      'source: { project: 1, prject: 2 }',
      'references:',
      '  jobs: { 1: { job: 2, projct: 3 } }',
      '  unresolved: ignore',
      'removals: delete'
    ].join('\n')
    expect(faultsOf(text)).toEqual([
      `${file}:1:1: there is no key adpot.`,
      `${file}:2:1: threads: expected number, received string.`,
      `${file}:5:5: there is no key sett in environments.0.`,
      `${file}:6:5: environments.1.from is missing.`,
      `${file}:10:7: there is no key nmae in jobs.rules.0.`,
      `${file}:11:3: there is no key selct in jobs.`,
      `${file}:12:23: there is no key prject in source.`,
      expect.stringMatching(`^${file}:14:11: references.jobs.1.project is missing`),
      `${file}:14:24: there is no key projct in references.jobs.1.`,
      `${file}:15:3: references.unresolved: Invalid option: expected one of "fail"|"drop".`,
      `${file}:16:1: removals: Invalid option: expected one of "none"|"pause".`
    ])
  })

  it.each([
    ['adpot: true', '"adopt"'],
    ['environment: [a]', '"environments"'],
    ['custom_branch: main', '"custom-branch"'],
    ['environments: [{ from: a, name: b }]', '"from"'],
    ['jobs: { rules: [{ match: a, kepp: [] }] }', '"keep"'],
    ['jobs: { rule: [] }', '"rules"'],
    ['references: { job: {} }', '"jobs"'],
    ['references: { jobs: { 1: { job: 2, proj: 3 } } }', '"project"'],
    ['target: { name: x }', '"project"']
  ])('in %j name the nearest key', (text, key) => {
    const remedies = parseConfig(file, text).problems.map(({ remedy }) => remedy)
    expect(remedies).toContainEqual(expect.stringContaining(key))
  })

  it.each([
    ['dbt-version: 1.7', 'dbt-version: expected string, received number', 'quotes'],
    ['label: 2024', 'label: expected string, received number', 'quotes'],
    ['job-name: {name}', 'job-name: expected string, received object', 'quotes'],
    ['adopt: yes', 'adopt: expected boolean, received string', 'true or false'],
    ['threads: "8"', 'threads: expected number, received string', 'without quotes'],
    ['environments: "*"', 'environments: expected array, received string', 'dash'],
    ['resources: jobs', 'resources: expected array, received string', 'dash'],
    ['jobs: "*"', 'jobs: of the wrong type', ''],
    ['jobs:', 'jobs: of the wrong type', ''],
    ['max-changes: -1', 'max-changes: Too small', ''],
    ['max-changes: .inf', 'max-changes: expected number', ''],
    ['threads: .nan', 'threads: expected number', ''],
    ['target: { project: 0 }', 'target.project: ', ''],
    ['environments: [""]', 'environments.0', ''],
    ['references: { jobs: { 1: 9007199254740993 } }', 'references.jobs.1: Too big', ''],
    ['hello', 'the file: expected object, received string', ''],
    ['- a', 'the file: expected object, received array', '']
  ])('of type in %j are told in words', (text, message, remedy) => {
    const { problems } = parseConfig(file, text)
    expect(problems).toHaveLength(1)
    expect(problems[0]?.message).toContain(`${file}:1:`)
    expect(problems[0]?.message).toContain(message)
    expect(problems[0]?.remedy).toContain(remedy)
  })

  it.each([
    ['a star', 'jobs:\n  - Nightly\n  - *', '3:'],
    ['a star and a word', 'jobs:\n  - Nightly\n  - *nightly', '3:5'],
    ['a tag', 'jobs:\n  - "*"\n  - !scratch', '3:5'],
    ['a tag and a star', 'jobs:\n  - "*"\n  - !scratch *', '3:'],
    ['braces and a word', 'jobs:\n  rules:\n    - { match: a, name: {name} prod }', '3:']
  ])('of quotes that are missing are explained: %s', (_what, text, where) => {
    const [first] = parseConfig(file, text).problems
    expect(first?.message).toContain(`${file}:${where}`)
    expect(first?.remedy).toMatch(/quotes/)
  })

  it.each([
    ['a tab', 'jobs:\n\t- a', '2:1', 'Tabs'],
    ['two documents', 'adopt: true\n---\nadopt: false', '2:1', 'several documents'],
    ['an open bracket', 'jobs: [a\nadopt: true', '', ''],
    ['an open quote', 'label: "a\nadopt: true', '', '']
  ])('of syntax hide no others of their kind: %s', (_what, text, where, message) => {
    const [first] = faultsOf(text)
    expect(first).toContain(`${file}:${where}`)
    expect(first).toContain(message)
  })

  it('stand at the right place after CRLF and a byte order mark', () => {
    expect(faultsOf('\uFEFFadopt: true\r\nlabl: x\r\n')).toEqual([
      `${file}:2:1: there is no key labl.`
    ])
  })
})

describe('keys that stand twice', () => {
  it('are told wherever they are, with what else is wrong', () => {
    const text = [
      'adopt: true',
      'adopt: false',
      'jobs:',
      '  rules:',
      '    - match: a',
      '      match: b',
      '      set: { settings.threads: 1, settings.threads: 2 }',
      'references: { jobs: { 7: 1, "7": 2 } }',
      'labl: x'
    ].join('\n')
    expect(faultsOf(text)).toEqual([
      `${file}:2:1: the key adopt stands here for the second time.`,
      `${file}:6:7: the key match stands here for the second time.`,
      `${file}:7:35: the key settings.threads stands here for the second time.`,
      `${file}:8:29: the key 7 stands here for the second time.`,
      `${file}:9:1: there is no key labl.`
    ])
  })

  it('may stand once in what is merged and once beside it', () => {
    const text =
      'jobs:\n  rules:\n    - &one { match: a, set: { settings.threads: 1 } }\n    - { <<: *one, match: b }'
    expect(located(text).config.jobs).toEqual({
      rules: [
        { match: 'a', set: { 'settings.threads': 1 } },
        { match: 'b', set: { 'settings.threads': 1 } }
      ]
    })
  })
})

describe('what must not be in the file', () => {
  const isOfFile = (name: string): boolean => name in configSchema.shape
  const others = Object.keys(actionFile.inputs).filter(
    (name) => !isOfFile(name) && name !== 'source-project' && name !== 'target-project'
  )

  it('is every input that says where tokens go or how a run goes, each with the reason', () => {
    expect(others).toEqual(
      expect.arrayContaining(['token', 'host', 'account-id', 'mode', 'config'])
    )
    for (const name of others) {
      expect(faultsOf(`${name}: x`)).toEqual([
        expect.stringMatching(
          new RegExp(
            `^${file}:1:1: ${name} is an input of the workflow and not a key of this file: ` +
              '(a pull request that changes this file must not|it says how a run goes)'
          )
        )
      ])
    }
  })

  it('is not any plain input', () => {
    expect(namesOf(fileInputs).filter((name) => !isOfFile(name))).toEqual([])
  })

  it.each(['token', 'host', 'account-id', 'target-host', 'github-token'])(
    '%s may be told nowhere, since a pull request could send a token elsewhere',
    (name) => {
      for (const text of [`${name}: x`, `source: { project: 1, ${name}: x }`]) {
        expect(faultsOf(text)).toEqual([expect.stringContaining('send a token elsewhere')])
      }
    }
  )

  it.each(['secrets', 'rewrite-secrets', 'show-values'])(
    '%s may be told nowhere, since a pull request could show or overwrite values',
    (name) => {
      for (const text of [`${name}: x`, `source: { project: 1, ${name}: x }`]) {
        expect(faultsOf(text)).toEqual([expect.stringContaining('show or overwrite')])
      }
    }
  )

  it('is told beside the target with the name of the input', () => {
    const { problems } = parseConfig(file, 'target: { project: 1, host: x, account-id: 2 }')
    expect(problems.map(({ remedy }) => remedy)).toEqual([
      expect.stringContaining('target-host'),
      expect.stringContaining('target-account-id')
    ])
  })

  it.each(['__proto__', 'constructor', 'toString'])(
    'is %s, which is a name like others',
    (name) => {
      for (const text of [
        `${name}: 3`,
        `references: { ${name}: 3 }`,
        `environments: [{ from: a, ${name}: 3 }]`
      ]) {
        expect(faultsOf(text)).toContainEqual(expect.stringContaining(`there is no key ${name}`))
      }
    }
  )

  it('is a prototype for values', () => {
    expect(faultsOf('environments:\n  - from: a\n    set: { __proto__: { x: 1 } }')).toEqual([
      `${file}:3:12: there is no key __proto__.`
    ])
  })
})

describe('a file that would cost too much', () => {
  const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)

  it.each([
    [
      'anchors that explode',
      ['a: &a [x,x,x,x,x,x,x,x,x,x]']
        .concat(
          'bcdefgh'.split('').map(
            (name, index) =>
              `${name}: &${name} [${Array(10)
                .fill(`*${'abcdefgh'.charAt(index)}`)
                .join(',')}]`
          )
        )
        .join('\n')
    ],
    ['an anchor in itself', 'jobs: &a\n  rules: *a'],
    ['lists without end', `jobs: ${'['.repeat(50_000)}`],
    ['lists in lists', `jobs: ${nested(20_000)}`],
    ['lists in a value', `jobs: { rules: [{ match: a, set: { schedule: ${nested(5000)} } }] }`],
    ['nothing but unknown keys', Array.from({ length: 20_000 }, (_, n) => `k${n}: 1`).join('\n')],
    ['nothing but one key', Array(20_000).fill('adopt: true').join('\n')],
    ['nothing but wrong items', `jobs:\n${Array(40_000).fill('- {}').join('\n')}`]
  ])('is refused: %s', (_what, text) => {
    const { problems } = parseConfig(file, text)
    expect(problems.length).toBeGreaterThan(0)
    // A hundred are told, and how many more there are.
    expect(problems.length).toBeLessThanOrEqual(101)
  })

  it.each([100, 400, 700])('does not break down on %i lists in a value', (depth) => {
    const text = `jobs: { rules: [{ match: a, set: { description: ${nested(depth)} } }] }`
    expect(() => parseConfig(file, text)).not.toThrow()
  })

  it('is read where it is only large', () => {
    const rules = Array.from({ length: 3000 }, (_, n) => `    - { match: job ${n}, keep: [name] }`)
    expect(faultsOf(['jobs:', '  rules:', ...rules].join('\n'))).toEqual([])
  })
})

// Some thousands of levels end the process, where the parser finds out by itself.
it.each(['[', '{a: ', '- ', '? ', '? - '])(
  'a file that is nested without end by "%s" is told so, at its place',
  (level) => {
    for (const depth of [1000, 5000, 50_000]) {
      const { problems } = parseConfig('f.yml', `adopt: true\nx: ${level.repeat(depth)}`)
      expect(problems.map(({ message }) => message)).toEqual([
        expect.stringMatching(/^f\.yml:2:\d+: this is nested too deeply\.$/)
      ])
    }
  }
)

describe('reading', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'dbt-promote-config-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  async function written(text: string): ReturnType<typeof readConfig> {
    const name = path.join(folder, 'config.yml')
    await writeFile(name, text)
    return readConfig(name)
  }

  it('gives the file, with the places of what it says', async () => {
    const { located: config } = await written('# comment\njobs:\n  rules:\n    - match: a\n')
    expect(config?.config).toEqual({ jobs: { rules: [{ match: 'a' }] } })
    expect(config?.at(['jobs', 'rules', 0, 'match'])).toMatchObject({ line: 4, column: 7 })
    expect(config?.at(['jobs', 'rules', 0, 'keep'])).toMatchObject({ line: 4, column: 7 })
    expect(config?.at(['label'])).toMatchObject({ line: 2, column: 1 })
  })

  it.each(['', '# only a comment\n', '---\n'])('takes %j for an empty file', async (text) => {
    expect((await written(text)).located?.config).toEqual({})
  })

  it.each([
    ['a file that is not there', 'none.yml', 'no such file'],
    ['a folder', '.', 'is not a file'],
    ['a device', '/dev/zero', 'is neither in the workspace']
  ])('refuses %s', async (_what, name, reason) => {
    const { problems } = await readConfig(path.resolve(folder, name))
    expect(problems).toMatchObject([
      {
        message: expect.stringContaining(reason),
        remedy: expect.stringContaining('Give the path')
      }
    ])
  })

  it('refuses a file of absurd size without reading it', async () => {
    const { problems } = await written(`# ${'x'.repeat(250_000)}`)
    expect(problems).toMatchObject([
      {
        message: expect.stringMatching(/has 250002 bytes; 250000 is the most/),
        remedy: expect.any(String)
      }
    ])
    expect((await written(`# ${'x'.repeat(249_998)}`)).problems).toEqual([])
  })
})

import { describe, expect, it } from '@jest/globals'
import { parseSpec, type InputTexts } from '../../src/inputs/parse-spec.ts'
import { specInputs } from '../../src/inputs/input-table.ts'
import type { PromotionSpec, Resources, Rule } from '../../src/model/spec.ts'

const valid = {
  host: 'ab123.us1.dbt.com',
  'account-id': '28885',
  'source-project': '86704',
  'target-project': '86711',
  environments: 'dev-staging'
}

type Given = Partial<Record<keyof InputTexts, string>>

function parse(given: Given, defaultBranch?: string) {
  const unset = Object.fromEntries(specInputs.map((name) => [name, '']))
  return parseSpec({ ...unset, ...valid, ...given } as InputTexts, { defaultBranch })
}

function specOf(given: Given = {}, defaultBranch?: string): PromotionSpec {
  const { spec, problems } = parse(given, defaultBranch)
  expect(problems).toMatchObject([])
  return spec
}

function problemsOf(given: Given): readonly string[] {
  return parse(given).problems.map(({ message }) => message)
}

/** The rules that name something. */
const naming = (rules: readonly Rule[]): readonly object[] =>
  rules.flatMap(({ match, name }) => (name === undefined ? [] : [{ match, name }]))

/** The values that the rules fix, later ones over earlier ones. */
const fixed = (rules: readonly Rule[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(rules.flatMap(({ set }) => set).map(({ path, value }) => [path, value]))

const named = (pattern: string, text = pattern) => ({ by: 'name', pattern, text }) as const

describe('the sides', () => {
  it('are one account and two projects', () => {
    const side = { origin: 'https://ab123.us1.dbt.com', account: 28_885 }
    expect(specOf()).toMatchObject({
      source: { ...side, project: { id: 86_704 } },
      target: { ...side, project: { id: 86_711 } }
    })
  })

  it.each([
    ['86704', { id: 86_704 }],
    ['id: 86704', { id: 86_704 }],
    ['70403103922125', { id: 70_403_103_922_125 }],
    ['Development project', { name: 'Development project' }],
    ['Project * of [all]', { name: 'Project * of [all]' }],
    ['Caf\u00e9 2', { name: 'Caf\u00e9 2' }],
    ['  My project ', { name: 'My project' }]
  ])('have the project %j', (text, project) => {
    expect(specOf({ 'source-project': text }).source.project).toEqual(project)
  })

  it.each([
    ['86704', '86704'],
    ['86704', 'id:86704'],
    ['86704', ' 086704 ']
  ])('must not be one project: %j and %j', (source, target) => {
    expect(problemsOf({ 'source-project': source, 'target-project': target })).toEqual([
      'The inputs source-project and target-project name the same project.'
    ])
  })
})

describe('required inputs', () => {
  it.each(['host', 'account-id', 'source-project', 'target-project', 'environments'] as const)(
    '%s must not be empty or blank',
    (name) => {
      for (const text of ['', ' ', '\n \t\n']) {
        const { problems } = parse({ [name]: text })
        expect(problems).toMatchObject([
          {
            message: `The input ${name} is required and empty.`,
            remedy: expect.stringMatching(/\S/)
          }
        ])
      }
    }
  )

  it('are all told at once', () => {
    const missing = Object.fromEntries(Object.keys(valid).map((name) => [name, '']))
    expect(problemsOf(missing)).toEqual(
      Object.keys(valid).map((name) => `The input ${name} is required and empty.`)
    )
  })
})

describe('ids', () => {
  const notIds = [
    'abc',
    '0',
    '-1',
    '+1',
    '1.5',
    '1e3',
    '0x10',
    '1 2',
    '12a',
    '9007199254740992',
    '١'
  ]

  it.each(notIds)('account-id can not be %j', (text) => {
    expect(problemsOf({ 'account-id': text })).toEqual([
      'The input account-id is no positive whole number.'
    ])
  })

  it.each(notIds)('credentials-id and threads can not be %j', (text) => {
    expect(problemsOf({ 'credentials-id': text, threads: text })).toEqual([
      'The input credentials-id is no positive whole number.',
      'The input threads is no positive whole number.'
    ])
  })

  it.each(['0', 'id:', 'id:abc', '9007199254740992'])('a project can not be %j', (text) => {
    expect(problemsOf({ 'source-project': text, 'target-project': text })).toEqual([
      'The input source-project is no id of a project.',
      'The input target-project is no id of a project.'
    ])
  })

  it('may have 14 digits', () => {
    expect(specOf({ 'account-id': '70403103922125' }).source.account).toBe(70_403_103_922_125)
  })
})

describe('host', () => {
  it.each([
    ['http://ab123.us1.dbt.com', 'The input host is http'],
    ['https://ab123.us1.dbt.com/deploy/28885', 'The input host holds the path /deploy/28885'],
    ['not a host', 'The input host is no host name']
  ])('can not be %j', (host, message) => {
    expect(problemsOf({ host })).toMatchObject([expect.stringContaining(message)])
  })
})

describe('selections', () => {
  it('are lines, each an id, a name or a wildcard, or one of them left out', () => {
    const text = ' dev-staging \r\n\r\n  id:7\n8\n!*scratch*\n! 9\n[PROD] * / ?\n!!odd'
    const expected = {
      include: [
        named('dev-staging'),
        { by: 'id', id: 7, text: 'id:7' },
        { by: 'id', id: 8, text: '8' },
        named('[PROD] * / ?')
      ],
      exclude: [named('*scratch*'), { by: 'id', id: 9, text: '9' }, named('!odd')]
    }
    const spec = specOf({ environments: text, jobs: text })
    expect(spec.environments).toEqual(expected)
    expect(spec.jobs).toEqual(expected)
  })

  it('are all jobs when jobs is not set, or only leaves some out', () => {
    expect(specOf().jobs).toEqual({ include: [named('*')], exclude: [] })
    expect(specOf({ jobs: '!scratch *\n!7' }).jobs).toEqual({
      include: [named('*')],
      exclude: [named('scratch *'), { by: 'id', id: 7, text: '7' }]
    })
  })

  it('are never all environments by themselves', () => {
    expect(problemsOf({ environments: '!scratch' })).toEqual([
      'The input environments is required and empty.'
    ])
    expect(specOf({ environments: '*' }).environments.include).toEqual([named('*')])
  })

  it.each([
    ['id:abc', 'holds a line that is no selector: "id:abc" is no id'],
    ['0', 'holds a line that is no selector: "0" is no id'],
    ['9007199254740992', 'holds a line that is no selector: "9007199254740992" is no id'],
    ['!', 'holds the line "!", which is no selector'],
    ['! ', 'holds the line "!", which is no selector'],
    ['a -> b -> c', 'holds the line "a -> b -> c", which is no selector'],
    ['!a -> b', 'holds the line "!a -> b", which is no selector'],
    ['a ->', 'maps "a" to a name that is blank'],
    ['a -> {nmae}', 'maps "a" to a name that holds {nmae}'],
    ['a -> {1}', 'maps "a" to a name that holds {1}'],
    ['a* -> {2}', 'maps "a*" to a name that holds {2}'],
    ['7 -> {1}', 'maps "7" to a name that holds {1}']
  ])('can not hold %j', (line, fault) => {
    const expected = [expect.stringContaining(`The input environments ${fault}`)]
    expect(problemsOf({ environments: `dev-staging\n${line}` })).toMatchObject(expected)
    expect(problemsOf({ environments: line })).toMatchObject(expected)
    expect(problemsOf({ jobs: line })).toEqual([expect.stringContaining(`The input jobs ${fault}`)])
  })

  it('tells of every bad line', () => {
    expect(problemsOf({ environments: 'a\nid:x\n!\nb -> {c}' })).toHaveLength(3)
  })

  it('map with an arrow: a selector, and the rule that names what it selects', () => {
    const spec = specOf({
      environments: 'dev-staging -> production\n75286->x\n7 -> seven\n* (eu) -> {1} – {name}',
      jobs: 'Nightly ? -> {environment} {1}'
    })
    expect(spec.environments.include.map(({ text }) => text)).toEqual([
      'dev-staging',
      '75286->x',
      '7',
      '* (eu)'
    ])
    expect(naming(spec.environmentRules)).toEqual([
      { match: named('dev-staging'), name: 'production' },
      { match: { by: 'id', id: 7, text: '7' }, name: 'seven' },
      { match: named('* (eu)'), name: '{1} – {name}' }
    ])
    expect(naming(spec.jobRules)).toEqual([
      { match: named('Nightly ?'), name: '{environment} {1}' }
    ])
  })
})

describe('templates', () => {
  it('name everything, and mappings come after them', () => {
    const spec = specOf({
      'environment-name': ' prod – {name} ',
      environments: 'dev-staging -> production',
      'job-name': '{environment}: {name}'
    })
    expect(naming(spec.environmentRules)).toEqual([
      { match: named('*'), name: 'prod – {name}' },
      { match: named('dev-staging'), name: 'production' }
    ])
    expect(naming(spec.jobRules)).toEqual([{ match: named('*'), name: '{environment}: {name}' }])
  })

  it('leave names as they are when not set', () => {
    const { environmentRules, jobRules } = specOf()
    expect(naming([...environmentRules, ...jobRules])).toEqual([])
  })

  it.each<[Given, string]>([
    [{ 'environment-name': '{nmae}' }, 'The input environment-name holds {nmae}'],
    [{ 'environment-name': '{environment}' }, 'The input environment-name holds {environment}'],
    [{ 'job-name': '{branch} {name}' }, 'The input job-name holds {branch}'],
    [{ 'job-name': '{1}' }, 'The input job-name holds {1}']
  ])('with an unknown placeholder: %j', (given, message) => {
    expect(problemsOf(given)).toMatchObject([expect.stringContaining(message)])
  })
})

describe('fixed values', () => {
  it('are none by default', () => {
    const { environmentRules, jobRules } = specOf()
    expect(fixed([...environmentRules, ...jobRules])).toEqual({})
  })

  it('are those of the environments and those of the jobs', () => {
    const { environmentRules, jobRules } = specOf({
      'custom-branch': 'release/1.x',
      'credentials-id': '108731',
      'deployment-type': 'production',
      'dbt-version': 'latest',
      'target-name': 'prod',
      threads: '16'
    })
    expect(fixed(environmentRules)).toMatchObject({
      custom_branch: 'release/1.x',
      credentials_id: 108_731,
      deployment_type: 'production',
      dbt_version: 'latest'
    })
    expect(fixed(jobRules)).toEqual({ 'settings.target_name': 'prod', 'settings.threads': 16 })
  })

  it('call an environment general that is neither production nor staging', () => {
    const { environmentRules } = specOf({ 'deployment-type': 'general' })
    expect(fixed(environmentRules)).toEqual({ deployment_type: null })
  })

  it('take the default branch from the event', () => {
    const { environmentRules } = specOf({ 'custom-branch': ' (default) ' }, 'trunk')
    expect(fixed(environmentRules)).toMatchObject({ custom_branch: 'trunk' })
  })

  it('do not guess a default branch that the event does not tell', () => {
    expect(problemsOf({ 'custom-branch': '(default)' })).toEqual([
      'The input custom-branch asks for the default branch, which this event does not tell.'
    ])
  })
})

describe('connection', () => {
  const named = (given: Given): readonly unknown[] =>
    specOf(given).environmentRules.flatMap((rule) => rule.connection ?? [])

  it.each<[Given, readonly unknown[]]>([
    [{}, []],
    [{ connection: '56041' }, [{ id: 56_041 }]],
    [{ connection: ' Snowflake 2 ' }, [{ name: 'Snowflake 2' }]]
  ])('%j', (given, expected) => {
    expect(named(given)).toEqual(expected)
  })
})

function only(...kinds: readonly (keyof Resources)[]): Resources {
  const has = (kind: keyof Resources): boolean => kinds.includes(kind)
  return {
    environments: has('environments'),
    jobs: has('jobs'),
    variables: has('variables'),
    overrides: has('overrides'),
    attributes: has('attributes')
  }
}

describe('words', () => {
  it('have defaults', () => {
    expect(specOf()).toMatchObject({
      resources: only('environments', 'jobs'),
      schedule: 'keep',
      adopt: false,
      track: 'marker',
      removals: 'none',
      maxChanges: null,
      protect: [],
      label: ''
    })
  })

  it.each<[Given, Partial<PromotionSpec>]>([
    [{ resources: 'environments\n jobs ' }, { resources: only('environments', 'jobs') }],
    [{ resources: 'jobs' }, { resources: only('jobs') }],
    [{ resources: 'environments' }, { resources: only('environments') }],
    [{ resources: 'variables' }, { resources: only('variables') }],
    [{ resources: 'jobs\noverrides' }, { resources: only('jobs', 'overrides') }],
    [
      { resources: 'environments\nextended-attributes' },
      { resources: only('environments', 'attributes') }
    ],
    [{ 'rewrite-secrets': 'true' }, { rewriteSecrets: true }],
    [{ schedule: 'source' }, { schedule: 'source' }],
    [{ schedule: ' paused ' }, { schedule: 'paused' }],
    [{ adopt: 'true' }, { adopt: true }],
    [{ adopt: 'True' }, { adopt: true }],
    [
      { adopt: 'TRUE', 'rewrite-secrets': 'True' },
      { adopt: true, rewriteSecrets: true }
    ],
    [{ adopt: 'false' }, { adopt: false }],
    [
      { adopt: 'FALSE', 'rewrite-secrets': 'False' },
      { adopt: false, rewriteSecrets: false }
    ],
    [{ track: 'name' }, { track: 'name' }],
    [{ removals: 'pause' }, { removals: 'pause' }],
    [{ 'max-changes': '0' }, { maxChanges: 0 }],
    [{ 'max-changes': '20' }, { maxChanges: 20 }],
    [{ protect: 'prod *\n7' }, { protect: [named('prod *'), { by: 'id', id: 7, text: '7' }] }],
    [{ label: 'EU nightly' }, { label: 'EU nightly' }]
  ])('%j', (given, expected) => {
    expect(specOf(given)).toMatchObject(expected)
  })

  it.each<[Given]>([
    [{ resources: 'jobs\nvariable' }],
    [{ resources: 'overrides' }],
    [{ resources: 'jobs\nextended-attributes' }],
    [{ 'rewrite-secrets': 'yes' }],
    [{ connection: '0' }],
    [{ schedule: 'Keep' }],
    [{ schedule: 'off' }],
    [{ adopt: 'yes' }],
    [{ track: 'id' }],
    [{ removals: 'delete' }],
    [{ 'deployment-type': 'prod' }],
    [{ 'max-changes': '-1' }],
    [{ 'max-changes': '1.5' }],
    [{ protect: 'id:x' }],
    [{ label: '<b>' }],
    [{ label: 'x'.repeat(51) }]
  ])('can not be %j', (given) => {
    const [name] = Object.keys(given)
    const { problems } = parse(given)
    expect(problems).toMatchObject([
      {
        message: expect.stringMatching(new RegExp(`^The input ${String(name)} `)),
        remedy: expect.stringMatching(/\S/)
      }
    ])
  })

  it('name the nearest where one is near', () => {
    const remedyOf = (given: Given): string => parse(given).problems[0]?.remedy ?? ''
    for (const [given, word] of [
      [{ resources: 'jobs\nvariable' }, 'variables'],
      [{ 'rewrite-secrets': 'treu' }, 'true'],
      [{ adopt: 'flase' }, 'false'],
      [{ schedule: 'Keep' }, 'keep'],
      [{ schedule: 'pausd' }, 'paused'],
      [{ track: 'maker' }, 'marker'],
      [{ removals: 'paus' }, 'pause'],
      [{ 'deployment-type': 'prod' }, 'production']
    ] as const)
      expect(remedyOf(given)).toMatch(new RegExp(`^Did you mean ${word}\\?`))
    expect(remedyOf({ schedule: 'off' })).toBe('Without it, it is keep.')
  })

  it('that contradict each other are a problem', () => {
    expect(problemsOf({ removals: 'pause', track: 'name' })).toEqual([
      expect.stringContaining('removals: pause needs the marker')
    ])
  })
})

describe('a target of its own', () => {
  it('has its host and account', () => {
    expect(specOf({ 'target-host': 'zz9.eu1.dbt.com/', 'target-account-id': '7' })).toMatchObject({
      source: { origin: 'https://ab123.us1.dbt.com', account: 28_885 },
      target: { origin: 'https://zz9.eu1.dbt.com', account: 7, project: { id: 86_711 } }
    })
  })

  it('may have a project with the id of the source', () => {
    const same = { 'target-project': '86704' }
    expect(problemsOf({ ...same, 'target-account-id': '7' })).toMatchObject([])
    expect(problemsOf({ ...same, 'target-host': 'zz9.eu1.dbt.com' })).toMatchObject([])
    expect(problemsOf({ ...same, 'target-host': 'https://AB123.us1.dbt.com/api/' })).toHaveLength(1)
  })

  it.each<[Given]>([[{ 'target-host': 'http://zz9.eu1.dbt.com' }], [{ 'target-account-id': 'x' }]])(
    'can not be %j',
    (given) => {
      expect(problemsOf(given)).toEqual([
        expect.stringContaining(`The input ${String(Object.keys(given)[0])} is`)
      ])
    }
  )
})

it('tells everything that is wrong at once, in the order of the inputs', () => {
  const problems = problemsOf({
    host: 'http://example.com',
    'account-id': 'x',
    'source-project': '',
    'target-project': '0',
    environments: 'id:x',
    jobs: '!',
    'environment-name': '{x}',
    'job-name': '{y}',
    'custom-branch': '(default)',
    'credentials-id': 'none',
    threads: 'many'
  })
  const names = problems.map((message) => /^The input (\S+)/.exec(message)?.[1])
  expect(names).toHaveLength(11)
  expect(new Set(names)).toEqual(
    new Set([
      'host',
      'account-id',
      'source-project',
      'target-project',
      'environments',
      'jobs',
      'environment-name',
      'job-name',
      'custom-branch',
      'credentials-id',
      'threads'
    ])
  )
})

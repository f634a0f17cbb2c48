// Rules for some environments and types of jobs, placeholders in values, and branches that git takes.
import { describe, expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
import { addJob } from '../../sandbox/index.ts'
import { branchFault } from '../../src/model/branch.ts'
import {
  ids,
  inputs,
  messages,
  platform,
  Platform,
  type Inputs
} from '../../testing/worlds/two-projects.ts'
import { objectChanges } from '../../testing/changes.ts'
import { parseFile, specOfText } from '../../testing/spec.ts'

const head = `source: { project: ${String(ids.source)} }
target: { project: ${String(ids.target)} }
`

function world(): Platform {
  const all = new Platform(platform())
  all.add((state) => addJob(state, ids.staging, { name: 'Check', job_type: 'ci' }))
  all.add((state) => addJob(state, ids.qa, { name: 'Nightly' }))
  return all
}

/** A value of each new object, by the key. */
async function valuesOf(text: string, path: string, given: Inputs = {}): Promise<object> {
  const plan = await world().plan(specOfText(head + text, given))
  expect(messages(plan)).toEqual([])
  const all = objectChanges(plan).flatMap((change) =>
    change.op === 'create' && path in change.values ? [[change.key, change.values[path]]] : []
  )
  return Object.fromEntries(all) as object
}

const faultsOf = (text: string, given: Inputs = {}): readonly string[] =>
  parseFile(head + text, given).problems.map(({ message }) => message)

describe('a rule for jobs', () => {
  const rule = (scope: string): string =>
    `environments: ['*']\njobs: { rules: [{ match: '*', ${scope}, set: { settings.threads: 9 } }] }`

  it('is for those of its environment and its type alone', async () => {
    const [nightly, check, other] = ['job:Staging/Nightly', 'job:Staging/Check', 'job:QA/Nightly']
    for (const [scope, expected] of [
      ['environment: QA', [other]],
      [`environment: ${String(ids.staging)}`, [check, nightly]],
      ["environment: 'S*'", [check, nightly]],
      ['type: ci', [check]],
      ['type: other', [other, nightly]],
      ['environment: Staging, type: other', [nightly]]
    ] as const) {
      const threads = await valuesOf(rule(scope), 'settings.threads')
      const ruled = Object.entries(threads).flatMap(([key, value]) => (value === 9 ? [key] : []))
      expect([scope, ruled.toSorted()]).toEqual([scope, expected])
    }
  })

  it('names them too', async () => {
    const text = `environments: ['*']
jobs: { rules: [{ match: 'N*', environment: QA, name: 'Test n{1}' }] }`
    expect(Object.keys(await valuesOf(text, 'execute_steps'))).toEqual(
      expect.arrayContaining(['job:QA/Test nightly', 'job:Staging/Nightly'])
    )
  })

  it('is a warning where none of them is promoted', async () => {
    const { warnings } = byLevel(
      (await world().plan(specOfText(head + rule('environment: QA, type: ci')))).remarks
    )
    expect(warnings).toContain(
      'The rule for "*" in environment "QA" of type ci matches no job that is promoted.'
    )
  })

  it('has a type that there is, and a selector for its environment', () => {
    expect(faultsOf(rule('type: nightly'))).toEqual([expect.stringContaining('type')])
    expect(faultsOf(rule('environment: "0"'))).toEqual([expect.stringContaining('"0" is no id')])
  })

  it('is a problem where its line is not written as it must be', async () => {
    const text = `environments: ['*']\njobs: { rules: [{ match: 'Nightly, Check', set: { settings.threads: 9 } }] }`
    expect(byLevel((await world().plan(specOfText(head + text))).remarks).problems).toMatchObject([
      { remedy: 'Write each on a line of its own: "Nightly" and "Check".' }
    ])
  })

  it('so is a line of protect', async () => {
    const text = `environments: ['*']\nprotect: ['Nightly, Staging']`
    const all = world()
    await all.promote(inputs())
    expect(byLevel((await all.plan(specOfText(head + text))).remarks).problems).toMatchObject([
      { remedy: 'Write each on a line of its own: "Nightly" and "Staging".' }
    ])
  })
})

describe('placeholders in values', () => {
  it('are filled in branches and target names, by file, rule and input', async () => {
    const text =
      "environments: [{ from: 'Stag*', to: 'live-{1}', set: { custom_branch: 'r/{environment}/{name}/{1}' } }]"
    expect(await valuesOf(text, 'custom_branch')).toEqual({
      'environment:live-ing': 'r/live-ing/Staging/ing'
    })
    const plain = "environments: [Staging -> live]\ncustom-branch: 'r/{environment}'"
    expect(await valuesOf(plain, 'custom_branch')).toEqual({ 'environment:live': 'r/live' })
    expect(await valuesOf(plain, 'custom_branch', { 'custom-branch': 'i/{name}' })).toEqual({
      'environment:live': 'i/Staging'
    })
    const jobs =
      "jobs: { select: [Nightly], rules: [{ match: 'N*', set: { settings: { target_name: '{environment}_{1}' } } }] }"
    expect(await valuesOf(`environments: [Staging]\n${jobs}`, 'settings.target_name')).toEqual({
      'job:Staging/Nightly': 'Staging_ightly'
    })
    const named = { 'target-name': '{name}@{environment}', jobs: 'Nightly' }
    expect(
      await valuesOf('environments: [Staging -> live]', 'settings.target_name', named)
    ).toEqual({
      'job:live/Nightly': 'Nightly@live'
    })
  })

  it('are a problem where they are unknown', () => {
    const environment = (set: string): string => `environments: [{ from: Staging, set: ${set} }]`
    for (const [text, given] of [
      [environment("{ custom_branch: 'r/{nmae}' }"), {}],
      [environment("{ custom_branch: 'r/{1}' }"), {}],
      [
        "environments: [a]\njobs: { rules: [{ match: '*', set: { settings: { target_name: '{2}' } } }] }",
        {}
      ],
      ["environments: [a]\ncustom-branch: '{branch}'", {}],
      ['environments: [a]', { 'custom-branch': 'r/{nmae' }],
      ['environments: [a]', { 'target-name': '{{name}}' }]
    ] as const)
      expect([text, faultsOf(text, given)]).toEqual([
        text,
        [expect.stringMatching(/holds (\{|a brace)/)]
      ])
  })

  it('are literal everywhere else', async () => {
    const set = `{ execute_steps: ['dbt run --vars "{name}"'], description: '{name} {x}' }`
    const text = `environments: [Staging]\njobs: { rules: [{ match: '*', set: ${set} }] }`
    for (const [path, value] of [
      ['execute_steps', ['dbt run --vars "{name}"']],
      ['description', '{name} {x}']
    ] as const)
      expect(await valuesOf(text, path)).toMatchObject({ 'job:Staging/Nightly': value })
  })
})

describe('a branch', () => {
  // As `git check-ref-format --branch` has it (git 2.39), and its rule 9, which takes no single @.
  const good = [
    'main',
    'release/1.0',
    'a-b_c',
    'ü',
    'a{b}',
    'a@b',
    'x.lockx',
    'feature/@',
    '#1',
    "it's"
  ]
  const bad = [
    'a b',
    'a\tb',
    'a\u0007',
    'a\u007f',
    'a..b',
    'a~1',
    'a^',
    'a:b',
    'a?',
    'a*',
    'a[b',
    'a\\b',
    '/a',
    'a/',
    'a//b',
    '.a',
    'a/.b',
    'a.',
    'a.lock',
    'a.lock/b',
    'a@{b',
    '@',
    'HEAD',
    '-a'
  ]

  it('is one that git takes', () => {
    expect(good.filter((name) => branchFault(name) !== undefined)).toEqual([])
    expect(bad.filter((name) => branchFault(name) === undefined)).toEqual([])
  })

  it('is a problem where it is not, whoever names it', async () => {
    const text = 'environments: [Staging]'
    expect(faultsOf(text, { 'custom-branch': 'my branch' })).toEqual([
      expect.stringContaining('custom-branch holds a blank or a control character')
    ])
    expect(faultsOf(`${text}\ncustom-branch: a..b`)).toEqual([
      expect.stringMatching(/promote\.yml:4:1: custom-branch holds "\.\."/)
    ])
    expect(faultsOf("environments: [{ from: Staging, set: { custom_branch: 'a~1' } }]")).toEqual([
      expect.stringContaining('custom_branch holds one of ~')
    ])
    const filled = specOfText(`${head}environments: ['Staging -> the live one']`, {
      'custom-branch': 'r/{environment}'
    })
    expect(messages(await world().plan(filled))).toEqual([
      'The branch "r/the live one" for environment "Staging" holds a blank or a control character, so git does not know it.'
    ])
  })
})

describe('what else is named by id or by name', () => {
  it('takes a name of digits after "name:"', () => {
    const { spec, problems } = parseFile(
      "source: { project: 'name:2023' }\nenvironments: [a]\nconnections: { 'name:7': 'id:8', 9: 'name:10' }",
      { 'target-project': 'name:2024', connection: 'name:11', protect: 'name:12' }
    )
    expect(problems).toEqual([])
    expect(spec).toMatchObject({
      source: { project: { name: '2023' } },
      target: { project: { name: '2024' } },
      connections: [
        { from: { id: 9 }, to: { name: '10' } },
        { from: { name: '7' }, to: { id: 8 } }
      ],
      protect: [{ by: 'name', pattern: '12' }]
    })
    expect(spec.environmentRules.map(({ connection }) => connection)).toContainEqual({ name: '11' })
  })
})

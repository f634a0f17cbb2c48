// Two regions: each host knows one account and one token, and a token must never reach the other host.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import {
  startSandbox,
  TWO_ACCOUNTS,
  twoAccounts,
  type Environment,
  type Job,
  type Sandbox
} from '../../sandbox/index.ts'
import { runAction, type ActionRun, type Inputs } from '../../testing/runner/run-action.ts'
import { assertOfficial } from '../../testing/official/sandbox-check.ts'

const { source, target, connections } = TWO_ACCOUNTS
const mapping = `connections: { ${connections.same}: ${connections.same}, ${connections.sourceMarketing}: ${connections.targetMarketing} }\n`
const file = `environments:
  - { from: Production, set: { credentials_id: ${String(target.credentials.production)} } }
  - { from: Staging, set: { credentials_id: ${String(target.credentials.staging)} } }
  - { from: Marketing, set: { credentials_id: ${String(target.credentials.marketing)} } }
`

let from: Sandbox
let to: Sandbox
let folder = ''

beforeEach(async () => {
  from = await startSandbox({ seed: twoAccounts('source') })
  to = await startSandbox({ seed: twoAccounts('target') })
  folder = await mkdtemp(path.join(tmpdir(), 'dbt-promote-regions-'))
})
afterEach(async () => {
  await Promise.all([from.close(), to.close(), rm(folder, { recursive: true })])
})

async function promote(text: string, more: Inputs = {}): Promise<ActionRun> {
  const config = path.join(folder, 'promote.yml')
  await writeFile(config, text)
  const first = to.requests().length
  const result = await runAction(
    {
      'source-token': source.token,
      'target-token': target.token,
      host: from.url,
      'target-host': to.url,
      'account-id': String(source.account),
      'target-account-id': String(target.account),
      'source-project': String(source.project),
      'target-project': String(target.project),
      config,
      ...more
    },
    { sandbox: from }
  )
  assertOfficial(to.requests().slice(first))
  return result
}

const writes = (sandbox: Sandbox): number =>
  sandbox.requests().filter(({ method }) => method !== 'GET').length
const inTarget = <T extends Environment | Job>(rows: readonly T[]): readonly T[] =>
  rows.filter(({ project_id, state }) => project_id === target.project && state === 1)
const environments = () => inTarget(to.state().environments)
const jobs = () => inTarget(to.state().jobs)

describe('a promotion to another region', () => {
  it('reads one host, writes the other, and the second run writes nothing', async () => {
    const before = from.state()
    const result = await promote(file + mapping)
    expect(result.error).toBe('')
    expect(result.outputs).toMatchObject({ created: '8', changed: 'true', failed: '0' })
    expect(from.state()).toEqual(before)
    expect(writes(from)).toBe(0)

    const first = writes(to)
    const again = await promote(file + mapping)
    expect(again.error).toBe('')
    expect(again.outputs).toMatchObject({
      unchanged: '8',
      changed: 'false',
      'has-changes': 'false'
    })
    expect(writes(to)).toBe(first)
  })

  it('keeps every reference inside, and gives each environment its connection and credentials', async () => {
    await promote(file + mapping)
    const { production, staging, marketing } = target.credentials
    expect(
      environments().map(({ name, connection_id, credentials_id, extended_attributes_id }) => [
        name,
        connection_id,
        credentials_id,
        extended_attributes_id
      ])
    ).toEqual([
      ['Marketing', target.marketing, marketing, null],
      ['Production', target.snowflake, production, null],
      ['Staging', target.snowflake, staging, null]
    ])
    const id = (name: string): number | undefined => jobs().find((job) => job.name === name)?.id
    const job = (name: string): Job | undefined => jobs().find((each) => each.name === name)
    const parent = (name: string): unknown => job(name)?.job_completion_trigger_condition?.condition
    const own = { project_id: target.project, statuses: [10] }
    expect(parent('Build')).toEqual({ ...own, job_id: id('Load sources') })
    expect(parent('Build marketing')).toEqual({ ...own, job_id: id('Build') })
    expect(job('Nightly')?.deferring_job_definition_id).toBe(id('Nightly'))
    expect(job('CI')?.deferring_environment_id).toBe(
      environments().find(({ name }) => name === 'Production')?.id
    )
    const sent = JSON.stringify(
      to
        .requests()
        .filter(({ method }) => method !== 'GET')
        .map(({ body }) => body)
    ).replace(/Promoted by dbt-promote from [\d/]+/g, '')
    const ids = [
      source.account,
      source.project,
      source.snowflake,
      source.marketing,
      source.attributes,
      ...Object.values(source.environments),
      ...Object.values(source.credentials),
      ...Object.values(source.jobs)
    ]
    expect(ids.filter((each) => new RegExp(`\\b${String(each)}\\b`).test(sent))).toEqual([])
  })

  it('sends each token to its own host only', async () => {
    await promote(file + mapping)
    expect(from.requests().every(({ status }) => status === 200)).toBe(true)
    expect(to.requests().every(({ status }) => status !== null && status < 300)).toBe(true)
    // A token of the other region is not known, so that a mix-up is a failure and no leak.
    const swapped = await promote(file + mapping, {
      'source-token': target.token,
      'target-token': source.token
    })
    expect(swapped.ok).toBe(false)
    expect(swapped.outputs['failure-reason']).toBe('unauthorized')
  })

  it('works from environments by hand, whose connection and credentials stay', async () => {
    await promote(file + mapping)
    to.setState({
      ...to.state(),
      environments: to
        .state()
        .environments.map((each) =>
          each.name === 'Marketing' ? { ...each, connection_id: target.spare } : each
        ),
      profiles: to
        .state()
        .profiles.map((each) =>
          each.connection_id === target.marketing ? { ...each, connection_id: target.spare } : each
        )
    })
    const first = writes(to)
    expect((await promote(file + mapping)).error).toBe('')
    expect(writes(to)).toBe(first)
    expect(environments()[0]?.connection_id).toBe(target.spare)
  })
})

describe('connections', () => {
  it('are never guessed, not even where one has the same name: all are told at once', async () => {
    const result = await promote(file)
    expect(result.outputs['failure-reason']).toBe('plan-problems')
    for (const [name, id] of [
      ['Production', source.snowflake],
      ['Staging', source.snowflake],
      ['Marketing', source.marketing]
    ] as const) {
      expect(result.log + result.error).toContain(
        `New environment "${name}" has no connection: connection ${String(id)} of the source belongs to another account`
      )
    }
    expect(writes(to)).toBe(0)
  })

  it.each<[string, string, string, number]>([
    [
      'ids',
      `{ ${String(source.snowflake)}: ${String(target.spare)}, ${String(source.marketing)}: ${String(target.marketing)} }`,
      '',
      target.spare
    ],
    [
      'names',
      `{ ${connections.same}: ${connections.spare}, ${connections.sourceMarketing}: ${connections.targetMarketing} }`,
      '',
      target.spare
    ],
    [
      'an id and a name',
      `{ ${String(source.snowflake)}: ${connections.spare}, ${connections.sourceMarketing}: ${String(target.marketing)} }`,
      '',
      target.spare
    ],
    ['one for all', '{}', `connection: ${connections.spare}`, target.spare],
    [
      'one for all over a mapping',
      `{ ${connections.same}: ${connections.same} }`,
      `connection: ${connections.spare}`,
      target.spare
    ]
  ])('are mapped by %s', async (_what, map, more, id) => {
    const result = await promote(`${file}connections: ${map}\n${more}`)
    expect(result.error).toBe('')
    const production = environments().find(({ name }) => name === 'Production')
    expect(production?.connection_id).toBe(id)
  })

  it.each([
    [
      'from',
      `{ Snowflake prod: ${connections.same} }`,
      'The source account has no connection "Snowflake prod"'
    ],
    [
      'to',
      `{ ${connections.same}: Snowflake prod }`,
      'The target account has no connection "Snowflake prod"'
    ],
    [
      'to by id of the source',
      `{ ${connections.same}: ${String(source.snowflake)} }`,
      `The target account has no connection ${String(source.snowflake)}`
    ]
  ])('that are not there are a problem: %s', async (_what, map, message) => {
    const result = await promote(`${file}connections: ${map}`)
    expect(result.log + result.error).toContain(message)
    expect(writes(to)).toBe(0)
  })
})

describe('accounts', () => {
  it.each<[string, Inputs]>([
    ['the account of the source at the host of the target', { 'target-account-id': '' }],
    ['the host of the source for the target', { 'target-host': '' }]
  ])('that are told by half are refused before the first write: %s', async (_what, more) => {
    const result = await promote(file + mapping, more)
    expect(result.ok).toBe(false)
    expect(['unauthorized', 'not-found']).toContain(result.outputs['failure-reason'])
    expect(writes(from) + writes(to)).toBe(0)
  })

  it('of one number at two hosts are two', async () => {
    const renumbered = twoAccounts('target')
    const own = <T extends object>(rows: readonly T[]): readonly T[] =>
      rows.map((row) => ('account_id' in row ? { ...row, account_id: source.account } : row))
    to.setState({
      ...renumbered,
      tokens: Object.fromEntries(
        Object.entries(renumbered.tokens).map(([token, grants]) => [
          token,
          { ...grants, accounts: [source.account] }
        ])
      ),
      accounts: renumbered.accounts.map((row) => ({ ...row, id: source.account })),
      projects: own(renumbered.projects),
      connections: own(renumbered.connections),
      credentials: own(renumbered.credentials),
      repositories: own(renumbered.repositories)
    })
    const more = { 'target-account-id': '' }
    const guessed = await promote(file, more)
    expect(guessed.log + guessed.error).toContain('belongs to another account')
    const result = await promote(file + mapping, more)
    expect(result.error).toBe('')
    expect(environments().map(({ connection_id }) => connection_id)).not.toContain(source.snowflake)
  })
})

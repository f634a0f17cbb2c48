// Who wins where several say something of one value: the table at the head of parse-spec.ts.
import { describe, expect, it } from '@jest/globals'
import type { Json } from '../../src/model/json.ts'
import type { SpecInput } from '../../src/inputs/input-table.ts'
import {
  changeOf,
  ids,
  messages,
  only,
  platform,
  Platform
} from '../../testing/worlds/two-projects.ts'
import { specOfText as specOf, type Inputs } from '../../testing/spec.ts'
import { objectChanges } from '../../testing/changes.ts'

const head = `source: { project: ${String(ids.source)} }\ntarget: { project: ${String(ids.target)} }\n`

/** The environment and the job that a promotion of Staging and Nightly creates in an empty project. */
async function created(
  text: string,
  inputs: Inputs = {}
): Promise<Readonly<Record<'environment' | 'job', Readonly<Record<string, Json>>>>> {
  const spec = specOf(`${head}${text}`, inputs)
  const plan = await new Platform(platform()).plan(spec)
  expect(messages(plan)).toEqual([])
  const values = (kind: 'environment' | 'job'): Readonly<Record<string, Json>> => {
    const change = only(
      objectChanges(plan).filter((each) => each.kind === kind && each.op === 'create')
    )
    return change.op === 'create' ? change.values : {}
  }
  return { environment: values('environment'), job: values('job') }
}

/** A file for one environment and one job, with more keys and rules. */
function fileOf(plain: string, environment = '', rules = ''): string {
  return [
    plain,
    `environments: [{ from: Staging${environment} }]`,
    `jobs: { rules: [${rules}] }`
  ].join('\n')
}

describe('a value of a job: the threads of Nightly, 4 in the source', () => {
  const five = 'threads: 5'
  const six = '{ match: "*", set: { settings.threads: 6 } }'
  const seven = '{ match: Nightly, set: { settings.threads: 7 } }'

  it.each<[string, string, Inputs, number]>([
    ['the source, where nobody says anything', fileOf(''), {}, 4],
    ['a plain value of the file over the source', fileOf(five), {}, 5],
    ['a rule over a plain value of the file', fileOf(five, '', six), {}, 6],
    ['a later rule over an earlier one', fileOf(five, '', `${six}, ${seven}`), {}, 7],
    ['a later rule over one that is more exact', fileOf(five, '', `${seven}, ${six}`), {}, 6],
    ['an input over a rule', fileOf(five, '', `${six}, ${seven}`), { threads: '8' }, 8]
  ])('%s', async (_what, text, inputs, threads) => {
    expect((await created(text, inputs)).job['settings.threads']).toBe(threads)
  })
})

describe('a value of an environment: the branch of Staging, null in the source', () => {
  const plain = 'custom-branch: plain'
  const set = ', set: { custom_branch: entry }'

  it.each<[string, string, Inputs, string | null]>([
    ['the source, where nobody says anything', fileOf(''), {}, null],
    ['a plain value of the file over the source', fileOf(plain), {}, 'plain'],
    ['an entry over a plain value of the file', fileOf(plain, set), {}, 'entry'],
    ['an input over an entry', fileOf(plain, set), { 'custom-branch': 'input' }, 'input']
  ])('%s', async (_what, text, inputs, branch) => {
    const { environment } = await created(text, inputs)
    expect(environment['custom_branch']).toBe(branch)
    expect(environment['use_custom_branch']).toBe(branch !== null)
  })
})

describe('the connection, which is told by id or by name', () => {
  const plain = 'connection: Lakehouse'
  const set = (id: number): string => `, set: { connection_id: ${String(id)} }`
  const { connection, otherConnection } = ids

  it.each<[string, string, Inputs, number]>([
    ['the source, where nobody says anything', fileOf(''), {}, connection],
    [
      'a mapping over the source',
      fileOf(`connections: { Warehouse: Lakehouse }`),
      {},
      otherConnection
    ],
    ['a plain value of the file over the source', fileOf(plain), {}, otherConnection],
    [
      'a plain value of the file over a mapping',
      fileOf('connection: Warehouse\nconnections: { Warehouse: Lakehouse }'),
      {},
      connection
    ],
    ['an entry over a plain value of the file', fileOf(plain, set(connection)), {}, connection],
    [
      'an input over an entry',
      fileOf(plain, set(connection)),
      { connection: String(otherConnection) },
      otherConnection
    ],
    [
      'an input over a plain value of the file',
      fileOf(plain),
      { connection: 'Warehouse' },
      connection
    ]
  ])('%s', async (_what, text, inputs, id) => {
    expect((await created(text, inputs)).environment['connection_id']).toBe(id)
  })

  it('of the file is not looked for where the input has one', async () => {
    const text = fileOf('connection: Gone')
    const { environment } = await created(text, { connection: 'Lakehouse' })
    expect(environment['connection_id']).toBe(otherConnection)
  })

  it('of an input also wins over what an entry keeps', async () => {
    const all = new Platform(platform())
    await all.promote(specOf(`${head}${fileOf('')}`))
    const text = `${head}${fileOf('', ', keep: [connection_id]')}`
    const { plan } = await all.promote(specOf(text, { connection: 'Lakehouse' }))
    expect(messages(plan)).toEqual([])
    expect(all.environment('Staging').connection_id).toBe(otherConnection)
  })
})

describe('a name', () => {
  const plain = 'environment-name: plain {name}\njob-name: plain {name}'
  const lines = 'environments: [Staging -> line]\njobs: [Nightly -> line]'
  const both = (to: string, name: string): string =>
    fileOf(plain, `, to: ${to}`, `{ match: Nightly, name: ${name} }`)

  it.each<[string, string, Inputs, string, string]>([
    ['the source, where nobody says anything', fileOf(''), {}, 'Staging', 'Nightly'],
    [
      'a plain value of the file over the source',
      fileOf(plain),
      {},
      'plain Staging',
      'plain Nightly'
    ],
    ['a line with an arrow over a plain value', `${plain}\n${lines}`, {}, 'line', 'line'],
    ['an entry or rule over a plain value', both('entry', 'rule'), {}, 'entry', 'rule'],
    [
      'a rule over a line with an arrow',
      'environments: [Staging]\njobs: { select: [Nightly -> line], rules: [{ match: "N*", name: "rule {1}" }] }',
      {},
      'Staging',
      'rule ightly'
    ],
    [
      'an input over an entry or rule',
      both('entry', 'rule'),
      { 'environment-name': 'input {name}', 'job-name': 'input {name}' },
      'input Staging',
      'input Nightly'
    ],
    [
      'an arrow of the inputs over all',
      both('entry', 'rule'),
      {
        'environment-name': 'input {name}',
        'job-name': 'input {name}',
        environments: 'Staging -> arrow',
        jobs: 'Nightly -> arrow in {environment}'
      },
      'arrow',
      'arrow in arrow'
    ]
  ])('%s', async (_what, text, inputs, environment, job) => {
    const made = await created(text, inputs)
    expect([made.environment['name'], made.job['name']]).toEqual([environment, job])
  })

  it('by captures: {1} is what the first wildcard matched, for the wildcards of its own rule', async () => {
    const text = fileOf('', '', '{ match: "N*t?y", name: "{1}-{2}-{name}-{environment}" }')
    expect((await created(text)).job['name']).toBe('igh-l-Nightly-Staging')
  })
})

describe('a selection', () => {
  it.each<[string, Inputs, readonly string[]]>([
    ['of the file, where the inputs have none', {}, ['Staging']],
    ['of the inputs over that of the file', { environments: 'QA' }, ['QA']],
    ['of the inputs, even if it takes all', { environments: '*' }, ['QA', 'Staging']]
  ])('%s', async (_what, inputs, environments) => {
    const plan = await new Platform(platform()).plan(
      specOf(`${head}environments: [Staging]`, inputs)
    )
    const names = plan.changes.filter(({ kind }) => kind === 'environment').map(({ name }) => name)
    expect(names).toEqual(environments)
  })
})

describe('every plain word', () => {
  it.each<[SpecInput, string, string, object, object]>([
    [
      'resources',
      '[jobs]',
      'environments',
      { resources: { environments: false, jobs: true } },
      { resources: { environments: true, jobs: false } }
    ],
    ['schedule', 'source', 'paused', { schedule: 'source' }, { schedule: 'paused' }],
    ['adopt', 'true', 'false', { adopt: true }, { adopt: false }],
    ['track', 'name', 'marker', { track: 'name' }, { track: 'marker' }],
    ['removals', 'pause', 'none', { removals: 'pause' }, { removals: 'none' }],
    ['max-changes', '0', '7', { maxChanges: 0 }, { maxChanges: 7 }],
    [
      'protect',
      '[a, 7]',
      'b',
      { protect: [{ text: 'a' }, { id: 7 }] },
      { protect: [{ text: 'b' }] }
    ],
    ['label', 'file', 'input', { label: 'file' }, { label: 'input' }],
    [
      'source-project',
      '',
      'Other',
      { source: { project: { id: ids.source } } },
      { source: { project: { name: 'Other' } } }
    ],
    [
      'target-project',
      '',
      'Other',
      { target: { project: { id: ids.target } } },
      { target: { project: { name: 'Other' } } }
    ]
  ])('%s is that of the input over that of the file', (name, inFile, input, ofFile, ofInput) => {
    const text = `${head}environments: [Staging]\n${inFile === '' ? '' : `${name}: ${inFile}`}`
    expect(specOf(text)).toMatchObject(ofFile)
    expect(specOf(text, { [name]: input })).toMatchObject(ofInput)
  })
})

describe('set and keep, by rules in their order', () => {
  const set = '{ match: "*", set: { settings.threads: 8 } }'
  const keep = '{ match: "*", keep: [settings.threads] }'
  const keepAll = '{ match: "*", keep: [settings] }'

  // A new job, then one whose threads were edited by hand to 3 in a target that has 4.
  it.each<[string, string, number, number]>([
    ['neither: the source', '', 4, 4],
    ['set', set, 8, 8],
    ['keep: a new job takes the source, then it is the target’s', keep, 4, 3],
    [
      'set, then keep: a new job takes what is set, then it is the target’s',
      `${set}, ${keep}`,
      8,
      3
    ],
    ['set, then keep of the group', `${set}, ${keepAll}`, 8, 3],
    ['keep, then set', `${keep}, ${set}`, 8, 8],
    ['keep of the group, then set', `${keepAll}, ${set}`, 8, 8],
    ['keep, then set, then keep', `${keep}, ${set}, ${keep}`, 8, 3]
  ])('%s', async (_what, rules, fresh, edited) => {
    const text = `${fileOf('', '', rules)}\ncredentials-id: ${String(ids.credentials)}`
    expect((await created(text)).job['settings.threads']).toBe(fresh)

    const all = new Platform(platform())
    await all.promote(specOf(`${head}${fileOf('')}`))
    all.editJob(all.job('Nightly').id, { settings: { threads: 3, target_name: 'mine' } })
    const spec = specOf(`${head}${text}`)
    await all.promote(spec)
    expect(all.job('Nightly').settings).toEqual({ threads: edited, target_name: 'mine' })
    expect((await all.promote(spec)).writes).toEqual([])
  })

  it('of a value that is kept and one that is set, in an environment', async () => {
    const all = new Platform(platform())
    const entry = ', keep: [dbt_version, deployment_type], set: { custom_branch: main }'
    const spec = specOf(`${head}${fileOf('', entry)}`)
    await all.promote(spec)
    const { id } = all.environment('Staging')
    all.editEnvironment(id, { dbt_version: '1.9.0-latest', custom_branch: 'hand', name: 'Staging' })
    const { plan } = await all.promote(spec)
    expect(changeOf(plan, 'environment:Staging')).toMatchObject({
      fields: [{ path: 'custom_branch', before: 'hand', after: 'main' }]
    })
    expect(all.environment('Staging').dbt_version).toBe('1.9.0-latest')
    expect((await all.promote(spec)).writes).toEqual([])
  })

  it('set and kept does not make a second production environment', async () => {
    const all = new Platform(platform())
    await all.promote(specOf(`${head}${fileOf('')}`))
    all.editEnvironment(all.environment('Staging').id, { deployment_type: 'staging' })
    const keeping = `${head}deployment-type: production\nenvironments: [{ from: Staging, keep: [deployment_type] }, QA]`
    const { plan } = await all.promote(specOf(keeping))
    expect(messages(plan)).toEqual([])
    expect(all.environment('Staging').deployment_type).toBe('staging')
    expect(all.environment('QA').deployment_type).toBe('production')
  })
})

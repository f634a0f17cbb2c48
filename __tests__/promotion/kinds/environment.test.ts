import { describe, expect, it } from '@jest/globals'
import {
  createEnvironment,
  decodeEnvironment,
  environmentFields,
  listEnvironments,
  readEnvironment,
  replaceEnvironment
} from '../../../src/kinds/environment.ts'
import { canonOf, type Field, type Values } from '../../../src/model/field.ts'

const place = { account: 28_885, project: 86_711 }

/** As the API sends one of 2026, nested objects included. */
const raw = {
  id: 75_286,
  account_id: 28_885,
  project_id: 86_704,
  name: ' dev-staging',
  type: 'deployment',
  deployment_type: 'staging',
  dbt_version: 'versionless',
  raw_dbt_version: 'versionless',
  use_custom_branch: true,
  custom_branch: 'develop',
  supports_docs: false,
  enable_model_query_history: false,
  enable_dbt_state: false,
  connection_id: 56_041,
  credentials_id: 108_729,
  extended_attributes_id: null,
  primary_profile_id: 940_000_001,
  state: 1,
  is_deferrable: true,
  created_at: null,
  updated_at: '2026-01-07 12:00:00+00:00',
  credentials: { id: 108_729, user: 'someone' },
  connection: { details: { host: 'db.example.com' } },
  project: { id: 86_704 },
  repository: null,
  jobs: null,
  custom_environment_variables: null
}

const newer = [
  'type',
  'deployment_type',
  'extended_attributes_id',
  'primary_profile_id',
  'enable_dbt_state',
  'enable_model_query_history'
]
const older = Object.fromEntries(Object.entries(raw).filter(([key]) => !newer.includes(key)))

describe('decodeEnvironment', () => {
  it('reads every field that has a rule, and none that is nested', () => {
    const { id, name, values, unknown } = decodeEnvironment(raw)
    expect({ id, name, unknown }).toEqual({ id: 75_286, name: ' dev-staging', unknown: [] })
    expect(values).toMatchObject({ project_id: 86_704, custom_branch: 'develop', state: 1 })
    expect(JSON.stringify(values)).not.toMatch(/someone|db\.example/)
  })

  it('fills in what older answers leave out', () => {
    const { values, fault } = decodeEnvironment(older)
    expect(fault).toBeNull()
    expect(values).toMatchObject({
      type: 'deployment',
      deployment_type: null,
      extended_attributes_id: null,
      primary_profile_id: null
    })
    expect(values).not.toHaveProperty('enable_dbt_state')
  })

  it('reads enough to leave one alone that it can not read whole', () => {
    const { id, name, fault } = decodeEnvironment({ id: 7, name: 'a' })
    expect([id, name]).toEqual([7, 'a'])
    expect(fault?.message).toBe('environment 7: account_id should be set, but is missing')
  })

  it('names what a newer API has', () => {
    expect(decodeEnvironment({ ...raw, warp_drive: true, off: null }).unknown).toEqual([
      'warp_drive'
    ])
  })

  it.each([
    [{ name: 'a' }, 'an environment: id should be an id, but is missing'],
    [{ id: 0, name: 'a' }, 'an environment: id should be an id, but is 0'],
    [{ id: 7 }, 'environment 7: name should be a text, but is missing'],
    [{ id: 7, name: 'a', state: 'on' }, 'environment 7: state should be a whole number']
  ])('refuses %j', (each, message) => {
    expect(() => decodeEnvironment(each)).toThrow(message)
  })

  it.each([
    [{ credentials_id: 0 }, 'credentials_id should be an id, but is 0'],
    [{ supports_docs: 'no' }, 'supports_docs should be true or false, but is a text'],
    [{ supports_docs: null }, 'supports_docs should be set, but is null']
  ])('tells that it can not read %j', (change, message) => {
    const { fault } = decodeEnvironment({ ...raw, ...change })
    expect(fault?.message).toBe(`environment 75286: ${message}`)
  })
})

describe('canonical values', () => {
  it.each([
    ['dbt_version', 'versionless', 'latest'],
    ['dbt_version', '1.0.0', '1.0.0'],
    ['name', ' cafe\u0301 ', 'caf\u00e9']
  ] as const)('of %s %j is %j', (path, value, expected) => {
    const field: Field = environmentFields[path]
    expect(canonOf(field, value)).toBe(expected)
  })
})

describe('requests', () => {
  const path = '/api/v3/accounts/28885/projects/86711/environments/'

  it('read', () => {
    expect(listEnvironments(place)).toMatchObject({
      method: 'GET',
      path,
      query: { order_by: 'id' },
      retry: 'read'
    })
    expect(readEnvironment(place, 7)).toEqual({ method: 'GET', path: `${path}7/`, retry: 'read' })
  })

  const values: Values = {
    name: 'production',
    type: 'deployment',
    deployment_type: null,
    dbt_version: 'latest',
    use_custom_branch: true,
    custom_branch: 'main',
    supports_docs: false,
    connection_id: 56_041,
    credentials_id: null,
    extended_attributes_id: null,
    primary_profile_id: null
  }

  it('create with neither nulls nor empty texts, which the API takes for values', () => {
    expect(createEnvironment(place, { ...values, custom_branch: '' })).toEqual({
      method: 'POST',
      path,
      retry: 'create',
      onServerError: expect.stringContaining('credentials-id'),
      body: {
        name: 'production',
        type: 'deployment',
        dbt_version: 'latest',
        use_custom_branch: true,
        supports_docs: false,
        connection_id: 56_041,
        account_id: 28_885,
        project_id: 86_711,
        state: 1
      }
    })
  })

  it('replace with the id of the path', () => {
    expect(replaceEnvironment(place, 7, values)).toMatchObject({
      method: 'POST',
      path: `${path}7/`,
      retry: 'replace',
      body: { id: 7, name: 'production', custom_branch: 'main' }
    })
  })

  it('never carry what the platform generates, another place, or what has no rule', () => {
    const everything: Values = { ...decodeEnvironment(raw).values, credentials: {}, odd: 1, id: 9 }
    const generated = Object.entries(environmentFields)
      .filter(([, { rule }]) => rule === 'generated')
      .map(([name]) => name)
    const created = createEnvironment(place, everything).body ?? {}
    const replaced = replaceEnvironment(place, 7, everything).body ?? {}
    for (const body of [created, replaced]) {
      const keys = Object.keys(body).filter((key) => key !== 'id')
      expect(keys.filter((key) => key === 'odd' || generated.includes(key))).toEqual([])
      expect(body).toMatchObject({ account_id: 28_885, project_id: 86_711, state: 1 })
    }
    expect(created).not.toHaveProperty('id')
    expect(replaced).toHaveProperty('id', 7)
  })
})

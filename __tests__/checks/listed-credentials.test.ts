// Where credentials are missing or foreign, the plan names those that the target has: by id, type and schema.
import { describe, expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
import { addCredentials, addEnvironment, type State } from '../../sandbox/index.ts'
import { decodeCredentials } from '../../src/kinds/credentials.ts'
import { ids, inputs, platform, Platform } from '../../testing/worlds/two-projects.ts'

/** The two projects; the target also has credentials of an environment, and two of developers. */
function world(): Platform {
  const state: State = platform()
  const own = addCredentials(state, ids.target, { id: 7301, type: 'bigquery', schema: 'marts' })
  addEnvironment(state, ids.target, { name: 'Theirs', credentials_id: own })
  addCredentials(state, ids.target, { id: 7302, schema: 'dbt_alice', user: 'svc' })
  addCredentials(state, ids.target, { id: 7303, schema: 'scratch_bob', user: 'Bob@example.com' })
  return new Platform(state)
}

const listing = (all: Platform): readonly string[] =>
  all.sent.map(({ path }) => path).filter((path) => path.endsWith('/credentials/'))

const shared =
  `It has 7301 (bigquery, schema "marts", used by "Theirs"); ` +
  `${String(ids.credentials)} (snowflake, schema "analytics"); ` +
  `${String(ids.otherCredentials)} (snowflake, schema "analytics").`
const own = 'Development credentials, as it seems: 7302 (snowflake); 7303 (snowflake).'

describe('the credentials of the target', () => {
  it('are named where a new environment has none', async () => {
    const all = world()
    const { warnings } = byLevel(
      (await all.plan(inputs({ 'credentials-id': '', environments: 'QA' }))).remarks
    )
    expect(warnings).toContain(
      'New environment "QA" has no credentials: its jobs can not run until it has. ' +
        `Set credentials-id to credentials of the target project. ${shared} ${own}`
    )
  })

  it('are named where those that are given belong elsewhere', async () => {
    const { problems } = byLevel(
      (await world().plan(inputs({ 'credentials-id': String(ids.sourceCredentials) }))).remarks
    )
    expect(problems).toMatchObject([
      {
        message: expect.stringContaining(
          `Credentials ${String(ids.sourceCredentials)} do not belong`
        ),
        remedy: `Give the id of credentials of the target project. ${shared} ${own}`
      }
    ])
  })

  it('show nobody’s name, and no secret', async () => {
    const plan = await world().plan(inputs({ 'credentials-id': '' }))
    expect(JSON.stringify(plan)).not.toMatch(/alice|bob|svc|dbt_service|never-shown/i)
  })

  it('are not asked for where nothing is missing', async () => {
    const all = world()
    await all.plan(inputs())
    await all.promote(inputs({ 'credentials-id': '' }))
    expect(listing(all)).toHaveLength(1)
    await all.plan(inputs({ 'credentials-id': '' }))
    expect(listing(all)).toHaveLength(1)
    // Who leaves environments to others gets no credentials for them.
    const others = world()
    await others.plan(inputs({ 'credentials-id': '', resources: 'jobs' }))
    expect(listing(others)).toEqual([])
  })
})

it('credentials are read by what the API has of each kind', () => {
  for (const [raw, expected] of [
    [
      { id: 1, type: 'snowflake', schema: 'a' },
      { type: 'snowflake', schema: 'a' }
    ],
    [
      { id: 1, type: 'postgres', default_schema: 'b' },
      { type: 'postgres', schema: 'b' }
    ],
    [
      { id: 1, type: 'adapter', adapter_version: 'databricks_v0' },
      { type: 'databricks', schema: '' }
    ],
    [
      { id: 1, type: null, schema: 7 },
      { type: '', schema: '' }
    ]
  ] as const)
    expect(decodeCredentials(raw)).toEqual({ id: 1, isPersonal: false, ...expected })
  expect(() => decodeCredentials({})).toThrow('credentials: id')
})

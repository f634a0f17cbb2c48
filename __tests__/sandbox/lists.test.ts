// Lists: pages, filters, order, and parameters that no list has.

import { beforeAll, describe, expect, test } from '@jest/globals'
import { addEnvironment, addJob } from '../../sandbox/index.ts'
import {
  environmentsPath,
  fixture,
  jobsPath,
  keysOf,
  liveObjects,
  projectPath,
  type Reply,
  send,
  type World,
  world
} from '../../testing/worlds/small.ts'

let at: World
let first: number
let deleted: number
let system: number
let scheduled: number
let staging: number
let deletedEnvironment: number

// 250 jobs more: `name 0` to `name 249`.
beforeAll(() => {
  at = world()
  const { state } = at
  first = state.nextIds.jobs
  for (let n = 0; n < 250; n++) addJob(state, at.environment, { name: `name ${249 - n}` })
  deleted = addJob(state, at.environment, { name: 'gone', state: 2 })
  system = addJob(state, at.environment, { name: 'sync', is_system: true })
  scheduled = addJob(state, at.otherEnvironment, {
    name: 'Scheduled',
    dbt_version: '1.8.0-latest',
    triggers: { github_webhook: false, schedule: true }
  })
  staging = addEnvironment(state, at.project, {
    name: 'Staging',
    deployment_type: 'staging',
    dbt_version: '1.7.0-latest'
  })
  deletedEnvironment = addEnvironment(state, at.project, { name: 'Staging', state: 2 })
})

/** The ids of a list; a refusal is none, not an empty one. */
function ids(reply: Reply): number[] {
  if (reply.status !== 200) throw new Error(JSON.stringify(reply.body))
  return reply.rows.map((row) => row.id)
}

const jobs = (search: string): Reply => send(at, 'GET', `${jobsPath(at)}?${search}`)
const environments = (search: string): Reply => send(at, 'GET', `${environmentsPath(at)}?${search}`)

describe('pages', () => {
  test('without a limit there are 100, in order of id, and the total is told', () => {
    const reply = jobs('')
    expect(reply.data).toHaveLength(100)
    expect(ids(reply)).toEqual(ids(reply).toSorted((a, b) => a - b))
    expect(reply.body.extra).toEqual({
      filters: { limit: 100, offset: 0, state: 'active', account_id: at.account },
      order_by: 'id',
      pagination: { count: 100, total_count: 253 }
    })
  })

  test('the envelope has the keys of the recording', () => {
    const recorded = fixture('recorded/environment_list_response')
    const { body } = environments('')
    expect(keysOf(body)).toEqual(keysOf(recorded))
    expect(body.status).toEqual(recorded.status)
    expect(keysOf(body.extra)).toEqual(keysOf(recorded.extra))
    expect(body.extra.filters).toMatchObject({ limit: 100, offset: 0, account_id: at.account })
  })

  test('pages by offset meet every job once', () => {
    const seen = [0, 100, 200].flatMap((offset) => ids(jobs(`limit=100&offset=${offset}`)))
    expect(seen).toHaveLength(253)
    expect(new Set(seen).size).toBe(253)
  })

  test.each([
    ['limit=3&offset=1', 3],
    ['limit=100&offset=250', 3],
    ['offset=253', 0],
    ['offset=9999', 0]
  ])('%s has %i', (search, count) => {
    const reply = jobs(search)
    expect(reply.data).toHaveLength(count)
    expect(reply.body.extra.pagination).toEqual({ count, total_count: 253 })
  })

  test.each([
    'limit=101',
    'limit=0',
    'limit=-1',
    'limit=',
    'limit=ten',
    'limit=1.5',
    'limit=1&limit=2',
    'offset=-1',
    'offset=1e2',
    'offset=99999999999999999999'
  ])('%s is refused', (search) => {
    const reply = jobs(search)
    expect(reply.status).toBe(400)
    expect(keysOf(reply.data)).toEqual([search.split('=')[0]])
  })
})

describe('order', () => {
  test('by id, backwards', () => {
    const reply = jobs('order_by=-id&limit=2')
    expect(ids(reply)).toEqual([scheduled, first + 249])
    expect(reply.body.extra.order_by).toBe('-id')
  })

  test('by id as a number, not as a text', () => {
    const small = world()
    addJob(small.state, small.environment, { id: 9 })
    const reply = send(small, 'GET', `${jobsPath(small)}?order_by=-id`)
    expect(ids(reply)).toEqual([small.otherJob, small.job, 9])
  })

  test('by id where the names are the same, in the same direction', () => {
    const same = world()
    const twin = addJob(same.state, same.environment, { name: 'Nightly' })
    const of = (order: string): number[] =>
      ids(send(same, 'GET', `${jobsPath(same)}?name__icontains=nightly&order_by=${order}`))
    expect(of('name')).toEqual([same.job, twin])
    expect(of('-name')).toEqual([twin, same.job])
  })

  test('by name', () => {
    const names = jobs('order_by=name').rows.map((job) => job.name)
    expect(names.slice(0, 5)).toEqual(['Nightly', 'Scheduled', 'Upstream', 'name 0', 'name 1'])
    const back = jobs('order_by=-name').rows.map((job) => job.name)
    expect(back[0]).toBe('name 99')
  })

  test.each(['order_by=nope', 'order_by=--id', 'order_by=', 'order_by=constructor'])(
    '%s is refused',
    (search) => {
      expect(jobs(search).status).toBe(400)
    }
  )
})

describe('filters of jobs', () => {
  const cases = [
    ['project_id', () => `project_id=${at.other}`, () => [at.otherJob, scheduled]],
    [
      'project_id__in as clients write it',
      () => `project_id__in=[${at.other}, 5]`,
      () => [at.otherJob, scheduled]
    ],
    [
      'project_id__in as the spec reads',
      () => `project_id__in=${at.other}&project_id__in=5`,
      () => [at.otherJob, scheduled]
    ],
    ['an empty project_id__in', () => 'project_id__in=[]', () => []],
    [
      'environment_id',
      () => `environment_id=${at.otherEnvironment}`,
      () => [at.otherJob, scheduled]
    ],
    ['name__icontains', () => 'name__icontains=NAME%2024', () => expect.any(Array)],
    ['pk', () => `pk=${at.job}`, () => [at.job]],
    ['triggers_schedule', () => 'triggers_schedule=true', () => [scheduled]],
    ['dbt_version__in', () => 'dbt_version__in=["1.8.0-latest"]', () => [scheduled]],
    ['is_fusion_ready', () => 'is_fusion_ready=true', () => []],
    ['is_system', () => 'is_system=true', () => [system]],
    ['state deleted', () => 'state=deleted', () => [deleted]],
    ['state 2', () => 'state=2', () => [deleted]],
    ['all filters together', () => `pk=${at.job}&project_id=${at.other}`, () => []]
  ] satisfies [string, () => string, () => unknown][]

  test.each(cases)('%s', (_name, search, expected) => {
    const reply = jobs(search())
    expect(reply.status).toBe(200)
    expect(ids(reply)).toEqual(expected())
  })

  test('name__icontains is a part of the name, whatever the case', () => {
    // name 24, name 240 to name 249
    expect(jobs('name__icontains=NAME%2024').body.extra.pagination.total_count).toBe(11)
  })

  test('a filter that is false is a filter', () => {
    const total = (search: string): number => jobs(search).body.extra.pagination.total_count
    expect(total('triggers_schedule=false')).toBe(252)
    expect(total('is_system=false')).toBe(253)
    expect(total('is_fusion_ready=false')).toBe(253)
  })

  test('the version that counts is that of the environment, if the job has none', () => {
    expect(jobs('dbt_version__in=["latest"]').body.extra.pagination.total_count).toBe(252)
  })

  test.each(['active', '1'])('state %s is the default', (state) => {
    expect(jobs(`state=${state}`).body.extra.pagination.total_count).toBe(253)
  })

  test('state all shows deleted ones too, but no system jobs', () => {
    const reply = jobs('state=all&order_by=-id&limit=3')
    expect(ids(reply)).toEqual([scheduled, deleted, first + 249])
    expect(reply.body.extra.filters.state).toBe('all')
  })

  test.each([
    ['state', '3'],
    ['state', 'Active'],
    ['is_system', '1'],
    ['is_system', 'True'],
    ['is_fusion_ready', 'yes'],
    ['triggers_schedule', '1'],
    ['project_id', 'x'],
    ['project_id', '[1]'],
    ['project_id__in', '1,2'],
    ['project_id__in', '[1,x]'],
    ['project_id__in', '[1'],
    ['pk', ''],
    ['include_related', 'nope'],
    ['include_related', '["environment","nope"]'],
    // Not in the list of the spec for jobs.
    ['name', 'Nightly'],
    ['pk__in', '[1]'],
    ['id__gt', '1'],
    ['page', '2'],
    ['type', 'deployment'],
    ['constructor', 'x']
  ])('%s=%s is refused', (name, value) => {
    const reply = jobs(`${name}=${encodeURIComponent(value)}`)
    expect(reply.status).toBe(400)
    expect(keysOf(reply.data)).toEqual([name])
  })

  test.each(['environment', '["environment"]', '[environment]', 'environment,most_recent_run'])(
    'include_related=%s shows the environment',
    (value) => {
      const reply = jobs(`pk=${at.job}&include_related=${encodeURIComponent(value)}`)
      expect(reply.rows[0]?.environment.id).toBe(at.environment)
    }
  )

  test('lists in brackets more than once are refused', () => {
    expect(jobs('project_id__in=[1]&project_id__in=[2]').status).toBe(400)
  })

  test('include_related more than once is refused', () => {
    expect(jobs('include_related=environment&include_related=environment').status).toBe(400)
  })

  test('without include_related nothing is nested', () => {
    const [job] = jobs(`pk=${at.job}`).rows
    expect(job).toMatchObject({ environment: null, account: null, project: null })
    expect(job).not.toHaveProperty('custom_environment_variables')
    const [more] = jobs(`pk=${at.job}&include_related=custom_environment_variables`).rows
    expect(more).toHaveProperty('custom_environment_variables', null)
  })
})

describe('filters of environments', () => {
  const all = (): number[] => [at.development, at.environment, staging]
  const cases = [
    ['', all],
    ['name=Staging', () => [staging]],
    ['name=staging', () => []],
    ['name__icontains=STAG', () => [staging]],
    ['type=development', () => [at.development]],
    ['deployment_type=production', () => [at.environment]],
    ['deployment_type__in=["production","staging"]', () => [at.environment, staging]],
    ['dbt_version=1.7.0-latest', () => [staging]],
    ['dbt_version__in=["1.7.0-latest"]', () => [staging]],
    ['state=deleted', () => [deletedEnvironment]],
    ['state=all&name=Staging', () => [staging, deletedEnvironment]],
    ['order_by=-name', () => [staging, at.environment, at.development]]
  ] satisfies [string, () => number[]][]

  test.each(cases)('%s', (search, expected) => {
    expect(ids(environments(search))).toEqual(expected())
  })

  test('by ids', () => {
    expect(ids(environments(`credentials_id=${at.credentials}`))).toEqual([at.environment])
    expect(ids(environments(`id__gt=${at.environment}`))).toEqual([staging])
    expect(ids(environments(`pk=${staging}`))).toEqual([staging])
    expect(ids(environments(`pk__in=[${staging},${at.development}]`))).toEqual([
      at.development,
      staging
    ])
    // The project in the path still holds.
    expect(ids(environments(`project_id__in=[${at.other}]`))).toEqual([])
    expect(ids(environments(`project_id__in=[${at.project}]`))).toEqual(all())
  })

  test.each([
    'deployment_type=',
    'deployment_type=general',
    'deployment_type__in=["general"]',
    'type=x',
    'project_id=1',
    'is_system=true'
  ])('%s is refused', (search) => {
    expect(environments(search).status).toBe(400)
  })

  test('related objects', () => {
    const search = 'include_related=project,connection,credentials,repository'
    const [, one] = environments(search).rows
    expect(one?.connection.id).toBe(at.connection)
    expect(one?.repository.project_id).toBe(at.project)
    const path = `${environmentsPath(at)}${at.environment}/?${search}`
    expect(send(at, 'GET', path).data).toEqual(one)
  })
})

describe('filters of other lists', () => {
  const get = (path: string): Reply => send(at, 'GET', path)

  test('every list has pages', () => {
    for (const path of [
      environmentsPath(at),
      `/api/v3/accounts/${at.account}/projects/`,
      `/api/v3/accounts/${at.account}/connections/`,
      `${projectPath(at)}credentials/`,
      '/api/v3/accounts/'
    ]) {
      const all = ids(get(path))
      expect(all.length).toBeGreaterThan(0)
      expect(ids(get(`${path}?limit=1&offset=0`))).toEqual(all.slice(0, 1))
      expect(ids(get(`${path}?offset=${all.length}`))).toEqual([])
      expect(get(`${path}?limit=101`).status).toBe(400)
      expect(get(`${path}?nope=1`).status).toBe(400)
    }
  })

  test('every list knows its order, or has none', () => {
    for (const path of [environmentsPath(at), `/api/v3/accounts/${at.account}/projects/`]) {
      expect(ids(get(`${path}?order_by=-id`))).toEqual(ids(get(path)).toReversed())
      expect(get(`${path}?order_by=nope`).status).toBe(400)
    }
  })

  test('projects', () => {
    const path = `/api/v3/accounts/${at.account}/projects/`
    expect(ids(get(path))).toEqual([at.project, at.other])
    expect(ids(get(`${path}?name__icontains=OTHER`))).toEqual([at.other])
    expect(ids(get(`${path}?pk=${at.project}`))).toEqual([at.project])
    expect(ids(get(`${path}?pk__in=[${at.other}]`))).toEqual([at.other])
    expect(ids(get(`${path}?pk__gt=${at.project}`))).toEqual([at.other])
    expect(ids(get(`${path}?order_by=-id&limit=1`))).toEqual([at.other])
    expect(ids(get(`${path}?state=deleted`))).toEqual([])
    expect(get(`${path}?name=Analytics`).status).toBe(400)
    expect(get(`${path}?include_related=["repository","connection"]`).status).toBe(200)
    expect(get(`${path}?include_related=[freshness_job_id,docs_job_id]`).status).toBe(200)
    expect(get(`${path}?include_related=jobs`).status).toBe(400)
    expect(get(`${path}?include_related=`).status).toBe(400)
  })

  test('an empty include_related is none for jobs', () => {
    expect(ids(jobs(`pk=${at.job}&include_related=`))).toEqual([at.job])
    expect(get(`${jobsPath(at)}${at.job}/?include_related=`).status).toBe(200)
    expect(environments('include_related=').status).toBe(400)
  })

  test('projects and environments where other clients ask for them', () => {
    const [project] = get(`/api/v2/accounts/${at.account}/projects/`).rows
    expect(keysOf(project).toSorted()).toEqual(keysOf(liveObjects('projects')[0]).toSorted())

    const path = `/api/v3/accounts/${at.account}/environments/`
    expect(ids(get(path))).toEqual(expect.arrayContaining([at.environment, staging]))
    expect(ids(get(path))).not.toContain(deletedEnvironment)
    expect(ids(get(`${path}?project_id__in=[${at.project}]&name=Staging`))).toEqual([staging])

    const single = get(`/api/v2/accounts/${at.account}/environments/${staging}/`)
    const known = keysOf(liveObjects('environments')[0])
    expect(keysOf(single.data)).toEqual(expect.arrayContaining(known))
    expect(get(`/api/v2/accounts/${at.account}/environments/${deletedEnvironment}/`).status).toBe(
      404
    )
  })

  test('connections', () => {
    const path = `/api/v3/accounts/${at.account}/connections/`
    expect(ids(get(path))).toEqual([at.connection])
    expect(ids(get(`${path}?name__icontains=snow`))).toEqual([at.connection])
    expect(ids(get(`${path}?name__icontains=big`))).toEqual([])
    expect(ids(get(`${path}?adapter_version=bigquery_v1`))).toEqual([])
    expect(get(`${path}?adapter_version=duckdb_v0`).status).toBe(400)
    expect(get(`${path}?include_related=x`).status).toBe(200)
    expect(get(`${path}${at.connection}/?include_related=x`).status).toBe(200)
    expect(get(`${path}?order_by=id`).status).toBe(400)
    expect(get(`${path}${at.connection}/?limit=1`).status).toBe(400)
  })

  test('credentials', () => {
    const path = `${projectPath(at)}credentials/`
    expect(ids(get(path))).toEqual([at.credentials])
    expect(ids(get(`${path}?limit=1&offset=1`))).toEqual([])
    expect(get(`${path}?name=x`).status).toBe(400)
  })

  test('an operation without parameters takes none', () => {
    expect(get(`${projectPath(at)}?limit=1`).status).toBe(400)
    expect(send(at, 'POST', `${jobsPath(at)}?project_id=1`, {}).status).toBe(400)
  })
})

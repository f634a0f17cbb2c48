import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  createSpecCheck,
  loadSpecCheck,
  type SpecCheck,
  type SpecRequest
} from '../../testing/official/spec-check.ts'
import { specExceptions } from '../../testing/official/spec-exceptions.ts'

const environments = '/api/v3/accounts/1/projects/2/environments/'
const variables = '/api/v3/accounts/1/projects/2/environment-variables/'
const jobs = '/api/v2/accounts/1/jobs/'

const environment = {
  account_id: 1,
  project_id: 2,
  name: 'Production',
  type: 'deployment',
  dbt_version: 'latest',
  use_custom_branch: false,
  supports_docs: true,
  state: 1
}

const job = {
  account_id: 1,
  project_id: 2,
  environment_id: 3,
  name: 'Nightly',
  execution: { timeout_seconds: 0 },
  settings: { threads: 4, target_name: 'prod' },
  triggers: { github_webhook: false, schedule: true, git_provider_webhook: false, on_merge: false },
  schedule: { date: { type: 'every_day' }, time: { type: 'every_hour', interval: 1 } },
  execute_steps: ['dbt build'],
  generate_docs: false,
  run_generate_sources: false,
  run_lint: false,
  errors_on_lint_failure: true,
  run_compare_changes: false,
  lifecycle_webhooks: false,
  job_type: 'scheduled',
  state: 1
}

const override = { account_id: 1, project_id: 2, name: 'DBT_X', type: 'job', job_definition_id: 3 }

const notifications = '/api/v2/accounts/1/notifications/'
const notification = {
  account_id: 1,
  user_id: 7,
  type: 4,
  external_email: 'a@example.com',
  on_cancel: [],
  on_failure: [3],
  on_success: [],
  on_warning: [],
  state: 1
}

const webhooks = '/api/v3/accounts/1/webhooks/subscriptions'
const webhook = {
  name: 'n',
  client_url: 'https://example.com',
  event_types: ['job.run.errored'],
  job_ids: [1],
  active: true
}

const get = (path: string): SpecRequest => ({ method: 'GET', path })
const post = (path: string, body: unknown): SpecRequest => ({ method: 'POST', path, body })
const without = (object: object, key: string): unknown =>
  Object.fromEntries(Object.entries(object).filter(([name]) => name !== key))

describe('the check itself, on a spec of our own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'spec-check-'))
  let spec: SpecCheck

  beforeAll(() => {
    writeFileSync(
      join(folder, 'openapi-v2.yaml'),
      `
paths:
  /api/v2/things/:
    get:
      parameters:
        - { in: query, name: limit, schema: { type: integer } }
        - { in: query, name: archived, schema: { type: boolean } }
        - { in: query, name: ids, schema: { type: array, items: { type: integer } } }
        - { in: query, name: state, schema: { oneOf: [{ type: integer }, { type: string, enum: [all] }] } }
  /api/v2/things/{id}/:
    get:
      parameters:
        - { in: path, name: id, required: true, schema: { type: integer } }
        - { in: query, name: owner, required: true, schema: { type: string } }
    post:
      parameters:
        - { in: path, name: id, required: true, schema: { type: integer } }
      requestBody:
        content: { application/json: { schema: { $ref: '#/components/schemas/Thing' } } }
  /api/v2/things/bulk/:
    put:
      requestBody:
        content: { application/json: { schema: { type: object } } }
components:
  schemas:
    Thing:
      type: object
      required: [name]
      properties:
        name: { type: string, minLength: 1 }
        parts: { type: array, items: { $ref: '#/components/schemas/Part' } }
        free: { type: object }
    Part: { type: object, properties: { size: { type: integer } } }
`
    )
    writeFileSync(join(folder, 'openapi-v3.yaml'), 'paths: {}')
    spec = createSpecCheck(folder, [])
  })

  afterAll(() => {
    rmSync(folder, { recursive: true })
  })

  it.each([
    get('/api/v2/things/'),
    get('/api/v2/things/?limit=100&archived=false&state=2'),
    get('/api/v2/things/?ids=1&ids=2&state=all'),
    get('/api/v2/things/7/?owner=a%26b'),
    post('/api/v2/things/7/', { name: 'n', parts: [{ size: 1 }], free: { any: { thing: 1 } } }),
    { method: 'PUT', path: '/api/v2/things/bulk/', body: { any: 1 } }
  ])('accepts $method $path', (request) => {
    expect(spec.check(request)).toEqual([])
  })

  it.each<[SpecRequest, string[]]>([
    [get('/api/v2/thongs/'), ['unknown route /api/v2/thongs/']],
    [get('/api/v3/things/'), ['unknown route /api/v3/things/']],
    [get('/things/'), ['unknown route /things/']],
    [get('/api/v2/things'), ['missing trailing slash: /api/v2/things']],
    [get('/api/v2/things//'), ['unknown route /api/v2/things//']],
    [post('/api/v2/things/', {}), ['POST is not allowed on /api/v2/things/']],
    [post('/api/v2/things/bulk/', {}), ['POST is not allowed on /api/v2/things/bulk/']],
    [get('/api/v2/things/?limits=1'), ["unknown query parameter 'limits'"]],
    [get('/api/v2/things/?limit=ten'), ["query parameter 'limit': 'ten' is not of type integer"]],
    [get('/api/v2/things/?limit='), ["query parameter 'limit': '' is not of type integer"]],
    [get('/api/v2/things/?limit=1&limit=2'), ["query parameter 'limit': given 2 times"]],
    [get('/api/v2/things/?archived=1'), ["query parameter 'archived': '1' is not of type boolean"]],
    [get('/api/v2/things/?ids=1,2'), ["query parameter 'ids': '1,2' is not of type integer"]],
    [
      get('/api/v2/things/?state=gone'),
      ["query parameter 'state': 'gone' is not of type integer or one of all"]
    ],
    [get('/api/v2/things/7/'), ["query parameter 'owner' is missing"]],
    [get('/api/v2/things/x/?owner=a'), ["path parameter 'id': 'x' is not of type integer"]],
    [{ ...get('/api/v2/things/'), body: {} }, ['GET /api/v2/things/ takes no body']],
    [{ method: 'POST', path: '/api/v2/things/7/' }, ['POST /api/v2/things/{id}/ needs a body']],
    [post('/api/v2/things/7/', {}), ["body: must have required property 'name'"]],
    [
      post('/api/v2/things/7/', { name: 'n', nome: 'n' }),
      ['body: must NOT have additional properties (nome)']
    ],
    [
      post('/api/v2/things/7/', { name: '', parts: [{ size: 1 }, { size: 'L', color: 1 }] }),
      [
        'body.name: must NOT have fewer than 1 characters',
        'body.parts.1: must NOT have additional properties (color)',
        'body.parts.1.size: must be integer'
      ]
    ]
  ])('refuses %j', (request, expected) => {
    expect(spec.check(request)).toEqual(expected)
  })
})

const official = loadSpecCheck()

if (official === undefined) {
  describe('the official files are not here: nothing is checked against them', () => {
    it('says so by returning no check', () => {
      expect(loadSpecCheck()).toBeUndefined()
    })
  })
} else {
  describe('the official files', () => {
    it('are read once', () => {
      expect(loadSpecCheck()).toBe(official)
    })

    it.each([
      get(`${environments}?limit=100&offset=0&order_by=id&state=active`),
      get(`${jobs}?project_id=2&limit=100&offset=100&order_by=id&include_related=environment`),
      get('/api/v3/accounts/70403103922125/projects/?name__icontains=prod'),
      get(`${variables}job/?job_definition_id=3`),
      post(environments, environment),
      post(`${environments}7/`, { ...environment, custom_branch: 'main', credentials_id: 5 }),
      post(jobs, job),
      post(`${jobs}9/`, { ...job, cost_optimization_features: ['dbt_state'] }),
      post('/api/v3/accounts/1/projects/2/extended-attributes/', {
        extended_attributes: { any: { key: [1] } }
      }),
      post(variables, { ...override, raw_value: 'v' }),
      get('/api/v2/accounts/1/runs/?pk__in=[1,2]&status__in=1&status__in=2'),
      get('/api/v2/accounts/1/runs/7/artifacts/run/jaffle_shop/orders.sql?step=4'),
      post('/api/v2/accounts/1/jobs/3/run/', { cause: 'c', steps_override: ['dbt parse'] }),
      { method: 'POST', path: '/api/v2/accounts/1/runs/7/cancel/' },
      {
        method: 'PUT',
        path: `${variables}bulk/`,
        body: { env_vars: { name: 'DBT_X', '12': 'v', Production: null } }
      },
      { method: 'DELETE', path: `${environments}7/` }
    ])('accept $method $path', (request) => {
      expect(official.check(request)).toEqual([])
    })

    it.each<[string, SpecRequest]>([
      ['a missing slash', get(jobs.slice(0, -1))],
      ['an unknown filter', get(`${jobs}?project=2`)],
      ['a list joined by commas', get(`${jobs}?project_id__in=2,3`)],
      ['a list of another type', get('/api/v2/accounts/1/runs/?pk__in=[1,x]')],
      ['a filter by cause', get('/api/v2/accounts/1/runs/?cause=c')],
      ['a run without a cause', post('/api/v2/accounts/1/jobs/3/run/', {})],
      ['a state that does not exist', get(`${environments}?state=gone`)],
      ['overrides without a job', get(`${variables}job/`)],
      ['a method that does not exist', { method: 'PATCH', path: `${jobs}9/`, body: job }],
      ['a project by name', post('/api/v3/accounts/1/projects/prod/environments/', environment)],
      ['an environment without a name', post(environments, without(environment, 'name'))],
      ['an empty version', post(environments, { ...environment, dbt_version: '' })],
      ['an unknown type', post(environments, { ...environment, type: 'general' })],
      ['nested credentials', post(environments, { ...environment, credentials: null })],
      ['a job without triggers', post(jobs, without(job, 'triggers'))],
      ['a misspelt trigger', post(jobs, { ...job, triggers: { ...job.triggers, on_push: true } })],
      [
        'a threads count as text',
        post(jobs, { ...job, settings: { threads: '4', target_name: 'p' } })
      ],
      ['an empty step', post(jobs, { ...job, execute_steps: [''] })],
      ['a forced selection', post(jobs, { ...job, force_node_selection: true })],
      ['a required key that is null', post(jobs, { ...job, name: null })]
    ])('refuse %s', (_, request) => {
      expect(official.check(request)).not.toEqual([])
    })
  })

  // Per row: what the exceptions let in, and its neighbours, which they must not.
  const condition = (change: object): unknown => ({
    ...job,
    job_completion_trigger_condition: {
      condition: { job_id: 4, project_id: 2, statuses: [10], ...change }
    }
  })
  const cron = (value: unknown): unknown => ({ ...job, schedule: { ...job.schedule, cron: value } })

  const table: [string, SpecRequest[], SpecRequest[]][] = [
    [
      'the id of a new job',
      [post(jobs, { ...job, id: null })],
      [post(jobs, { ...job, id: 9 }), post(`${jobs}9/`, { ...job, id: null })]
    ],
    [
      'the id of a job',
      [post(`${jobs}9/`, { ...job, id: 9 })],
      [post(`${jobs}9/`, { ...job, id: 8 }), post(`${jobs}9/`, { ...job, id: '9' })]
    ],
    [
      'the completion trigger',
      [
        post(jobs, condition({})),
        post(`${jobs}9/`, condition({ statuses: [10, 20, 30] })),
        post(`${jobs}9/`, { ...job, job_completion_trigger_condition: null })
      ],
      [
        post(jobs, condition({ statuses: [] })),
        post(jobs, condition({ statuses: ['success'] })),
        post(jobs, condition({ job: 4 })),
        post(jobs, condition({ job_id: null })),
        post(jobs, { ...job, job_completion_trigger_condition: { job_id: 4 } })
      ]
    ],
    ...['dbt_version', 'deferring_environment_id', 'deferring_job_definition_id'].map(
      (key): [string, SpecRequest[], SpecRequest[]] => [
        `no ${key}`,
        [post(jobs, { ...job, [key]: null }), post(`${jobs}9/`, { ...job, [key]: null })],
        [post(jobs, { ...job, [key]: '' }), post(`${jobs}9/`, { ...job, [key]: false })]
      ]
    ),
    [
      'features left as they are',
      [post(`${jobs}9/`, { ...job, cost_optimization_features: null })],
      [post(`${jobs}9/`, { ...job, cost_optimization_features: [null] })]
    ],
    [
      'an empty description',
      [post(jobs, { ...job, description: '' })],
      [post(jobs, { ...job, description: null }), post(jobs, { ...job, name: '' })]
    ],
    [
      'an empty cron',
      [post(jobs, cron(''))],
      [
        post(jobs, cron(null)),
        post(jobs, {
          ...job,
          schedule: { ...job.schedule, date: { type: 'custom_cron', cron: '' } }
        }),
        post(jobs, { ...job, schedule: { cron: '' } })
      ]
    ],
    [
      'the id of a new environment',
      [post(environments, { ...environment, id: null })],
      [post(environments, { ...environment, id: 7 })]
    ],
    [
      'the id of an environment',
      [post(`${environments}7/`, { ...environment, id: 7 })],
      [
        post(`${environments}7/`, { ...environment, id: 6 }),
        post(`${environments}7/`, { ...environment, id: null })
      ]
    ],
    ...[
      'credentials_id',
      'connection_id',
      'extended_attributes_id',
      'primary_profile_id',
      'custom_branch',
      'deployment_type'
    ].map((key): [string, SpecRequest[], SpecRequest[]] => [
      `no ${key}`,
      [
        post(environments, { ...environment, [key]: null }),
        post(`${environments}7/`, { ...environment, [key]: null })
      ],
      [
        post(environments, { ...environment, [key]: '' }),
        post(environments, { ...environment, [`${key}s`]: null })
      ]
    ]),
    [
      'one new variable as an object',
      [post(`${variables}bulk/`, { env_var: { new_name: 'DBT_X', project: 'a', 'My env': 'b' } })],
      [
        post(`${variables}bulk/`, { env_var: { name: 'DBT_X', project: 'a' } }),
        post(`${variables}bulk/`, { env_var: { new_name: 'DBT_X', project: 1 } }),
        post(`${variables}bulk/`, { env_var: { new_name: 'DBT_X', project: '' } })
      ]
    ],
    [
      'new variables with values by environment name',
      [post(`${variables}bulk/`, { env_var: [{ new_name: 'DBT_X', 'My env': 'b' }] })],
      [post(`${variables}bulk/`, { env_var: [{ 'My env': 'b' }] })]
    ],
    [
      'the id of a new override',
      [post(variables, { ...override, id: null })],
      [post(variables, { ...override, id: 4 })]
    ],
    [
      'the id of an override',
      [post(`${variables}4/`, { ...override, id: 4 })],
      [
        post(`${variables}4/`, { ...override, id: 5 }),
        post(`${variables}4/`, { ...override, id: null })
      ]
    ],
    [
      'the id of a notification',
      [post(`${notifications}4/`, { ...notification, id: 4 })],
      [
        post(`${notifications}4/`, { ...notification, id: 5 }),
        post(`${notifications}4/`, { ...notification, id: '4' })
      ]
    ],
    ...['external_email', 'slack_channel_id', 'slack_channel_name'].map(
      (key): [string, SpecRequest[], SpecRequest[]] => [
        `no ${key}`,
        [
          post(notifications, { ...notification, [key]: null }),
          post(`${notifications}4/`, { ...notification, [key]: null })
        ],
        [
          post(notifications, { ...notification, [key]: '' }),
          post(`${notifications}4/`, { ...notification, user: null })
        ]
      ]
    ),
    [
      'the empty id of a new webhook',
      [post(webhooks, { ...webhook, id: '' })],
      [post(webhooks, { ...webhook, id: null }), post(webhooks, { ...webhook, job_ids: ['1'] })]
    ]
  ]

  describe('the exceptions', () => {
    const folder =
      process.env['DBT_OPENAPI_DIR'] ?? join(import.meta.dirname, '../../../shared/api')
    const bare = createSpecCheck(folder, [])

    it.each(table)('let in %s', (_, allowed) => {
      expect(allowed.flatMap((request) => official.check(request))).toEqual([])
    })

    it.each(table)('are needed for %s', (_, allowed) => {
      expect(allowed.filter((request) => bare.check(request).length === 0)).toEqual([])
    })

    it.each(table)('let in no more than %s', (_, __, refused) => {
      expect(refused.filter((request) => official.check(request).length === 0)).toEqual([])
    })

    it('are all exercised above', () => {
      const idle = specExceptions.filter((exception) => {
        const others = createSpecCheck(
          folder,
          specExceptions.filter((other) => other !== exception)
        )
        const allowed = table.flatMap(([, requests]) => requests)
        return allowed.every((request) => others.check(request).length === 0)
      })
      expect(idle).toEqual([])
    })
  })
}

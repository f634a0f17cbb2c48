// Jobs: the shape of answers, what is derived, replace on update, and everything that is refused.

import { describe, expect, test } from '@jest/globals'
import { addEnvironment, addJob, find, type Json } from '../../sandbox/index.ts'
import {
  environmentBody,
  environmentsPath,
  fixture,
  jobBody,
  jobsPath,
  keysOf,
  liveObjects,
  NOW,
  type Reply,
  send,
  triggersOn,
  without,
  type World,
  world
} from '../../testing/worlds/small.ts'

type Body = Record<string, Json>

const create = (at: World, changes: Body = {}): Reply =>
  send(at, 'POST', jobsPath(at), jobBody(at, changes))

const update = (at: World, changes: Body = {}, id = at.job): Reply =>
  send(at, 'POST', `${jobsPath(at)}${id}/`, jobBody(at, { id, ...changes }))

const get = (at: World, id = at.job): Reply => send(at, 'GET', `${jobsPath(at)}${id}/`)

describe('answers', () => {
  test('have the 44 keys of the live jobs', () => {
    const at = world()
    const [live] = liveObjects('jobs')
    expect(keysOf(live)).toHaveLength(44)
    for (const reply of [create(at), get(at)])
      expect(keysOf(reply.data)).toEqual(expect.arrayContaining(keysOf(live)))
    const [listed] = send(at, 'GET', jobsPath(at)).rows
    expect(keysOf(listed)).toEqual(expect.arrayContaining(keysOf(live)))
  })

  test('a new job has the envelope and the keys of the recording', () => {
    const reply = create(world())
    const recorded = fixture('recorded/job_create_response')
    expect(reply.status).toBe(201)
    expect(keysOf(reply.body)).toEqual(keysOf(recorded))
    expect(reply.body.status).toEqual(recorded.status)
    expect(keysOf(reply.data)).toEqual(expect.arrayContaining(keysOf(recorded.data)))
  })

  test('what is sent is what is stored', () => {
    const at = world()
    const changes = {
      name: '  [PROD] a/b – ü',
      description: 'line\nline',
      dbt_version: '1.8.0-latest',
      execute_steps: ['dbt seed', 'dbt run\n  --select x'],
      settings: { threads: 16, target_name: 'prod' },
      execution: { timeout_seconds: 3600 },
      generate_docs: true,
      run_generate_sources: true,
      run_lint: true,
      errors_on_lint_failure: false,
      run_compare_changes: true,
      compare_changes_flags: '--select x',
      triggers_on_draft_pr: true,
      lifecycle_webhooks: true,
      deferring_environment_id: at.environment
    }
    const { data } = create(at, changes)
    expect(data).toMatchObject({
      ...changes,
      account_id: at.account,
      project_id: at.project,
      environment_id: at.environment,
      generate_sources: true,
      raw_dbt_version: '1.8.0-latest',
      created_at: '2026-01-07 12:00:00.000000+00:00',
      updated_at: '2026-01-07 12:00:00.000000+00:00',
      deactivated: false,
      run_failure_count: 0,
      is_deferrable: false,
      is_system: false,
      state: 1
    })
    expect(get(at, data.id).data).toEqual(data)
  })

  test('ids have 14 digits and go up', () => {
    const at = world()
    const first = create(at).data.id
    expect(String(first)).toHaveLength(14)
    expect(create(at).data.id).toBe(first + 1)
  })

  test('names need not be unique', () => {
    const at = world()
    expect(create(at, { name: 'Nightly' }).status).toBe(201)
  })

  test('what is optional may be left out on create', () => {
    const at = world()
    const body = without(
      jobBody(at),
      'description',
      'dbt_version',
      'deferring_environment_id',
      'deferring_job_definition_id',
      'job_completion_trigger_condition',
      'compare_changes_flags',
      'triggers_on_draft_pr',
      'job_type'
    )
    const reply = send(at, 'POST', jobsPath(at), body)
    expect(reply.status).toBe(201)
    expect(reply.data).toMatchObject({
      description: '',
      dbt_version: null,
      compare_changes_flags: '--select state:modified',
      triggers_on_draft_pr: false,
      lifecycle_webhooks: false,
      job_type: 'other'
    })
  })

  test.each([true, false])('generate_sources mirrors run_generate_sources, which is %p', (on) => {
    const at = world()
    const reply = create(at, { run_generate_sources: on, generate_sources: !on })
    expect(reply.data.generate_sources).toBe(on)
  })

  test('versionless is stored as latest', () => {
    expect(create(world(), { dbt_version: 'versionless' }).data).toMatchObject({
      dbt_version: 'latest',
      raw_dbt_version: 'versionless'
    })
  })

  test('an old job lacks the newer triggers', () => {
    const at = world()
    const triggers = { github_webhook: false, schedule: false }
    const id = addJob(at.state, at.environment, { triggers })
    expect(get(at, id).data.triggers).toEqual(triggers)
  })
})

describe('update', () => {
  test('replaces: what is omitted is reset', () => {
    const at = world()
    update(at, {
      description: 'text',
      dbt_version: '1.8.0-latest',
      deferring_environment_id: at.environment,
      compare_changes_flags: '--select x',
      triggers_on_draft_pr: true,
      lifecycle_webhooks: true,
      job_completion_trigger_condition: {
        condition: { job_id: at.otherJob, project_id: at.other, statuses: [10] }
      }
    })
    const body = without(
      jobBody(at, { id: at.job }),
      'description',
      'dbt_version',
      'deferring_environment_id',
      'compare_changes_flags',
      'triggers_on_draft_pr',
      'job_completion_trigger_condition'
    )
    const later = { now: NOW + 1000 }
    const reply = send(at, 'POST', `${jobsPath(at)}${at.job}/`, body, later)
    expect(reply.status).toBe(200)
    expect(reply.body.status.code).toBe(200)
    expect(reply.data).toMatchObject({
      id: at.job,
      description: '',
      dbt_version: null,
      raw_dbt_version: null,
      deferring_environment_id: null,
      compare_changes_flags: '--select state:modified',
      triggers_on_draft_pr: false,
      lifecycle_webhooks: false,
      job_completion_trigger_condition: null,
      created_at: '2026-01-07 12:00:00.000000+00:00',
      updated_at: '2026-01-07 12:00:01.000000+00:00'
    })
  })

  test('reactivates a job that the platform had switched off', () => {
    const at = world()
    const given = { deactivated: true, run_failure_count: 100 }
    const id = addJob(at.state, at.environment, given)
    expect(get(at, id).data).toMatchObject(given)
    expect(update(at, {}, id).data).toMatchObject({ deactivated: false, run_failure_count: 0 })
  })

  test('keeps what no request can change', () => {
    const at = world()
    const given = {
      is_system: true,
      is_deferrable: true,
      lifecycle_webhooks_url: 'https://x.example'
    }
    const id = addJob(at.state, at.environment, given)
    expect(update(at, {}, id).data).toMatchObject(given)
  })

  test('may move a job to another environment of the project', () => {
    const at = world()
    const to = addEnvironment(at.state, at.project)
    expect(update(at, { environment_id: to }).data.environment_id).toBe(to)
  })

  test('cannot move a job to another project', () => {
    const at = world()
    const reply = update(at, { project_id: at.other, environment_id: at.otherEnvironment })
    expect([reply.status, reply.data]).toEqual([
      400,
      { project_id: 'The project of a job cannot be changed.' }
    ])
  })

  test.each(['absent', null, 5])('with the id %p is refused as reported', (id) => {
    const at = world()
    const body = id === 'absent' ? without(jobBody(at), 'id') : jobBody(at, { id })
    const reply = send(at, 'POST', `${jobsPath(at)}${at.job}/`, body)
    expect(reply.status).toBe(400)
    expect(reply.body).toEqual(fixture('errors/400-job-update-id-mismatch'))
  })
})

describe('recorded refusals', () => {
  test('missing keys', () => {
    const at = world()
    const body = without(jobBody(at), 'state', 'id', 'triggers', 'schedule')
    const reply = send(at, 'POST', jobsPath(at), body)
    expect(reply.status).toBe(400)
    expect(reply.body).toEqual(fixture('errors/400-job-create-missing-keys'))
  })

  test('an hourly schedule without interval', () => {
    const at = world()
    const schedule = { cron: '', date: { type: 'every_day' }, time: { type: 'every_hour' } }
    expect(update(at, { schedule }).body).toEqual(
      fixture('errors/400-job-schedule-interval-missing')
    )
  })

  test('exact hours with an interval and without hours', () => {
    const at = world()
    const time = { type: 'at_exact_hours', interval: 1 }
    const schedule = { date: { type: 'every_day' }, time }
    expect(update(at, { schedule }).body).toEqual(fixture('errors/400-job-schedule-hours'))
  })

  test('custom_branch_only', () => {
    const triggers = { ...triggersOn(), custom_branch_only: false }
    expect(create(world(), { triggers }).body).toEqual(
      fixture('errors/400-job-triggers-additional-property')
    )
  })

  test('features that nobody knows', () => {
    const reply = create(world(), { cost_optimization_features: ['node_selection'] })
    expect(reply.status).toBe(405)
    expect(reply.body).toEqual(fixture('errors/405-job-cost-optimization-invalid'))
  })
})

const every = { type: 'every_day' }
const hourly = { type: 'every_hour', interval: 1 }
const exact = { type: 'at_exact_hours', hours: [6] }
const required = 'required key not provided'
const extra = 'extra keys not allowed'

function scheduleError(part: 'date' | 'time', value: Json, problems: Json): Refused {
  const schedule = { date: every, time: hourly, [part]: value }
  return [
    `${part} ${JSON.stringify(value)}`,
    () => ({ schedule }),
    () => ({ schedule: { [part]: problems } })
  ]
}

const notOf = (value: string, type: string): string => `${value} is not of type '${type}'`

type Refused = [string, (at: World) => Body, (at: World) => Json]

const completion = (at: World, changes: Body = {}): Body => ({
  job_completion_trigger_condition: {
    condition: { job_id: at.otherJob, project_id: at.other, statuses: [10], ...changes }
  }
})

const unknownParent = (id: number): Body => ({
  job_completion_trigger_condition: `Jobs definition IDs ${id} do not exist`
})

/** What differs from a good body, and what `data` of the 400 then says. */
const REFUSALS: readonly Refused[] = [
  // Keys that no request may have, though every answer has them.
  ...[
    'deactivated',
    'run_failure_count',
    'cron_humanized',
    'next_run',
    'next_run_humanized',
    'raw_dbt_version',
    'created_at',
    'updated_at',
    'is_deferrable',
    'is_system',
    'account',
    'project',
    'environment',
    'most_recent_run',
    'most_recent_completed_run',
    'lifecycle_webhooks_url',
    'fusion_readiness',
    'deactivation_reason',
    'is_fusion_ready_override',
    'custom_environment_variables',
    'timeout_seconds',
    'integration_id',
    '__proto__',
    'constructor'
  ].map((key): Refused => [
    `unknown ${key}`,
    () => Object.fromEntries([[key, null]]),
    () =>
      Object.fromEntries([[key, `Additional properties are not allowed ('${key}' was unexpected)`]])
  ]),
  // Types
  ['a number as name', () => ({ name: 4 }), () => ({ name: notOf('4', 'string') })],
  ['no text as name', () => ({ name: '' }), () => ({ name: "'' is too short" })],
  ['null as name', () => ({ name: null }), () => ({ name: notOf('None', 'string') })],
  [
    'null as description',
    () => ({ description: null }),
    () => ({ description: notOf('None', 'string') })
  ],
  ['"" as version', () => ({ dbt_version: '' }), () => ({ dbt_version: "'' is too short" })],
  [
    'a number as version',
    () => ({ dbt_version: 1.8 }),
    () => ({ dbt_version: notOf('1.8', 'string') })
  ],
  [
    'a text as steps',
    () => ({ execute_steps: 'dbt build' }),
    () => ({ execute_steps: notOf("'dbt build'", 'array') })
  ],
  [
    'an empty step',
    () => ({ execute_steps: ['dbt build', ''] }),
    () => ({ execute_steps: "'' is too short" })
  ],
  [
    'a number as step',
    () => ({ execute_steps: [1] }),
    () => ({ execute_steps: notOf('1', 'string') })
  ],
  ['1 for true', () => ({ generate_docs: 1 }), () => ({ generate_docs: notOf('1', 'boolean') })],
  ['null for false', () => ({ run_lint: null }), () => ({ run_lint: notOf('None', 'boolean') })],
  [
    'a text for true',
    () => ({ errors_on_lint_failure: 'true' }),
    () => ({ errors_on_lint_failure: notOf("'true'", 'boolean') })
  ],
  [
    'a number as compare',
    () => ({ run_compare_changes: 0 }),
    () => ({ run_compare_changes: notOf('0', 'boolean') })
  ],
  [
    'a number as sources',
    () => ({ run_generate_sources: 0 }),
    () => ({ run_generate_sources: notOf('0', 'boolean') })
  ],
  [
    'a number as the other sources',
    () => ({ generate_sources: 0 }),
    () => ({ generate_sources: notOf('0', 'boolean') })
  ],
  [
    'null as draft',
    () => ({ triggers_on_draft_pr: null }),
    () => ({ triggers_on_draft_pr: notOf('None', 'boolean') })
  ],
  [
    'null as webhooks',
    () => ({ lifecycle_webhooks: null }),
    () => ({ lifecycle_webhooks: notOf('None', 'boolean') })
  ],
  [
    '"" as flags',
    () => ({ compare_changes_flags: '' }),
    () => ({ compare_changes_flags: "'' is too short" })
  ],
  [
    'a text as threads',
    () => ({ settings: { threads: '4', target_name: 'x' } }),
    () => ({ settings: { threads: notOf("'4'", 'integer') } })
  ],
  [
    '"" as target name',
    () => ({ settings: { threads: 4, target_name: '' } }),
    () => ({ settings: { target_name: "'' is too short" } })
  ],
  [
    'settings without threads',
    () => ({ settings: { target_name: 'x' } }),
    () => ({ settings: { threads: required } })
  ],
  [
    'settings without target',
    () => ({ settings: { threads: 4 } }),
    () => ({ settings: { target_name: required } })
  ],
  [
    'settings with more',
    () => ({ settings: { threads: 4, target_name: 'x', y: 1 } }),
    () => ({ settings: { y: extra } })
  ],
  ['a list as settings', () => ({ settings: [] }), () => ({ settings: 'expected a dictionary' })],
  ['no timeout', () => ({ execution: {} }), () => ({ execution: { timeout_seconds: required } })],
  [
    'a negative timeout',
    () => ({ execution: { timeout_seconds: -1 } }),
    () => ({ execution: { timeout_seconds: '-1 is less than the minimum of 0' } })
  ],
  [
    'a text as timeout',
    () => ({ execution: { timeout_seconds: '0' } }),
    () => ({ execution: { timeout_seconds: notOf("'0'", 'integer') } })
  ],
  ['a text as state', () => ({ state: '1' }), () => ({ state: "'1' is not one of [1, 2]" })],
  ['true as state', () => ({ state: true }), () => ({ state: 'True is not one of [1, 2]' })],
  [
    'another type',
    () => ({ job_type: 'nightly' }),
    () => ({ job_type: expect.stringContaining("'nightly' is not one of") as unknown as Json })
  ],
  [
    'a text as features',
    () => ({ cost_optimization_features: 'dbt_state' }),
    () => ({ cost_optimization_features: notOf("'dbt_state'", 'array') })
  ],
  [
    'a feature without a name',
    () => ({ cost_optimization_features: [''] }),
    () => ({ cost_optimization_features: "'' is too short" })
  ],
  [
    'a number as feature',
    () => ({ cost_optimization_features: [1] }),
    () => ({ cost_optimization_features: notOf('1', 'string') })
  ],
  [
    'a text as selection',
    () => ({ force_node_selection: 'x' }),
    () => ({ force_node_selection: notOf("'x'", 'boolean') })
  ],
  // Ids
  ['an id on create', () => ({ id: 5 }), () => ({ id: 'The provided id does not match.' })],
  ['a text as id', () => ({ id: '5' }), () => ({ id: notOf("'5'", 'integer') })],
  [
    'a text as account',
    (at) => ({ account_id: String(at.account) }),
    (at) => ({ account_id: notOf(`'${at.account}'`, 'integer') })
  ],
  [
    'another account',
    (at) => ({ account_id: at.foreignAccount }),
    () => ({ account_id: 'The provided account_id does not match.' })
  ],
  [
    'project 0',
    () => ({ project_id: 0 }),
    () => ({ project_id: '0 is less than the minimum of 1' })
  ],
  [
    'environment 0',
    () => ({ environment_id: 0 }),
    () => ({ environment_id: '0 is less than the minimum of 1' })
  ],
  [
    'no environment',
    () => ({ environment_id: 5 }),
    () => ({ environment_id: 'Environment 5 does not exist in this project.' })
  ],
  [
    'an environment of another project',
    (at) => ({ environment_id: at.otherEnvironment }),
    (at) => ({
      environment_id: `Environment ${at.otherEnvironment} does not exist in this project.`
    })
  ],
  [
    'the development environment',
    (at) => ({ environment_id: at.development }),
    () => ({ environment_id: 'Jobs cannot run in a development environment.' })
  ],
  [
    'deferral to environment 0',
    () => ({ deferring_environment_id: 0 }),
    () => ({ deferring_environment_id: '0 is less than the minimum of 1' })
  ],
  [
    'deferral to another project',
    (at) => ({ deferring_environment_id: at.otherEnvironment }),
    (at) => ({
      deferring_environment_id: `Environment ${at.otherEnvironment} does not exist in this project.`
    })
  ],
  [
    'deferral to no job',
    () => ({ deferring_job_definition_id: 5 }),
    () => ({ deferring_job_definition_id: 'Jobs definition IDs 5 do not exist' })
  ],
  [
    'deferral to job 0',
    () => ({ deferring_job_definition_id: 0 }),
    () => ({ deferring_job_definition_id: '0 is less than the minimum of 1' })
  ],
  [
    'deferral to a job of another project',
    (at) => ({ deferring_job_definition_id: at.otherJob }),
    (at) => ({ deferring_job_definition_id: `Jobs definition IDs ${at.otherJob} do not exist` })
  ],
  [
    'deferral to both',
    (at) => ({ deferring_environment_id: at.environment, deferring_job_definition_id: at.job }),
    () => ({
      deferring_job_definition_id: 'A job defers to an environment or to a job, not to both.'
    })
  ],
  // Triggers
  [
    'triggers without schedule',
    () => ({ triggers: without(triggersOn(), 'schedule') }),
    () => ({ triggers: { schedule: required } })
  ],
  [
    'triggers without github_webhook',
    () => ({ triggers: without(triggersOn(), 'github_webhook') }),
    () => ({ triggers: { github_webhook: required } })
  ],
  [
    'null as schedule trigger',
    () => ({ triggers: { ...triggersOn(), schedule: null } }),
    () => ({ triggers: { schedule: notOf('None', 'boolean') } })
  ],
  [
    '1 as webhook',
    () => ({ triggers: { ...triggersOn(), github_webhook: 1 } }),
    () => ({ triggers: { github_webhook: notOf('1', 'boolean') } })
  ],
  [
    'a text as on_merge',
    () => ({ triggers: { ...triggersOn(), on_merge: 'x' } }),
    () => ({ triggers: { on_merge: notOf("'x'", 'boolean') } })
  ],
  [
    'a text as git webhook',
    () => ({ triggers: { ...triggersOn(), git_provider_webhook: 'x' } }),
    () => ({ triggers: { git_provider_webhook: notOf("'x'", 'boolean') } })
  ],
  ['a list as triggers', () => ({ triggers: [] }), () => ({ triggers: 'expected a dictionary' })],
  [
    'unknown triggers',
    () => ({ triggers: { ...triggersOn(), a: true, b: true } }),
    () => ({ triggers: "Additional properties are not allowed ('a', 'b' were unexpected)" })
  ],
  ...['schedule', 'github_webhook', 'git_provider_webhook'].map((name): Refused => [
    `on_merge beside ${name}`,
    () => ({ triggers: triggersOn('on_merge', name) }),
    () => ({ triggers: { on_merge: 'No other trigger may be on beside on_merge.' } })
  ]),
  [
    'a type of the platform',
    () => ({ job_type: 'exposure_sync' }),
    () => ({ job_type: 'Jobs of this type are created by the platform only.' })
  ],
  // Schedules
  ['null as schedule', () => ({ schedule: null }), () => ({ schedule: 'expected a dictionary' })],
  [
    'a schedule without date',
    () => ({ schedule: { time: hourly } }),
    () => ({ schedule: { date: required } })
  ],
  [
    'a schedule without time',
    () => ({ schedule: { date: every } }),
    () => ({ schedule: { time: required } })
  ],
  [
    'a schedule with more',
    () => ({ schedule: { date: every, time: hourly, zone: 'x' } }),
    () => ({ schedule: { zone: extra } })
  ],
  [
    'null as cron',
    () => ({ schedule: { date: every, time: hourly, cron: null } }),
    () => ({ schedule: { cron: notOf('None', 'string') } })
  ],
  scheduleError('date', {}, { type: required }),
  scheduleError('date', 'every_day', 'expected a dictionary'),
  scheduleError(
    'date',
    { type: 'weekly' },
    { type: "'weekly' is not one of ['every_day', 'days_of_week', 'custom_cron', 'interval_cron']" }
  ),
  scheduleError('date', { type: 'every_day', days: [1] }, { days: extra }),
  scheduleError('date', { type: 'every_day', cron: '0 * * * *' }, { cron: extra }),
  scheduleError('date', { type: 'every_day', days: null }, { days: extra }),
  scheduleError('date', { type: 'days_of_week' }, { days: required }),
  scheduleError('date', { type: 'days_of_week', days: [] }, { days: '[] is too short' }),
  scheduleError(
    'date',
    { type: 'days_of_week', days: [7] },
    { days: '7 is greater than the maximum of 6' }
  ),
  scheduleError('date', { type: 'days_of_week', days: ['1'] }, { days: notOf("'1'", 'integer') }),
  scheduleError('date', { type: 'days_of_week', days: [1], cron: '0 * * * *' }, { cron: extra }),
  scheduleError('date', { type: 'custom_cron' }, { cron: required }),
  scheduleError(
    'date',
    { type: 'custom_cron', cron: '0 * * *' },
    { cron: "'0 * * *' is not a valid cron expression" }
  ),
  scheduleError(
    'date',
    { type: 'custom_cron', cron: '60 * * * *' },
    { cron: "'60 * * * *' is not a valid cron expression" }
  ),
  scheduleError('date', { type: 'custom_cron', cron: '0 * * * *', days: [1] }, { days: extra }),
  scheduleError('date', { type: 'interval_cron', days: [1] }, { cron: required }),
  scheduleError('time', {}, { type: required }),
  scheduleError(
    'time',
    { type: 'hourly' },
    { type: "'hourly' is not one of ['every_hour', 'at_exact_hours']" }
  ),
  scheduleError(
    'time',
    { type: 'every_hour', interval: 0 },
    { interval: '0 is less than the minimum of 1' }
  ),
  scheduleError(
    'time',
    { type: 'every_hour', interval: '1' },
    { interval: notOf("'1'", 'integer') }
  ),
  scheduleError('time', { type: 'every_hour', interval: 1, hours: [1] }, { hours: extra }),
  scheduleError(
    'time',
    { type: 'at_exact_hours', hours: [24] },
    { hours: '24 is greater than the maximum of 23' }
  ),
  scheduleError('time', { type: 'at_exact_hours', hours: [] }, { hours: '[] is too short' }),
  // Completion triggers
  [
    'a completion trigger without condition',
    () => ({ job_completion_trigger_condition: {} }),
    () => ({ job_completion_trigger_condition: { condition: required } })
  ],
  [
    'a list as completion trigger',
    () => ({ job_completion_trigger_condition: [] }),
    () => ({ job_completion_trigger_condition: 'expected a dictionary' })
  ],
  [
    'a completion trigger without job',
    (at) => ({
      job_completion_trigger_condition: { condition: { project_id: at.other, statuses: [10] } }
    }),
    () => ({ job_completion_trigger_condition: { condition: { job_id: required } } })
  ],
  [
    'a completion trigger without statuses',
    (at) => ({
      job_completion_trigger_condition: { condition: { project_id: at.other, job_id: 1 } }
    }),
    () => ({ job_completion_trigger_condition: { condition: { statuses: required } } })
  ],
  [
    'a completion trigger with more',
    (at) => completion(at, { x: 1 }),
    () => ({ job_completion_trigger_condition: { condition: { x: extra } } })
  ],
  [
    'a completion trigger on no status',
    (at) => completion(at, { statuses: [] }),
    () => ({ job_completion_trigger_condition: { condition: { statuses: '[] is too short' } } })
  ],
  [
    'a completion trigger on another status',
    (at) => completion(at, { statuses: [10, 1] }),
    () => ({
      job_completion_trigger_condition: { condition: { statuses: '1 is not one of [10, 20, 30]' } }
    })
  ],
  [
    'a completion trigger on job 0',
    (at) => completion(at, { job_id: 0 }),
    () => ({
      job_completion_trigger_condition: { condition: { job_id: '0 is less than the minimum of 1' } }
    })
  ],
  ['a parent that is not there', (at) => completion(at, { job_id: 5 }), () => unknownParent(5)],
  [
    'a parent in another project than said',
    (at) => completion(at, { project_id: at.project }),
    (at) => unknownParent(at.otherJob)
  ]
]

describe('refusals', () => {
  test.each(REFUSALS)('%s', (_name, changes, data) => {
    const at = world()
    const before = at.state
    const body = { ...jobBody(at), ...changes(at) }
    const reply = send(at, 'POST', jobsPath(at), body)
    expect(reply.status).toBe(400)
    expect(without(reply.data, '_model')).toEqual(data(at))
    expect(at.state).toBe(before)
  })

  test.each([
    'account_id',
    'project_id',
    'environment_id',
    'name',
    'execute_steps',
    'settings',
    'execution',
    'generate_docs',
    'run_generate_sources',
    'run_lint',
    'errors_on_lint_failure',
    'run_compare_changes',
    'state',
    'triggers',
    'schedule'
  ])('without %s nothing is created or updated', (key) => {
    const at = world()
    for (const path of [jobsPath(at), `${jobsPath(at)}${at.job}/`]) {
      const reply = send(at, 'POST', path, without(jobBody(at), key))
      expect([reply.status, reply.data]).toEqual([
        400,
        { _model: 'HumanReadableJobDefinition', [key]: required }
      ])
    }
  })

  test('only unexpected triggers are told in the newer form', () => {
    expect(keysOf(create(world(), { name: '' }).body)).toEqual(['status', 'data'])
  })

  test('a project that is not there is 404', () => {
    const at = world()
    expect(create(at, { project_id: 5 }).status).toBe(404)
  })

  test('a project of another account is 404', () => {
    const at = world()
    const tokens = Object.fromEntries(
      Object.entries(at.state.tokens).map(([token, grants]) => [
        token,
        { ...grants, accounts: [at.account, at.foreignAccount] }
      ])
    )
    at.state = { ...at.state, tokens }
    const path = `/api/v2/accounts/${at.foreignAccount}/jobs/`
    const body = jobBody(at, { account_id: at.foreignAccount })
    expect(send(at, 'POST', path, body).status).toBe(404)
  })

  test('what is deleted cannot be referred to', () => {
    const at = world()
    const gone = addJob(at.state, at.environment, { state: 2 })
    expect(create(at, { deferring_job_definition_id: gone }).status).toBe(400)
    expect(create(at, completion(at, { job_id: gone, project_id: at.project })).status).toBe(400)
    const environment = addEnvironment(at.state, at.project, { state: 2 })
    expect(create(at, { environment_id: environment }).status).toBe(400)
    expect(create(at, { deferring_environment_id: environment }).status).toBe(400)
  })

  test('a parent in another account is not there', () => {
    const at = world()
    const { state } = at
    const jobs = state.jobs.map((job) =>
      job.id === at.otherJob ? { ...job, account_id: at.foreignAccount } : job
    )
    at.state = { ...state, jobs }
    expect(create(at, completion(at)).data).toEqual(unknownParent(at.otherJob))
  })

  test('a version that the account does not take', () => {
    const at = world({ dbtVersions: '^latest$' })
    expect(create(at, { dbt_version: 'latest-fusion' }).data.dbt_version).toMatch(
      'dbt version latest-fusion is deprecated (unsupported)'
    )
    expect(create(at, { dbt_version: null }).status).toBe(201)
  })

  test('a whole GET body sent back is refused', () => {
    const at = world()
    const reply = send(at, 'POST', `${jobsPath(at)}${at.job}/`, get(at).data)
    expect(reply.status).toBe(400)
    expect(reply.data).toHaveProperty('cron_humanized')
  })

  test.each([
    ['every_day', every, hourly, '0 * * * *'],
    ['every third hour', every, { type: 'every_hour', interval: 3 }, '0 */3 * * *'],
    ['exact hours', every, exact, '0 6 * * *'],
    ['days', { type: 'days_of_week', days: [0, 6] }, hourly, '0 * * * 0,6'],
    ['cron', { type: 'custom_cron', cron: '5 4 * * 1-5' }, hourly, '5 4 * * 1-5'],
    [
      'interval',
      { type: 'interval_cron', cron: '6 */12 * * 0,1', days: [0, 1] },
      { type: 'every_hour', interval: 12 },
      '6 */12 * * 0,1'
    ]
  ])('the cron line of %s is derived', (_name, date, time, cron) => {
    const reply = create(world(), { schedule: { date, time, cron: 'whatever' } })
    expect(reply.status).toBe(201)
    expect(reply.data.schedule).toMatchObject({ date, time, cron })
  })

  test('exact hours are answered with an interval', () => {
    const { data } = create(world(), { schedule: { date: every, time: exact, cron: '' } })
    expect(data.schedule.time).toEqual({ ...exact, interval: 1 })
  })
})

describe('next run', () => {
  test('is told of scheduled jobs only, and moves on with time', () => {
    const at = world()
    const schedule = { date: every, time: exact }
    expect(create(at, { schedule }).data).toMatchObject({
      next_run: null,
      next_run_humanized: null,
      cron_humanized: 'At 06:00 AM'
    })
    const { data } = create(at, { schedule, triggers: triggersOn('schedule') })
    expect(data).toMatchObject({
      next_run: '2026-01-08T06:00:00+00:00',
      next_run_humanized: '18 hours'
    })
    const path = `${jobsPath(at)}${data.id}/`
    const later = send(at, 'GET', path, undefined, { now: NOW + 24 * 3_600_000 })
    expect(later.data.next_run).toBe('2026-01-09T06:00:00+00:00')
  })
})

describe('job type', () => {
  const cases = [
    [triggersOn(), null, 'other'],
    [triggersOn(), 'scheduled', 'other'],
    [triggersOn('schedule'), 'other', 'scheduled'],
    [triggersOn('schedule'), 'scheduled', 'scheduled'],
    [triggersOn('github_webhook'), 'other', 'ci'],
    [triggersOn('git_provider_webhook'), null, 'ci'],
    [triggersOn('github_webhook', 'schedule'), 'scheduled', 'ci'],
    [triggersOn('on_merge'), 'other', 'merge'],
    [triggersOn(), 'ci', 'ci'],
    [triggersOn(), 'merge', 'merge'],
    [triggersOn(), 'adaptive', 'adaptive'],
    [{ github_webhook: false, schedule: true }, null, 'scheduled'],
    [{ ...triggersOn(), on_merge: null, git_provider_webhook: null }, null, 'other']
  ] satisfies [Body, string | null, string][]

  test.each(cases)('%j with %p makes %s', (triggers, job_type, expected) => {
    const reply = create(world(), { triggers, job_type })
    expect(reply.status).toBe(201)
    expect(reply.data.job_type).toBe(expected)
  })

  test('triggers are answered in full, as booleans', () => {
    const triggers = { github_webhook: false, schedule: true, on_merge: null }
    expect(create(world(), { triggers }).data.triggers).toEqual(triggersOn('schedule'))
  })

  function changed(from: string, to: string): Reply {
    const of = (type: string): Body => ({
      job_type: type,
      triggers: triggersOn(...(type === 'scheduled' ? ['schedule'] : []))
    })
    const at = world()
    return update(at, of(to), create(at, of(from)).data.id)
  }

  test.each([
    ['other', 'scheduled'],
    ['scheduled', 'merge'],
    ['merge', 'other'],
    ['ci', 'ci'],
    ['adaptive', 'adaptive']
  ] as const)('may change from %s to %s', (from, to) => {
    expect(changed(from, to).status).toBe(200)
  })

  test.each([
    ['other', 'ci'],
    ['ci', 'other'],
    ['merge', 'ci'],
    ['scheduled', 'adaptive'],
    ['adaptive', 'other'],
    ['ci', 'adaptive']
  ] as const)('may not change from %s to %s', (from, to) => {
    const reply = changed(from, to)
    expect([reply.status, reply.data]).toEqual([
      400,
      { job_type: `The job type of this job cannot be changed from '${from}' to '${to}'.` }
    ])
  })

  test('a webhook switched off takes the type ci with it, unless the type is said', () => {
    const at = world()
    const { id } = create(at, { triggers: triggersOn('github_webhook') }).data
    expect(update(at, { job_type: null }, id).status).toBe(400)
    expect(update(at, { job_type: 'ci' }, id).status).toBe(200)
  })
})

describe('deferral and completion triggers', () => {
  test('to the own environment, to a job, to itself', () => {
    const at = world()
    expect(create(at, { deferring_environment_id: at.environment }).status).toBe(201)
    expect(create(at, { deferring_job_definition_id: at.job }).status).toBe(201)
    expect(update(at, { deferring_job_definition_id: at.job }).status).toBe(200)
  })

  test('a parent in another project is kept, null and absence clear it', () => {
    const at = world()
    const wanted = completion(at, { statuses: [10, 20, 30] })
    expect(update(at, wanted).data).toMatchObject(wanted)
    expect(get(at).data).toMatchObject(wanted)
    expect(update(at, { job_completion_trigger_condition: null }).data).toHaveProperty(
      'job_completion_trigger_condition',
      null
    )
    update(at, wanted)
    const body = without(jobBody(at, { id: at.job }), 'job_completion_trigger_condition')
    const reply = send(at, 'POST', `${jobsPath(at)}${at.job}/`, body)
    expect(reply.data.job_completion_trigger_condition).toBeNull()
  })
})

describe('cost optimisation', () => {
  const sao = 'state_aware_orchestration'
  const off = { cost_optimization_features: [], force_node_selection: true }
  const on = { cost_optimization_features: [sao], force_node_selection: false }

  test.each([
    ['nothing', {}, off],
    ['null', { cost_optimization_features: null, force_node_selection: null }, off],
    ['an empty list', { cost_optimization_features: [] }, off],
    ['the list', { cost_optimization_features: [sao] }, on],
    ['the older key', { force_node_selection: false }, on],
    ['the older key, off', { force_node_selection: true }, off],
    ['both: the list rules', { cost_optimization_features: [sao], force_node_selection: true }, on],
    ['a feature twice', { cost_optimization_features: [sao, sao] }, on],
    [
      'testing',
      { cost_optimization_features: ['efficient_testing', sao] },
      { cost_optimization_features: ['efficient_testing', sao], force_node_selection: false }
    ],
    [
      'dbt_state, which swallows the rest',
      { cost_optimization_features: [sao, 'dbt_state', 'efficient_testing'] },
      { cost_optimization_features: ['dbt_state'], force_node_selection: true }
    ]
  ] satisfies [string, Body, Body][])('%s', (_name, changes, expected) => {
    const reply = create(world(), changes)
    expect(reply.status).toBe(201)
    expect(reply.data).toMatchObject(expected)
  })

  test.each([
    ['stateAwareOrchestration', sao],
    ['efficientTesting', 'efficient_testing'],
    ['dbtState', 'dbt_state']
  ])('without %s the feature is dropped without a word', (entitlement, feature) => {
    const changes = { cost_optimization_features: [feature] }
    const without = create(world({ [entitlement]: false }), changes)
    expect([without.status, without.data.cost_optimization_features]).toEqual([201, []])
    expect(create(world(), changes).data.cost_optimization_features).toEqual([feature])
  })

  test('an update without the keys leaves them, an empty list clears them', () => {
    const at = world()
    update(at, { cost_optimization_features: [sao] })
    expect(update(at).data).toMatchObject(on)
    expect(update(at, { cost_optimization_features: null }).data).toMatchObject(on)
    expect(update(at, { force_node_selection: true }).data).toMatchObject(off)
    expect(update(at, { force_node_selection: false }).data).toMatchObject(on)
    expect(update(at, { cost_optimization_features: [] }).data).toMatchObject(off)
  })

  const kinds = { ci: triggersOn('github_webhook'), merge: triggersOn('on_merge') }
  const refused = {
    ...fixture('errors/405-job-cost-optimization-invalid'),
    status: {
      ...fixture('errors/405-job-cost-optimization-invalid').status,
      user_message: 'State aware orchestration is not available for CI or Merge jobs'
    }
  }

  describe.each(['ci', 'merge'] as const)('of %s jobs', (kind) => {
    const triggers = kinds[kind]

    test.each([
      { force_node_selection: true },
      { force_node_selection: false },
      { force_node_selection: true, cost_optimization_features: [] },
      { cost_optimization_features: [sao] },
      { cost_optimization_features: ['efficient_testing'] }
    ] satisfies Body[])('%j is refused, though answers show it', (changes) => {
      const at = world()
      const reply = create(at, { triggers, ...changes })
      expect(reply.status).toBe(405)
      expect(reply.body).toEqual(refused)
      const { id } = create(at, { triggers }).data
      expect(update(at, { triggers, ...changes }, id).body).toEqual(refused)
    })

    test.each([
      [{}, off],
      [{ force_node_selection: null, cost_optimization_features: null }, off],
      [{ cost_optimization_features: [] }, off],
      [
        { cost_optimization_features: ['dbt_state'] },
        { cost_optimization_features: ['dbt_state'], force_node_selection: true }
      ],
      [
        { cost_optimization_features: ['dbt_state', sao] },
        { cost_optimization_features: ['dbt_state'], force_node_selection: true }
      ]
    ] satisfies [Body, Body][])('%j is taken', (changes, expected) => {
      const at = world()
      const reply = create(at, { triggers, ...changes })
      expect([reply.status, reply.data]).toEqual([201, expect.objectContaining(expected)])
      const again = update(at, { triggers }, reply.data.id)
      expect(again.data).toMatchObject(expected)
    })
  })

  test('a job that becomes a merge job loses what merge jobs cannot have', () => {
    const at = world()
    update(at, { cost_optimization_features: [sao] })
    expect(update(at, { triggers: kinds.merge }).data).toMatchObject(off)
  })
})

describe('what an account may lack', () => {
  test('keys of an older API', () => {
    const lax = world({ missingKeys: { environment: [], job: ['triggers_on_draft_pr'] } })
    const reply = create(lax, { triggers_on_draft_pr: true })
    expect(reply.status).toBe(201)
    expect(reply.data).not.toHaveProperty('triggers_on_draft_pr')
    expect(find(lax.state.jobs, reply.data.id)?.triggers_on_draft_pr).toBe(false)

    const strict = world({
      refusedKeys: { environment: [], job: ['triggers_on_draft_pr', 'run_lint'] }
    })
    expect(keysOf(create(strict).data)).toEqual(['run_lint', 'triggers_on_draft_pr'])
    const body = without(jobBody(strict), 'triggers_on_draft_pr', 'run_lint')
    const made = send(strict, 'POST', jobsPath(strict), body)
    expect(made.status).toBe(201)
    expect(made.data).not.toHaveProperty('run_lint')
  })

  test('keys of a newer API are reset by whoever does not know them', () => {
    const at = world({ futureKeys: { environment: [], job: ['retries'] } })
    expect(get(at).data.retries).toBeNull()
    expect(update(at, { retries: 3 }).data.retries).toBe(3)
    expect(get(at).data.retries).toBe(3)
    expect(update(at).data.retries).toBeNull()
  })
})

describe('deletion', () => {
  test('is soft: the object comes back with state 2, then it is gone by id and from lists', () => {
    const at = world()
    const path = `${jobsPath(at)}${at.job}/`
    const before = get(at).data
    const reply = send(at, 'DELETE', path, undefined, { now: NOW + 1000 })
    const recorded = fixture('recorded/job_delete_response')
    expect(reply.status).toBe(200)
    expect(reply.body.status).toEqual(recorded.status)
    expect(reply.data.state).toBe(recorded.data.state)
    const updated_at = '2026-01-07 12:00:01.000000+00:00'
    expect(reply.data).toEqual({ ...before, state: 2, updated_at })
    expect(get(at).body).toEqual(fixture('errors/404-not-found-or-no-permission'))
    expect(send(at, 'DELETE', path).status).toBe(404)
    expect(update(at).status).toBe(404)
    expect(send(at, 'GET', `${jobsPath(at)}?pk=${at.job}`).data).toEqual([])
    expect(send(at, 'GET', `${jobsPath(at)}?pk=${at.job}&state=deleted`).data).toHaveLength(1)
  })

  test('a write with state 2 deletes, too, as a maintained client does', () => {
    const at = world()
    expect(update(at, { state: 2 }).data.state).toBe(2)
    expect(get(at).status).toBe(404)
    const made = create(at, { state: 2 })
    expect(made.status).toBe(201)
    expect(get(at, made.data.id).status).toBe(404)
  })

  test('a deleted environment leaves its jobs, which then cannot be saved', () => {
    const at = world()
    send(at, 'DELETE', `${environmentsPath(at)}${at.environment}/`)
    expect(get(at).status).toBe(200)
    expect(update(at).status).toBe(400)
    const { id } = send(at, 'POST', environmentsPath(at), environmentBody(at)).data
    expect(update(at, { environment_id: id }).status).toBe(200)
  })
})

test.each([create, update])(
  'a comparison of changes needs an environment to compare with',
  (write) => {
    const at = world()
    expect(write(at, { run_compare_changes: true })).toMatchObject({
      status: 400,
      body: { data: { run_compare_changes: 'Requires deferring_environment_id.' } }
    })
    const both = { run_compare_changes: true, deferring_environment_id: at.environment }
    expect(write(at, both).status).toBeLessThan(300)
  }
)

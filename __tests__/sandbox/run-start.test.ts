// Runs: how they start, and who may start them.

import { describe, expect, test } from '@jest/globals'
import { addJob, addToken, find } from '../../sandbox/index.ts'
import { accountPath, look, start, stillWorld } from './runs-world.ts'
import {
  fixture,
  jobBody,
  jobsPath,
  keysOf,
  NO_CATEGORY,
  NO_PRODUCTION,
  ONE_PROJECT,
  READER,
  send
} from '../../testing/worlds/small.ts'

describe('a start', () => {
  test('is answered with a queued run, in the envelope and with the keys that are recorded', () => {
    const reply = start(stillWorld())
    const recorded = fixture('recorded/job_run_response')
    expect(reply.status).toBe(200)
    expect(reply.body.status).toEqual(recorded.status)
    // An older key that runs of 2024 no longer have.
    const keys = keysOf(recorded.data).filter((key) => key !== 'scribe_enabled')
    expect(keysOf(reply.data)).toEqual(expect.arrayContaining(keys))
    expect(reply.data).toMatchObject({
      status: 1,
      status_humanized: 'Queued',
      in_progress: true,
      is_complete: false,
      is_running: null,
      git_sha: null,
      trigger: null,
      run_steps: [],
      can_retry: false,
      retry_not_supported_reason: 'RETRY_NOT_FAILED_RUN',
      finished_at_humanized: '0 minutes from now'
    })
  })

  test('makes a new run each time, though the cause is the same', () => {
    const at = stillWorld()
    const first = start(at).data.id
    expect(start(at).data.id).toBe(first + 1)
  })

  test('keeps the cause and the overrides for whoever asks for the trigger', () => {
    const at = stillWorld()
    const body = { cause: 'deploy 7', steps_override: ['dbt parse'], threads_override: 2 }
    const { data } = start(at, body)
    expect(look(at, data.id, '["trigger"]').data['trigger']).toMatchObject({
      ...body,
      job_definition_id: at.job,
      cause_category: 'api',
      schema_override: null
    })
  })

  test('takes null for what is not overridden', () => {
    expect(send(stillWorld(), 'POST', '/', {}).status).toBe(404)
    const at = stillWorld()
    const body = { cause: 'c', steps_override: null, schema_override: null }
    expect(send(at, 'POST', `${accountPath(at)}jobs/${at.job}/run/`, body).status).toBe(200)
  })

  test.each([
    ['another key', { cause: 'c', step_override: [] }, { step_override: expect.any(String) }],
    ['an empty cause', { cause: '' }, { cause: "'' is too short" }],
    ['a long cause', { cause: 'x'.repeat(256) }, { cause: expect.any(String) }],
    ['an empty step', { cause: 'c', steps_override: [''] }, { steps_override: "'' is too short" }],
    [
      'a text of steps',
      { cause: 'c', steps_override: 'dbt build' },
      { steps_override: expect.any(String) }
    ],
    [
      'threads as text',
      { cause: 'c', threads_override: '4' },
      { threads_override: expect.any(String) }
    ]
  ])('is refused with %s', (_name, body, data) => {
    const at = stillWorld()
    const reply = send(at, 'POST', `${accountPath(at)}jobs/${at.job}/run/`, body)
    expect(reply.status).toBe(400)
    expect(reply.data).toEqual(data)
    expect(at.state.runs).toEqual([])
  })

  test('without a cause is a fault of the server', () => {
    const at = stillWorld()
    const reply = send(at, 'POST', `${accountPath(at)}jobs/${at.job}/run/`, {})
    expect(reply.status).toBe(500)
    expect(reply.body).toEqual({ detail: expect.stringContaining('There was a server error.') })
  })

  test('a cause of 255 characters is taken', () => {
    expect(start(stillWorld(), { cause: 'x'.repeat(255) }).status).toBe(200)
  })

  test('finds no job that is unknown, deleted, or of a project that the token does not see', () => {
    const at = stillWorld()
    expect(start(at, {}, 1).status).toBe(404)
    expect(start(at, {}, at.otherJob, { token: ONE_PROJECT }).status).toBe(404)
    send(at, 'DELETE', `${jobsPath(at)}${at.job}/`)
    expect(start(at).status).toBe(404)
  })

  test.each([
    ['a token that only reads', READER, 403],
    ['one that may not write production', NO_PRODUCTION, 404],
    ['one that may write no environment', NO_CATEGORY, 404]
  ])('is not for %s', (_name, token, status) => {
    const at = stillWorld()
    expect(start(at, {}, at.job, { token }).status).toBe(status)
    expect(at.state.runs).toEqual([])
  })

  test('is for a Job runner, who writes no job', () => {
    const at = stillWorld()
    addToken(at.state, 'dbtc_runner', at.account, { '*': { access: 'read', runs: true } })
    const options = { token: 'dbtc_runner' }
    expect(start(at, {}, at.job, options).status).toBe(200)
    const body = jobBody(at, { id: at.job })
    expect(send(at, 'POST', `${jobsPath(at)}${at.job}/`, body, options).status).toBe(403)
    addToken(at.state, 'dbtc_editor', at.account, { '*': { access: 'write', runs: false } })
    expect(start(at, {}, at.job, { token: 'dbtc_editor' }).status).toBe(403)
  })

  test('of a deactivated job is refused, or reactivates it: nobody knows', () => {
    const deactivated = { deactivated: true, run_failure_count: 100 }
    const refusing = stillWorld()
    const job = addJob(refusing.state, refusing.environment, deactivated)
    expect(start(refusing, {}, job).status).toBe(400)
    const reactivating = stillWorld({ deactivatedRuns: 'reactivates' })
    const other = addJob(reactivating.state, reactivating.environment, deactivated)
    expect(start(reactivating, {}, other).status).toBe(200)
    expect(find(reactivating.state.jobs, other)?.deactivated).toBe(false)
  })

  test('with a version that the account does not take is refused', () => {
    const at = stillWorld({ dbtVersions: '^latest$' })
    expect(start(at, { dbt_version_override: '1.0.0-latest' }).status).toBe(400)
  })
})

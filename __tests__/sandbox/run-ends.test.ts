// Runs: how they are cancelled, and what follows when one ends.

import { describe, expect, test } from '@jest/globals'
import { addJob } from '../../sandbox/index.ts'
import { ask, look, order, runsPath, start, statusOf, stillWorld, wait } from './runs-world.ts'
import {
  fixture,
  jobsPath,
  NO_PRODUCTION,
  ONE_PROJECT,
  READER,
  type World
} from '../../testing/worlds/small.ts'

describe('cancel', () => {
  const cancel = (at: World, id: number, token?: string) =>
    ask(at, 'POST', `${runsPath(at, id)}cancel/`, undefined, token === undefined ? {} : { token })

  test('ends a queued run as recorded', () => {
    const at = stillWorld()
    const { id } = start(at).data
    wait(at, 1)
    const reply = cancel(at, id)
    const recorded = fixture('recorded/run_cancel_response')
    expect(reply.body.status).toEqual(recorded.status)
    for (const key of ['status', 'status_message', 'dequeued_at', 'started_at', 'status_humanized'])
      expect(reply.data[key]).toEqual((recorded.data as Record<string, unknown>)[key])
    expect(reply.data).toMatchObject({
      duration: '00:00:01',
      queued_duration: '00:00:01',
      run_duration: '00:00:00'
    })
  })

  test('ends a running run and frees its slot', () => {
    const at = stillWorld()
    const [first, second] = [start(at), start(at)].map(({ data }) => data.id)
    wait(at, 15)
    expect(cancel(at, first!).data).toMatchObject({ status: 30, is_cancelled: true })
    wait(at, 0)
    expect(statusOf(at, second!)).toBe(2)
    wait(at, 300)
    expect(statusOf(at, first!)).toBe(30)
  })

  test('leaves a run that has ended as it is', () => {
    const at = stillWorld()
    const { id } = start(at).data
    wait(at, 300)
    expect(cancel(at, id).data).toMatchObject({ status: 10, status_message: null })
  })

  test('is for those who may start', () => {
    const at = stillWorld()
    const { id } = start(at).data
    expect(cancel(at, id, READER).status).toBe(403)
    expect(cancel(at, id, NO_PRODUCTION).status).toBe(404)
    expect(cancel(at, 1).status).toBe(404)
    const foreign = start(at, {}, at.otherJob).data.id
    expect(cancel(at, foreign, ONE_PROJECT).status).toBe(404)
    expect(statusOf(at, id)).toBe(1)
  })
})

describe('jobs that wait for another', () => {
  const after = (at: World, statuses: readonly number[], more: object = {}) =>
    addJob(at.state, at.environment, {
      job_completion_trigger_condition: {
        condition: { job_id: at.job, project_id: at.project, statuses }
      },
      ...more
    })

  test('run when it has ended in one of their states', () => {
    const at = stillWorld()
    const onSuccess = after(at, [10])
    const onError = after(at, [20, 30])
    const inactive = after(at, [10], { deactivated: true })
    start(at)
    wait(at, 300)
    const jobs = at.state.runs.map((run) => run.job_definition_id)
    expect(jobs).toEqual([at.job, onSuccess])
    order(at, { outcome: 'error' })
    start(at)
    wait(at, 300)
    expect(at.state.runs.map((run) => run.job_definition_id).slice(2)).toEqual([at.job, onError])
    expect(jobs).not.toContain(inactive)
  })

  test('say so in their trigger', () => {
    const at = stillWorld()
    after(at, [10])
    start(at)
    wait(at, 300)
    const last = at.state.runs.at(-1)!
    expect(look(at, last.id, '["trigger"]').data['trigger']).toMatchObject({
      cause_category: 'job completion'
    })
  })
})

describe('jobs', () => {
  test('show their latest runs where these are asked for', () => {
    const at = stillWorld()
    const first = start(at).data.id
    wait(at, 300)
    const second = start(at).data.id
    const query = "?include_related=['most_recent_run','most_recent_completed_run']"
    const { data } = ask(at, 'GET', `${jobsPath(at)}${at.job}/${query}`)
    expect(data['most_recent_run']).toMatchObject({ id: second, status: 1 })
    expect(data['most_recent_completed_run']).toMatchObject({ id: first, status: 10 })
    expect(ask(at, 'GET', `${jobsPath(at)}${at.job}/`).data['most_recent_run']).toBeNull()
  })
})

// Runs: what becomes of them, and how they share the slots of the account.

import { describe, expect, test } from '@jest/globals'
import {
  addCredentials,
  addEnvironment,
  addJob,
  addProject,
  addToken,
  find
} from '../../sandbox/index.ts'
import {
  ask,
  look,
  moreJobs,
  order,
  runsPath,
  start,
  statusOf,
  stillWorld,
  wait
} from './runs-world.ts'
import { NOW, world } from '../../testing/worlds/small.ts'

describe('the states', () => {
  test('follow each other: queued, starting, running, success', () => {
    const at = stillWorld()
    const { id } = start(at).data
    const seen = [statusOf(at, id)]
    for (const seconds of [2, 10, 13]) {
      wait(at, seconds)
      seen.push(statusOf(at, id))
    }
    expect(seen).toEqual([1, 2, 3, 10])
    expect(look(at, id).data).toMatchObject({
      status_humanized: 'Success',
      is_complete: true,
      is_success: true,
      is_error: false,
      is_cancelled: false,
      in_progress: false,
      created_at: '2026-01-07 12:00:00.000000+00:00',
      dequeued_at: '2026-01-07 12:00:02.000000+00:00',
      started_at: '2026-01-07 12:00:12.000000+00:00',
      finished_at: '2026-01-07 12:00:25.000000+00:00',
      duration: '00:00:25',
      queued_duration: '00:00:12',
      run_duration: '00:00:13',
      duration_humanized: '25 seconds',
      finished_at_humanized: '0 minutes ago'
    })
  })

  test('are the same however the clock gets there', () => {
    const slow = stillWorld()
    const fast = stillWorld()
    start(slow)
    start(fast)
    for (let n = 0; n < 40; n += 1) wait(slow, 1)
    wait(fast, 40)
    expect(slow.state.runs).toEqual(fast.state.runs)
  })

  test('do not depend on how long anybody waits, only on looks', () => {
    const at = world()
    const { id } = start(at).data
    const later = { now: NOW + 3_600_000 }
    const path = runsPath(at, id)
    const seen = Array.from(
      { length: 4 },
      () => ask(at, 'GET', path, undefined, later).data['status']
    )
    expect(seen).toEqual([2, 3, 10, 10])
  })

  test('an order makes the n-th run of a job by name fail, with its log and its message', () => {
    const at = stillWorld()
    order(at, {
      job: 'Night*',
      nth: 2,
      outcome: 'error',
      message: 'It went wrong.',
      log: 'No such table'
    })
    const [first, second, third] = [start(at), start(at), start(at)].map(({ data }) => data.id)
    const other = start(at, {}, at.otherJob).data.id
    wait(at, 300)
    const statuses = [first, second, third, other].map((id) => statusOf(at, id!))
    expect(statuses).toEqual([10, 20, 10, 10])
    expect(look(at, second!).data).toMatchObject({
      status_humanized: 'Error',
      is_error: true,
      status_message: 'It went wrong.'
    })
    const steps = look(at, second!, '["run_steps"]').data['run_steps']
    expect(JSON.stringify(steps)).toContain('No such table')
  })

  test('an order for an id, for all runs, and one that the first hides', () => {
    const at = stillWorld()
    order(at, { job: at.job, outcome: 'cancelled', times: null })
    order(at, { outcome: 'error', times: null })
    const ids = [start(at), start(at), start(at, {}, at.otherJob)].map(({ data }) => data.id)
    wait(at, 300)
    expect(ids.map((id) => statusOf(at, id))).toEqual([30, 30, 20])
  })

  test('a run that hangs is cancelled after a day, in the platform’s words', () => {
    const at = stillWorld()
    order(at, { outcome: 'hang' })
    const { id } = start(at).data
    wait(at, 80_000)
    expect(statusOf(at, id)).toBe(3)
    wait(at, 10_000)
    expect(look(at, id).data).toMatchObject({
      status: 30,
      run_duration: '24:00:00',
      run_duration_humanized: '1 day',
      status_message:
        'This run timed out after running for 1 day, which exceeded the configured timeout of 86400 seconds.'
    })
  })

  test('a run that takes longer than the timeout of its job, or its own, is cancelled', () => {
    const at = stillWorld()
    const job = addJob(at.state, at.environment, { execution: { timeout_seconds: 5 } })
    const ids = [start(at, {}, job), start(at, { timeout_seconds_override: 6 })]
    wait(at, 300)
    for (const { data } of ids) expect(statusOf(at, data.id)).toBe(30)
  })

  test('an environment without credentials, a project without repository: the run fails before dbt', () => {
    const at = stillWorld()
    const bare = addEnvironment(at.state, at.project, { name: 'Bare' })
    const { id } = start(at, {}, addJob(at.state, bare)).data
    wait(at, 300)
    expect(statusOf(at, id)).toBe(20)
    expect(look(at, id).data).toMatchObject({ retry_not_supported_reason: 'RETRY_NO_RUN_RESULTS' })
    const project = addProject(at.state, at.account, { repository: null })
    const credentials_id = addCredentials(at.state, project)
    const environment = addEnvironment(at.state, project, { credentials_id })
    const other = start(at, {}, addJob(at.state, environment)).data.id
    wait(at, 300)
    expect(look(at, other, 'run_steps').data['run_steps']).toMatchObject([
      { name: 'Clone git repository', status: 20 },
      { status: 30 },
      { status: 30 },
      { status: 30 }
    ])
  })

  test('a failed run may be resumed while it is the latest of its job', () => {
    const at = stillWorld()
    order(at, { outcome: 'error', times: null })
    const { id } = start(at).data
    wait(at, 300)
    expect(look(at, id).data).toMatchObject({ can_retry: true, retry_not_supported_reason: null })
    start(at)
    expect(look(at, id).data).toMatchObject({ retry_not_supported_reason: 'RETRY_NOT_LATEST_RUN' })
  })

  test('failures are counted on the job until it runs well again', () => {
    const at = stillWorld()
    order(at, { outcome: 'error', times: 2 })
    const counts = [1, 2, 3].map(() => {
      start(at)
      wait(at, 300)
      return find(at.state.jobs, at.job)?.run_failure_count
    })
    expect(counts).toEqual([1, 2, 0])
  })
})

describe('slots', () => {
  test('runs wait in the queue while the slots of the account are taken', () => {
    const at = stillWorld()
    at.state.accounts = at.state.accounts.map((account) => ({ ...account, run_slots: 2 }))
    const ids = moreJobs(at, 4).map((job) => start(at, {}, job).data.id)
    wait(at, 12)
    expect(ids.map((id) => statusOf(at, id))).toEqual([3, 3, 1, 1])
    wait(at, 13)
    expect(ids.map((id) => statusOf(at, id))).toEqual([10, 10, 2, 2])
    wait(at, 60)
    expect(ids.map((id) => statusOf(at, id))).toEqual([10, 10, 10, 10])
  })

  test('runs of one job follow each other, and say what they wait for', () => {
    const at = stillWorld()
    const [first, second] = [start(at), start(at)].map(({ data }) => data.id)
    wait(at, 12)
    expect(look(at, second!).data).toMatchObject({ status: 1, blocked_by: [first] })
    wait(at, 13)
    expect(statusOf(at, first!)).toBe(10)
    expect(look(at, second!).data).toMatchObject({ status: 2, blocked_by: [] })
  })

  test('runs of CI jobs take no slot and run beside each other', () => {
    const at = stillWorld()
    at.state.accounts = at.state.accounts.map((account) => ({ ...account, run_slots: 1 }))
    const job = addJob(at.state, at.environment, { job_type: 'ci' })
    const ids = [start(at, {}, job), start(at), start(at, {}, job)].map(({ data }) => data.id)
    wait(at, 12)
    expect(ids.map((id) => statusOf(at, id))).toEqual([3, 3, 3])
  })

  test('the slots of one account are no other’s', () => {
    const at = stillWorld()
    at.state.accounts = at.state.accounts.map((account) => ({ ...account, run_slots: 1 }))
    const project = addProject(at.state, at.foreignAccount, {})
    const credentials_id = addCredentials(at.state, project)
    const foreign = addJob(at.state, addEnvironment(at.state, project, { credentials_id }))
    addToken(at.state, 'dbtc_foreign', at.foreignAccount)
    const { id } = start(at).data
    const path = `/api/v2/accounts/${at.foreignAccount}/jobs/${foreign}/run/`
    const other = ask(at, 'POST', path, { cause: 'c' }, { token: 'dbtc_foreign' }).data.id
    wait(at, 12)
    expect(at.state.runs.map((run) => [run.id, run.status])).toEqual([
      [id, 3],
      [other, 3]
    ])
    expect(statusOf(at, id)).toBe(3)
    expect(look(at, other).status).toBe(404)
  })
})

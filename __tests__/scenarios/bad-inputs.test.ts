// Inputs that can't be right: each ends red, with a reason, with all outputs set, and with nothing changed.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { BLOG, blog, startSandbox, type Sandbox } from '../../sandbox/index.ts'
import { pushEvent } from '../../testing/runner/actions.ts'
import { runAction, type Inputs } from '../../testing/runner/run-action.ts'
import { blogInputs, tables } from '../../testing/worlds/blog.ts'

let sandbox: Sandbox

// Nothing is ever changed here, so one sandbox does.
beforeAll(async () => {
  sandbox = await startSandbox({ seed: blog() })
})

afterAll(async () => {
  await sandbox.close()
})

const none = String(BLOG.job)

describe('before anything is sent', () => {
  it.each<[Inputs, string]>([
    [{ token: '' }, 'The input token is required and empty.'],
    [{ token: 'two words' }, 'The input token holds blanks'],
    [{ host: '' }, 'The input host is required and empty.'],
    [{ host: 'http://dbt.example.com' }, 'The input host is http'],
    [{ host: 'https://dbt.example.com/deploy/1' }, 'The input host holds the path'],
    [{ 'account-id': '' }, 'The input account-id is required and empty.'],
    [{ 'account-id': 'jaffle' }, 'The input account-id is no positive whole number.'],
    [{ 'account-id': '0' }, 'The input account-id is no positive whole number.'],
    [{ 'source-project': '' }, 'The input source-project is required and empty.'],
    [{ 'target-project': ' ' }, 'The input target-project is required and empty.'],
    [{ 'target-project': '0' }, 'The input target-project is no id of a project.'],
    [
      { 'target-project': String(BLOG.developmentProject) },
      'The inputs source-project and target-project name the same project.'
    ],
    [{ environments: '' }, 'The input environments is required and empty.'],
    [{ environments: '!dev-staging' }, 'The input environments is required and empty.'],
    [{ environments: 'id:x' }, 'The input environments holds a line that is no selector'],
    [{ jobs: '!' }, 'The input jobs holds the line "!"'],
    [{ 'environment-name': '{nmae}' }, 'The input environment-name holds {nmae}'],
    [{ 'job-name': '{1}' }, 'The input job-name holds {1}'],
    [{ 'credentials-id': 'mine' }, 'The input credentials-id is no positive whole number.'],
    [{ threads: '-4' }, 'The input threads is no positive whole number.'],
    [{ mode: 'dry-run' }, 'The input mode is none of auto, plan, apply, check.'],
    [{ parallelism: '0' }, 'The input parallelism is no whole number from 1 to 50.'],
    [{ 'deadline-minutes': '1000' }, 'The input deadline-minutes is no whole number from 1 to 360.']
  ])('%j', async (inputs, message) => {
    const before = tables(sandbox)
    const result = await runAction(blogInputs(sandbox, inputs), { sandbox })
    expect(result).toMatchObject({ ok: false, requests: [] })
    expect(result.error).toContain(message)
    expect(result.outputs).toMatchObject({
      'failure-reason': 'invalid-input',
      'has-changes': 'false',
      changed: 'false',
      'environment-id': '',
      'job-ids': '{}',
      jobs: '[]',
      created: '0',
      'plan-hash': '',
      requests: '0'
    })
    expect(tables(sandbox)).toEqual(before)
  })

  it('tells of the default branch that the event does not know', async () => {
    const event = { ...pushEvent, payload: {} }
    const inputs = blogInputs(sandbox, { 'custom-branch': '(default)' })
    const result = await runAction(inputs, { sandbox, event })
    expect(result.error).toContain('The input custom-branch asks for the default branch')
    expect(result.requests).toEqual([])
  })

  it('tells of everything at once, with remedies, and shows it in the summary too', async () => {
    const inputs = { host: '', 'account-id': 'x', environments: 'id:x', mode: 'x', threads: '0' }
    const result = await runAction(blogInputs(sandbox, { ...inputs, token: '' }), { sandbox })
    for (const name of ['token', ...Object.keys(inputs)]) {
      expect(result.error).toContain(`The input ${name} `)
      expect(result.summary).toContain(name)
    }
    expect(result.error.split('\n').length).toBe(7)
  })
})

describe('after a look at the projects', () => {
  it.each<[Inputs, string, string]>([
    [{ 'source-project': none }, 'not-found', 'Reading the source project'],
    [{ 'target-project': none }, 'not-found', 'Reading the target project'],
    [{ 'account-id': '999' }, 'not-found', 'Reading the source project'],
    [{ 'source-project': 'Nowhere' }, 'not-found', 'The account has no project "Nowhere"'],
    [{ 'target-project': 'development project' }, 'not-found', '"development project"'],
    [
      { 'target-project': 'Development project' },
      'plan-problems',
      'The inputs source-project and target-project name the same project.'
    ],
    [{ environments: 'dev-stagin' }, 'plan-problems', '"dev-staging"'],
    [{ environments: none }, 'plan-problems', `The selector "${none}" in environments`],
    [{ environments: 'Development' }, 'plan-problems', 'development environment'],
    [{ environments: '*\n!*' }, 'plan-problems', 'is left to promote'],
    [{ jobs: 'run-stagin' }, 'plan-problems', '"run-staging"']
  ])('%j: %s', async (inputs, reason, message) => {
    const before = tables(sandbox)
    const result = await runAction(blogInputs(sandbox, inputs), { sandbox })
    expect(result).toMatchObject({ ok: false, writes: [] })
    expect(result.error).toContain(message)
    expect(result.outputs).toMatchObject({
      'failure-reason': reason,
      changed: 'false',
      'environment-id': '',
      'job-id': ''
    })
    expect(tables(sandbox)).toEqual(before)
  })

  it('shows all problems of a plan at once', async () => {
    const inputs = { environments: 'dev-staging\nQA', jobs: 'run-staging\nWeekly' }
    const { error, summary } = await runAction(blogInputs(sandbox, inputs), { sandbox })
    for (const text of [error, summary]) {
      expect(text).toContain('QA')
      expect(text).toContain('Weekly')
    }
  })

  it('says that a plan file can not be written', async () => {
    const inputs = { 'plan-file': '/dev/null/plan.json', mode: 'plan' }
    const { ok, error, outputs } = await runAction(blogInputs(sandbox, inputs), { sandbox })
    expect(ok).toBe(false)
    expect(error).toContain('The plan could not be written to /dev/null/plan.json')
    expect(outputs).toMatchObject({ 'failure-reason': 'invalid-input', 'plan-path': '' })
  })
})

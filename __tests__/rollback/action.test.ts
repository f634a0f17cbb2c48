// A rollback as a user sees it: a promotion leaves a journal, and `rollback-from` undoes it.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import {
  addToken,
  BLOG,
  find,
  startSandbox,
  VARIABLES,
  variables,
  type Sandbox
} from '../../sandbox/index.ts'
import { pushEvent } from '../../testing/runner/actions.ts'
import { runAction, type ActionRun, type Inputs } from '../../testing/runner/run-action.ts'
import {
  blogWithJobs,
  editJob,
  manyJobsInputs,
  production,
  tables
} from '../../testing/worlds/blog.ts'

let sandbox: Sandbox

beforeEach(async () => {
  sandbox = await startSandbox({ seed: blogWithJobs('A', 'B') })
})

afterEach(async () => {
  await sandbox.close()
})

const promote = (more: Inputs = {}): Promise<ActionRun> =>
  runAction(manyJobsInputs(sandbox, more), { sandbox })

const journalOf = ({ outputs }: ActionRun): string => outputs['journal-path'] ?? ''

/** The inputs that a rollback needs, and no more. */
const needed = (journal: string, more: Inputs = {}): Inputs => ({
  'target-token': BLOG.token,
  host: sandbox.url,
  'account-id': String(BLOG.account),
  'rollback-from': journal,
  ...more
})

const undo = (
  journal: string,
  more: Inputs = {},
  event = 'workflow_dispatch'
): Promise<ActionRun> =>
  runAction(needed(journal, more), { sandbox, event: { ...pushEvent, name: event } })

/** Everything but moments. */
const held = (): unknown =>
  JSON.parse(JSON.stringify(tables(sandbox)).replaceAll(/"updated_at":"[^"]*"/g, '"updated_at":""'))

async function changed(): Promise<{ before: unknown; journal: string; run: ActionRun }> {
  await promote()
  for (const { id } of sandbox
    .state()
    .jobs.filter(({ project_id }) => project_id === BLOG.developmentProject))
    editJob(sandbox, id, {
      settings: { threads: 16, target_name: 'default' },
      generate_docs: false
    })
  const before = held()
  const run = await promote()
  return { before, journal: journalOf(run), run }
}

describe('the journal', () => {
  it('is named by the output, the log and the summary', async () => {
    const run = await promote()
    const journal = journalOf(run)
    expect(existsSync(journal)).toBe(true)
    expect(run.log).toContain(`Journal: ${journal}`)
    expect(run.summary).toContain('journal <code>')
  })

  it('is none where nothing is written', async () => {
    expect(journalOf(await promote({ mode: 'plan' }))).toBe('')
    await promote()
    const again = await promote()
    expect([journalOf(again), again.log.includes('Journal')]).toEqual(['', false])
    expect(journalOf(await promote({ mode: 'check' }))).toBe('')
  })

  it('is none where the first write failed', async () => {
    sandbox.addFault({
      method: 'POST',
      action: { kind: 'respond', status: 400, body: { detail: 'no' } }
    })
    const run = await promote({ parallelism: '1' })
    expect(run.outputs).toMatchObject({ changed: 'false', 'journal-path': '' })
  })
})

describe('a rollback', () => {
  it('puts everything back, without a look at the source', async () => {
    const { before, journal } = await changed()
    const run = await undo(journal)
    expect(run.error).toBe('')
    expect(held()).toEqual(before)
    expect(run.log).toContain('Rolled back: 3 jobs updated')
    expect(run.log).toContain('Undoing what came from project')
    expect(run.outputs).toMatchObject({ changed: 'true', updated: '3', failed: '0' })
    expect(existsSync(journalOf(run))).toBe(true)
    const paths = run.requests.map(({ path: sent, query }) => `${sent} ${JSON.stringify(query)}`)
    expect(paths.filter((each) => each.includes(String(BLOG.developmentProject)))).toEqual([])
  })

  it('writes nothing the second time', async () => {
    const { journal } = await changed()
    await undo(journal)
    expect(await undo(journal)).toMatchObject({
      ok: true,
      writes: [],
      outputs: { changed: 'false' }
    })
  })

  it('can be undone itself', async () => {
    const { journal } = await changed()
    const promoted = held()
    const undone = await undo(journal)
    await undo(journalOf(undone))
    expect(held()).toEqual(promoted)
  })

  it('plans on a pull request, in mode plan, and checks in mode check', async () => {
    const { journal } = await changed()
    const plan = await undo(journal, { mode: 'plan' })
    expect(plan).toMatchObject({
      ok: true,
      writes: [],
      outputs: { 'has-changes': 'true', updated: '3' }
    })
    expect(await undo(journal, {}, 'pull_request')).toMatchObject({ ok: true, writes: [] })
    const check = await undo(journal, { mode: 'check' })
    expect(check).toMatchObject({ ok: false, writes: [], outputs: { 'failure-reason': 'differs' } })
    expect((await undo(journal)).outputs['plan-hash']).toBe(plan.outputs['plan-hash'])
    expect((await undo(journal, { mode: 'check' })).ok).toBe(true)
  })

  it('shows the fields in the plan, and the marker where it alone goes back', async () => {
    const { journal } = await changed()
    const file = path.join(path.dirname(journal), 'plan.json')
    const { log, summary } = await undo(journal, { mode: 'plan', 'plan-file': file })
    expect(log).toContain('+ settings.threads: 4')
    expect(log).toContain('as before the promotion')
    expect(log).toMatch(/\+ description: "Promoted by dbt-promote from /)
    expect(summary).toContain('Undoes plan <code>')
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      undoes: expect.stringMatching(/^[0-9a-f]{64}$/)
    })
  })

  it('pauses what was made, and names it', async () => {
    const source = sandbox.state().jobs.find(({ name }) => name === 'A')
    editJob(sandbox, source?.id ?? 0, {
      triggers: {
        github_webhook: false,
        git_provider_webhook: false,
        schedule: true,
        on_merge: false
      }
    })
    const { outputs } = await promote()
    const run = await undo(outputs['journal-path'] ?? '')
    expect(run.outputs).toMatchObject({
      paused: '2',
      created: '0',
      'job-ids': '{"B":' + String(jobNamed('B')) + '}'
    })
    expect(production(sandbox).jobs.map(({ triggers }) => triggers.schedule)).toEqual([
      false,
      false,
      false
    ])
    expect(run.log).toContain(`Job ${String(jobNamed('A'))} "A" in "production–api-generated"`)
  })

  it('takes the inputs of the promotion along, without heed', async () => {
    const { before, journal } = await changed()
    const run = await undo(journal, {
      ...manyJobsInputs(sandbox, {
        environments: 'no such',
        threads: '99',
        secrets: 'DBT_ENV_SECRET_X: "a secret"'
      }),
      'target-project': String(BLOG.productionProject)
    })
    expect(run.error).toBe('')
    expect(held()).toEqual(before)
  })

  it('stops where the target changes between plan and apply', async () => {
    const { journal } = await changed()
    const { id } = production(sandbox).jobs[0]!
    let lists = 0
    await sandbox.close()
    const state = sandbox.state()
    sandbox = await startSandbox({
      seed: state,
      onRequest: ({ path: sent }) => {
        if (sent.endsWith('/jobs/') && ++lists === 1)
          editJob(sandbox, id, { settings: { threads: 5, target_name: 'x' } })
      }
    })
    writeFileSync(
      journal,
      readFileSync(journal, 'utf8').replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, sandbox.url)
    )
    const run = await undo(journal)
    expect(run).toMatchObject({
      ok: false,
      writes: [],
      outputs: { 'failure-reason': 'plan-changed' }
    })
  })

  it('stops at what was changed since', async () => {
    const { journal } = await changed()
    editJob(sandbox, production(sandbox).jobs[0]!.id, {
      settings: { threads: 5, target_name: 'default' }
    })
    const run = await undo(journal)
    expect(run).toMatchObject({
      ok: false,
      writes: [],
      outputs: { 'failure-reason': 'plan-problems' }
    })
    expect(run.error).toContain('settings.threads is 5, and the promotion wrote 16')
  })

  it('heeds protect and max-changes, of the inputs and of the config file', async () => {
    const { journal } = await changed()
    expect((await undo(journal, { protect: 'A' })).error).toContain('protected')
    expect((await undo(journal, { 'max-changes': '2' })).error).toContain('max-changes allows 2')
    const config = path.join(path.dirname(journal), 'promote.yml')
    writeFileSync(config, 'protect: [A]\n')
    expect((await undo(journal, { config })).error).toContain('protected')
  })
})

describe('a promotion that broke off', () => {
  it('is undone as far as it went', async () => {
    await promote()
    for (const name of ['A', 'B'])
      editJob(sandbox, sourceNamed(name), { settings: { threads: 16, target_name: 'default' } })
    const before = held()
    sandbox.addFault({
      method: 'POST',
      path: `/api/v2/accounts/${String(BLOG.account)}/jobs/*/`,
      nth: 2,
      action: { kind: 'respond', status: 400, body: { detail: 'no' } }
    })
    const broken = await promote({ parallelism: '1' })
    expect(broken.outputs).toMatchObject({ updated: '1', failed: '1' })
    const run = await undo(journalOf(broken))
    expect(run.error).toBe('')
    expect(run.outputs['updated']).toBe('1')
    expect(held()).toEqual(before)
  })
})

describe('what can not be a rollback', () => {
  it.each<[string, (journal: string) => Inputs, string]>([
    [
      'another host',
      () => ({ host: 'other.example.com' }),
      'and the inputs name host https://other.example.com as the target'
    ],
    [
      'another account',
      () => ({ 'target-account-id': '7' }),
      'The journal is of account 28885, and the inputs name account 7'
    ],
    [
      'another project',
      () => ({ 'target-project': '7' }),
      'and the inputs name project 7 as the target'
    ],
    [
      'no host',
      () => ({ host: '' }),
      'The input host is required and empty. A rollback needs host, account-id and a token.'
    ],
    ['no account', () => ({ 'account-id': '' }), 'The input account-id is required and empty.'],
    ['no token', () => ({ 'target-token': '' }), 'The input token is required and empty.'],
    ['no file', () => ({ 'rollback-from': 'nowhere.jsonl' }), 'ENOENT: no such file'],
    [
      'a bad max-changes',
      () => ({ 'max-changes': 'few' }),
      'The input max-changes is no whole number'
    ],
    ['a bad mode', () => ({ mode: 'undo' }), 'The input mode is none of']
  ])('is told before anything is asked: %s', async (_what, more, message) => {
    const { journal } = await changed()
    const run = await undo(journal, more(journal))
    expect(run.outputs['failure-reason']).toBe('invalid-input')
    expect(run.error).toContain(message)
    expect(run.requests).toEqual([])
  })

  it('is a journal of a project whose name is another', async () => {
    const { journal } = await changed()
    const run = await undo(journal, { 'target-project': 'Other' })
    expect(run.outputs['failure-reason']).toBe('plan-problems')
  })
})

it('shows no value and no secret, of variables and attributes neither', async () => {
  const seed = variables()
  addToken(seed, 'dbtc_rollback', VARIABLES.account)
  await sandbox.close()
  sandbox = await startSandbox({ seed })
  const inputs: Inputs = {
    token: VARIABLES.token,
    host: sandbox.url,
    'account-id': String(VARIABLES.account),
    'source-project': String(VARIABLES.sourceProject),
    'target-project': String(VARIABLES.targetProject),
    environments: '*',
    'credentials-id': String(VARIABLES.targetCredentials),
    resources: 'environments\njobs\nvariables\noverrides\nextended-attributes',
    secrets: VARIABLES.secrets.map((name) => `${name}: "zebra-${name}-given"`).join('\n'),
    mode: 'apply'
  }
  // runAction looks for all values that the platform holds in everything that is told.
  const first = await runAction(inputs, { sandbox })
  expect(first.error).toBe('')
  const journal = readFileSync(journalOf(first), 'utf8')
  expect(journal).not.toContain('zebra-')
  expect(journal).not.toContain(VARIABLES.token)
  const run = await runAction({ ...inputs, 'rollback-from': journalOf(first) }, { sandbox })
  expect(run.error).toBe('')
})

const jobNamed = (name: string): number =>
  production(sandbox).jobs.find((job) => job.name === name)?.id ?? 0

const sourceNamed = (name: string): number =>
  find(
    sandbox.state().jobs,
    sandbox
      .state()
      .jobs.find((job) => job.name === name && job.project_id === BLOG.developmentProject)?.id ?? 0
  )?.id ?? 0

// `npm run demo`: the action promotes dbt's own example, from a pull request to a merge to a second merge, against the
// sandbox. It shows what a user would see and fails when anything is not as it should be.
import { BLOG, blog, startSandbox, type LoggedRequest } from '../sandbox/index.ts'
import { startGitHub } from '../e2e/github/server.ts'
import { addPullRequest, emptyGitHub, merge } from '../e2e/github/state.ts'
import { headerOf } from '../src/report/comment-header.ts'
import { assertOfficial } from '../testing/official/sandbox-check.ts'
import { logLines } from './demo/log.ts'
import { markdownLines } from './demo/markdown.ts'
import { compareEnvironments, compareJobs, heldBy, type Comparison } from './demo/platform.ts'
import {
  mergeCommit,
  nodeVersion,
  pullRequest,
  runAction,
  type ActionRun,
  type EventName
} from './demo/run-action.ts'
import { columns, paint, wrap } from './demo/terminal.ts'

const source = { project: BLOG.developmentProject, environment: 'dev-staging', job: 'run-staging' }
const target = {
  project: BLOG.productionProject,
  environment: 'production–api-generated',
  job: 'production-run–api-generated'
}

const sandbox = await startSandbox({ seed: blog() })
const github = await startGitHub({ ...emptyGitHub(), owner: 'jaffle-shop' })
addPullRequest(github.state, pullRequest)
const inputs = {
  token: BLOG.token,
  host: sandbox.url,
  'account-id': String(BLOG.account),
  'source-project': String(source.project),
  'target-project': String(target.project),
  environments: source.environment,
  jobs: source.job,
  'environment-name': target.environment,
  'job-name': target.job,
  'custom-branch': 'main',
  'credentials-id': String(BLOG.productionCredentials),
  'reviewed-plan': 'comment'
}
const expectations: { readonly what: string; readonly holds: boolean }[] = []

try {
  await intro()
  await demo()
  conclude()
} catch (error) {
  line()
  line(paint('red', error instanceof Error ? error.message : String(error)))
  process.exitCode = 1
} finally {
  await Promise.all([sandbox.close(), github.close()])
}

async function demo(): Promise<void> {
  const before = sandbox.state()
  heading('The target before')
  const empty = heldBy(before, target.project)
  say(countsOf(empty))
  expect('the target was empty', empty.environments.length + empty.jobs.length === 0)

  heading('A pull request is opened: the action plans')
  const plan = await run('pull_request')
  logLines(plan.run.log).forEach(say)
  say(requestsText(plan.requests))
  subheading('Comment on the pull request, for review')
  commentLines().forEach(say)
  expect(
    'the comment on the pull request holds the plan',
    stateOfComment() === `planned ${plan.run.outputs['plan-hash'] ?? ''}`
  )
  expect('the plan wrote nothing', plan.run.exitCode === 0 && writesIn(plan.requests) === 0)
  expect('the plan found 2 objects to create', plan.run.outputs['created'] === '2')

  heading('It is merged to main: the action applies the plan that was reviewed')
  merge(github.state, pullRequest, mergeCommit)
  const apply = await run('push')
  logLines(apply.run.log, plan.run.log).forEach(say)
  say(requestsText(apply.requests))
  subheading('Job summary')
  markdownLines(apply.run.summary).forEach(say)
  subheading('Outputs, for later steps')
  outputLines(apply.run.outputs).forEach(say)

  heading('The target after')
  const after = heldBy(sandbox.state(), target.project)
  say(countsOf(after))
  const [environment] = after.environments
  const [job] = after.jobs
  const from = heldBy(before, source.project)
  const fromEnvironment = from.environments.find(({ name }) => name === source.environment)
  const fromJob = from.jobs.find(({ name }) => name === source.job)
  if (environment && fromEnvironment)
    comparison('Environment', compareEnvironments(fromEnvironment, environment))
  if (job && fromJob) comparison('Job', compareJobs(fromJob, job))
  expect(
    'exactly one environment and one job are new, with the names and the branch asked for',
    apply.run.exitCode === 0 &&
      writesIn(apply.requests) === 2 &&
      after.environments.length === 1 &&
      after.jobs.length === 1 &&
      environment?.name === target.environment &&
      environment.custom_branch === 'main' &&
      environment.credentials_id === BLOG.productionCredentials &&
      job?.name === target.job &&
      job.environment_id === environment.id
  )
  expect(
    'the outputs hold their ids',
    apply.run.outputs['environment-id'] === String(environment?.id) &&
      apply.run.outputs['job-id'] === String(job?.id)
  )
  expect(
    'the comment tells that it is applied',
    stateOfComment() === `applied ${plan.run.outputs['plan-hash'] ?? ''}`
  )
  expect(
    'the source is as it was',
    JSON.stringify(from) === JSON.stringify(heldBy(sandbox.state(), source.project))
  )

  heading('The next merge: nothing has changed')
  const settled = JSON.stringify(sandbox.state())
  const again = await run('push')
  logLines(again.run.log).forEach(say)
  say(requestsText(again.requests))
  expect(
    'the second apply wrote nothing',
    again.run.exitCode === 0 &&
      writesIn(again.requests) === 0 &&
      JSON.stringify(sandbox.state()) === settled
  )
}

async function run(event: EventName): Promise<{ run: ActionRun; requests: LoggedRequest[] }> {
  sandbox.clearRequests()
  const done = await runAction(event, inputs, github)
  const requests = [...sandbox.requests()]
  // Held against the official specifications where they are at hand, as in every test.
  assertOfficial(requests)
  return { run: done, requests }
}

/** The comment up to the folded details, which the summary shows too. */
function commentLines(): readonly string[] {
  const [body = ''] = github.state.comments.map((each) => each.body)
  return markdownLines(body.slice(body.indexOf('\n') + 1, body.indexOf('<details')))
}

function stateOfComment(): string {
  const headers = github.state.comments.flatMap(({ body }) => headerOf(body) ?? [])
  return headers.map(({ header: { state, plan } }) => `${state} ${plan?.hash ?? ''}`).join(', ')
}

async function intro(): Promise<void> {
  line(paint('bold', 'dbt-promote'))
  line()
  line('The example of dbt’s own walk-through of its API: one environment and one job go from a')
  line(
    'development project to a production project. The platform is a sandbox on this machine; the'
  )
  line(`action is dist/index.js, run under Node ${await nodeVersion()} as GitHub runs it.`)
  line()
  const rows = [
    ['', 'Development project', '', 'Production project'],
    ['project', String(source.project), '→', String(target.project)],
    ['environment', source.environment, '→', `${target.environment}, on branch main`],
    ['job', source.job, '→', target.job]
  ]
  columns(rows.map(([name = '', ...cells]) => [paint('dim', name), ...cells])).forEach(say)
}

function outputLines(outputs: Readonly<Record<string, string>>): readonly string[] {
  const rows = Object.entries(outputs).flatMap(([name, value]) => {
    const [first = '', ...more] = value === '' ? [paint('dim', '(empty)')] : wrap(value, 72)
    return [[name, first], ...more.map((text) => ['', text])]
  })
  return columns(rows)
}

function comparison(title: string, rows: readonly Comparison[]): void {
  say('')
  const head = ['', title, 'source', 'target'].map((cell) => paint('dim', cell))
  const body = rows.map(([field, before, after]) =>
    before === after
      ? ['', field, before, after]
      : [paint('yellow', '~'), field, before, paint('bold', after)]
  )
  columns([head, ...body]).forEach(say)
}

function countsOf(held: ReturnType<typeof heldBy>): string {
  const count = (items: readonly unknown[], kind: string): string =>
    `${items.length} ${kind}${items.length === 1 ? '' : 's'}`
  return `${count(held.environments, 'environment')}, ${count(held.jobs, 'job')}`
}

function writesIn(requests: readonly LoggedRequest[]): number {
  return requests.filter(({ method }) => method !== 'GET').length
}

function requestsText(requests: readonly LoggedRequest[]): string {
  const writes = writesIn(requests)
  return paint('dim', `→ ${requests.length - writes} reads, ${writes} writes`)
}

function expect(what: string, holds: boolean): void {
  expectations.push({ what, holds })
}

function conclude(): void {
  heading('In short')
  for (const { what, holds } of expectations) {
    say(holds ? `${paint('green', '✓')} ${what}` : `${paint('red', '✗')} ${paint('red', what)}`)
  }
  if (expectations.every(({ holds }) => holds)) return
  line()
  line(paint('red', 'The demo did not go as it should.'))
  process.exitCode = 1
}

function heading(title: string): void {
  line()
  line(paint('bold', `── ${title} ${'─'.repeat(Math.max(0, 92 - title.length))}`))
  line()
}

function subheading(title: string): void {
  line()
  say(paint('dim', title))
  say('')
}

function say(text: string): void {
  line(`  ${text}`.trimEnd())
}

function line(text = ''): void {
  process.stdout.write(`${text}\n`)
}

// Runs a workflow file on this machine, against the sandbox, as GitHub would for each of the events given:
//
//   npx tsx scripts/workflow.ts examples/promote.yml pull_request push push
//
// This repository stands in for the published action, the sandbox for the host, and its tokens for all secrets. A
// stand-in for GitHub has one pull request, which a push merges.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { runnable } from '../e2e/example.ts'
import { startGitHub } from '../e2e/github/server.ts'
import { addPullRequest, emptyGitHub, merge, workflowToken } from '../e2e/github/state.ts'
import { runWorkflow, type WorkflowResult } from '../e2e/run-workflow.ts'
import { BLOG, blog, startSandbox } from '../sandbox/index.ts'
import { logLines } from './demo/log.ts'
import { markdownLines } from './demo/markdown.ts'
import { paint } from './demo/terminal.ts'

const [file = '', ...events] = process.argv.slice(2)
if (file === '') {
  console.error('Usage: npx tsx scripts/workflow.ts FILE [EVENT ...]')
  process.exit(2)
}

const root = join(import.meta.dirname, '..')
const scratch = mkdtempSync(join(tmpdir(), 'workflow-'))
const workspace = join(scratch, 'workspace')
const pullRequest = 1
const sha = 'c0ffee'.padEnd(40, '0')
let runs = 0
const sandbox = await startSandbox({ seed: blog() })
const github = await startGitHub(emptyGitHub())
addPullRequest(github.state, pullRequest)
try {
  mkdirSync(workspace)
  for (const part of ['action.yml', 'dist']) {
    cpSync(join(root, part), join(workspace, part), { recursive: true })
  }
  for (const event of events.length === 0 ? ['push'] : events) await runOnce(event)
} finally {
  await Promise.all([sandbox.close(), github.close()])
  rmSync(scratch, { recursive: true })
}

async function runOnce(event: string): Promise<void> {
  const text = readFileSync(file, 'utf8')
  const local = join(scratch, basename(file))
  writeFileSync(local, runnable(text, sandbox.url))
  sandbox.clearRequests()
  if (event === 'push') merge(github.state, pullRequest, sha)
  const isProposal = event.startsWith('pull_request')
  const result = await runWorkflow({
    file: local,
    workspace,
    secrets: Object.fromEntries(secretNames(text).map((name) => [name, BLOG.token])),
    vars: { DBT_HOST: sandbox.url },
    github: {
      repository: `${github.state.owner}/${github.state.name}`,
      event_name: event,
      event: {
        ...(event === 'release' ? { action: 'published' } : {}),
        repository: { default_branch: 'main' },
        ...(isProposal ? { pull_request: { number: pullRequest } } : {})
      },
      sha,
      run_id: String(++runs),
      ref: isProposal ? `refs/pull/${String(pullRequest)}/merge` : 'refs/heads/main',
      token: workflowToken,
      api_url: github.url
    }
  })
  console.log(paint('bold', `\n${event}: ${result.status}`))
  for (const line of transcript(result)) console.log(line)
  const writes = sandbox.requests().filter(({ method }) => method !== 'GET')
  console.log(paint('dim', `${writes.length} writes`))
  for (const { body } of github.state.comments) {
    console.log(paint('bold', '\nThe comment on the pull request'))
    for (const line of markdownLines(body)) console.log(line)
  }
}

function secretNames(workflow: string): string[] {
  return [...workflow.matchAll(/secrets\.(\w+)/g)].map(([, name = '']) => name)
}

function transcript(result: WorkflowResult): string[] {
  return Object.values(result.jobs).flatMap((job) => [
    `\n${job.id}: ${job.status}`,
    ...job.steps.flatMap((step) => [
      `  ${step.name}: ${step.outcome}`,
      ...logLines(step.log).map((line) => `    ${line}`)
    ])
  ])
}

// A workflow that promotes, keeps the journal, plans the rollback, and rolls back, with the bundle as GitHub runs it.
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { runWorkflow, stepOf, transcript } from '../../e2e/run-workflow.ts'
import { BLOG, blog, startSandbox } from '../../sandbox/index.ts'

const repository = join(import.meta.dirname, '../..')

it('undoes what it did, and nothing the second time', async () => {
  const workspace = mkdtempSync(join(tmpdir(), 'rollback-test-'))
  const sandbox = await startSandbox({ seed: blog() })
  try {
    for (const path of ['action.yml', 'dist'])
      cpSync(join(repository, path), join(workspace, path), { recursive: true })
    const result = await runWorkflow({
      file: join(repository, 'e2e/rollback.yml'),
      workspace,
      secrets: { DBT_TOKEN: BLOG.token },
      vars: { DBT_HOST: sandbox.url },
      github: { event_name: 'push' }
    })
    if (result.status !== 'success') throw new Error(transcript(result))
    expect(result.jobs['promote']?.outputs).toEqual({ planned: '1', paused: '1', again: 'false' })
    const [job] = sandbox.state().jobs.filter((each) => each.project_id === BLOG.productionProject)
    expect(job).toMatchObject({ name: 'run-staging', triggers: { schedule: false } })
    const { summary } = stepOf(result, 'promote', 'undo')
    expect(summary).toContain('Rolled back: 1 job paused')
    expect(summary).toContain(String(job?.id))
  } finally {
    await sandbox.close()
    rmSync(workspace, { recursive: true })
  }
})

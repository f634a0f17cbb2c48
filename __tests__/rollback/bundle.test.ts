// The committed bundle: promote, be killed half-way, and roll back from what is left.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { expect, it } from '@jest/globals'
import { BLOG, startSandbox } from '../../sandbox/index.ts'
import { runToEnd, startBundle } from '../../testing/faults/process.ts'
import { runBundle } from '../../testing/runner/bundle.ts'
import { blogWithJobs, editJob, manyJobsInputs, tables } from '../../testing/worlds/blog.ts'

const names = ['A', 'B', 'C', 'D', 'E', 'F']

it('leaves a journal where it is killed between two writes, from which all is undone', async () => {
  let writes = 0
  let kill: (() => void) | undefined
  const sandbox = await startSandbox({
    seed: blogWithJobs(...names),
    latencyMs: 15,
    onRequest: ({ method }) => {
      if (method !== 'GET' && ++writes === 3) kill?.()
    }
  })
  try {
    const inputs = manyJobsInputs(sandbox, { parallelism: '1' })
    expect((await runToEnd(inputs)).exitCode).toBe(0)
    const sources = sandbox.state().jobs.filter((job) => job.project_id === BLOG.developmentProject)
    for (const { id } of sources)
      editJob(sandbox, id, { settings: { threads: 16, target_name: 'default' } })
    const held = (): string =>
      JSON.stringify(tables(sandbox)).replaceAll(/"updated_at":"[^"]*"/g, '')
    const before = held()
    writes = 0
    const { child, left } = await startBundle(inputs)
    kill = () => child.kill('SIGKILL')
    const killed = await left
    kill = undefined
    expect(killed.exitCode).toBeNull()
    // What had been sent is still carried out.
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(held()).not.toBe(before)

    const journal = killed.outputs['journal-path'] ?? ''
    expect(existsSync(journal)).toBe(true)
    expect(statSync(journal).mode & 0o777).toBe(0o600)
    expect(readFileSync(journal, 'utf8')).not.toContain(BLOG.token)
    const undo = {
      token: BLOG.token,
      host: sandbox.url,
      'account-id': String(BLOG.account),
      'rollback-from': journal
    }
    const undone = await runBundle(undo, { sandbox })
    expect(undone).toMatchObject({ exitCode: 0, outputs: { updated: '3', 'failure-reason': '' } })
    expect(held()).toBe(before)
    const again = await runBundle(undo, { sandbox })
    expect(again).toMatchObject({ exitCode: 0, writes: [], outputs: { changed: 'false' } })
  } finally {
    await sandbox.close()
  }
})

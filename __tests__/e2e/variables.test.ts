// Secrets of GitHub on their way through a workflow file, an input in YAML and the bundle to the platform, to the letter.
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { runWorkflow, transcript } from '../../e2e/run-workflow.ts'
import { startSandbox, VARIABLES, variables } from '../../sandbox/index.ts'
import { stored } from '../../testing/worlds/variables.ts'

const repository = join(import.meta.dirname, '../..')

// What YAML would make something else of.
const secrets = {
  ZERO: 'a #comment: {or} "not"',
  ZERO_OF_DEV: '-----BEGIN KEY-----\nline one\n  line two\n-----END KEY-----\n',
  ONE: '{"user": "bob", "password": "hunter2"}',
  TWO: '*anchored & <<merged',
  THREE: '  blanks at both ends  ',
  FOUR: "quote's \\ and ${{ expression }}"
}

it('arrive as they are', async () => {
  const workspace = mkdtempSync(join(tmpdir(), 'variables-test-'))
  const sandbox = await startSandbox({ seed: variables() })
  try {
    for (const path of ['action.yml', 'dist'])
      cpSync(join(repository, path), join(workspace, path), { recursive: true })
    const run = () =>
      runWorkflow({
        file: join(repository, 'e2e/variables.yml'),
        workspace,
        secrets: { DBT_TOKEN: VARIABLES.token, ...secrets },
        vars: { DBT_HOST: sandbox.url },
        github: { event_name: 'push' }
      })
    const first = await run()
    if (first.status !== 'success') throw new Error(transcript(first))
    expect(stored(sandbox.state(), VARIABLES.targetProject)).toMatchObject({
      DBT_ENV_SECRET_0: { project: secrets.ZERO, dev: secrets.ZERO_OF_DEV },
      DBT_ENV_SECRET_1: { project: secrets.ONE, 'job Backfill / EU': secrets.ONE },
      DBT_ENV_SECRET_2: { project: secrets.TWO },
      DBT_ENV_SECRET_3: { project: secrets.THREE },
      DBT_ENV_SECRET_4: { project: secrets.FOUR }
    })
    expect(first.jobs['promote']?.outputs).toEqual({
      changed: 'true',
      nightly: expect.stringMatching(/^\d+$/)
    })
    // What the runner repeats of the inputs, GitHub masks in its quoted form too; this one does not.
    const log = transcript(first)
    const own = log.slice(log.indexOf('From project'))
    for (const part of ['hunter2', '#comment', 'line two', 'anchored', 'both ends', "quote's"])
      expect(own).not.toContain(part)

    const second = await run()
    expect(second.jobs['promote']?.outputs['changed']).toBe('false')
  } finally {
    await sandbox.close()
    rmSync(workspace, { recursive: true })
  }
})

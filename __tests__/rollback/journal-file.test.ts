// The file of a journal: where it is, who may read it, and what is in it when.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { openJournal } from '../../src/apply/journal-file.ts'
import { Failure } from '../../src/model/failure.ts'
import { applyPlan } from '../../src/apply/apply.ts'
import { inputs, platform, Platform, ids } from '../../testing/worlds/two-projects.ts'

const before = process.env['RUNNER_TEMP']
let folder: string

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'journal-test-'))
  process.env['RUNNER_TEMP'] = folder
})

afterEach(() => {
  process.env['RUNNER_TEMP'] = before
  rmSync(folder, { recursive: true })
})

async function planned(): Promise<{
  all: Platform
  plan: Awaited<ReturnType<Platform['plan']>>
  target: Awaited<ReturnType<Platform['snapshots']>>['target']
}> {
  const all = new Platform(platform())
  return { all, plan: await all.plan(inputs()), target: (await all.snapshots(inputs())).target }
}

it('is in a folder of its own below the temporary ones, for nobody else to read', async () => {
  const { plan, target } = await planned()
  const [one, other] = [openJournal(plan, target), openJournal(plan, target)]
  expect(path.dirname(path.dirname(one.path))).toBe(folder)
  expect(path.dirname(one.path)).not.toBe(path.dirname(other.path))
  expect(statSync(one.path).mode & 0o777).toBe(0o600)
  expect(statSync(path.dirname(one.path)).mode & 0o777).toBe(0o700)
  // Nothing is left of how it came to be whole.
  expect(readdirSync(path.dirname(one.path))).toEqual(['journal.jsonl'])
  expect(readFileSync(one.path, 'utf8')).toBe(readFileSync(other.path, 'utf8'))
  one.close()
  other.close()
})

it('is in the folder of the system where the runner names none', async () => {
  const { plan, target } = await planned()
  process.env['RUNNER_TEMP'] = ''
  const journal = openJournal(plan, target)
  expect(path.dirname(path.dirname(journal.path))).toBe(tmpdir())
  journal.close()
  rmSync(path.dirname(journal.path), { recursive: true })
})

it('stops the run before its first write where it can not be written', async () => {
  const { plan, target } = await planned()
  const file = path.join(folder, 'file')
  writeFileSync(file, '')
  process.env['RUNNER_TEMP'] = file
  expect(() => openJournal(plan, target)).toThrow(Failure)
  expect(() => openJournal(plan, target)).toThrow(/^The journal could not be written: .*ENOTDIR/)
})

it('holds what is planned before the first write, what is sent before it is, and grows by what comes of it', async () => {
  const { all, plan, target } = await planned()
  const journal = openJournal(plan, target)
  const lines = (): number => readFileSync(journal.path, 'utf8').split('\n').length - 1
  const seen: number[] = [lines()]
  const client = all.client('target', ids.account)
  const watched = {
    ...client,
    send: (...sent: Parameters<typeof client.send>) => {
      seen.push(lines())
      return client.send(...sent)
    }
  }
  await applyPlan(plan, target, watched, {
    parallelism: 1,
    secrets: new Map(),
    onProgress: () => undefined,
    sleep: () => Promise.resolve(),
    journal
  })
  journal.close()
  expect(seen).toEqual([4, 5, 7, 9])
  expect(lines()).toBe(10)
})

it('lets nothing be sent that it could not note', async () => {
  const { all, plan, target } = await planned()
  const journal = openJournal(plan, target)
  journal.close()
  const outcomes = await applyPlan(plan, target, all.client('target', ids.account), {
    parallelism: 1,
    secrets: new Map(),
    onProgress: () => undefined,
    sleep: () => Promise.resolve(),
    journal
  })
  expect(outcomes.map(({ status }) => status)).toEqual(['failed', 'not-attempted', 'not-attempted'])
  expect(outcomes[0]?.error?.message).toMatch(/^The journal could not be written: .*EBADF/)
  expect(all.environments()).toEqual([])
})

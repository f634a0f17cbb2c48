// Files that the user names are read and written in the workspace and the runner's temporary folder, by their real paths.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import {
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  symlink,
  writeFile
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { readConfig } from '../../src/inputs/read-config.ts'
import { readJournal } from '../../src/inputs/read-journal.ts'
import { readablePath, writeOwnFile } from '../../src/github/workspace.ts'

const kept = { ...process.env }
let root: string
const at = (...parts: readonly string[]): string => path.join(root, ...parts)

beforeEach(async () => {
  root = await realpath(await mkdtemp(path.join(tmpdir(), 'places-')))
  for (const folder of ['work', 'temp', 'out']) await mkdir(at(folder))
  for (const file of ['work/a.yml', 'temp/a.yml', 'out/a.yml']) await writeFile(at(file), 'ours')
  process.env['GITHUB_WORKSPACE'] = at('work')
  process.env['RUNNER_TEMP'] = at('temp')
})

afterEach(async () => {
  process.env = { ...kept }
  await rm(root, { recursive: true })
})

const why = (done: Promise<unknown>): Promise<string> =>
  done.then(
    () => '',
    (error: unknown) => (error instanceof Error ? error.message : String(error))
  )
const write = (file: string, others: readonly string[] = []): Promise<string> =>
  why(writeOwnFile(file, 'new', (text) => text === 'ours', others))

describe('a file to read', () => {
  it('is in the workspace or the temporary folder, links within them included', async () => {
    await symlink(at('work/a.yml'), at('work/link.yml'))
    await symlink(at('work'), at('temp/folder'))
    for (const file of [
      'work/a.yml',
      'temp/a.yml',
      'work/link.yml',
      'temp/folder/a.yml',
      'out/../work/a.yml'
    ])
      expect(await readablePath(at(file))).toMatch(/(work|temp)\/a\.yml$/)
  })

  it('is nothing else', async () => {
    await symlink(at('out/a.yml'), at('work/link.yml'))
    await symlink(at('out'), at('work/folder'))
    await symlink(at('gone'), at('work/dangling'))
    await mkdir(at('workshop'))
    await writeFile(at('workshop/a.yml'), '')
    for (const [file, reason] of [
      ['out/a.yml', 'is neither in the workspace nor in'],
      ['workshop/a.yml', 'is neither in the workspace nor in'],
      ['work/../out/a.yml', 'is neither in the workspace nor in'],
      ['work/link.yml', 'leads through a link out of the workspace'],
      ['work/folder/a.yml', 'leads through a link out of the workspace'],
      ['work/dangling', 'is a link that leads nowhere'],
      ['work/none', 'no such file'],
      ['work', 'is neither in'],
      ['temp/', 'is neither in']
    ] as const)
      expect([file, await why(readablePath(at(file)))]).toEqual([
        file,
        expect.stringContaining(reason)
      ])
    await mkdir(at('work/sub'))
    expect(await why(readablePath(at('work/sub')))).toContain('is not a file')
  })

  it('is config and journal alike', async () => {
    await symlink(at('out/a.yml'), at('work/link.yml'))
    for (const { problems } of [
      await readConfig(at('work/link.yml')),
      await readJournal(at('work/link.yml'))
    ])
      expect(problems).toMatchObject([{ message: expect.stringContaining('leads through a link') }])
  })
})

describe('a file to write', () => {
  it('is new, in folders that are made, or its own of before', async () => {
    for (const file of ['work/new.json', 'temp/x/y/new.json', 'work/a.yml']) {
      expect(await write(at(file))).toBe('')
      expect(await readFile(at(file), 'utf8')).toBe('new')
    }
    expect(await readdir(at('work'))).toEqual(['a.yml', 'new.json'])
  })

  it('is nothing else, and then all stays as it was', async () => {
    await symlink(at('out'), at('work/folder'))
    await symlink(at('out/new.json'), at('work/dangling'))
    await symlink(at('gone'), at('work/nowhere'))
    await symlink(at('work/a.yml'), at('work/inner'))
    await mkdir(at('work/sub'))
    await writeFile(at('work/dbt_project.yml'), 'name: jaffle')
    await writeFile(at('work/empty'), '')
    for (const [file, reason] of [
      ['out/new.json', 'is neither in the workspace nor in'],
      ['work/../out/new.json', 'is neither in'],
      ['work/folder/new.json', 'leads through a link out of the workspace'],
      ['work/folder/sub/new.json', 'leads through a link out of the workspace'],
      ['work/dangling', 'is a link, and links are not written through'],
      ['work/inner', 'is a link, and links are not written through'],
      ['work/nowhere/new.json', 'is a link that leads nowhere'],
      ['work/sub', 'is a folder'],
      ['work/dbt_project.yml', 'holds something else, which is not overwritten'],
      ['work/empty', 'holds something else, which is not overwritten']
    ] as const)
      expect([file, await write(at(file))]).toEqual([file, expect.stringContaining(reason)])
    expect(await readdir(at('out'))).toEqual(['a.yml'])
    expect(await readFile(at('work/dbt_project.yml'), 'utf8')).toBe('name: jaffle')
    expect((await readdir(at('work'))).filter((name) => name.endsWith('.new'))).toEqual([])
  })

  it('leaves the other name of a file alone', async () => {
    await link(at('out/a.yml'), at('work/hard.yml'))
    expect(await write(at('work/hard.yml'))).toBe('')
    expect(await readFile(at('out/a.yml'), 'utf8')).toBe('ours')
  })

  it('is none that the run reads, whether or not it is there', async () => {
    await symlink(at('work/a.yml'), at('work/link.yml'))
    for (const other of ['work/a.yml', 'work/sub/../a.yml', 'work/link.yml'])
      expect(await write(at('work/a.yml'), [at(other)])).toContain('is a file that this run reads')
    expect(await write(at('work/b.yml'), [at('work/b.yml')])).toContain('that this run reads')
  })
})

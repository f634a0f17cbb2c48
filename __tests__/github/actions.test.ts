// What is printed: commands where GitHub's runner reads them, and plain text, without a secret, everywhere else.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { runnerActions } from '../../src/github/actions.ts'

const secret = 'dbtc_5ecret'
const before = { ...process.env }
const exitCode = process.exitCode
let printed: string

beforeEach(() => {
  printed = ''
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text)
    return true
  })
})

afterEach(() => {
  jest.restoreAllMocks()
  process.env = { ...before }
  process.exitCode = exitCode
})

/** Says everything that can be said. */
function sayAll(env: Readonly<Record<string, string>>): void {
  process.env = { ...env }
  const actions = runnerActions()
  actions.mask(secret)
  actions.mask('short')
  actions.info(`line with ${secret}`)
  actions.notice('noted')
  actions.warning(`warned of ${secret}`)
  actions.error('wrong', { file: 'promote.yml', line: 4, column: 1 })
  actions.group('group', ['a', `b ${secret} short shortest`])
  actions.setOutput('job-id', '7')
  actions.fail(`failed\nwith ${secret}`)
}

it('tells an input that is named and empty from one that nobody named', () => {
  for (const [env, hash] of [
    [{}, 'any'],
    [{ 'INPUT_EXPECTED-PLAN-HASH': '' }, ''],
    [{ 'INPUT_EXPECTED-PLAN-HASH': 'any' }, 'any']
  ] as const) {
    process.env = { ...env }
    expect(runnerActions().input('expected-plan-hash')).toBe(hash)
  }
})

describe('outside of GitHub Actions', () => {
  it.each([[{}], [{ GITHUB_ACTIONS: '' }], [{ GITHUB_ACTIONS: 'false' }]])(
    'no command is printed, and no secret: %j',
    (env) => {
      sayAll(env)
      expect(process.exitCode).toBe(1)
      expect(printed.split('\n')).toEqual([
        'line with ***',
        'Note: noted',
        'Warning: warned of ***',
        'Error: promote.yml:4:1: wrong',
        'group',
        '  a',
        '  b *** *** shortest',
        'job-id=7',
        'Error: failed',
        'with ***',
        ''
      ])
    }
  )

  it('outputs go to their file where there is one', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'actions-'))
    try {
      const file = path.join(folder, 'output')
      writeFileSync(file, '')
      sayAll({ GITHUB_OUTPUT: file })
      expect(readFileSync(file, 'utf8')).toMatch(/^job-id<</)
      expect(printed).not.toContain('job-id')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

it('a file in the workspace is annotated by its path in the repository', () => {
  const at = (file: string, workspace: string): string | undefined => {
    printed = ''
    process.env = { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: workspace }
    runnerActions().fail('wrong', { file, line: 2, column: 3 })
    return /^::error file=(.*),line=2,col=3::wrong\n$/.exec(printed)?.[1]
  }
  expect([
    at('.github/promote.yml', process.cwd()),
    at('./.github/promote.yml', process.cwd()),
    at(path.resolve('.github/promote.yml'), process.cwd()),
    at('/elsewhere/promote.yml', process.cwd()),
    at('.github/promote.yml', '')
  ]).toEqual([
    '.github/promote.yml',
    '.github/promote.yml',
    '.github/promote.yml',
    '/elsewhere/promote.yml',
    '.github/promote.yml'
  ])
})

it('GitHub’s runner gets commands, the mask first', () => {
  sayAll({ GITHUB_ACTIONS: 'true' })
  expect(printed.split('\n').filter((line) => line.startsWith('::'))).toEqual([
    `::add-mask::${secret}`,
    '::add-mask::short',
    '::notice::noted',
    `::warning::warned of ${secret}`,
    '::error file=promote.yml,line=4,col=1::wrong',
    '::group::group',
    '::endgroup::',
    '::set-output name=job-id::7',
    `::error::failed%0Awith ${secret}`
  ])
})

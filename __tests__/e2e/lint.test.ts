import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { type Finding, lintAction, lintWorkflow, readNames } from '../../e2e/runner/lint.ts'

const fixtures = join(import.meta.dirname, 'fixtures')
const scratch = mkdtempSync(join(tmpdir(), 'lint-test-'))
afterAll(() => {
  rmSync(scratch, { recursive: true })
})

const write = (name: string, content: string): string => {
  const file = join(scratch, name)
  writeFileSync(file, content)
  return file
}
const told = (findings: Finding[]): string[] =>
  findings.map(({ line, column, message }) => `${line}:${column} ${message}`)

describe('lintAction', () => {
  it('has nothing to say about a good action', async () => {
    expect(await lintAction(join(fixtures, 'action.yml'))).toEqual([])
  })

  it.each([
    ['an unknown key', 'extra: 1', "8:1 Unexpected value 'extra'"],
    ['an unknown icon', 'branding: { icon: rocket }', '8:19'],
    ['an input without a mapping', 'inputs: { a: 1 }', "8:14 Unexpected value '1'"]
  ])('finds %s', async (_, line, finding) => {
    const good = 'name: A\ndescription: B\nruns:\n  using: node24\n  main: index.js\n\n\n'
    const findings = told(await lintAction(write('action.yml', `${good}${line}\n`)))
    expect(findings).toEqual([expect.stringContaining(finding)])
  })

  it('finds a Node that does not exist', async () => {
    const file = write(
      'action.yml',
      'name: A\ndescription: B\nruns: { using: node30, main: a.js }\n'
    )
    expect(told(await lintAction(file)).join('\n')).toContain("Unexpected value 'node30'")
  })
})

describe('lintWorkflow', () => {
  it('has nothing to say about good workflows', async () => {
    const names = await readNames(join(fixtures, 'action.yml'))
    const files = [join(import.meta.dirname, '../../e2e/promote.yml')]
    expect((await Promise.all(files.map((file) => lintWorkflow(file)))).flat()).toEqual([])
    expect(told(await lintWorkflow(join(fixtures, 'workflow.yml'), names))).toEqual([
      expect.stringContaining("The action has no input 'nope'")
    ])
  })

  it.each([
    ['an unknown key', '- run: x\n        shel: bash', "Unexpected value 'shel'"],
    ['an unknown context', '- run: echo ${{ nope.x }}', 'nope'],
    ['an untrusted value in a script', '- run: echo ${{ github.head_ref }}', 'untrusted'],
    ['an unknown step', '- run: echo ${{ steps.none.outputs.a }}', 'none'],
    ['an unknown input', '- uses: ./\n        with: { greting: a }', "no input 'greting'"],
    [
      'an unknown input of the published action',
      '- uses: octo-org/dbt-promote@v1\n        with: { greting: a }',
      "no input 'greting'"
    ],
    [
      'an unknown output',
      '- { id: a, uses: ./ }\n      - run: echo ${{ steps.a.outputs.txt }}',
      "no output 'txt'"
    ]
  ])('finds %s', async (_, steps, finding) => {
    const head = 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      '
    const names = await readNames(join(fixtures, 'action.yml'))
    const findings = await lintWorkflow(write('workflow.yml', `${head}${steps}\n`), names)
    expect(told(findings).join('\n')).toContain(finding)
  })
})

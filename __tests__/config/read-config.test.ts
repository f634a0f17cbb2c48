// What is wrong with a config file is told at once, with file, line and column.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { Ajv } from 'ajv'
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { parseConfig, readConfig } from '../../src/config/read-config.ts'
import { schemaText } from '../../scripts/config-schema.ts'

const faults = (text: string): readonly string[] =>
  parseConfig('p.yml', text).problems.map(({ message, remedy }) => `${message} ${remedy}`.trim())

describe('a file', () => {
  it('that is right has no faults, and knows the places of what it says', () => {
    const { located, problems } = parseConfig(
      'p.yml',
      'label: a\njobs:\n  rules:\n    - match: x\n'
    )
    expect(problems).toEqual([])
    expect(located?.at(['jobs', 'rules', 0, 'match'])).toBe('p.yml:4:7')
    expect(located?.at(['jobs', 'rules', 0, 'name'])).toMatch(/^p\.yml:4:/)
  })

  it('tells all faults, in their order', () => {
    const found = faults('threads: many\nrefrences: {}\nadopt: yes\nenvironments:\n  - frm: x\n')
    expect(found.map((each) => each.split(' ')[0])).toEqual([
      'p.yml:1:1:',
      'p.yml:2:1:',
      'p.yml:3:1:',
      'p.yml:5:5:',
      'p.yml:5:5:'
    ])
    expect(found.join('\n')).toContain('"references"')
    expect(found.join('\n')).toContain('"from"')
  })

  it('may be empty, for inputs that say everything', () => {
    expect(parseConfig('p.yml', '').problems).toEqual([])
  })

  it.each([
    ['a key that stands twice', 'label: a\nlabel: b\n', 'p.yml:2:1: the key label'],
    ['a token', 'token: x\n', 'p.yml:1:1: token is an input'],
    ['a host below a side', 'target: { project: 1, host: x }\n', 'host is an input'],
    ['a mode', 'mode: apply\n', 'mode is an input'],
    ['broken syntax', 'jobs: [a\n', 'p.yml:'],
    ['a tab', 'jobs:\n\t- a\n', 'blanks'],
    ['a wildcard without quotes', 'jobs: [*a]\n', 'in quotes'],
    ['two documents', 'label: a\n---\nlabel: b\n', 'several documents'],
    ['a list at the top', '- a\n', 'the file'],
    ['__proto__', '__proto__: {}\n', '__proto__'],
    ['a missing match', 'jobs: { rules: [{ name: x }] }\n', 'match is missing']
  ])('with %s is refused', (_what, text, message) => {
    expect(faults(text).join('\n')).toContain(message)
  })

  it('with anchors that explode is refused at once', () => {
    const nine = (from: string, to: string): string => `${to}: &${to} [${`*${from},`.repeat(9)}]\n`
    const text = `a: &a [x]\n${nine('a', 'b')}${nine('b', 'c')}${nine('c', 'd')}${nine('d', 'e')}`
    expect(faults(text).join('\n')).toMatch(/alias count/)
  })

  it('that is not there, is a folder, or is absurdly large is refused', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'config-'))
    try {
      const large = path.join(folder, 'large.yml')
      await writeFile(large, `label: a\n${'# '.padEnd(100, 'x').concat('\n').repeat(3000)}`)
      const messages = await Promise.all(
        [path.join(folder, 'none.yml'), folder, large].map(
          async (file) => (await readConfig(file)).problems[0]?.message
        )
      )
      expect(messages).toEqual([
        expect.stringContaining('could not be read'),
        expect.stringContaining('is no file'),
        expect.stringContaining('bytes')
      ])
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

describe('the JSON Schema', () => {
  const committed = readFileSync(
    new URL('../../schema/config-v1.schema.json', import.meta.url),
    'utf8'
  )

  it('is in step with the one that the action checks with', () => {
    expect(committed).toBe(schemaText())
  })

  it('takes every file of the page, and refuses an unknown key', () => {
    const validate = new Ajv({ strict: false }).compile(JSON.parse(committed) as object)
    const page = readFileSync(new URL('../../docs/config.md', import.meta.url), 'utf8')
    const files = [...page.matchAll(/```yaml\n([^]*?)```/g)]
      .map(([, text = '']) => text)
      .filter((text) => /^(#.*\n)?source:/.test(text))
    expect(files.length).toBeGreaterThan(4)
    for (const text of files) {
      expect(validate(parse(text))).toBe(true)
      expect(parseConfig('p.yml', text).problems).toEqual([])
    }
    expect(validate({ refrences: {} })).toBe(false)
  })
})

// docs/config.md says what the code does: its keys, its parts, its examples. Its recipes have a test of their own.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { configSchema } from '../../src/inputs/schema.ts'
import { scheduleParts } from '../../src/kinds/schedule.ts'
import { actionFile, actionFolder } from '../../testing/runner/action-file.ts'
import { specOfText } from '../../testing/spec.ts'
import { faultsOf, problemsOf } from './file.ts'

const read = (name: string): string => readFileSync(path.join(actionFolder, name), 'utf8')
const page = read('docs/config.md')
const blocks = [...page.matchAll(/```yaml\n([^]*?)```/g)].map(([, text = '']) => text)

/** The keys that the tables name in their first columns, without what stands below another key. */
const keysOfTables = [...page.matchAll(/^\| ((?:`[^|]+`(?:, )?)+) +\|/gm)]
  .flatMap(([, cell = '']) => [...cell.matchAll(/`([^`]+)`/g)].map(([, key = '']) => key))
  .filter((key) => !key.startsWith('{') && !['from', 'to', 'set', 'keep'].includes(key))

describe('the tables', () => {
  it('hold every key of the file, and no other', () => {
    const top = new Set(keysOfTables.map((key) => key.split('.')[0]))
    expect([...top].sort()).toEqual(Object.keys(configSchema.shape).sort())
  })

  it('hold the keys below references, and those of entries and rules', () => {
    const below = keysOfTables.filter((key) => key.startsWith('references.'))
    expect(below.sort()).toEqual([
      'references.environments',
      'references.jobs',
      'references.unresolved'
    ])
    const every = { to: 'a', set: { dbt_version: 'latest' }, keep: ['name'] }
    const jobs = { match: 'a', name: 'b', set: { dbt_version: null }, keep: ['description'] }
    const text = JSON.stringify({
      environments: [{ from: 'a', ...every }],
      jobs: { rules: [jobs] }
    })
    expect(faultsOf(text)).toEqual([])
    for (const key of [...Object.keys(every), ...Object.keys(jobs), 'from']) {
      expect(page).toMatch(new RegExp(`^\\|.*\`${key}\`.*\\|`, 'm'))
    }
  })
})

describe('the text', () => {
  it('names the parts of a schedule', () => {
    const parts = /A schedule\*\* has the parts ([^.]*(?:\.[^ ][^.]*)*)\. /.exec(page)?.[1] ?? ''
    expect([...parts.matchAll(/`([^`]+)`/g)].map(([, part]) => part)).toEqual(
      Object.keys(scheduleParts)
    )
  })

  it('names inputs that are there and are refused in the file', () => {
    const section = /### What is not in the file\n\n([^]*?)\n\n/.exec(page)?.[1] ?? ''
    const names = [...section.matchAll(/`([a-z-]+[a-z])`/g)].map(([, name = '']) => name)
    expect(names).toEqual([
      ...['host', 'account-id', 'github-token', 'secrets', 'mode', 'config', 'plan-file'],
      ...['rollback-from', 'comment', 'reviewed-plan', 'expected-plan-hash']
    ])
    for (const name of names) {
      expect(Object.keys(actionFile.inputs)).toContain(name)
      expect(faultsOf(`${name}: x`)).toEqual([expect.stringContaining('is an input')])
    }
    expect(section).toContain('250,000 bytes')
  })

  it('shows values to set and to keep that may be set and kept', () => {
    const block = blocks.find((text) => text.startsWith('set:')) ?? ''
    const rule = { match: '*', ...(parse(block) as object) }
    const text = JSON.stringify({
      source: { project: 1 },
      target: { project: 2 },
      environments: ['a'],
      jobs: { rules: [rule] }
    })
    expect(problemsOf(text)).toEqual([])
  })

  it('begins with the smallest file', () => {
    const smallest = blocks.find((text) => text.startsWith('# yaml-language-server')) ?? ''
    expect(specOfText(smallest).environments.include).toHaveLength(1)
    expect(smallest).toContain('/schema/config-v1.schema.json\n')
  })

  it('has the line for editors that the README has', () => {
    const line = /^# yaml-language-server: \$schema=\S+$/m
    expect(line.exec(read('README.md'))?.[0]).toBe(line.exec(page)?.[0])
  })
})

describe('the workflows', () => {
  it.each(['stages.yml', 'many-teams.yml'])('of the page are the examples: %s', (name) => {
    const shown = new RegExp(`<!-- example: ${name} -->\\n\\n\`\`\`yaml\\n([^]*?)\`\`\``).exec(
      page
    )?.[1]
    expect(shown).toBe(read(`examples/${name}`))
  })

  it('give inputs that the action has', () => {
    const workflows = blocks.filter((text) => text.includes('uses: your-org/dbt-promote'))
    expect(workflows.length).toBeGreaterThan(2)
    for (const text of workflows) {
      const given = /with:\n((?: +[a-z-]+: .*\n)+)$/.exec(text)?.[1] ?? ''
      const names = [...given.matchAll(/^ +([a-z-]+):/gm)].map(([, each = '']) => each)
      expect(names).toContain('config')
      expect(names.filter((each) => !(each in actionFile.inputs))).toEqual([])
    }
  })

  it('run teams one after the other', () => {
    const { jobs } = parse(read('examples/many-teams.yml')) as {
      readonly jobs: { readonly promote: { readonly strategy: object } }
    }
    expect(jobs.promote.strategy).toMatchObject({ 'max-parallel': 1 })
  })
})
